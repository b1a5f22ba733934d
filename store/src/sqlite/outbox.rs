//! The outbox: notes of what receivers may want to know, written in the transaction of what they are about.
//!
//! The writer knows which companies have a webhook that is on. For all others a commit costs one look into a set that is
//! most often empty, and for them too nothing is written of what is merely said.

use super::{failure::Failure, lines::Lines, row, writer::Writing};
use crate::{Outboxed, Source, StoreError};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use tsunagu_call::{CallId, CallbackId, CompanyId};

/// The companies that have a webhook that is on. Trusted, because nobody else writes.
#[derive(Debug, Default)]
pub struct Subscribers(HashSet<CompanyId>);

impl Subscribers {
    /// Those of the file.
    pub fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut find =
            connection.prepare_cached("SELECT DISTINCT company FROM webhooks WHERE enabled = 1")?;
        let companies = find.query_map([], |found| row::id(found, 0))?;
        Ok(Self(companies.collect::<rusqlite::Result<_>>()?))
    }

    fn include(&self, company: CompanyId) -> bool {
        !self.0.is_empty() && self.0.contains(&company)
    }
}

/// Notes entries that were just added to a call.
pub fn note_entries(
    writing: &Writing<'_>,
    company: CompanyId,
    call: CallId,
    lines: &Lines,
) -> Result<(), Failure> {
    if lines.is_empty() || !writing.subscribers.include(company) {
        return Ok(());
    }
    let (first, last) = (row::signed(lines.first()), row::signed(lines.first() + lines.len() - 1));
    let mut insert = writing
        .connection
        .prepare_cached("INSERT INTO webhook_outbox (company, call, first, last) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![company.bytes(), call.bytes(), first, last])?;
    Ok(())
}

/// Notes a callback that was just promised.
pub fn note_callback(writing: &Writing<'_>, company: CompanyId, callback: CallbackId) -> Result<(), Failure> {
    if writing.subscribers.include(company) {
        let mut insert = writing
            .connection
            .prepare_cached("INSERT INTO webhook_outbox (company, callback) VALUES (?1, ?2)")?;
        insert.execute(params![company.bytes(), callback.bytes()])?;
    }
    Ok(())
}

/// The oldest notes.
pub fn oldest(connection: &Connection, limit: u32) -> Result<Vec<Outboxed>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT number, company, call, first, last, callback FROM webhook_outbox ORDER BY number LIMIT ?1",
    )?;
    let mut rows = find.query([limit])?;
    let mut notes = Vec::new();
    while let Some(found) = rows.next()? {
        let source = match (row::optional_id(found, 2)?, row::optional_id(found, 5)?) {
            (Some(call), _) => {
                Source::Call { call, first: row::unsigned(found.get(3)?), last: row::unsigned(found.get(4)?) }
            }
            (None, Some(callback)) => Source::Callback(callback),
            (None, None) => {
                return Err(StoreError::Corrupt { what: "note of the outbox", source: None }.into());
            }
        };
        notes.push(Outboxed { number: row::unsigned(found.get(0)?), company: row::id(found, 1)?, source });
    }
    Ok(notes)
}

/// Takes away the notes up to this one.
pub fn take(writing: &Writing<'_>, number: u64) -> Result<(), Failure> {
    let mut delete = writing.connection.prepare_cached("DELETE FROM webhook_outbox WHERE number <= ?1")?;
    delete.execute([row::signed(number)])?;
    Ok(())
}

/// There is a company's webhook with this id, on or off.
pub fn is_registered(writing: &Writing<'_>, id: [u8; 12]) -> Result<bool, Failure> {
    let mut find = writing.connection.prepare_cached("SELECT 1 FROM webhooks WHERE id = ?1")?;
    Ok(find.query_row([id], |_| Ok(())).optional()?.is_some())
}
