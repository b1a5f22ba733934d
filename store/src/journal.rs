//! What is written of a call: its opening, and what is added while it lives.

use crate::{Store, StoreError};
use tsunagu_call::{CallId, CallRecord, CompanyId, Entry};

/// The place of a journal's first entry.
pub const FIRST_SEQ: u64 = 1;

/// How many entries [`crate::CallStore::journal`] gives at most at one time.
pub const JOURNAL_PAGE: usize = 10_000;

/// The journal of a call from its beginning to its end; empty for a call that was never opened.
///
/// # Errors
/// A page of it cannot be read.
pub async fn whole_journal(store: &dyn Store, call: CallId) -> Result<Vec<Entry>, StoreError> {
    journal_from(store, call, FIRST_SEQ).await
}

/// The journal of a call from this place to its end.
///
/// # Errors
/// A page of it cannot be read.
pub async fn journal_from(store: &dyn Store, call: CallId, from: u64) -> Result<Vec<Entry>, StoreError> {
    let mut journal: Vec<Entry> = Vec::new();
    loop {
        let next = journal.last().map_or(from, |last| last.seq + 1);
        let page = store.journal(call, next, JOURNAL_PAGE).await?;
        let full = page.len() == JOURNAL_PAGE;
        journal.extend(page);
        if !full {
            return Ok(journal);
        }
    }
}

/// A call in which something is still to be done, and all that its journal has.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveJournal {
    /// The call.
    pub call: CallId,
    /// Its entries, from the first on; none when they cannot be read.
    pub entries: Vec<Entry>,
}

/// How long an idempotency key is remembered, in seconds from the start of the call that it opened.
pub const IDEMPOTENCY_SECS: u32 = 24 * 60 * 60;

/// A call that begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// Its first projection.
    pub record: CallRecord,
    /// Its first entries, counted from [`FIRST_SEQ`].
    pub entries: Vec<Entry>,
    /// The key by which a client may ask twice and open one call.
    pub idempotency_key: Option<String>,
}

/// How an opening came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// The call is open.
    New,
    /// The company has opened this call with the same key before; nothing was written.
    Already(CallId),
}

/// Entries added to a call's journal, and what follows from them for its projection, in one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// The call.
    pub call: CallId,
    /// The next entries, without a gap. Without any, the projection alone is replaced, whatever the journal says.
    pub entries: Vec<Entry>,
    /// The projection that replaces the stored one, if it changed.
    pub record: Option<Box<CallRecord>>,
}

/// A call in which something is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveCall {
    /// Whose.
    pub company: CompanyId,
    /// The call.
    pub call: CallId,
}

impl Opening {
    /// Refuses what no store should have to judge.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.record.status.is_over() {
            return Err(StoreError::Invalid { reason: "a call that opens cannot be over" });
        }
        in_order(self.record.id, &self.entries)?;
        match self.entries.first() {
            None => Err(StoreError::Invalid { reason: "a call opens with at least one entry" }),
            Some(first) if first.seq != FIRST_SEQ => {
                Err(StoreError::Conflict { call: self.record.id, expected: FIRST_SEQ, offered: first.seq })
            }
            Some(_) => Ok(()),
        }
    }
}

impl Commit {
    /// Refuses what no store should have to judge.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.record.as_ref().is_some_and(|record| record.id != self.call) {
            return Err(StoreError::Invalid { reason: "the projection is another call's" });
        }
        in_order(self.call, &self.entries)
    }
}

fn in_order(call: CallId, entries: &[Entry]) -> Result<(), StoreError> {
    let Some(first) = entries.first() else { return Ok(()) };
    match entries.iter().zip(first.seq..).find(|(entry, seq)| entry.seq != *seq) {
        None => Ok(()),
        Some((entry, expected)) => Err(StoreError::Conflict { call, expected, offered: entry.seq }),
    }
}
