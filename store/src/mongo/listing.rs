//! Customers put on a campaign's list, and what stands in the way of those who are on it.

use super::{
    MongoStore,
    campaigns::{self, CHANGED, MISSING},
    failure, form,
    patience::Asked,
    shelf::{Shelf, contended},
};
use crate::{LIST_STEP, Listed, Prospect, StoreError};
use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use std::collections::{HashMap, HashSet};
use tsunagu_call::{
    CampaignId, CompanyId, CustomerId, Time,
    campaign::{CampaignEntry, CampaignState, EntryState},
};

/// How often it is decided anew, because somebody listed the same customers meanwhile.
const ATTEMPTS: u32 = 20;

impl MongoStore {
    /// Entered first, and then the campaign is touched if it is not over. So whoever completes it meanwhile either finds them on
    /// the list or is found out, and then they are taken back.
    pub(super) async fn list(
        &self,
        company: CompanyId,
        id: CampaignId,
        customers: Vec<CustomerId>,
        most: u64,
        now: Time,
    ) -> Result<Listed, StoreError> {
        if customers.len() > LIST_STEP {
            return Err(StoreError::Invalid { reason: "more customers than are listed in one step" });
        }
        for _ in 0..ATTEMPTS {
            let campaign = self.campaigns.one(campaigns::of(company, id)).await?.ok_or(MISSING)?;
            if campaign.state.is_over() {
                return Err(CHANGED);
            }
            let (mut listed, new) = self.to_be_listed(company, id, &customers, most).await?;
            let by = ObjectId::new();
            let entries = new
                .iter()
                .map(|customer| Shelf::entered(&CampaignEntry::new(id, *customer, now), Document::new(), by));
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            if !entries.is_empty()
                && let Err(error) = self.entries.open()?.insert_many(&entries).ordered(true).answered().await
            {
                self.entries.remove_all(doc! { "tsunagu.by": by }).await?;
                if failure::is_duplicate(&error) {
                    continue;
                }
                return Err(failure::named(error));
            }
            let mut open = campaigns::of(company, id);
            let over = [CampaignState::Completed.as_str(), CampaignState::Stopped.as_str()];
            open.insert("state", doc! { "$nin": over.to_vec() });
            let touch = doc! { "$inc": { "tsunagu.rev": 1_i64 } };
            if self.campaigns.update_all(open, touch).await? == 0 {
                self.entries.remove_all(doc! { "tsunagu.by": by }).await?;
                return Err(CHANGED);
            }
            // Others may have listed theirs at the same time.
            let surplus = self.entries.count(doc! { "campaignId": form::id(id) }, None).await?;
            let surplus = surplus.saturating_sub(most).min(listed.added);
            if surplus > 0 {
                let gone = self.take_back(by, surplus).await?;
                (listed.added, listed.left_out) = (listed.added - gone, listed.left_out + gone);
            }
            return Ok(listed);
        }
        Err(contended())
    }

    async fn to_be_listed(
        &self,
        company: CompanyId,
        id: CampaignId,
        customers: &[CustomerId],
        most: u64,
    ) -> Result<(Listed, Vec<CustomerId>), StoreError> {
        let ids: Vec<Bson> = customers.iter().copied().map(form::id).collect();
        let ours = doc! { "_id": { "$in": ids.clone() }, "companyId": form::id(company) };
        let found = self.customers.open()?.find(ours).projection(doc! { "_id": 1 }).answered().await;
        let found: Vec<Document> =
            found.map_err(failure::named)?.try_collect().answered().await.map_err(failure::named)?;
        let known = found.iter().map(|found| form::id_at("customer", found, "_id"));
        let known = known.collect::<Result<HashSet<CustomerId>, _>>()?;
        let there = doc! { "campaignId": form::id(id), "customerId": { "$in": ids } };
        let there = self.entries.all(there, Document::new(), 0).await?;
        let mut there: HashSet<CustomerId> = there.into_iter().map(|entry| entry.customer_id).collect();
        let mut count = self.entries.count(doc! { "campaignId": form::id(id) }, None).await?;
        let (mut listed, mut new) = (Listed::default(), Vec::new());
        for customer in customers {
            if !known.contains(customer) {
                listed.unknown += 1;
            } else if there.contains(customer) {
                listed.duplicates += 1;
            } else if count >= most {
                listed.left_out += 1;
            } else {
                there.insert(*customer);
                new.push(*customer);
                (listed.added, count) = (listed.added + 1, count + 1);
            }
        }
        Ok((listed, new))
    }

    /// Takes back the last of those that a write brought.
    async fn take_back(&self, by: ObjectId, count: u64) -> Result<u64, StoreError> {
        let last = i64::try_from(count).unwrap_or(i64::MAX);
        let find = self.entries.open()?.find(doc! { "tsunagu.by": by }).sort(doc! { "_id": -1 }).limit(last);
        let found = find.projection(doc! { "_id": 1 }).answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        let ids: Vec<Bson> = found.into_iter().filter_map(|found| found.get("_id").cloned()).collect();
        self.entries.remove_all(doc! { "_id": { "$in": ids }, "tsunagu.by": by }).await
    }

    /// Entries of a campaign with what says whether the customers may be rung.
    pub(super) async fn prospects_of(
        &self,
        id: CampaignId,
        entries: Vec<CampaignEntry>,
    ) -> Result<Vec<Prospect>, StoreError> {
        let own = self.campaigns.one(doc! { "_id": form::id(id) }).await?;
        let Some(own) = own.filter(|_| !entries.is_empty()) else { return Ok(Vec::new()) };
        let ids: Vec<Bson> = entries.iter().map(|entry| form::id(entry.customer_id)).collect();
        let theirs = doc! { "_id": { "$in": ids.clone() }, "companyId": form::id(own.company_id) };
        let customers = self.customers.all(theirs, Document::new(), 0).await?;
        let customers: HashMap<_, _> =
            customers.into_iter().map(|customer| (customer.id, customer)).collect();
        let calls = self.calls.all(doc! { "tsunagu.busy": { "$in": ids.clone() } }, Document::new(), 0);
        let busy: HashSet<_> = calls.await?.into_iter().map(|record| record.customer_id).collect();

        let open = [EntryState::Waiting.as_str(), EntryState::Calling.as_str()];
        let others = doc! {
            "customerId": { "$in": ids }, "campaignId": { "$ne": form::id(id) },
            "state": { "$in": open.to_vec() },
        };
        let others = self.entries.all(others, Document::new(), 0).await?;
        let mut campaigns: Vec<CampaignId> = others.iter().map(|entry| entry.campaign_id).collect();
        campaigns.sort_unstable();
        campaigns.dedup();
        let campaigns: Vec<Bson> = campaigns.into_iter().map(form::id).collect();
        let going = [CampaignState::Running.as_str(), CampaignState::Paused.as_str()];
        let going = doc! { "_id": { "$in": campaigns }, "state": { "$in": going.to_vec() } };
        let going = self.campaigns.all(going, Document::new(), 0).await?;
        let before: HashSet<CampaignId> = going
            .into_iter()
            .filter(|other| {
                own.started_at.is_none_or(|started| (other.started_at, other.id) < (Some(started), own.id))
            })
            .map(|other| other.id)
            .collect();
        let elsewhere: HashSet<CustomerId> = others
            .into_iter()
            .filter(|entry| before.contains(&entry.campaign_id))
            .map(|entry| entry.customer_id)
            .collect();
        let prospect = |entry: CampaignEntry| Prospect {
            customer: customers.get(&entry.customer_id).cloned(),
            in_call: busy.contains(&entry.customer_id),
            elsewhere: elsewhere.contains(&entry.customer_id),
            entry,
        };
        Ok(entries.into_iter().map(prospect).collect())
    }
}
