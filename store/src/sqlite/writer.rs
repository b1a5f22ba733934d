//! The one thread that writes: it drains what waits, commits it all in one transaction, and only then answers.
//!
//! The longer a commit takes, the more waits for the next one: the batch grows with the load by itself, and the
//! price of making things durable is shared. Where making things durable is cheap, a moment's pause after each
//! transaction does the same: at most one transaction begins in [`PACE`], and one that comes after a pause at once.
//! A member that breaks a rule says so before it writes anything. When the database itself fails, the batch is rolled back and each member is tried alone, so that none suffers for another.

use super::{
    failure::{Failure, named},
    heads::Heads,
    outbox::Subscribers,
    queue::Queue,
    tail::Tail,
};
use crate::{Receipt, Reply, StoreError};
use rusqlite::{Connection, Statement};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// How many members one transaction has at most.
const BATCH_LIMIT: usize = 512;

/// How often a transaction may begin. A flush costs the processor some 50 to 100 µs whatever is in it.
const PACE: Duration = Duration::from_millis(2);

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
    /// What of the journal is not indexed.
    pub tail: Tail,
    /// Who wants to know what happens on their calls.
    pub subscribers: Subscribers,
    /// Adds the entries of a commit to a journal.
    pub add_entries: Statement<'c>,
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
    writing.index_tail().map_err(named)?;
    let mut batch = Vec::with_capacity(BATCH_LIMIT);
    while let Some(left) = queue.take(&mut batch, BATCH_LIMIT) {
        let begun = Instant::now();
        metrics::gauge!("store_queue_depth").set(count(left + batch.len()));
        metrics::histogram!("store_commit_batch").record(count(batch.len()));
        writing.commit_all(&mut batch);
        let taken = begun.elapsed();
        metrics::gauge!("store_queue_depth").set(count(left));
        metrics::histogram!("store_commit_seconds").record(taken.as_secs_f64());
        if let Some(rest) = PACE.checked_sub(taken) {
            queue.gather(rest, BATCH_LIMIT);
        }
    }
    writing.index_tail().map_err(named)?;
    drop(writing);
    connection.pragma_update(None, "wal_checkpoint", "TRUNCATE").or_else(done_anyway).map_err(named)
}

impl<'c> Writing<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            heads: Heads::default(),
            tail: Tail::load(connection)?,
            subscribers: Subscribers::load(connection)?,
            add_entries: connection
                .prepare("INSERT INTO journal (call, first, entries) VALUES (?1, ?2, ?3)")?,
            replace_body: connection.prepare("UPDATE calls SET body = ?2 WHERE number = ?1")?,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
        })
    }

    /// Indexes what an earlier process left, and what this one leaves behind.
    fn index_tail(&mut self) -> rusqlite::Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        self.tail.index(&transaction)?;
        transaction.commit()
    }

    /// Commits all members in one transaction, or else each in its own, and answers them.
    fn commit_all(&mut self, batch: &mut Vec<Waiting>) {
        match self.transaction(batch) {
            Ok(()) => batch.drain(..).for_each(|member| member.answer(Ok(()))),
            Err(error) if batch.len() == 1 => {
                tracing::error!(%error, "store write failed");
                let error = named(error);
                batch.drain(..).for_each(|member| member.answer(Err(error.clone())));
            }
            Err(error) => {
                tracing::warn!(%error, members = batch.len(), "store batch failed, trying each write alone");
                for member in batch.drain(..) {
                    self.commit_all(&mut vec![member]);
                }
            }
        }
    }

    fn transaction(&mut self, batch: &mut [Waiting]) -> rusqlite::Result<()> {
        let written = self.apply_all(batch);
        if written.is_err() {
            // What is remembered may be ahead of what is stored now.
            self.heads.forget();
            if !self.connection.is_autocommit() {
                self.connection.execute_batch("ROLLBACK")?;
            }
            self.tail = Tail::load(self.connection)?;
            self.subscribers = Subscribers::load(self.connection)?;
        }
        written
    }

    fn apply_all(&mut self, batch: &mut [Waiting]) -> rusqlite::Result<()> {
        self.begin.execute([])?;
        for member in batch {
            member.apply(self)?;
        }
        if self.tail.is_long() {
            self.tail.index(self.connection)?;
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
