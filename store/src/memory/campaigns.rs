//! Campaigns and their lists in memory.

use super::{Held, MemoryStore, fits, page};
use crate::{
    Campaign, CampaignChange, CampaignListStore, CampaignStore, EntryCount, LIST_STEP, Listed, Page, Paging,
    Prospect, StoreError,
};
use async_trait::async_trait;
use std::cmp::Reverse;
use tsunagu_call::{
    CallId, CampaignId, CompanyId, CustomerId, Time,
    campaign::{AttemptResult, CampaignEntry, CampaignState, EntryState, SkipReason},
};

/// It is not as whoever asked believed.
const CHANGED: StoreError = StoreError::Changed { what: "campaign" };
const MISSING: StoreError = StoreError::NotFound { what: "campaign" };

#[derive(Debug)]
pub(super) struct Kept {
    campaign: Campaign,
    /// Something is to be done in it.
    driven: bool,
    /// In the order in which they were put on the list.
    entries: Vec<CampaignEntry>,
}

impl Kept {
    fn has(&self, state: EntryState) -> bool {
        self.entries.iter().any(|entry| entry.state == state)
    }
}

#[async_trait]
impl CampaignStore for MemoryStore {
    async fn create_campaign(&self, campaign: Campaign) -> Result<(), StoreError> {
        self.with(|held| {
            if held.campaigns.contains_key(&campaign.id) {
                return Err(StoreError::Duplicate { what: "campaign", field: "_id" });
            }
            held.campaigns.insert(campaign.id, Kept { campaign, driven: false, entries: Vec::new() });
            Ok(())
        })
    }

    async fn campaign(&self, company: CompanyId, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
        self.with(|held| Ok(held.of(company, id).ok().map(|kept| kept.campaign.clone())))
    }

    async fn campaigns(
        &self,
        company: CompanyId,
        state: Option<CampaignState>,
        paging: Paging,
    ) -> Result<Page<Campaign>, StoreError> {
        self.with(|held| {
            let all = held.campaigns.values().map(|kept| &kept.campaign);
            let mut found: Vec<_> = all
                .filter(|campaign| campaign.company_id == company && fits(&state, Some(&campaign.state)))
                .collect();
            found.sort_by_key(|campaign| Reverse((campaign.created_at, campaign.id)));
            Ok(page(found, paging))
        })
    }

    async fn change_campaign(
        &self,
        company: CompanyId,
        id: CampaignId,
        change: CampaignChange,
    ) -> Result<Campaign, StoreError> {
        self.with(|held| {
            let kept = held.of(company, id)?;
            let to = change.step.map(|step| step.to);
            let mut campaign = kept.campaign.clone();
            campaign.change(change)?;
            let open = kept.has(EntryState::Waiting) || kept.has(EntryState::Calling);
            match to {
                Some(CampaignState::Completed) if open => return Err(CHANGED),
                Some(CampaignState::Completed) => kept.driven = false,
                Some(CampaignState::Running | CampaignState::Stopped) => kept.driven = true,
                _ => {}
            }
            kept.campaign = campaign.clone();
            Ok(campaign)
        })
    }

    async fn delete_campaign(&self, company: CompanyId, id: CampaignId) -> Result<bool, StoreError> {
        self.with(|held| {
            let Ok(kept) = held.of(company, id) else { return Ok(false) };
            if kept.campaign.state == CampaignState::Running || kept.has(EntryState::Calling) {
                return Err(CHANGED);
            }
            Ok(held.campaigns.remove(&id).is_some())
        })
    }

    async fn driven_campaigns(&self, limit: u32) -> Result<Vec<Campaign>, StoreError> {
        self.with(|held| {
            let driven = held.campaigns.values().filter(|kept| kept.driven);
            Ok(driven.take(limit as usize).map(|kept| kept.campaign.clone()).collect())
        })
    }

    async fn rest_campaign(&self, id: CampaignId) -> Result<bool, StoreError> {
        self.with(|held| {
            let Some(kept) = held.campaigns.get_mut(&id) else { return Ok(true) };
            let state = kept.campaign.state;
            kept.driven &= state == CampaignState::Running
                || kept.has(EntryState::Calling)
                || (state == CampaignState::Stopped && kept.has(EntryState::Waiting));
            Ok(!kept.driven)
        })
    }
}

#[async_trait]
impl CampaignListStore for MemoryStore {
    async fn list_customers(
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
        self.with(|held| {
            let ours = |id: &CustomerId| {
                held.customers.get(id).is_some_and(|customer| customer.company_id == company)
            };
            let (known, unknown): (Vec<_>, Vec<_>) = customers.into_iter().partition(ours);
            let kept = held.of(company, id)?;
            if kept.campaign.state.is_over() {
                return Err(CHANGED);
            }
            let mut listed = Listed { unknown: unknown.len() as u64, ..Listed::default() };
            for customer in known {
                if kept.entries.iter().any(|entry| entry.customer_id == customer) {
                    listed.duplicates += 1;
                } else if kept.entries.len() as u64 >= most {
                    listed.left_out += 1;
                } else {
                    kept.entries.push(CampaignEntry::new(id, customer, now));
                    listed.added += 1;
                }
            }
            Ok(listed)
        })
    }

    async fn count_entries(&self, id: CampaignId) -> Result<Vec<EntryCount>, StoreError> {
        self.with(|held| {
            let mut counts: Vec<EntryCount> = Vec::new();
            for entry in held.entries(id) {
                let kind = EntryCount {
                    state: entry.state,
                    skipped: entry.skipped,
                    result: entry.result,
                    tried: !entry.attempts.is_empty(),
                    count: 0,
                };
                match counts.iter_mut().find(|other| EntryCount { count: 0, ..**other } == kind) {
                    Some(other) => other.count += 1,
                    None => counts.push(EntryCount { count: 1, ..kind }),
                }
            }
            Ok(counts)
        })
    }

    async fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        paging: Paging,
    ) -> Result<Page<CampaignEntry>, StoreError> {
        self.with(|held| {
            let wanted = held.entries(id).iter().filter(|entry| fits(&state, Some(&entry.state)));
            Ok(page(wanted.collect(), paging))
        })
    }

    async fn prospects(
        &self,
        id: CampaignId,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<Prospect>, StoreError> {
        self.with(|held| {
            let mut waiting: Vec<_> = held
                .entries(id)
                .iter()
                .filter(|entry| entry.state == EntryState::Waiting)
                .filter(|entry| after.is_none_or(|after| entry.customer_id > after))
                .collect();
            waiting.sort_by_key(|entry| entry.customer_id);
            Ok(waiting.into_iter().take(limit as usize).filter_map(|entry| held.prospect(entry)).collect())
        })
    }

    async fn prospect(&self, id: CampaignId, customer: CustomerId) -> Result<Option<Prospect>, StoreError> {
        self.with(|held| {
            let entry = held.entries(id).iter().find(|entry| entry.customer_id == customer);
            Ok(entry.and_then(|entry| held.prospect(entry)))
        })
    }

    async fn next_due(&self, id: CampaignId) -> Result<Option<Time>, StoreError> {
        self.with(|held| Ok(held.entries(id).iter().filter_map(|entry| entry.next_attempt_at).min()))
    }

    async fn claim_entry(
        &self,
        id: CampaignId,
        call: CallId,
        now: Time,
        lease_until: Time,
    ) -> Result<Option<CampaignEntry>, StoreError> {
        self.with(|held| {
            let running =
                held.campaigns.get_mut(&id).filter(|kept| kept.campaign.state == CampaignState::Running);
            let due = running.and_then(|kept| {
                let due = kept.entries.iter_mut().filter(|entry| entry.is_due(now));
                due.min_by_key(|entry| entry.next_attempt_at)
            });
            Ok(due.and_then(|entry| entry.claim(call, now, lease_until).then(|| entry.clone())))
        })
    }

    async fn entries_in_hand(&self, id: CampaignId, limit: u32) -> Result<Vec<CampaignEntry>, StoreError> {
        self.with(|held| {
            let calling = held.entries(id).iter().filter(|entry| entry.state == EntryState::Calling);
            Ok(calling.take(limit as usize).cloned().collect())
        })
    }

    async fn replace_entry(&self, seen: &CampaignEntry, entry: CampaignEntry) -> Result<bool, StoreError> {
        self.with(|held| {
            let kept = held.campaigns.get_mut(&seen.campaign_id);
            let stands = kept.and_then(|kept| kept.entries.iter_mut().find(|stands| *stands == seen));
            let unchanged = stands.is_some();
            if let Some(stands) = stands {
                *stands = entry;
            }
            Ok(unchanged)
        })
    }

    async fn give_up_waiting(&self, id: CampaignId, limit: u32) -> Result<u64, StoreError> {
        self.with(|held| {
            let stopped =
                held.campaigns.get_mut(&id).filter(|kept| kept.campaign.state == CampaignState::Stopped);
            let waiting = stopped.into_iter().flat_map(|kept| &mut kept.entries);
            let waiting = waiting.filter(|entry| entry.state == EntryState::Waiting);
            Ok(waiting.take(limit as usize).map(|entry| entry.skip(SkipReason::Stopped)).count() as u64)
        })
    }

    async fn latest_results(
        &self,
        id: CampaignId,
        since: Time,
        limit: u32,
    ) -> Result<Vec<AttemptResult>, StoreError> {
        self.with(|held| {
            let ended = held.entries(id).iter().filter_map(|entry| Some((entry.last_end()?, entry.result?)));
            let mut ended: Vec<_> = ended.filter(|(at, _)| *at > since).collect();
            ended.sort_by_key(|(at, _)| Reverse(*at));
            Ok(ended.into_iter().take(limit as usize).map(|(_, result)| result).collect())
        })
    }
}

impl Held {
    fn of(&mut self, company: CompanyId, id: CampaignId) -> Result<&mut Kept, StoreError> {
        self.campaigns.get_mut(&id).filter(|kept| kept.campaign.company_id == company).ok_or(MISSING)
    }

    fn entries(&self, id: CampaignId) -> &[CampaignEntry] {
        self.campaigns.get(&id).map_or(&[], |kept| &kept.entries)
    }

    fn prospect(&self, entry: &CampaignEntry) -> Option<Prospect> {
        let own = &self.campaigns.get(&entry.campaign_id)?.campaign;
        let customer = self.customers.get(&entry.customer_id);
        let in_call = self.calls.values().map(|call| &call.record);
        Some(Prospect {
            entry: entry.clone(),
            customer: customer.filter(|customer| customer.company_id == own.company_id).cloned(),
            in_call: in_call
                .into_iter()
                .any(|record| record.customer_id == entry.customer_id && !record.status.is_over()),
            elsewhere: self.campaigns.values().any(|other| other.comes_before(own, entry.customer_id)),
        })
    }
}

impl Kept {
    /// It was started before the other one, and still has the customer to ring.
    fn comes_before(&self, other: &Campaign, customer: CustomerId) -> bool {
        let campaign = &self.campaign;
        campaign.id != other.id
            && matches!(campaign.state, CampaignState::Running | CampaignState::Paused)
            && other
                .started_at
                .is_none_or(|started| (campaign.started_at, campaign.id) < (Some(started), other.id))
            && self.entries.iter().any(|entry| entry.customer_id == customer && !entry.state.is_over())
    }
}
