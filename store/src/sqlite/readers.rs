//! The threads that read: each has a connection of its own, sees what is committed, and holds up nobody.

use super::{failure::Failure, queue::Queue};
use crate::{Receipt, StoreError};
use rusqlite::Connection;
use std::sync::Arc;

/// A read that waits.
pub type Reading = Box<dyn FnOnce(&Connection) + Send>;

/// Work for a reader, and the answer to come.
pub fn ask<T, F>(work: F) -> (Reading, Receipt<T>)
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
{
    let (reply, receipt) = Receipt::pending();
    let reading: Reading = Box::new(move |connection| reply.send(work(connection).map_err(StoreError::from)));
    (reading, receipt)
}

/// A thread's life: works until the queue is closed and empty.
pub fn run(connection: &Connection, queue: &Arc<Queue<Reading>>) {
    let mut next = Vec::with_capacity(1);
    while queue.take(&mut next, 1).is_some() {
        next.drain(..).for_each(|reading| reading(connection));
    }
}
