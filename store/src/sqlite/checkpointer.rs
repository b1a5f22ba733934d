//! Copies what was committed from the WAL back into the database, a little at a time and beside the writer, so that no
//! commit waits for megabytes to be copied and flushed. What little is left when the WAL has grown to its limit, the
//! writer copies itself, and begins the WAL anew.

use rusqlite::Connection;
use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

/// How often it copies. With nothing new there is nothing to do.
const PAUSE: Duration = Duration::from_millis(100);

/// The thread; it ends, and has closed its connection, when this is dropped.
pub struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts copying over a connection of its own.
    pub fn start(connection: Connection) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = thread::Builder::new().name("store-checkpointer".to_owned()).spawn(move || {
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                // Passive: it waits for nobody, and nobody waits for it.
                let copied = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                if let Err(error) = copied {
                    tracing::warn!(%error, "store could not copy its log back; it tries again");
                }
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It panics never; if it had, there would be nothing left to wait for.
            drop(thread.join());
        }
    }
}
