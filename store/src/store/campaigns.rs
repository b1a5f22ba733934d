//! Campaigns, and the customers on their lists.

use crate::{Campaign, CampaignChange, EntryCount, Page, Paging, Prospect, StoreError};
use async_trait::async_trait;
use tsunagu_call::{
    CallId, CampaignId, CompanyId, CustomerId, Time,
    campaign::{AttemptResult, CampaignEntry, CampaignState, EntryState},
};

/// How many customers are put on a list in one step at most, so that no other write waits long.
pub const LIST_STEP: usize = 1000;

/// What became of customers who were to be put on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed {
    /// They are on it now.
    pub added: u64,
    /// They were on it before.
    pub duplicates: u64,
    /// The company has no such customers.
    pub unknown: u64,
    /// The list is full.
    pub left_out: u64,
}

/// Campaigns.
#[async_trait]
pub trait CampaignStore {
    /// Keeps a new campaign.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when its id is taken.
    async fn create_campaign(&self, campaign: Campaign) -> Result<(), StoreError>;

    /// A company's campaign.
    async fn campaign(&self, company: CompanyId, id: CampaignId) -> Result<Option<Campaign>, StoreError>;

    /// A company's campaigns, made last first.
    async fn campaigns(
        &self,
        company: CompanyId,
        state: Option<CampaignState>,
        paging: Paging,
    ) -> Result<Page<Campaign>, StoreError>;

    /// Changes a campaign, and gives it back as it is then. One that begins, goes on or is stopped is driven from then on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Changed`] when it is not where the change expects it, or is to be completed
    /// while somebody on its list is not seen to.
    async fn change_campaign(
        &self,
        company: CompanyId,
        id: CampaignId,
        change: CampaignChange,
    ) -> Result<Campaign, StoreError>;

    /// Removes a campaign with its list; says whether there was one. Its calls stay.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when it runs, or still has something to do.
    async fn delete_campaign(&self, company: CompanyId, id: CampaignId) -> Result<bool, StoreError>;

    /// At most `limit` campaigns in which something is to be done, in the order of their ids; for the machine.
    async fn driven_campaigns(&self, limit: u32) -> Result<Vec<Campaign>, StoreError>;

    /// Lets go of a campaign in which nothing is to be done until somebody starts or stops it: it does not run, nobody of
    /// it is in hand, and nobody waits if it is stopped. Says whether it was let go of.
    async fn rest_campaign(&self, id: CampaignId) -> Result<bool, StoreError>;
}

/// The customers on the lists of campaigns. A claim and a replacement are compare-and-set: of many servers that try, one
/// succeeds.
#[async_trait]
pub trait CampaignListStore {
    /// Puts customers of the company on a list, at most [`LIST_STEP`] of them, until it holds `most`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Changed`] when the campaign is over; [`StoreError::Invalid`] when more are
    /// given at once.
    async fn list_customers(
        &self,
        company: CompanyId,
        id: CampaignId,
        customers: Vec<CustomerId>,
        most: u64,
        now: Time,
    ) -> Result<Listed, StoreError>;

    /// How many entries of a campaign there are of each kind.
    async fn count_entries(&self, id: CampaignId) -> Result<Vec<EntryCount>, StoreError>;

    /// A campaign's list, in the order in which it was made.
    async fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        paging: Paging,
    ) -> Result<Page<CampaignEntry>, StoreError>;

    /// Those who wait to be rung, with what says whether they may be, in the order of their ids: at most `limit` of those
    /// behind `after`.
    async fn prospects(
        &self,
        id: CampaignId,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<Prospect>, StoreError>;

    /// One customer on a list, as [`Self::prospects`] gives them, whatever state they are in.
    async fn prospect(&self, id: CampaignId, customer: CustomerId) -> Result<Option<Prospect>, StoreError>;

    /// When the next customer of a campaign may be rung; `None` when nobody waits.
    async fn next_due(&self, id: CampaignId) -> Result<Option<Time>, StoreError>;

    /// Takes the customer who has been due for longest in hand, for an attempt with this call; see
    /// [`CampaignEntry::claim`]. Nobody is taken of a campaign that does not run.
    async fn claim_entry(
        &self,
        id: CampaignId,
        call: CallId,
        now: Time,
        lease_until: Time,
    ) -> Result<Option<CampaignEntry>, StoreError>;

    /// The entries of a campaign that are in hand, at most `limit` of them.
    async fn entries_in_hand(&self, id: CampaignId, limit: u32) -> Result<Vec<CampaignEntry>, StoreError>;

    /// Replaces an entry that is still as it was seen; says whether it was.
    async fn replace_entry(&self, seen: &CampaignEntry, entry: CampaignEntry) -> Result<bool, StoreError>;

    /// Gives up those who wait on the list of a campaign that was stopped, at most `limit` of them; says how many.
    async fn give_up_waiting(&self, id: CampaignId, limit: u32) -> Result<u64, StoreError>;

    /// What the last attempts that ended after `since` came to, one for each customer, the newest first; at most `limit`.
    async fn latest_results(
        &self,
        id: CampaignId,
        since: Time,
        limit: u32,
    ) -> Result<Vec<AttemptResult>, StoreError>;
}
