//! The customers on the lists of campaigns, in MongoDB. That a customer is on a list once is a unique index; a claim and a
//! replacement compare and set one document.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, Seen, contended},
};
use crate::{CampaignListStore, EntryCount, Listed, Page, Paging, Prospect, StoreError};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc};
use serde::de::DeserializeOwned;
use tsunagu_call::{
    CallId, CampaignId, CompanyId, CustomerId, Time,
    campaign::{AttemptResult, CampaignEntry, CampaignState, EntryState, SkipReason},
};

/// How often a claim is begun anew because somebody else was first: as many may try at once.
const ATTEMPTS: u32 = 500;

impl Kept for CampaignEntry {
    const WHAT: &'static str = "campaign entry";
    const COLLECTION: &'static str = "campaignentries";

    fn own(&self) -> Document {
        doc! { "tried": !self.attempts.is_empty(), "ended": self.last_end().map(form::time) }
    }
}

#[async_trait]
impl CampaignListStore for MongoStore {
    async fn list_customers(
        &self,
        company: CompanyId,
        id: CampaignId,
        customers: Vec<CustomerId>,
        most: u64,
        now: Time,
    ) -> Result<Listed, StoreError> {
        self.list(company, id, customers, most, now).await
    }

    async fn count_entries(&self, id: CampaignId) -> Result<Vec<EntryCount>, StoreError> {
        let parts =
            doc! { "state": "$state", "skipped": "$skipped", "result": "$result", "tried": "$tsunagu.tried" };
        let stages = vec![
            doc! { "$match": { "campaignId": form::id(id) } },
            doc! { "$group": { "_id": parts, "count": { "$sum": 1 } } },
        ];
        let found = self.entries.aggregate(stages).await?;
        let counts = found.iter().map(|found| {
            let part =
                found.get_document("_id").map_err(|error| StoreError::corrupt("campaign entry", error))?;
            Ok(EntryCount {
                state: word(part, "state")?
                    .ok_or(StoreError::Corrupt { what: "campaign entry", source: None })?,
                skipped: word(part, "skipped")?,
                result: word(part, "result")?,
                tried: part.get_bool("tried").unwrap_or(false),
                count: form::count_at(found, "count"),
            })
        });
        counts.collect()
    }

    async fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        paging: Paging,
    ) -> Result<Page<CampaignEntry>, StoreError> {
        let mut which = doc! { "campaignId": form::id(id) };
        if let Some(state) = state {
            which.insert("state", state.as_str());
        }
        self.entries.page(which, doc! { "_id": 1 }, paging).await
    }

    async fn prospects(
        &self,
        id: CampaignId,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<Prospect>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut which = waiting(id);
        if let Some(after) = after {
            which.insert("customerId", doc! { "$gt": form::id(after) });
        }
        let entries = self.entries.all(which, doc! { "customerId": 1 }, limit).await?;
        self.prospects_of(id, entries).await
    }

    async fn prospect(&self, id: CampaignId, customer: CustomerId) -> Result<Option<Prospect>, StoreError> {
        let entry = self.entries.one(of(id, customer)).await?;
        Ok(self.prospects_of(id, entry.into_iter().collect()).await?.pop())
    }

    async fn next_due(&self, id: CampaignId) -> Result<Option<Time>, StoreError> {
        let first = self.entries.all(waiting(id), doc! { "nextAttemptAt": 1, "_id": 1 }, 1).await?;
        Ok(first.first().and_then(|entry| entry.next_attempt_at))
    }

    /// The campaign is looked at again after the claim: when it ran then, the claim was made while it did. Otherwise the entry
    /// is put back as it was.
    async fn claim_entry(
        &self,
        id: CampaignId,
        call: CallId,
        now: Time,
        lease_until: Time,
    ) -> Result<Option<CampaignEntry>, StoreError> {
        for _ in 0..ATTEMPTS {
            if !self.is_in(id, CampaignState::Running).await? {
                return Ok(None);
            }
            let mut due = waiting(id);
            due.insert("nextAttemptAt", doc! { "$lte": form::time(now) });
            let first = self.entries.all_seen(due, doc! { "nextAttemptAt": 1, "_id": 1 }, 1).await?;
            let Some(seen) = first.into_iter().next() else { return Ok(None) };
            let mut entry = seen.value.clone();
            if !entry.claim(call, now, lease_until) {
                return Ok(None);
            }
            if self.entries.replace(&seen, &entry, Document::new()).await? != Put::Done {
                tokio::task::yield_now().await;
                continue;
            }
            if self.is_in(id, CampaignState::Running).await? {
                return Ok(Some(entry));
            }
            self.replace_entry(&entry, seen.value).await?;
            return Ok(None);
        }
        Err(contended())
    }

    async fn entries_in_hand(&self, id: CampaignId, limit: u32) -> Result<Vec<CampaignEntry>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let which = doc! { "campaignId": form::id(id), "state": EntryState::Calling.as_str() };
        self.entries.all(which, doc! { "_id": 1 }, limit).await
    }

    async fn replace_entry(&self, seen: &CampaignEntry, entry: CampaignEntry) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let stands: Option<Seen<CampaignEntry>> =
                self.entries.seen(of(seen.campaign_id, seen.customer_id)).await?;
            let Some(stands) = stands.filter(|stands| stands.value == *seen) else { return Ok(false) };
            if self.entries.replace(&stands, &entry, Document::new()).await? == Put::Done {
                return Ok(true);
            }
        }
        Err(contended())
    }

    async fn give_up_waiting(&self, id: CampaignId, limit: u32) -> Result<u64, StoreError> {
        if limit == 0 || !self.is_in(id, CampaignState::Stopped).await? {
            return Ok(0);
        }
        let mut given_up = 0;
        for seen in self.entries.all_seen(waiting(id), doc! { "_id": 1 }, limit).await? {
            let mut entry = seen.value.clone();
            entry.skip(SkipReason::Stopped);
            if self.entries.replace(&seen, &entry, Document::new()).await? == Put::Done {
                given_up += 1;
            }
        }
        Ok(given_up)
    }

    async fn latest_results(
        &self,
        id: CampaignId,
        since: Time,
        limit: u32,
    ) -> Result<Vec<AttemptResult>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let which = doc! {
            "campaignId": form::id(id), "tsunagu.ended": { "$gt": form::time(since) },
            "result": { "$type": "string" },
        };
        let found = self.entries.all(which, doc! { "tsunagu.ended": -1 }, limit).await?;
        Ok(found.into_iter().filter_map(|entry| entry.result).collect())
    }
}

impl MongoStore {
    async fn is_in(&self, id: CampaignId, state: CampaignState) -> Result<bool, StoreError> {
        let which = doc! { "_id": form::id(id), "state": state.as_str() };
        Ok(self.campaigns.count(which, Some(1)).await? > 0)
    }
}

pub(super) fn of(id: CampaignId, customer: CustomerId) -> Document {
    doc! { "campaignId": form::id(id), "customerId": form::id(customer) }
}

fn waiting(id: CampaignId) -> Document {
    doc! { "campaignId": form::id(id), "state": EntryState::Waiting.as_str() }
}

fn word<T: DeserializeOwned>(part: &Document, key: &str) -> Result<Option<T>, StoreError> {
    match part.get(key) {
        None | Some(Bson::Null) => Ok(None),
        Some(word) => mongodb::bson::deserialize_from_bson(word.clone())
            .map(Some)
            .map_err(|error| StoreError::corrupt("campaign entry", error)),
    }
}
