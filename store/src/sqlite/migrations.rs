//! The schema, step by step; a file knows by `user_version` how many steps it has taken.

use super::{failure::named, heads, said::pairs, tallies};
use crate::{Customer, StoreError, document::said, figures::Share};
use rusqlite::{
    Connection,
    functions::{Context, FunctionFlags},
};
use std::path::Path;
use tsunagu_call::CallRecord;

/// The steps, in order. A step that has been released is never changed; a new one is added behind it.
const STEPS: &[&str] = &[
    include_str!("schema/001_spine.sql"),
    include_str!("schema/002_journal_index.sql"),
    include_str!("schema/003_recordings.sql"),
    include_str!("schema/020_customer_search.sql"),
    include_str!("schema/021_agent_results.sql"),
    include_str!("schema/010_invitations.sql"),
    include_str!("schema/011_password_resets.sql"),
    include_str!("schema/030_call_history.sql"),
    include_str!("schema/040_webhooks.sql"),
    include_str!("schema/060_campaigns.sql"),
    include_str!("schema/061_campaign_entries.sql"),
    include_str!("schema/070_customer_imports.sql"),
    include_str!("schema/080_call_words.sql"),
];

/// Brings a file to the newest schema, each step in a transaction of its own.
///
/// # Errors
/// [`StoreError::NewerSchema`] when it is ahead of this program.
pub fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let found = version(connection, path)?;
    let done = usize::try_from(found).unwrap_or(0);
    if found < known() {
        give_functions(connection).map_err(named)?;
    }
    for (step, version) in STEPS.iter().zip(1_i64..).skip(done) {
        take(connection, step, version).map_err(named)?;
        tracing::info!(version, "store schema migrated");
    }
    Ok(())
}

/// Refuses a file that has not exactly the schema of this program.
///
/// # Errors
/// [`StoreError::NewerSchema`] when it is ahead of this program, [`StoreError::Invalid`] when it is behind.
pub fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match version(connection, path)? {
        found if found == known() => Ok(()),
        _ => Err(StoreError::Invalid { reason: "the file is in use by an older version of this program" }),
    }
}

/// How many steps the file has taken; none when it is empty or somebody else's.
///
/// # Errors
/// [`StoreError::NewerSchema`] when it is ahead of this program.
pub fn version(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let known = known();
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(named)?;
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    Ok(found)
}

fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

fn take(connection: &mut Connection, step: &str, version: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute_batch(step)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

/// Takes the step that holds this text once more.
#[cfg(test)]
pub fn take_again(connection: &Connection, text: &str) {
    give_functions(connection).unwrap();
    let step = STEPS.iter().find(|step| step.contains(text)).unwrap();
    connection.execute_batch(step).unwrap();
}

/// What steps do that SQL alone cannot.
fn give_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("customer_search", 1, flags, |values| {
        let customer: Customer = serde_json::from_str(values.get_raw(0).as_str()?)
            .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))?;
        Ok(customer.search_text())
    })?;
    connection.create_scalar_function("call_handoff", 1, flags, |values| {
        Ok(Share::of(&call(values)?).and_then(|share| tallies::handoff_column(share.handoff)))
    })?;
    connection.create_scalar_function("call_said", 1, flags, |values| {
        Ok(said(&call(values)?).as_deref().map(heads::said_column))
    })?;
    connection.create_scalar_function("call_words", 1, flags, |values| {
        Ok(said(&call(values)?).as_deref().map(pairs))
    })?;
    connection.create_scalar_function("call_notes", 1, flags, |values| Ok(heads::notes(&call(values)?)))
}

/// The call whose body a function is given.
fn call(values: &Context<'_>) -> rusqlite::Result<CallRecord> {
    let body = values.get_raw(0).as_str()?;
    serde_json::from_str(body).map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
}
