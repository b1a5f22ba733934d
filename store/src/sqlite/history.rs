//! Lists of calls, newest first.
//!
//! *tallies → how many calls there are in each hour, and so in all → the hours that the page lies in → the calls of these.*
//! So a list costs by the hours in which its company rang, not by its calls, and no index is needed for the agent's, the
//! status's or the result's calls. What tallies do not know is looked for call by call: live calls, which are few; the calls
//! of one customer; and those that a search finds.

use super::{
    failure::Failure,
    row::{self, List},
    tallies::{Stretch, whose},
};
use crate::{CallFilter, CallPlace, CallSummary, Customer, Page, Paging, figures::HOUR};
use rusqlite::{Connection, params_from_iter, types::Value};
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
    if filter.customer.is_some() || filter.needle().is_some() {
        let (conditions, values) = conditions(company, filter);
        let list = List { table: "calls", conditions, values, order: "started DESC, id DESC" };
        return row::page("call", &moment, &list, paging);
    }
    let hours = Hours::count(&moment, company, filter)?;
    let total = hours.total();
    let numbers = hours.page(&moment, company, filter, paging)?;
    let mut find = moment.prepare_cached("SELECT body FROM calls WHERE number = ?1")?;
    let mut items = Vec::with_capacity(numbers.len());
    for number in numbers {
        items.extend(row::documents::<CallRecord>("call", &mut find, [number])?);
    }
    Ok(Page { items, total })
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
    let CallFilter { status, result, agent, customer, from, to, search: _ } = filter;
    let wanted = [
        ("company = ?", Some(row::blob(company))),
        ("status = ?", status.map(|status| status.as_str().to_owned().into())),
        ("result = ?", result.clone().map(Value::from)),
        ("agent = ?", agent.map(row::blob)),
        ("customer = ?", customer.map(row::blob)),
        ("started >= ?", from.map(row::millis)),
        ("started < ?", to.map(row::millis)),
    ];
    let (mut conditions, mut values) = row::all_of(wanted);
    if let Some(needle) = filter.needle() {
        let found = if needle.digits.is_some() {
            "(instr(search, ?) > 0 OR instr(search, ?) > 0)"
        } else {
            "instr(search, ?) > 0"
        };
        conditions.push_str(&format!(
            " AND (customer IN (SELECT id FROM customers WHERE company = ? AND {found}) \
             OR number IN (SELECT call FROM call_notes WHERE company = ? AND {found}))"
        ));
        let words = [Some(row::blob(company)), Some(needle.words.into()), needle.digits.map(Value::from)];
        let words: Vec<Value> = words.into_iter().flatten().collect();
        values.extend(words.iter().cloned());
        values.extend(words);
    }
    (conditions, values)
}

/// How many calls began in each hour, or in the part of it that is looked at, by the first millisecond.
struct Hours(BTreeMap<i64, Hour>);

#[derive(Default)]
struct Hour {
    /// The millisecond after the last.
    to: i64,
    /// How many are over.
    over: u64,
    /// Those that live.
    live: Vec<Listed>,
}

/// A call, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    place: Reverse<(Time, CallId)>,
    number: i64,
}

impl Hours {
    fn count(connection: &Connection, company: CompanyId, filter: &CallFilter) -> Result<Self, Failure> {
        let mut hours = Self(BTreeMap::new());
        let stretch = Stretch::new(filter.from, filter.to);
        if filter.status.is_none_or(|status| status.is_over()) {
            hours.count_whole(connection, company, filter, stretch)?;
            for (from, to) in stretch.ends.into_iter().flatten() {
                hours.hour(from, to).over =
                    over_between(connection, company, filter, (from, to))?.len() as u64;
            }
        }
        if filter.status.is_none_or(|status| !status.is_over()) {
            let (conditions, values) = conditions(company, filter);
            let select = format!("SELECT number, started, id FROM {LIVE} WHERE {conditions} AND over = 0");
            for listed in listed(connection, &select, &values)? {
                let started = listed.place.0.0.millis();
                let (from, to) = stretch.piece(started);
                hours.hour(from, to).live.push(listed);
            }
        }
        Ok(hours)
    }

    /// The whole hours, by their tallies.
    fn count_whole(
        &mut self,
        connection: &Connection,
        company: CompanyId,
        filter: &CallFilter,
        stretch: Stretch,
    ) -> Result<(), Failure> {
        let (mut conditions, mut values) = row::all_of([
            ("company = ?", Some(row::blob(company))),
            ("agent = ?", Some(Value::Blob(whose(filter.agent)))),
            ("hour >= ?", Some(stretch.from_hour.into())),
            ("hour < ?", Some(stretch.to_hour.into())),
            ("status = ?", filter.status.map(|status| status.as_str().to_owned().into())),
        ]);
        if let Some(result) = &filter.result {
            // An empty text stands for calls without a result, which nobody asks for by name.
            conditions.push_str(" AND result = ? AND result <> ''");
            values.push(result.clone().into());
        }
        let select = format!("SELECT hour, sum(calls) FROM call_tallies WHERE {conditions} GROUP BY hour");
        let mut find = connection.prepare_cached(&select)?;
        let mut rows = find.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let from = row.get::<_, i64>(0)?.saturating_mul(HOUR);
            self.hour(from, from.saturating_add(HOUR)).over = row::unsigned(row.get(1)?);
        }
        Ok(())
    }

    fn hour(&mut self, from: i64, to: i64) -> &mut Hour {
        let hour = self.0.entry(from).or_default();
        hour.to = to;
        hour
    }

    fn total(&self) -> u64 {
        self.0.values().map(Hour::total).sum()
    }

    /// The numbers of the calls of a page, in its order.
    fn page(
        self,
        connection: &Connection,
        company: CompanyId,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Vec<i64>, Failure> {
        let (mut skip, limit) = (paging.offset(), paging.limit() as usize);
        let mut numbers = Vec::new();
        for (from, hour) in self.0.into_iter().rev() {
            if numbers.len() >= limit {
                break;
            }
            if skip >= hour.total() {
                skip -= hour.total();
                continue;
            }
            let mut calls = hour.live;
            if hour.over > 0 {
                calls.extend(over_between(connection, company, filter, (from, hour.to))?);
            }
            calls.sort_unstable();
            let wanted = calls.iter().skip(usize::try_from(skip).unwrap_or(usize::MAX));
            numbers.extend(wanted.take(limit - numbers.len()).map(|listed| listed.number));
            skip = 0;
        }
        Ok(numbers)
    }
}

impl Hour {
    fn total(&self) -> u64 {
        self.over + self.live.len() as u64
    }
}

impl Stretch {
    /// The hour or the end in which a moment lies.
    fn piece(&self, at: i64) -> (i64, i64) {
        let ends = self.ends.into_iter().flatten();
        let hour = at.div_euclid(HOUR).saturating_mul(HOUR);
        ends.into_iter()
            .find(|(from, to)| (*from..*to).contains(&at))
            .unwrap_or((hour, hour.saturating_add(HOUR)))
    }
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
    let listed = find.query_map(params_from_iter(values), |found| {
        let place = Reverse((row::time(found, 1)?, row::id(found, 2)?));
        Ok(Listed { place, number: found.get(0)? })
    })?;
    Ok(listed.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests;
