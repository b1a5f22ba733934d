//! Journals: the entries written last stand in the call's document (`tsunagu.tail`), the older ones in pieces in `callevents`.
//!
//! *A commit lengthens the tail → when it is long, or the call is over, it is entered as one piece → and then cut off.* A crash
//! in between leaves entries in both places, where they are the same; the next one who carries over finds the piece by its
//! unique place and merely cuts. Whoever reads looks at the call's document first: what was cut off before that is in pieces.

use super::{MongoStore, commit::Tail, failure, form, patience::Asked, shelf::Kept};
use crate::{FIRST_SEQ, JOURNAL_PAGE, LiveJournal, StoreError};
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tsunagu_call::{CallId, Entry};

/// How many entries stand in a call's document at most before they are carried over.
const TAIL_MOST: u64 = 64;
/// How long they are at most, in bytes.
const TAIL_BYTES: u64 = 128 * 1024;

/// How many pieces the database gives at a time, when those of many calls are read.
const PIECES_AT_ONCE: u32 = 1000;

/// A piece of a journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    call_id: CallId,
    /// The place of its first entry.
    seq: u64,
    /// The place of its last entry.
    last: u64,
}

impl Kept for Piece {
    const WHAT: &'static str = "piece of a journal";
    const COLLECTION: &'static str = "callevents";
}

impl Tail {
    /// It is time to carry it over.
    pub(super) const fn is_long(self) -> bool {
        self.next.saturating_sub(self.from) >= TAIL_MOST || self.bytes >= TAIL_BYTES
    }
}

impl MongoStore {
    /// The entries of a call from a place on.
    pub(super) async fn entries(
        &self,
        call: CallId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let limit = limit.min(JOURNAL_PAGE);
        let Some((tail_from, tail)) = self.tail_of(call).await? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        if from < tail_from {
            let which = doc! {
                "callId": form::id(call), "last": { "$gte": form::number(from) },
                "seq": { "$lt": form::number(tail_from) },
            };
            let pieces = self.pieces.open()?.find(which).sort(doc! { "seq": 1 }).answered().await;
            let mut pieces = pieces.map_err(failure::named)?;
            while found.len() < limit
                && let Some(piece) = pieces.try_next().answered().await.map_err(failure::named)?
            {
                read(entries_of(piece, "entries"), from, &mut found)?;
            }
        }
        if found.len() < limit {
            let next = found.last().map_or(from, |last: &Entry| last.seq + 1);
            read(tail, next.max(from), &mut found)?;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The whole journals of the calls that these conditions find, in the order of their ids: one question for what stands in the
    /// calls' documents, and one more for what was carried over, if any of it was.
    pub(super) async fn journals(&self, which: Document, limit: u32) -> Result<Vec<LiveJournal>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let parts = doc! { "tsunagu.tail": 1, "tsunagu.tailFrom": 1 };
        let find =
            self.calls.open()?.find(which).sort(doc! { "_id": 1 }).limit(limit.into()).batch_size(limit);
        let found = find.projection(parts).answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        let tails = found.into_iter().map(|mut found| {
            let call: CallId = form::id_at("call", &found, "_id")?;
            Ok((call, own_tail(&mut found)))
        });
        let tails: Vec<(CallId, (u64, Vec<Bson>))> = tails.collect::<Result<_, StoreError>>()?;
        let mut carried = self.carried_over(&tails).await?;
        let journals = tails.into_iter().map(|(call, (tail_from, tail))| {
            let entries = carried.remove(&call).unwrap_or_else(|| Ok(Vec::new())).and_then(|mut entries| {
                // What was carried over since the call's document was read stands in the tail as well.
                entries.retain(|entry| entry.seq < tail_from);
                read(tail, entries.last().map_or(0, |last| last.seq + 1), &mut entries)?;
                Ok(entries)
            });
            // One that cannot be read hides no other; its place in the order counts for whoever reads on.
            let entries = entries
                .inspect_err(|error| tracing::error!(callId = %call, %error, "journal cannot be read"));
            LiveJournal { call, entries: entries.unwrap_or_default() }
        });
        Ok(journals.collect())
    }

    /// The entries of these calls that stand in pieces.
    async fn carried_over(
        &self,
        tails: &[(CallId, (u64, Vec<Bson>))],
    ) -> Result<BTreeMap<CallId, Result<Vec<Entry>, StoreError>>, StoreError> {
        let mut carried = BTreeMap::new();
        let long = tails.iter().filter(|(_, (from, _))| *from > FIRST_SEQ);
        let long: Vec<Bson> = long.map(|(call, _)| form::id(*call)).collect();
        if long.is_empty() {
            return Ok(carried);
        }
        let find = self.pieces.open()?.find(doc! { "callId": { "$in": long } });
        let pieces = find.sort(doc! { "callId": 1, "seq": 1 }).batch_size(PIECES_AT_ONCE).answered().await;
        let mut pieces = pieces.map_err(failure::named)?;
        while let Some(piece) = pieces.try_next().answered().await.map_err(failure::named)? {
            let call = form::id_at("piece of a journal", &piece, "callId")?;
            let journal: &mut Result<Vec<Entry>, StoreError> =
                carried.entry(call).or_insert_with(|| Ok(Vec::new()));
            if let Ok(entries) = journal
                && let Err(error) =
                    read(entries_of(piece, "entries"), entries.last().map_or(0, |last| last.seq + 1), entries)
            {
                *journal = Err(error);
            }
        }
        Ok(carried)
    }

    /// Carries the tail of a call's journal over.
    pub(super) async fn carry_over(&self, call: CallId) -> Result<(), StoreError> {
        let Some((from, tail)) = self.tail_of(call).await? else { return Ok(()) };
        let last = tail.last().and_then(Bson::as_document).map_or(0, |last| form::count_at(last, "seq"));
        // Nothing stands there; a call of an older server has not even a place for it.
        if last < from.max(FIRST_SEQ) {
            return Ok(());
        }
        let piece = Piece { call_id: call, seq: from, last };
        let mut document = form::document(Piece::WHAT, &piece)?;
        document.insert("entries", tail);
        let last = match self.pieces.open()?.insert_one(document).answered().await {
            Ok(_) => last,
            Err(error) if failure::is_duplicate(&error) => {
                // Somebody else was here, or we were before a crash: that piece counts.
                let which = doc! { "callId": form::id(call), "seq": form::number(from) };
                self.pieces.one(which).await?.map_or(0, |piece| piece.last)
            }
            Err(error) => return Err(failure::named(error)),
        };
        self.cut(call, from, last).await
    }

    async fn cut(&self, call: CallId, from: u64, last: u64) -> Result<(), StoreError> {
        let which = doc! { "_id": form::id(call), "tsunagu.tailFrom": form::number(from) };
        let update = doc! {
            "$set": { "tsunagu.tailFrom": form::number(last + 1), "tsunagu.tailBytes": 0_i64 },
            "$pull": { "tsunagu.tail": { "seq": { "$lte": form::number(last) } } },
            "$inc": { "tsunagu.rev": 1_i64 },
        };
        self.calls.update_all(which, update).await.map(|_| ())
    }

    /// Which write brought the entry at this place, if it was the first of its commit.
    pub(super) async fn written_by(&self, call: CallId, seq: u64) -> Result<Option<ObjectId>, StoreError> {
        let Some((tail_from, tail)) = self.tail_of(call).await? else { return Ok(None) };
        let entries = if seq >= tail_from {
            tail
        } else {
            let which = doc! {
                "callId": form::id(call), "seq": { "$lte": form::number(seq) },
                "last": { "$gte": form::number(seq) },
            };
            let piece = self.pieces.open()?.find_one(which).answered().await.map_err(failure::named)?;
            piece.map(|piece| entries_of(piece, "entries")).unwrap_or_default()
        };
        let mut entries = entries.iter().filter_map(Bson::as_document);
        let found = entries.find(|entry| form::count_at(entry, "seq") == seq);
        Ok(found.and_then(|entry| entry.get_object_id("by").ok()))
    }

    /// What stands in the call's document, and from which place on.
    async fn tail_of(&self, call: CallId) -> Result<Option<(u64, Vec<Bson>)>, StoreError> {
        let parts = doc! { "tsunagu.tail": 1, "tsunagu.tailFrom": 1 };
        let found =
            self.calls.open()?.find_one(doc! { "_id": form::id(call) }).projection(parts).answered().await;
        Ok(found.map_err(failure::named)?.as_mut().map(own_tail))
    }
}

/// What stands in a call's document, and from which place on.
fn own_tail(found: &mut Document) -> (u64, Vec<Bson>) {
    match found.remove("tsunagu") {
        Some(Bson::Document(own)) => (form::count_at(&own, "tailFrom"), entries_of(own, "tail")),
        _ => (0, Vec::new()),
    }
}

fn entries_of(mut document: Document, key: &str) -> Vec<Bson> {
    match document.remove(key) {
        Some(Bson::Array(entries)) => entries,
        _ => Vec::new(),
    }
}

fn read(entries: Vec<Bson>, from: u64, found: &mut Vec<Entry>) -> Result<(), StoreError> {
    for entry in entries {
        let Bson::Document(entry) = entry else { continue };
        if form::count_at(&entry, "seq") >= from {
            found.push(form::own_value("entry of a journal", entry)?);
        }
    }
    Ok(())
}
