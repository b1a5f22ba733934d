//! Backups: a copy of the whole database in one file, made while a server writes, and put in its place again.
//!
//! The copy is one read transaction (`VACUUM INTO`): it holds everything that was committed when it began and nothing of
//! what came later, and no commit waits for it. It becomes a file under its own name only when it was flushed and checked.

use super::{
    failure::named,
    file::{self, BUSY_MILLIS, FILE, Folder, answered},
    migrations,
};
use crate::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::{NamedTempFile, TempPath};

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupContents {
    /// How many steps its schema has taken.
    pub schema: i64,
    /// Calls.
    pub calls: u64,
    /// Calls that were not over.
    pub live: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What was put in place, and what became of what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What is in place now.
    pub contents: BackupContents,
    /// The database.
    pub file: PathBuf,
    /// Where the database is kept that was there before.
    pub kept: Option<PathBuf>,
}

/// Copies the database of a folder to a file, whether a server runs on it or not, and checks the copy.
///
/// # Errors
/// [`StoreError::Exists`] when the file is there and may not be replaced; [`StoreError::NoDatabase`] when the folder has
/// none; [`StoreError::Unfit`] when the copy does not stand its check, and then no file is left behind.
pub fn back_up(dir: &Path, to: &Path, replace: bool) -> Result<BackupContents, StoreError> {
    let from = dir.join(FILE);
    if !from.is_file() {
        return Err(StoreError::NoDatabase { path: from });
    }
    if !replace && to.exists() {
        return Err(StoreError::Exists { path: to.to_owned() });
    }
    let folder = parent(to);
    let copy = blank(folder)?;
    // Not read-only: what a killed server left in the log beside the database belongs to it, and has to be read first.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(&from, flags).map_err(|error| file::unreadable(&from, error))?;
    source.pragma_update(None, "busy_timeout", BUSY_MILLIS).or_else(answered).map_err(named)?;
    let name = copy.to_str().ok_or_else(|| invalid(to, "its path is not UTF-8"))?;
    source.execute("VACUUM INTO ?1", [name]).map_err(named)?;
    drop(source);
    let contents = check(&copy, to)?;
    settle(copy, to, replace)?;
    Ok(contents)
}

/// Puts a backup in the place of a folder's database. The one that was there is kept beside it, under a name with `now`.
///
/// # Errors
/// [`StoreError::InUse`] when a server runs there; [`StoreError::Unfit`] and [`StoreError::NewerSchema`] when the file is
/// no backup that this program can read: then everything is as it was.
pub fn restore(from: &Path, dir: &Path, now: &str) -> Result<Restored, StoreError> {
    let folder = Folder::claim(dir)?;
    let file = folder.file();
    let copy = blank(dir)?;
    fs::copy(from, &copy).map_err(|error| file::unopened(from, error))?;
    // The copy is checked, not the file that it was made of: that one may be on its way somewhere.
    let contents = check(&copy, from)?;
    let kept = if file.exists() { Some(put_aside(&file, now)?) } else { None };
    // A log beside no database, or beside another one, would be taken for the new one's.
    remove(&beside(&file, "-wal"))?;
    remove(&beside(&file, "-shm"))?;
    settle(copy, &file, true)?;
    Ok(Restored { contents, file, kept })
}

/// Gives the database a second name. Its own name goes on meaning it until that means the new one.
fn put_aside(file: &Path, now: &str) -> Result<PathBuf, StoreError> {
    let kept = beside(file, &format!(".before-{now}"));
    if kept.exists() {
        return Err(StoreError::Exists { path: kept });
    }
    // What is in its log goes into the file. One that is too broken for that takes its log along.
    if let Err(error) = fold_log(file) {
        tracing::warn!(error = &error as &dyn std::error::Error, "the old database's log is kept beside it");
        let log = beside(file, "-wal");
        if log.exists() {
            fs::copy(&log, beside(&kept, "-wal")).map_err(|error| file::unopened(&log, error))?;
        }
    }
    fs::hard_link(file, &kept)
        .or_else(|_| fs::copy(file, &kept).map(drop))
        .map_err(|error| file::unopened(&kept, error))?;
    Ok(kept)
}

fn fold_log(file: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(rusqlite::Error::InvalidQuery) } else { Ok(()) }
}

/// Whether a file is a whole database of ours that this program can read, and what it holds. What is wrong is told of the
/// file that people know, which it was or will be.
fn check(path: &Path, known_as: &Path) -> Result<BackupContents, StoreError> {
    let unfit = |reason: String| StoreError::Unfit { path: known_as.to_owned(), reason };
    let broken = |error: rusqlite::Error| unfit(error.to_string());
    // A file that was copied by hand may want a log beside it; one that is opened to write clears it away at the end.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(broken)?;
    let answer: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(broken)?;
    if answer != "ok" {
        return Err(unfit(answer));
    }
    let schema = migrations::version(&connection, known_as)?;
    if schema == 0 {
        return Err(unfit("it is not a database of this program".to_owned()));
    }
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(broken);
    let calls = count("SELECT count(*) FROM calls")?;
    let live = count("SELECT count(*) FROM calls WHERE over = 0")?;
    let bytes = fs::metadata(path).map_err(|error| file::unopened(path, error))?.len();
    Ok(BackupContents { schema, calls: calls.unsigned_abs(), live: live.unsigned_abs(), bytes })
}

/// An empty file for the copy, where it can be renamed to its name; readable by its owner only, and gone when it is given up.
fn blank(folder: &Path) -> Result<TempPath, StoreError> {
    let named = tempfile::Builder::new().prefix(".tsunagu-backup-").suffix(".part").tempfile_in(folder);
    named.map(NamedTempFile::into_temp_path).map_err(|error| file::unopened(folder, error))
}

/// Flushes the copy and gives it its name.
fn settle(copy: TempPath, to: &Path, replace: bool) -> Result<(), StoreError> {
    let failed = |error: io::Error| file::unopened(to, error);
    File::open(&copy).and_then(|file| file.sync_all()).map_err(failed)?;
    let named = if replace { copy.persist(to) } else { copy.persist_noclobber(to) };
    named.map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => StoreError::Exists { path: to.to_owned() },
        _ => failed(refused.error),
    })?;
    // The name itself has to outlive a power cut as well.
    File::open(parent(to)).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(file::unopened(path, error)),
        _ => Ok(()),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path with something added to its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn invalid(path: &Path, reason: &'static str) -> StoreError {
    StoreError::Open {
        path: path.to_owned(),
        source: Arc::new(io::Error::new(io::ErrorKind::InvalidInput, reason)),
    }
}
