//! The check before a campaign begins: who will be skipped, and why.

use super::windows::{next_opening, windows};
use crate::Ports;
use std::collections::BTreeMap;
use tsunagu_call::{
    Time,
    campaign::{SkipReason, obstacle},
};
use tsunagu_store::{Campaign, Company, StoreError};

/// How many of the list are looked at in one step.
const STEP: u32 = 500;

/// What would come of a campaign that went on at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignCheck {
    /// How many wait to be rung.
    pub waiting: u64,
    /// How many of them would be.
    pub to_ring: u64,
    /// How many would not be, by the reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// How many of those to be rung are in another call just now: they are waited for.
    pub in_call: u64,
    /// When the first one may be rung; absent when the hours never come.
    pub opens_at: Option<Time>,
}

/// Looks at everybody who waits on a campaign's list. Nothing is changed.
///
/// # Errors
/// The store did not answer.
pub async fn check_campaign(
    ports: &Ports,
    campaign: &Campaign,
    company: &Company,
) -> Result<CampaignCheck, StoreError> {
    let now = ports.clock.now();
    let mut check = CampaignCheck {
        opens_at: next_opening(&windows(campaign, company), now),
        ..CampaignCheck::default()
    };
    let mut last = None;
    loop {
        let prospects = ports.store.prospects(campaign.id, last, STEP).await?;
        for prospect in &prospects {
            check.waiting += 1;
            match obstacle(prospect.called_earlier(), &campaign.skip, now) {
                Some(reason) => *check.skipped.entry(reason).or_default() += 1,
                None => {
                    check.to_ring += 1;
                    check.in_call += u64::from(prospect.in_call);
                }
            }
        }
        last = match prospects.last() {
            Some(prospect) => Some(prospect.entry.customer_id),
            None => return Ok(check),
        };
    }
}
