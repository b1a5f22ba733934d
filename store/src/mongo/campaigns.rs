//! Campaigns in MongoDB. Whatever changes what a campaign may do rests on its document as it was seen; whoever lengthens its list
//! touches that document, so that it is not completed beside it.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, Seen, contended},
};
use crate::{Campaign, CampaignChange, CampaignStep, CampaignStore, Page, Paging, StoreError};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc};
use tsunagu_call::{
    CampaignId, CompanyId,
    campaign::{CampaignState, EntryState},
};

/// It is not as whoever asked believed.
pub(super) const CHANGED: StoreError = StoreError::Changed { what: "campaign" };
pub(super) const MISSING: StoreError = StoreError::NotFound { what: "campaign" };
/// How often a step is begun anew because somebody else was first.
const ATTEMPTS: u32 = 200;

impl Kept for Campaign {
    const WHAT: &'static str = "campaign";
    const COLLECTION: &'static str = "campaigns";
}

#[async_trait]
impl CampaignStore for MongoStore {
    async fn create_campaign(&self, campaign: Campaign) -> Result<(), StoreError> {
        match self.campaigns.enter(&campaign, Document::new()).await? {
            Put::Done => Ok(()),
            Put::Taken | Put::Moved => Err(StoreError::Duplicate { what: "campaign", field: "_id" }),
        }
    }

    async fn campaign(&self, company: CompanyId, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
        self.campaigns.one(of(company, id)).await
    }

    async fn campaigns(
        &self,
        company: CompanyId,
        state: Option<CampaignState>,
        paging: Paging,
    ) -> Result<Page<Campaign>, StoreError> {
        let mut which = doc! { "companyId": form::id(company) };
        if let Some(state) = state {
            which.insert("state", state.as_str());
        }
        self.campaigns.page(which, doc! { "createdAt": -1, "_id": -1 }, paging).await
    }

    async fn change_campaign(
        &self,
        company: CompanyId,
        id: CampaignId,
        change: CampaignChange,
    ) -> Result<Campaign, StoreError> {
        for _ in 0..ATTEMPTS {
            let seen = self.campaigns.seen(of(company, id)).await?.ok_or(MISSING)?;
            let mut campaign = seen.value.clone();
            campaign.change(change.clone())?;
            let driven = match change.step {
                Some(CampaignStep { to: CampaignState::Completed, .. }) => {
                    if self.has(id, &[EntryState::Waiting, EntryState::Calling]).await? {
                        return Err(CHANGED);
                    }
                    doc! { "driven": Bson::Null }
                }
                Some(CampaignStep { to: CampaignState::Running | CampaignState::Stopped, .. }) => {
                    doc! { "driven": true }
                }
                _ => Document::new(),
            };
            if self.campaigns.replace(&seen, &campaign, driven).await? == Put::Done {
                return Ok(campaign);
            }
        }
        Err(contended())
    }

    async fn delete_campaign(&self, company: CompanyId, id: CampaignId) -> Result<bool, StoreError> {
        // Nobody can start it any more; then its list goes.
        for _ in 0..ATTEMPTS {
            let Some(seen) = self.campaigns.seen(of(company, id)).await? else { return Ok(false) };
            let mut campaign = seen.value.clone();
            if campaign.state == CampaignState::Running || self.has(id, &[EntryState::Calling]).await? {
                return Err(CHANGED);
            }
            if !campaign.state.is_over() {
                campaign.state = CampaignState::Stopped;
            }
            if self.campaigns.replace(&seen, &campaign, doc! { "driven": Bson::Null }).await? == Put::Done {
                self.entries.remove_all(doc! { "campaignId": form::id(id) }).await?;
                return self.campaigns.remove(of(company, id)).await;
            }
        }
        Err(contended())
    }

    async fn driven_campaigns(&self, limit: u32) -> Result<Vec<Campaign>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.campaigns.all(doc! { "tsunagu.driven": true }, doc! { "_id": 1 }, limit).await
    }

    async fn rest_campaign(&self, id: CampaignId) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let seen = self.campaigns.seen(doc! { "_id": form::id(id) }).await?;
            let Some(seen) = seen else { return Ok(true) };
            if self.is_busy(&seen).await? {
                return Ok(false);
            }
            if self.campaigns.replace(&seen, &seen.value, doc! { "driven": Bson::Null }).await? == Put::Done {
                return Ok(true);
            }
        }
        Err(contended())
    }
}

impl MongoStore {
    /// Whether somebody on a campaign's list is in one of these states.
    async fn has(&self, id: CampaignId, states: &[EntryState]) -> Result<bool, StoreError> {
        let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let which = doc! { "campaignId": form::id(id), "state": { "$in": states } };
        Ok(self.entries.count(which, Some(1)).await? > 0)
    }

    async fn is_busy(&self, seen: &Seen<Campaign>) -> Result<bool, StoreError> {
        let (id, state) = (seen.value.id, seen.value.state);
        Ok(state == CampaignState::Running
            || self.has(id, &[EntryState::Calling]).await?
            || (state == CampaignState::Stopped && self.has(id, &[EntryState::Waiting]).await?))
    }
}

pub(super) fn of(company: CompanyId, id: CampaignId) -> Document {
    doc! { "_id": form::id(id), "companyId": form::id(company) }
}
