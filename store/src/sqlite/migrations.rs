//! The schema, step by step; a file knows by `user_version` how many steps it has taken.

use super::failure::named;
use crate::StoreError;
use rusqlite::Connection;
use std::path::Path;

/// The steps, in order. A step that has been released is never changed; a new one is added behind it.
const STEPS: &[&str] = &[
    include_str!("schema/001_spine.sql"),
    include_str!("schema/002_journal_index.sql"),
    include_str!("schema/003_recordings.sql"),
    include_str!("schema/060_campaigns.sql"),
    include_str!("schema/061_campaign_entries.sql"),
];

/// Brings a file to the newest schema, each step in a transaction of its own.
///
/// # Errors
/// [`StoreError::NewerSchema`] when it is ahead of this program.
pub fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(named)?;
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (step, version) in STEPS.iter().zip(1_i64..).skip(done) {
        take(connection, step, version).map_err(named)?;
        tracing::info!(version, "store schema migrated");
    }
    Ok(())
}

fn take(connection: &mut Connection, step: &str, version: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute_batch(step)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}
