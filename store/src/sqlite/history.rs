//! Lists of calls, newest first.
//!
//! *tallies → how many calls there are in each block of hours, and so in all → the blocks, and then the hours, that the page
//! lies in → the calls of these.* So a list costs by the hours that a page takes, not by the calls there are, and no index is needed for the agent's, the
//! status's or the result's calls. What tallies do not know is looked for call by call: live calls, which are few; the calls
//! of one customer; and those that a search finds, or on which something was said.

mod search;

use super::{
    failure::Failure,
    row::{self, List},
    said,
    tallies::{Slots, Stretch, hours_of_block, whose},
};
use crate::{CallFilter, CallPlace, CallSummary, Customer, Page, Paging};
use rusqlite::{Connection, Row, params_from_iter, types::Value};
use std::{cmp::Reverse, collections::BTreeMap};
use tsunagu_call::{CallId, CallRecord, CompanyId, Time};

/// The rows of calls that are over, in the order of their beginning.
const OVER: &str = "calls INDEXED BY calls_over_by_start";
/// The rows of calls that live, in the same order.
const LIVE: &str = "calls INDEXED BY calls_live_by_start";

/// One page.
pub fn page(
    connection: &Connection,
    company: CompanyId,
    filter: &CallFilter,
    paging: Paging,
) -> Result<Page<CallRecord>, Failure> {
    // All statements see the same moment.
    let moment = connection.unchecked_transaction()?;
    if let Some(needle) = filter.needle() {
        return search::page(&moment, company, filter, &needle, paging);
    }
    if filter.customer.is_some() || filter.phrase().is_some() {
        let (conditions, values) = conditions(company, filter);
        let list = List { table: "calls", conditions, values, order: "started DESC, id DESC" };
        return row::page("call", &moment, &list, paging);
    }
    let all = Pieces::count(&moment, company, filter)?;
    let total = all.total();
    Ok(Page { items: numbered(&moment, all.page(paging)?)?, total })
}

/// The calls with these numbers, in this order.
fn numbered(
    connection: &Connection,
    numbers: impl IntoIterator<Item = i64>,
) -> Result<Vec<CallRecord>, Failure> {
    let mut find = connection.prepare_cached("SELECT body FROM calls WHERE number = ?1")?;
    let mut calls = Vec::new();
    for number in numbers {
        calls.extend(row::documents::<CallRecord>("call", &mut find, [number])?);
    }
    Ok(calls)
}

/// What is behind a place, with the customers.
pub fn after(
    connection: &Connection,
    company: CompanyId,
    filter: &CallFilter,
    after: Option<CallPlace>,
    limit: u32,
) -> Result<Vec<(CallSummary, Option<Customer>)>, Failure> {
    let (mut conditions, mut values) = conditions(company, filter);
    if let Some(after) = after {
        // The first half says where in the index to begin.
        conditions.push_str(" AND started <= ? AND (started, id) < (?, ?)");
        let started = row::millis(after.started);
        values.extend([started.clone(), started, row::blob(after.call)]);
    }
    // A live call and one that is over stand in different indices, which are merged here.
    let part = |rows: &str, over: u8| {
        format!(
            "SELECT * FROM (SELECT number, started, id FROM {rows} WHERE {conditions} AND over = {over} \
             ORDER BY started DESC, id DESC LIMIT {limit})"
        )
    };
    let select = format!(
        "SELECT c.body, k.body FROM ({} UNION ALL {} ORDER BY 2 DESC, 3 DESC LIMIT {limit}) p \
         JOIN calls c ON c.number = p.number \
         LEFT JOIN customers k ON k.id = c.customer AND k.company = c.company \
         ORDER BY p.started DESC, p.id DESC",
        part(if filter.customer.is_some() { "calls" } else { LIVE }, 0),
        part(if filter.customer.is_some() { "calls" } else { OVER }, 1)
    );
    let both = values.iter().chain(&values);
    let mut find = connection.prepare_cached(&select)?;
    let mut rows = find.query(params_from_iter(both))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row::document_at("call", row, 0)?, row::optional_document_at("customer", row, 1)?));
    }
    Ok(found)
}

/// The filter as SQL, and the values for its question marks.
fn conditions(company: CompanyId, filter: &CallFilter) -> (String, Vec<Value>) {
    let (mut conditions, mut values) = unsearched(company, filter);
    if let Some(needle) = filter.needle() {
        let (customers, numbers, words) = search::searched(company, &needle);
        conditions.push_str(&format!(" AND (customer IN ({customers}) OR number IN ({numbers}))"));
        values.extend(words.iter().cloned());
        values.extend(words);
    }
    (conditions, values)
}

/// The same without the search.
fn unsearched(company: CompanyId, filter: &CallFilter) -> (String, Vec<Value>) {
    let CallFilter { status, result, agent, customer, from, to, search: _, said: _ } = filter;
    row::all_of([
        ("company = ?", Some(row::blob(company))),
        ("status = ?", status.map(|status| status.as_str().to_owned().into())),
        ("result = ?", result.clone().map(Value::from)),
        ("agent = ?", agent.map(row::blob)),
        ("customer = ?", customer.map(row::blob)),
        ("started >= ?", from.map(row::millis)),
        ("started < ?", to.map(row::millis)),
        (
            "number IN (SELECT rowid FROM call_words WHERE call_words MATCH ?)",
            filter.phrase().map(|phrase| said::finding(&phrase).into()),
        ),
    ])
}

/// A stretch of time and the calls that began in it.
struct Piece {
    /// Its first millisecond.
    from: i64,
    /// The millisecond after its last.
    to: i64,
    /// The block that it is, which can be looked at by the hour.
    block: Option<i64>,
    /// How many are over.
    over: u64,
    /// Those that live.
    live: Vec<Listed>,
}

impl Piece {
    fn total(&self) -> u64 {
        self.over + self.live.len() as u64
    }
}

/// A call, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    place: Reverse<(Time, CallId)>,
    number: i64,
}

impl Listed {
    /// Of a row of the number, the beginning and the id.
    fn read(found: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { place: Reverse((row::time(found, 1)?, row::id(found, 2)?)), number: found.get(0)? })
    }
}

/// Everything that a filter wants, in pieces by the first millisecond.
struct Pieces<'a> {
    connection: &'a Connection,
    company: CompanyId,
    filter: &'a CallFilter,
    pieces: BTreeMap<i64, Piece>,
}

impl<'a> Pieces<'a> {
    fn count(
        connection: &'a Connection,
        company: CompanyId,
        filter: &'a CallFilter,
    ) -> Result<Self, Failure> {
        let mut all = Self { connection, company, filter, pieces: BTreeMap::new() };
        let stretch = Stretch::new(filter.from, filter.to);
        let slots = stretch.slots();
        let ends: Vec<_> = stretch.ends.into_iter().flatten().collect();
        if filter.status.is_none_or(|status| status.is_over()) {
            for slots in &slots {
                all.count_slots(*slots)?;
            }
            for end in &ends {
                let over = over_between(connection, company, filter, *end)?.len() as u64;
                all.piece(*end, None).over = over;
            }
        }
        if filter.status.is_none_or(|status| !status.is_over()) {
            for listed in live(connection, company, filter)? {
                let at = listed.place.0.0.millis();
                let end = ends.iter().find(|(from, to)| (*from..*to).contains(&at)).map(|end| (*end, None));
                let slot = slots.iter().find_map(|slots| {
                    let slot = slots.of(at)?;
                    Some((slots.span(slot), slots.are_blocks().then_some(slot)))
                });
                if let Some((span, block)) = end.or(slot) {
                    all.piece(span, block).live.push(listed);
                }
            }
        }
        Ok(all)
    }

    /// Those that are over, by their tallies.
    fn count_slots(&mut self, slots: Slots) -> Result<(), Failure> {
        let filter = self.filter;
        let (mut conditions, mut values) = row::all_of([
            ("company = ?", Some(row::blob(self.company))),
            ("agent = ?", Some(Value::Blob(whose(filter.agent)))),
            ("hours = ?", Some(slots.hours.into())),
            ("slot >= ?", Some(slots.from.into())),
            ("slot < ?", Some(slots.to.into())),
            ("status = ?", filter.status.map(|status| status.as_str().to_owned().into())),
        ]);
        if let Some(result) = &filter.result {
            // An empty text stands for calls without a result, which nobody asks for by name.
            conditions.push_str(" AND result = ? AND result <> ''");
            values.push(result.clone().into());
        }
        let select = format!("SELECT slot, sum(calls) FROM call_tallies WHERE {conditions} GROUP BY slot");
        let mut find = self.connection.prepare_cached(&select)?;
        let mut rows = find.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let slot = row.get(0)?;
            let over = row::unsigned(row.get(1)?);
            self.piece(slots.span(slot), slots.are_blocks().then_some(slot)).over = over;
        }
        Ok(())
    }

    fn piece(&mut self, (from, to): (i64, i64), block: Option<i64>) -> &mut Piece {
        self.pieces.entry(from).or_insert_with(|| Piece { from, to, block, over: 0, live: Vec::new() })
    }

    fn total(&self) -> u64 {
        self.pieces.values().map(Piece::total).sum()
    }

    /// The numbers of the calls of a page, in its order.
    fn page(mut self, paging: Paging) -> Result<Vec<i64>, Failure> {
        let (mut skip, limit) = (paging.offset(), paging.limit() as usize);
        let mut numbers = Vec::new();
        while numbers.len() < limit {
            let Some((_, piece)) = self.pieces.pop_last() else { break };
            if skip >= piece.total() {
                skip -= piece.total();
                continue;
            }
            if let Some(block) = piece.block {
                let hours = hours_of_block(block);
                if piece.over > 0 {
                    self.count_slots(hours)?;
                }
                for listed in piece.live {
                    if let Some(hour) = hours.of(listed.place.0.0.millis()) {
                        self.piece(hours.span(hour), None).live.push(listed);
                    }
                }
                continue;
            }
            let mut calls = piece.live;
            if piece.over > 0 {
                let span = (piece.from, piece.to);
                calls.extend(over_between(self.connection, self.company, self.filter, span)?);
            }
            calls.sort_unstable();
            let wanted = calls.iter().skip(usize::try_from(skip).unwrap_or(usize::MAX));
            numbers.extend(wanted.take(limit - numbers.len()).map(|listed| listed.number));
            skip = 0;
        }
        Ok(numbers)
    }
}

/// The calls that live.
fn live(connection: &Connection, company: CompanyId, filter: &CallFilter) -> Result<Vec<Listed>, Failure> {
    let (conditions, values) = conditions(company, filter);
    let select = format!("SELECT number, started, id FROM {LIVE} WHERE {conditions} AND over = 0");
    listed(connection, &select, &values)
}

/// The calls that are over and began from the first moment on up to before the second.
fn over_between(
    connection: &Connection,
    company: CompanyId,
    filter: &CallFilter,
    (from, to): (i64, i64),
) -> Result<Vec<Listed>, Failure> {
    let between =
        CallFilter { from: Some(Time::from_millis(from)), to: Some(Time::from_millis(to)), ..filter.clone() };
    let (conditions, values) = conditions(company, &between);
    let select = format!("SELECT number, started, id FROM {OVER} WHERE {conditions} AND over = 1");
    listed(connection, &select, &values)
}

fn listed(connection: &Connection, select: &str, values: &[Value]) -> Result<Vec<Listed>, Failure> {
    let mut find = connection.prepare_cached(select)?;
    let listed = find.query_map(params_from_iter(values), Listed::read)?;
    Ok(listed.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests;
