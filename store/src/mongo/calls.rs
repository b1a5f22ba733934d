//! Calls in MongoDB.
//!
//! *A call's document is all that decides.* It holds the projection, the place of its next entry (`tsunagu.next`), the entries
//! written last (`tsunagu.tail`) and the notes for the outbox. So an opening is one insert, and a commit is one update that
//! compares the place and sets everything: both or neither, seen by everybody at once, without a transaction. Unique
//! indices over fields of the same document keep a customer in one call (`tsunagu.busy`) and a key with one call
//! (`tsunagu.key`). Entries are carried over from the tail to the collection `callevents` afterwards; see [`super::journal`].

use super::{MongoStore, form, patience::Asked, shelf::Kept};
use crate::{
    CallFilter, CallPlace, CallStatistics, CallStore, CallSummary, Commit, Customer, Grouping, LiveCall,
    Opened, Opening, Page, Paging, Receipt, RecordedCall, StatisticsFilter, StoreError,
    document::{fold, said},
    figures::{Handoff, Share},
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use tsunagu_call::{CallId, CallRecord, CompanyId, Entry, Time};

/// A quarter of an hour: no time zone in use parts the hours of another one elsewhere.
pub(super) const QUARTER: i64 = 15 * 60 * 1000;

impl Kept for CallRecord {
    const WHAT: &'static str = "call";
    const COLLECTION: &'static str = "callsessions";

    fn own(&self) -> Document {
        let over = self.status.is_over();
        let when = |is: bool, value: Bson| if is { value } else { Bson::Null };
        let notes = self.notes.as_deref().map(fold).filter(|notes| !notes.is_empty());
        doc! {
            "over": over,
            "busy": when(!over, form::id(self.customer_id)),
            "live": when(!over || self.unsettled, true.into()),
            "notes": notes,
            "said": said(self),
            "result": self.call_result.as_ref().filter(|_| over),
            "quarter": self.start_time.millis().div_euclid(QUARTER),
            "share": Share::of(self).map(share),
        }
    }
}

#[async_trait]
impl CallStore for MongoStore {
    async fn open_call(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.open(opening).await
    }

    fn commit(&self, commit: Commit) -> Receipt<()> {
        self.take_turn(commit)
    }

    async fn journal(&self, call: CallId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.entries(call, from, limit).await
    }

    async fn call(&self, company: CompanyId, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        self.calls.one(doc! { "_id": form::id(call), "companyId": form::id(company) }).await
    }

    async fn find_call(&self, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        self.calls.one(doc! { "_id": form::id(call) }).await
    }

    async fn live_calls(&self) -> Result<Vec<LiveCall>, StoreError> {
        let find = self.calls.open()?.find(doc! { "tsunagu.live": true }).sort(doc! { "_id": 1 });
        let found =
            find.projection(doc! { "companyId": 1 }).answered().await.map_err(super::failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(super::failure::named)?;
        let live = found.iter().map(|found| {
            Ok(LiveCall {
                company: form::id_at("call", found, "companyId")?,
                call: form::id_at("call", found, "_id")?,
            })
        });
        live.collect()
    }

    async fn recorded_calls(
        &self,
        company: CompanyId,
        before: Time,
        after: Option<RecordedCall>,
        limit: u32,
    ) -> Result<Vec<RecordedCall>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut which = doc! {
            "companyId": form::id(company), "tsunagu.over": true, "recordingSid": { "$type": "string" },
            "startTime": { "$lt": form::time(before) },
        };
        if let Some(after) = after {
            let started = form::time(after.started);
            let behind = doc! { "startTime": started.clone(), "_id": { "$gt": form::id(after.call) } };
            which.insert("$or", vec![doc! { "startTime": { "$gt": started } }, behind]);
        }
        let find = self.calls.open()?.find(which).sort(doc! { "startTime": 1, "_id": 1 }).limit(limit.into());
        let found =
            find.projection(doc! { "startTime": 1 }).answered().await.map_err(super::failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(super::failure::named)?;
        let recorded = found.iter().map(|found| {
            let started =
                found.get_datetime("startTime").map_err(|error| StoreError::corrupt("call", error))?;
            let started = Time::from_millis(started.timestamp_millis());
            Ok(RecordedCall { started, call: form::id_at("call", found, "_id")? })
        });
        recorded.collect()
    }

    async fn calls(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Page<CallRecord>, StoreError> {
        let which = self.history(company, filter).await?;
        self.calls.page(which, doc! { "startTime": -1, "_id": -1 }, paging).await
    }

    async fn calls_after(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<(CallSummary, Option<Customer>)>, StoreError> {
        self.lines(company, filter, after, limit).await
    }

    async fn calls_begun(&self, company: CompanyId, since: Time) -> Result<u64, StoreError> {
        let which = doc! { "companyId": form::id(company), "startTime": { "$gte": form::time(since) } };
        self.calls.count(which, None).await
    }

    async fn call_statistics(
        &self,
        company: CompanyId,
        filter: StatisticsFilter,
        grouping: Grouping,
    ) -> Result<CallStatistics, StoreError> {
        self.figures(company, filter, &grouping).await
    }
}

/// From one moment on, and before another one.
pub(super) fn span(from: Option<Time>, to: Option<Time>) -> Option<Document> {
    let mut span = Document::new();
    if let Some(from) = from {
        span.insert("$gte", form::time(from));
    }
    if let Some(to) = to {
        span.insert("$lt", form::time(to));
    }
    (!span.is_empty()).then_some(span)
}

/// What a call adds to the figures, ready to be summed up.
fn share(share: Share) -> Document {
    let mut sums = Document::new();
    if let Some(talked) = share.talked {
        sums.extend(doc! { "answered": 1_i64, "seconds": i64::from(talked) });
    }
    match share.handoff {
        None => {}
        Some(Handoff::Missed) => sums.extend(doc! { "handoffs": 1_i64 }),
        Some(Handoff::Connected(waited)) => {
            sums.extend(doc! { "handoffs": 1_i64, "connected": 1_i64, "waited": i64::from(waited) });
        }
    }
    sums
}
