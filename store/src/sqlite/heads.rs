//! Where the journals stand, kept by the one who writes them, so that a commit need not ask the database.

use super::{failure::Failure, row, tail::JOURNAL_OF_CALL, tallies};
use crate::{FIRST_SEQ, StoreError, document::fold, figures::Share};
use rusqlite::{Connection, OptionalExtension};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher},
};
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, Status, Time, UserId};

/// How many calls are remembered: twice what is meant to live at once. A forgotten one is looked up again.
const HEADS_LIMIT: usize = 20_000;

/// The heads of the calls written last. Trusted, because nobody else writes; forgotten after every rollback.
#[derive(Default)]
pub struct Heads(HashMap<CallId, Head>);

/// What must be known of a call to write on.
pub struct Head {
    /// Its number in the file.
    pub number: i64,
    /// The place of its next entry.
    pub next: u64,
    /// What of its projection stands in columns.
    pub columns: Columns,
}

/// The part of a projection by which calls are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub company: CompanyId,
    pub customer: CustomerId,
    pub status: Status,
    pub unsettled: bool,
    pub started: Time,
    pub agent: Option<UserId>,
    pub result: Option<String>,
    pub recorded: bool,
    /// What a call that is over adds to the figures.
    pub share: Option<Share>,
    /// Tells notes that were changed from those that were not; see [`digest`].
    pub notes: Option<u64>,
    /// The same for what was said on a call that is over.
    pub said: Option<i64>,
}

impl Columns {
    /// Those of a projection with these [`notes`], on which this was [`said`].
    pub fn of(record: &CallRecord, notes: Option<&str>, said: Option<&str>) -> Self {
        Self {
            company: record.company_id,
            customer: record.customer_id,
            status: record.status,
            unsettled: record.unsettled,
            started: record.start_time,
            agent: record.assigned_agent,
            result: record.call_result.clone(),
            recorded: record.recording_sid.is_some(),
            share: Share::of(record),
            notes: notes.map(digest),
            said: said.map(said_column),
        }
    }
}

/// The notes on a call as searches compare them.
pub fn notes(record: &CallRecord) -> Option<String> {
    record.notes.as_deref().map(fold).filter(|notes| !notes.is_empty())
}

/// A text as one number: it is too long to be remembered.
fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// What was said, as the column has it. Where another version of this program reckons otherwise it is entered once more.
pub fn said_column(said: &str) -> i64 {
    digest(said).cast_signed()
}

impl Heads {
    /// The head of a call, looked up where it is not remembered.
    pub fn of(&mut self, connection: &Connection, call: CallId) -> Result<&mut Head, Failure> {
        if !self.0.contains_key(&call) {
            let head = look_up(connection, call)?;
            self.put(call, head);
        }
        self.0.get_mut(&call).ok_or(Failure::Refused(StoreError::NotFound { what: "call" }))
    }

    /// Remembers a call.
    pub fn put(&mut self, call: CallId, head: Head) {
        if self.0.len() >= HEADS_LIMIT {
            self.0.clear();
        }
        self.0.insert(call, head);
    }

    /// Lets go of a call that will hardly be written again.
    pub fn drop(&mut self, call: CallId) {
        self.0.remove(&call);
    }

    /// Lets go of everything.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

fn look_up(connection: &Connection, call: CallId) -> Result<Head, Failure> {
    let found = connection
        .prepare_cached(
            "SELECT c.number, c.company, c.customer, c.status, c.started, c.agent, c.result, c.unsettled, c.recorded, \
             c.talked, c.handoff, n.search, c.said \
             FROM calls c LEFT JOIN call_notes n ON n.company = c.company AND n.call = c.number WHERE c.id = ?1",
        )?
        .query_row([call.bytes()], |found| {
            let status = row::status(found, 3)?;
            let share = tallies::share(found.get(9)?, found.get(10)?);
            Ok(Head {
                number: found.get(0)?,
                next: FIRST_SEQ,
                columns: Columns {
                    company: row::id(found, 1)?,
                    customer: row::id(found, 2)?,
                    status,
                    started: row::time(found, 4)?,
                    agent: row::optional_id(found, 5)?,
                    result: found.get(6)?,
                    unsettled: found.get(7)?,
                    recorded: found.get(8)?,
                    share: status.is_over().then_some(share),
                    notes: found.get_ref(11)?.as_str_or_null()?.map(digest),
                    said: found.get(12)?,
                },
            })
        })
        .optional()?;
    let mut head = found.ok_or(StoreError::NotFound { what: "call" })?;
    head.next = next(connection, head.number)?;
    Ok(head)
}

fn next(connection: &Connection, number: i64) -> Result<u64, Failure> {
    let last = connection
        .prepare_cached(&format!("SELECT * FROM ({JOURNAL_OF_CALL}) ORDER BY 1 DESC LIMIT 1"))?
        .query_row([number, i64::MAX], |found| {
            let entries = found.get_ref(1)?.as_str()?.lines().count() as u64;
            Ok(row::unsigned(found.get(0)?) + entries)
        })
        .optional()?;
    Ok(last.unwrap_or(FIRST_SEQ))
}
