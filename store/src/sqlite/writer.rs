//! The one thread that writes: it drains what waits, commits it all in one transaction, and only then answers.
//!
//! The longer a commit takes, the more waits for the next one: the batch grows with the load by itself, and the
//! price of making things durable is shared. A member that breaks a rule says so before it writes anything. When the
//! database itself fails, the batch is rolled back and each member is tried alone, so that none suffers for another.

use super::{
    failure::{Failure, named},
    heads::Heads,
    queue::Queue,
};
use crate::{Receipt, Reply, StoreError};
use rusqlite::{Connection, Statement};
use std::sync::Arc;
use tokio::time::Instant;

/// How many members one transaction has at most.
const BATCH_LIMIT: usize = 512;

/// How many cached statements a connection keeps.
pub const STATEMENTS: usize = 96;

/// A write that waits, with whom to tell.
pub type Waiting = Box<dyn Member>;

/// What a write may use.
pub struct Writing<'c> {
    /// The connection, in a transaction.
    pub connection: &'c Connection,
    /// Where the journals of living calls stand.
    pub heads: Heads,
    /// Adds an entry to a journal.
    pub add_entry: Statement<'c>,
    /// Replaces a call's body.
    pub replace_body: Statement<'c>,
    begin: Statement<'c>,
    commit: Statement<'c>,
}

/// One write in a batch. It may be tried again after a rollback.
pub trait Member: Send {
    /// Writes, and keeps the answer.
    fn apply(&mut self, writing: &mut Writing<'_>) -> rusqlite::Result<()>;
    /// Gives the answer, or the error for which nothing was written.
    fn answer(self: Box<Self>, written: Result<(), StoreError>);
}

struct Ask<T, F> {
    work: F,
    answer: Option<Result<T, StoreError>>,
    reply: Reply<T>,
}

impl<T: Send, F: FnMut(&mut Writing<'_>) -> Result<T, Failure> + Send> Member for Ask<T, F> {
    fn apply(&mut self, writing: &mut Writing<'_>) -> rusqlite::Result<()> {
        self.answer = Some(match (self.work)(writing) {
            Ok(answer) => Ok(answer),
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Broken(error)) => return Err(error),
        });
        Ok(())
    }

    fn answer(self: Box<Self>, written: Result<(), StoreError>) {
        let Ask { answer, reply, .. } = *self;
        reply.send(written.and_then(|()| answer.unwrap_or(Err(StoreError::closed()))));
    }
}

/// Work for the writer, and the answer to come.
pub fn ask<T, F>(work: F) -> (Waiting, Receipt<T>)
where
    T: Send + 'static,
    F: FnMut(&mut Writing<'_>) -> Result<T, Failure> + Send + 'static,
{
    let (reply, receipt) = Receipt::pending();
    (Box::new(Ask { work, answer: None, reply }), receipt)
}

/// The thread's life: works until the queue is closed and empty, then leaves a tidy file.
pub fn run(connection: &Connection, queue: &Arc<Queue<Waiting>>) -> Result<(), StoreError> {
    let mut writing = Writing::new(connection).map_err(named)?;
    let mut batch = Vec::with_capacity(BATCH_LIMIT);
    while let Some(taken) = queue.take(&mut batch, BATCH_LIMIT) {
        metrics::gauge!("store_queue_depth").set(count(taken.left + batch.len()));
        metrics::histogram!("store_commit_batch").record(count(batch.len()));
        writing.commit_all(&mut batch, taken.since);
    }
    drop(writing);
    connection.pragma_update(None, "wal_checkpoint", "TRUNCATE").or_else(done_anyway).map_err(named)
}

impl<'c> Writing<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            heads: Heads::default(),
            add_entry: connection
                .prepare("INSERT INTO journal (call, seq, at, event) VALUES (?1, ?2, ?3, ?4)")?,
            replace_body: connection.prepare("UPDATE calls SET body = ?2 WHERE rowid = ?1")?,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
        })
    }

    /// Commits all members in one transaction, or else each in its own, and answers them.
    fn commit_all(&mut self, batch: &mut Vec<Waiting>, since: Instant) {
        let written = self.transaction(batch);
        metrics::histogram!("store_commit_seconds").record(since.elapsed().as_secs_f64());
        match written {
            Ok(()) => batch.drain(..).for_each(|member| member.answer(Ok(()))),
            Err(error) if batch.len() == 1 => {
                tracing::error!(%error, "store write failed");
                let error = named(error);
                batch.drain(..).for_each(|member| member.answer(Err(error.clone())));
            }
            Err(error) => {
                tracing::warn!(%error, members = batch.len(), "store batch failed, trying each write alone");
                for member in batch.drain(..) {
                    self.commit_all(&mut vec![member], since);
                }
            }
        }
    }

    fn transaction(&mut self, batch: &mut [Waiting]) -> rusqlite::Result<()> {
        let written = self.apply_all(batch);
        if written.is_err() {
            // The cached heads may be ahead of what is stored now.
            self.heads.forget();
            if !self.connection.is_autocommit() {
                self.connection.execute_batch("ROLLBACK")?;
            }
        }
        written
    }

    fn apply_all(&mut self, batch: &mut [Waiting]) -> rusqlite::Result<()> {
        self.begin.execute([])?;
        for member in batch {
            member.apply(self)?;
        }
        self.commit.execute([])?;
        Ok(())
    }
}

/// `wal_checkpoint` answers with a row, which an update does not expect.
fn done_anyway(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::ExecuteReturnedResults => Ok(()),
        error => Err(error),
    }
}

fn count(number: usize) -> f64 {
    number as f64
}
