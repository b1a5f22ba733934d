//! The busiest road: opening a call and adding to its journal. The JSON is written on the asker's thread; here it is
//! only put in place.

use super::{
    failure::Failure,
    heads::{self, Columns, Head},
    lines::Lines,
    outbox, row, said, tallies,
    writer::Writing,
};
use crate::{Commit, CustomerMark, FIRST_SEQ, IDEMPOTENCY_SECS, Opened, Opening, StoreError, document};
use rusqlite::{OptionalExtension, params};
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, Id, Time};

/// How many outdated idempotency keys one opening clears away at most.
const KEYS_CLEARED: u32 = 16;

/// A projection ready to be written.
struct Projection {
    columns: Columns,
    body: String,
    /// As searches compare them.
    notes: Option<String>,
    said: Option<String>,
}

/// Work for the writer: a call that begins.
pub fn opening(
    opening: Opening,
) -> Result<impl FnMut(&mut Writing<'_>) -> Result<Opened, Failure>, StoreError> {
    let call = opening.record.id;
    let lines = Lines::of(&opening.entries)?;
    let projection = Projection::of(&opening.record)?;
    let checked = opening.check();
    let key = opening.idempotency_key;
    Ok(move |writing: &mut Writing<'_>| {
        let Projection { columns, body, notes, said: _ } = &projection;
        if let Some(key) = &key
            && let Some(earlier) = known_key(writing, columns.company, key, columns.started)?
        {
            return Ok(Opened::Already(earlier));
        }
        checked.clone()?;
        refuse_if_barred(writing, columns.company, columns.customer)?;
        refuse_if_busy(writing, columns.customer)?;
        refuse_if_known(writing, call)?;
        let number = insert(writing, call, columns, body)?;
        lines.insert(writing, number)?;
        if notes.is_some() {
            keep_notes(writing, columns.company, number, notes.as_deref())?;
        }
        outbox::note_entries(writing, columns.company, call, &lines)?;
        if let Some(key) = &key {
            keep_key(writing, columns.company, key, call, columns.started)?;
        }
        writing.heads.put(call, Head { number, next: FIRST_SEQ + lines.len(), columns: columns.clone() });
        Ok(Opened::New)
    })
}

/// Work for the writer: what is added to a call.
pub fn commit(commit: Commit) -> Result<impl FnMut(&mut Writing<'_>) -> Result<(), Failure>, StoreError> {
    commit.check()?;
    let call = commit.call;
    let lines = Lines::of(&commit.entries)?;
    let projection = commit.record.as_deref().map(Projection::of).transpose()?;
    Ok(move |writing: &mut Writing<'_>| {
        let head = writing.heads.of(writing.connection, call)?;
        let (number, next, before) = (head.number, head.next, &head.columns);
        if !lines.is_empty() && lines.first() != next {
            return Err(StoreError::Conflict { call, expected: next, offered: lines.first() }.into());
        }
        let Some(Projection { columns, body, notes, said }) = &projection else {
            head.next += lines.len();
            return lines.insert(writing, number);
        };
        if (columns.company, columns.customer) != (before.company, before.customer) {
            return Err(
                StoreError::Invalid { reason: "a call stays with its company and its customer" }.into()
            );
        }
        let revives = before.status.is_over() && !columns.status.is_over();
        let moves = columns != before;
        let (writes_notes, writes_said) = (columns.notes != before.notes, columns.said != before.said);
        let before = (moves && (before.share.is_some() || columns.share.is_some())).then(|| before.clone());
        if revives {
            refuse_if_busy(writing, columns.customer)?;
        }
        lines.insert(writing, number)?;
        outbox::note_entries(writing, columns.company, call, &lines)?;
        match moves {
            // Most often only the body changes: then no index is touched.
            false => drop(writing.replace_body.execute(params![number, body])?),
            true => replace(writing, number, columns, body)?,
        }
        if before.is_some() {
            tallies::follow(writing, before.as_ref(), columns)?;
        }
        if writes_notes {
            keep_notes(writing, columns.company, number, notes.as_deref())?;
        }
        if writes_said {
            said::keep(writing, number, said.as_deref())?;
        }
        match columns.status.is_over() {
            true => writing.heads.drop(call),
            false => {
                writing.heads.put(call, Head { number, next: next + lines.len(), columns: columns.clone() })
            }
        }
        Ok(())
    })
}

/// Enters a call with no journal yet, or puts its projection in the place of the one that is there.
#[cfg(feature = "mongodb")]
pub fn put(writing: &mut Writing<'_>, record: &CallRecord) -> Result<(), Failure> {
    match writing.heads.of(writing.connection, record.id) {
        Ok(_) => {
            commit(Commit { call: record.id, entries: Vec::new(), record: Some(Box::new(record.clone())) })?(
                writing,
            )
        }
        Err(Failure::Refused(StoreError::NotFound { .. })) => {
            let Projection { columns, body, notes, said } = Projection::of(record)?;
            if !columns.status.is_over() {
                refuse_if_busy(writing, columns.customer)?;
            }
            let number = insert(writing, record.id, &columns, &body)?;
            if columns.share.is_some() {
                replace(writing, number, &columns, &body)?;
                tallies::follow(writing, None, &columns)?;
            }
            if said.is_some() {
                said::keep(writing, number, said.as_deref())?;
            }
            keep_notes(writing, columns.company, number, notes.as_deref())
        }
        Err(failure) => Err(failure),
    }
}

impl Projection {
    fn of(record: &CallRecord) -> Result<Self, StoreError> {
        let notes = heads::notes(record);
        let said = document::said(record);
        let columns = Columns::of(record, notes.as_deref(), said.as_deref());
        Ok(Self { columns, body: row::body("call", record)?, notes, said })
    }
}

/// Whoever begins a call has looked at the customer; what was changed since then counts.
fn refuse_if_barred(writing: &Writing<'_>, company: CompanyId, customer: CustomerId) -> Result<(), Failure> {
    let flags = writing
        .connection
        .prepare_cached("SELECT do_not_call, wrong_number FROM customers WHERE id = ?1 AND company = ?2")?
        .query_row([customer.bytes(), company.bytes()], |found| Ok((found.get(0)?, found.get(1)?)))
        .optional()?;
    let (do_not_call, wrong_number) = flags.ok_or(StoreError::NotFound { what: "customer" })?;
    match CustomerMark::of(do_not_call, wrong_number) {
        Some(mark) => Err(StoreError::CustomerMarked { mark }.into()),
        None => Ok(()),
    }
}

fn refuse_if_busy(writing: &Writing<'_>, customer: CustomerId) -> Result<(), Failure> {
    let busy = writing
        .connection
        .prepare_cached("SELECT id FROM calls WHERE customer = ?1 AND over = 0")?
        .query_row([customer.bytes()], |found| row::id(found, 0))
        .optional()?;
    match busy {
        Some(call) => Err(StoreError::CustomerBusy { call }.into()),
        None => Ok(()),
    }
}

fn refuse_if_known(writing: &mut Writing<'_>, call: CallId) -> Result<(), Failure> {
    match writing.heads.of(writing.connection, call) {
        Ok(head) => Err(StoreError::Conflict { call, expected: head.next, offered: FIRST_SEQ }.into()),
        Err(Failure::Refused(StoreError::NotFound { .. })) => Ok(()),
        Err(failure) => Err(failure),
    }
}

fn insert(writing: &Writing<'_>, call: CallId, columns: &Columns, body: &str) -> Result<i64, Failure> {
    let mut insert = writing.connection.prepare_cached(
        "INSERT INTO calls (id, company, customer, status, over, unsettled, started, agent, result, recorded, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    Ok(insert.insert(params![
        call.bytes(),
        columns.company.bytes(),
        columns.customer.bytes(),
        columns.status.as_str(),
        columns.status.is_over(),
        columns.unsettled,
        columns.started.millis(),
        columns.agent.as_ref().map(Id::bytes),
        columns.result,
        columns.recorded,
        body,
    ])?)
}

fn replace(writing: &Writing<'_>, number: i64, columns: &Columns, body: &str) -> Result<(), Failure> {
    let mut update = writing.connection.prepare_cached(
        "UPDATE calls SET status = ?2, over = ?3, unsettled = ?4, started = ?5, agent = ?6, result = ?7, recorded = ?8, \
         body = ?9, talked = ?10, handoff = ?11, said = ?12 \
         WHERE number = ?1",
    )?;
    update.execute(params![
        number,
        columns.status.as_str(),
        columns.status.is_over(),
        columns.unsettled,
        columns.started.millis(),
        columns.agent.as_ref().map(Id::bytes),
        columns.result,
        columns.recorded,
        body,
        columns.share.and_then(|share| share.talked),
        columns.share.and_then(|share| tallies::handoff_column(share.handoff)),
        columns.said,
    ])?;
    Ok(())
}

fn keep_notes(
    writing: &Writing<'_>,
    company: CompanyId,
    number: i64,
    notes: Option<&str>,
) -> Result<(), Failure> {
    let statement = match notes {
        Some(_) => "INSERT OR REPLACE INTO call_notes (company, call, search) VALUES (?1, ?2, ?3)",
        None => "DELETE FROM call_notes WHERE company = ?1 AND call = ?2 AND ?3 IS NULL",
    };
    writing.connection.prepare_cached(statement)?.execute(params![company.bytes(), number, notes])?;
    Ok(())
}

fn known_key(
    writing: &Writing<'_>,
    company: CompanyId,
    key: &str,
    now: Time,
) -> Result<Option<CallId>, Failure> {
    let mut find = writing
        .connection
        .prepare_cached("SELECT call FROM opening_keys WHERE company = ?1 AND key = ?2 AND started > ?3")?;
    Ok(find
        .query_row(params![company.bytes(), key, forgotten(now).millis()], |found| row::id(found, 0))
        .optional()?)
}

fn keep_key(
    writing: &Writing<'_>,
    company: CompanyId,
    key: &str,
    call: CallId,
    now: Time,
) -> Result<(), Failure> {
    writing
        .connection
        .prepare_cached(
            "INSERT OR REPLACE INTO opening_keys (company, key, call, started) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![company.bytes(), key, call.bytes(), now.millis()])?;
    writing
        .connection
        .prepare_cached(
            "DELETE FROM opening_keys WHERE (company, key) IN \
             (SELECT company, key FROM opening_keys WHERE started <= ?1 LIMIT ?2)",
        )?
        .execute(params![forgotten(now).millis(), KEYS_CLEARED])?;
    Ok(())
}

/// Keys from this moment and before are forgotten.
fn forgotten(now: Time) -> Time {
    now.plus_millis(-i64::from(IDEMPOTENCY_SECS) * 1000)
}
