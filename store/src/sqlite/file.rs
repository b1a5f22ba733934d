//! The file: one folder, one lock, one way of opening.

use super::{failure::named, migrations, writer::STATEMENTS};
use crate::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The database within the folder.
pub const FILE: &str = "tsunagu.db";
/// Whoever has this locked has the database. The system lets go of it however the process ends.
const LOCK: &str = "tsunagu.lock";

/// A page. Commits of many calls are appended to the same pages, so a larger one is fewer writes for the same entries;
/// where one small document changes a smaller one would be less to write.
const PAGE_BYTES: i64 = 8 * 1024;
/// A WAL of so many pages (32 MiB) is copied back into the database. Larger makes copying rarer and shares more
/// of it between commits to the same page; smaller keeps the file and a restart's reading of it short.
const CHECKPOINT_PAGES: i64 = 4_000;
/// After copying back the WAL is cut to this size, in bytes. It is usually shorter and stays as it is: writing over
/// it is cheaper to flush than growing it again.
const WAL_LIMIT: i64 = 64 * 1024 * 1024;
/// The page cache of the writer and of each reader, in KiB.
const CACHE_KIB: i64 = 16 * 1024;
/// How long to wait for a program from outside (a backup, the `sqlite3` shell), in milliseconds.
pub const BUSY_MILLIS: i64 = 5_000;

/// A folder that is ours.
pub struct Folder {
    path: PathBuf,
    /// Held as long as the folder is.
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be, and locks it.
    ///
    /// # Errors
    /// [`StoreError::InUse`]; [`StoreError::Open`].
    pub fn claim(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path).map_err(|error| unopened(path, error))?;
        let lock_path = path.join(LOCK);
        let lock = File::options().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(|error| unopened(&lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.join(FILE) }),
            Err(TryLockError::Error(error)) => Err(unopened(&lock_path, error)),
        }
    }

    /// Opens the connection that writes, and brings the schema up to date.
    pub fn writer(&self) -> Result<Connection, StoreError> {
        let path = self.file();
        let mut connection = Connection::open(&path).map_err(|error| unreadable(&path, error))?;
        tune(&connection).and_then(|()| keep(&connection)).map_err(|error| unreadable(&path, error))?;
        migrations::migrate(&mut connection, &path)?;
        Ok(connection)
    }

    /// Opens a connection that writes beside the process that has the folder. It leaves the schema alone.
    ///
    /// # Errors
    /// As of [`migrations::check`]; [`StoreError::Open`].
    pub fn guest(path: &Path) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| unreadable(path, error))?;
        let flushing = || connection.pragma_update(None, "synchronous", "FULL");
        tune(&connection).and_then(|()| flushing()).map_err(|error| unreadable(path, error))?;
        migrations::check(&connection, path)?;
        Ok(connection)
    }

    /// Opens a connection that reads.
    pub fn reader(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let path = self.file();
        let connection =
            Connection::open_with_flags(&path, flags).map_err(|error| unreadable(&path, error))?;
        tune(&connection).map_err(|error| unreadable(&path, error))?;
        Ok(connection)
    }

    /// The database.
    pub fn file(&self) -> PathBuf {
        self.path.join(FILE)
    }
}

/// What holds for every connection.
fn tune(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "busy_timeout", BUSY_MILLIS).or_else(answered)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // Sorting for a list happens in memory; its size is bounded by the page.
    connection.pragma_update(None, "temp_store", "MEMORY")
}

/// What holds for the one that writes.
fn keep(connection: &Connection) -> rusqlite::Result<()> {
    // Counts for a new file only.
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    // Readers go on while the writer writes, and a commit is one append and one flush.
    connection.pragma_update(None, "journal_mode", "WAL").or_else(answered)?;
    // FULL flushes the WAL at every commit: what was answered survives a power cut, not only a crash.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).or_else(answered)?;
    connection.pragma_update(None, "journal_size_limit", WAL_LIMIT).or_else(answered)
}

/// Some pragmas answer with their new value.
pub fn answered(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::ExecuteReturnedResults => Ok(()),
        error => Err(error),
    }
}

/// A file or folder that cannot be used.
pub fn unopened(path: &Path, error: io::Error) -> StoreError {
    StoreError::Open { path: path.to_owned(), source: Arc::new(error) }
}

/// A database that cannot be opened.
pub fn unreadable(path: &Path, error: rusqlite::Error) -> StoreError {
    match named(error) {
        corrupt @ StoreError::Corrupt { .. } => corrupt,
        StoreError::Unavailable { source: Some(source), .. } => {
            StoreError::Open { path: path.to_owned(), source }
        }
        other => other,
    }
}
