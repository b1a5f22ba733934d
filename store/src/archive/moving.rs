//! How things are copied, and how it is seen that all are there.

use super::{Archive, Item, Kind};
use crate::{Commit, FIRST_SEQ, StoreError};
use futures_util::{StreamExt, TryStreamExt, stream};
use tsunagu_call::CallId;

/// How many things are read at a time.
const STEP: u32 = 200;
/// How many entries of a journal are read at a time.
const PAGE: usize = 1_000;
/// How many of them are written at a time.
const COMMIT: usize = 200;
/// How many journals are copied or compared at once.
const AT_ONCE: usize = 16;

/// What was done for one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    /// How many were copied.
    pub copied: u64,
    /// How many were there already, as they should be.
    pub there: u64,
}

/// How many of one kind there are on both sides, where all are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// How many.
    pub items: u64,
    /// How many entries their journals have.
    pub entries: u64,
}

/// Why data could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// One of the stores failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something cannot be kept where it should go.
    #[error("the {item} cannot be kept there")]
    Unkept {
        /// What.
        item: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The two sides are not the same.
    #[error("both sides are not the same: {what}")]
    Differs {
        /// What is seen first.
        what: String,
    },
}

/// Copies what of one kind is not there yet, or not as it should be.
///
/// # Errors
/// A store fails, or does not take something; what was copied before stays, and the same may be begun again.
pub async fn copy(from: &dyn Archive, to: &dyn Archive, kind: Kind) -> Result<Copied, MoveError> {
    let mut done = Copied::default();
    let mut after: Option<Item> = None;
    loop {
        let page = from.items(kind, after.as_ref(), STEP).await?;
        let Some(last) = page.last().cloned() else { return Ok(done) };
        let there = to.items(kind, after.as_ref(), STEP).await?;
        let missing = missing(&page, &there);
        done.there += (page.len() - missing.len()) as u64;
        done.copied += missing.len() as u64;
        keep(to, missing).await?;
        copy_journals(from, to, &page).await?;
        if kind == Kind::Notes {
            return Ok(done);
        }
        after = Some(last);
    }
}

/// Those that do not stand in the other list, which is in the same order.
fn missing(page: &[Item], there: &[Item]) -> Vec<Item> {
    let mut there = there.iter().peekable();
    page.iter().filter(|item| there.next_if_eq(item).is_none()).cloned().collect()
}

async fn keep(to: &dyn Archive, items: Vec<Item>) -> Result<(), MoveError> {
    match to.keep(items.clone()).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_transient() => Err(error.into()),
        // Once more, one by one, to see which it is.
        Err(_) => {
            for item in items {
                let name = item.name();
                to.keep(vec![item]).await.map_err(|source| MoveError::Unkept { item: name, source })?;
            }
            Ok(())
        }
    }
}

async fn copy_journals(from: &dyn Archive, to: &dyn Archive, page: &[Item]) -> Result<(), MoveError> {
    let calls = page.iter().filter_map(call_of).map(Ok);
    stream::iter(calls).try_for_each_concurrent(AT_ONCE, |call| copy_journal(from, to, call)).await
}

/// Copies the entries of a journal behind those that are there.
async fn copy_journal(from: &dyn Archive, to: &dyn Archive, call: CallId) -> Result<(), MoveError> {
    let mut next = FIRST_SEQ;
    loop {
        let entries = from.journal(call, next, PAGE).await?;
        let Some(last) = entries.last().map(|last| last.seq) else { return Ok(()) };
        let there = to.journal(call, next, PAGE).await?;
        let missing = entries.strip_prefix(there.as_slice()).ok_or_else(|| differs(call))?;
        for entries in missing.chunks(COMMIT) {
            to.commit(Commit { call, entries: entries.to_vec(), record: None }).await?;
        }
        next = last + 1;
    }
}

/// Reads one kind on both sides from the beginning to the end.
///
/// # Errors
/// A store fails, or the two sides are not the same.
pub async fn compare(one: &dyn Archive, other: &dyn Archive, kind: Kind) -> Result<Compared, MoveError> {
    let mut compared = Compared::default();
    let mut after: Option<Item> = None;
    loop {
        let page = one.items(kind, after.as_ref(), STEP).await?;
        let there = other.items(kind, after.as_ref(), STEP).await?;
        if page != there {
            return Err(MoveError::Differs { what: first_difference(&page, &there) });
        }
        let calls: Vec<CallId> = page.iter().filter_map(call_of).collect();
        let journals = stream::iter(calls).map(|call| compare_journal(one, other, call));
        let entries: Vec<u64> = journals.buffer_unordered(AT_ONCE).try_collect().await?;
        compared.entries += entries.into_iter().sum::<u64>();
        compared.items += page.len() as u64;
        after = page.last().cloned();
        if after.is_none() || kind == Kind::Notes {
            return Ok(compared);
        }
    }
}

async fn compare_journal(one: &dyn Archive, other: &dyn Archive, call: CallId) -> Result<u64, MoveError> {
    let (mut next, mut count) = (FIRST_SEQ, 0);
    loop {
        let entries = one.journal(call, next, PAGE).await?;
        if entries != other.journal(call, next, PAGE).await? {
            return Err(differs(call));
        }
        let Some(last) = entries.last() else { return Ok(count) };
        next = last.seq + 1;
        count += entries.len() as u64;
    }
}

fn differs(call: CallId) -> MoveError {
    MoveError::Differs { what: format!("the journal of call {call} is another one") }
}

fn first_difference(page: &[Item], there: &[Item]) -> String {
    let pairs = page.iter().zip(there);
    match pairs.into_iter().find(|(one, other)| one != other) {
        Some((one, other)) if one.name() == other.name() => format!("{} is another one", one.name()),
        Some((one, other)) => format!("{} on one side, {} on the other", one.name(), other.name()),
        None => match (page.get(there.len()), there.get(page.len())) {
            (Some(item), _) => format!("{} is not there", item.name()),
            (None, Some(item)) => format!("{} is there alone", item.name()),
            (None, None) => "nothing".to_owned(),
        },
    }
}

fn call_of(item: &Item) -> Option<CallId> {
    match item {
        Item::Call(record) => Some(record.id),
        _ => None,
    }
}
