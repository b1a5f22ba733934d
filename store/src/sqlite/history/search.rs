//! What a search finds among the calls: those with the customers that it finds, and those whose notes hold it.
//!
//! *customers and notes, read through once → the places of their calls → those of the page, and how many there are → the
//! calls of the page.* The places come from an index and are looked through as they come, so that no more of them are kept
//! than lie before the end of the page.

use super::{Listed, numbered, unsearched};
use crate::{
    CallFilter, Page, Paging,
    document::Needle,
    sqlite::{failure::Failure, row},
};
use rusqlite::{Connection, params_from_iter, types::Value};
use std::collections::{BinaryHeap, HashSet};
use tsunagu_call::{CallRecord, CompanyId};

/// One page of it.
pub(super) fn page(
    connection: &Connection,
    company: CompanyId,
    filter: &CallFilter,
    needle: &Needle,
    paging: Paging,
) -> Result<Page<CallRecord>, Failure> {
    let (conditions, values) = unsearched(company, filter);
    let (customers, numbers, words) = searched(company, needle);
    let both = || params_from_iter(values.iter().chain(&words));
    let mut first = First::of(paging.offset().saturating_add(paging.limit().into()));

    let by_notes = format!(
        "SELECT number, started, id FROM calls NOT INDEXED WHERE {conditions} AND number IN ({numbers})"
    );
    let mut noted = HashSet::new();
    for listed in connection.prepare_cached(&by_notes)?.query_map(both(), Listed::read)? {
        let listed = listed?;
        noted.insert(listed.number);
        first.offer(listed);
    }
    let by_customer =
        format!("SELECT number, started, id FROM calls WHERE {conditions} AND customer IN ({customers})");
    for listed in connection.prepare_cached(&by_customer)?.query_map(both(), Listed::read)? {
        let listed = listed?;
        if !noted.contains(&listed.number) {
            first.offer(listed);
        }
    }
    let total = first.offered;
    let numbers = first.behind(paging.offset()).map(|listed| listed.number);
    Ok(Page { items: numbered(connection, numbers)?, total })
}

/// The first of many in the order of the list, and how many there were.
struct First {
    most: u64,
    offered: u64,
    kept: BinaryHeap<Listed>,
}

impl First {
    fn of(most: u64) -> Self {
        Self { most, offered: 0, kept: BinaryHeap::new() }
    }

    fn offer(&mut self, listed: Listed) {
        self.offered += 1;
        if (self.kept.len() as u64) < self.most {
            self.kept.push(listed);
        } else if let Some(mut last) = self.kept.peek_mut()
            && listed < *last
        {
            *last = listed;
        }
    }

    /// Those that are kept, without so many at the beginning.
    fn behind(self, skipped: u64) -> impl Iterator<Item = Listed> {
        self.kept.into_sorted_vec().into_iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX))
    }
}

/// The customers and the numbers of the calls with notes that a search finds, and the values for the question marks of either.
pub(super) fn searched(company: CompanyId, needle: &Needle) -> (String, String, Vec<Value>) {
    let found = if needle.digits.is_some() {
        "(instr(search, ?) > 0 OR instr(search, ?) > 0)"
    } else {
        "instr(search, ?) > 0"
    };
    // In the order in which customers were entered they lie side by side.
    let customers =
        format!("SELECT id FROM customers INDEXED BY customers_by_age WHERE company = ? AND {found}");
    let numbers = format!("SELECT call FROM call_notes WHERE company = ? AND {found}");
    let words = [Some(needle.words.clone()), needle.digits.clone()];
    let words = words.into_iter().flatten().map(Value::from);
    (customers, numbers, std::iter::once(row::blob(company)).chain(words).collect())
}
