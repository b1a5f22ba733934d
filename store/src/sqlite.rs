//! The store in one SQLite file.
//!
//! *asker encodes → bounded queue → one writer thread, one transaction for all who wait → answer*; a few reader
//! threads beside it. No async thread ever waits for the disk.

mod agents;
#[cfg(feature = "mongodb")]
mod archive;
mod backup;
mod callbacks;
mod calls;
mod campaign_entries;
mod campaigns;
mod census;
mod checkpointer;
mod companies;
mod customers;
mod deliveries;
mod failure;
mod file;
mod heads;
mod history;
mod imports;
mod invitations;
mod journal;
mod lines;
mod migrations;
mod office;
mod outbox;
mod queue;
mod readers;
mod row;
mod said;
mod statistics;
mod tail;
mod tallies;
mod tokens;
mod users;
mod webhooks;
mod writer;

pub use backup::{BackupContents, Restored, back_up, restore};
pub use office::SqliteOffice;

use crate::{Census, Receipt, Store, StoreError};
use async_trait::async_trait;
use checkpointer::Checkpointer;
use failure::Failure;
use file::Folder;
use queue::{Queue, Refusal};
use readers::Reading;
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};
use tokio::sync::watch;
use tsunagu_call::Time;
use writer::{Waiting, Writing};

/// How the store is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteConfig {
    /// The folder in which its file lies; made when it is not there.
    pub dir: PathBuf,
    /// How many writes may wait; one more is refused with [`StoreError::Full`].
    pub queue: usize,
    /// How many threads read.
    pub readers: usize,
}

impl SqliteConfig {
    /// The usual set-up in this folder: 8,192 writes may wait, two threads read.
    pub fn new(dir: impl AsRef<Path>) -> Self {
        Self { dir: dir.as_ref().to_owned(), queue: 8_192, readers: 2 }
    }
}

/// The store in one SQLite file. Dropping it finishes what was handed in, as [`Store::close`] does, but blocks.
pub struct SqliteStore {
    writes: Arc<Queue<Waiting>>,
    reads: Arc<Queue<Reading>>,
    /// How the writer ended, once it has.
    ended: watch::Receiver<Option<Result<(), StoreError>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteStore {
    /// The same of a file that is there already.
    ///
    /// # Errors
    /// [`StoreError::NoDatabase`], and those of [`Self::open`].
    pub fn open_existing(config: &SqliteConfig) -> Result<Self, StoreError> {
        let path = config.dir.join(file::FILE);
        if path.is_file() { Self::open(config) } else { Err(StoreError::NoDatabase { path }) }
    }

    /// Opens the file, brings its schema up to date, and starts the threads. Blocks meanwhile.
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`StoreError::NewerSchema`], [`StoreError::Open`], [`StoreError::Corrupt`].
    pub fn open(config: &SqliteConfig) -> Result<Self, StoreError> {
        let folder = Arc::new(Folder::claim(&config.dir)?);
        let connection = folder.writer()?;
        let checkpointer = Checkpointer::start(folder.writer()?)
            .map_err(|error| StoreError::Open { path: folder.file(), source: Arc::new(error) })?;
        let readers = (0..config.readers.max(1)).map(|_| folder.reader()).collect::<Result<Vec<_>, _>>()?;
        let (end, ended) = watch::channel(None);
        let store = Self {
            writes: Arc::new(Queue::new(config.queue)),
            reads: Arc::new(Queue::new(config.queue)),
            ended,
            threads: Mutex::default(),
        };
        // Readers first: the last connection to close is the writer's, which tidies the file up.
        for connection in readers {
            let guard = Abandon(Arc::clone(&store.reads));
            store.start("store-reader", folder.file(), move || readers::run(&connection, &guard.0))?;
        }
        let guard = Abandon(Arc::clone(&store.writes));
        store.start("store-writer", folder.file(), move || {
            let outcome = writer::run(&connection, &guard.0);
            drop(checkpointer);
            if let Err(error) = &outcome {
                tracing::error!(error = error as &dyn std::error::Error, "store writer ended");
            }
            drop(connection);
            drop(folder);
            drop(guard);
            end.send_replace(Some(outcome));
        })?;
        Ok(store)
    }

    /// Hands a write in; it has its place in the queue when this returns.
    fn write<T, F>(&self, work: F) -> Receipt<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Writing<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (waiting, receipt) = writer::ask(work);
        match self.writes.push(waiting) {
            Ok(()) => receipt,
            Err(refusal) => refused(refusal, self.writes.limit()),
        }
    }

    /// Hands a read in.
    fn read<T, F>(&self, work: F) -> Receipt<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (reading, receipt) = readers::ask(work);
        match self.reads.push(reading) {
            Ok(()) => receipt,
            Err(refusal) => refused(refusal, self.reads.limit()),
        }
    }

    fn start(
        &self,
        name: &str,
        file: PathBuf,
        life: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let thread = thread::Builder::new().name(name.to_owned()).spawn(life);
        let thread = thread.map_err(|error| StoreError::Open { path: file, source: Arc::new(error) })?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.write(|_| Ok(())).await?;
        self.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }

    async fn census(&self, now: Time) -> Result<Census, StoreError> {
        self.read(move |connection| census::take(connection, now)).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.reads.close();
        self.writes.close();
        let mut ended = self.ended.clone();
        match ended.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Ok(())),
            Err(_) => Err(StoreError::closed()),
        }
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.reads.close();
        self.writes.close();
        let threads = std::mem::take(self.threads.get_mut().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("store thread panicked");
            }
        }
    }
}

fn refused<T>(refusal: Refusal, limit: usize) -> Receipt<T> {
    Receipt::ready(Err(match refusal {
        Refusal::Full => StoreError::Full { limit },
        Refusal::Closed => StoreError::closed(),
    }))
}

/// Held by a thread: when it dies, whoever waits for it is told.
struct Abandon<T>(Arc<Queue<T>>);

impl<T> Drop for Abandon<T> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

#[cfg(test)]
mod tests;
