//! A campaign as it is shown: with how far it has come.

use crate::{App, error::ApiError};
use serde::Serialize;
use std::collections::BTreeMap;
use tsunagu_call::campaign::{CampaignState, EntryState, Hindrance};
use tsunagu_store::{Campaign, EntryCount};
use utoipa::ToSchema;

/// A campaign, with how far it has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownCampaign {
    #[serde(flatten)]
    campaign: Campaign,
    /// What it waits for, while it runs and does.
    waits_for: Option<Hindrance>,
    progress: Progress,
}

/// How far a campaign has come. `waiting`, `calling`, `done`, `skipped` and `failed` add up to `customers`.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Progress {
    /// On its list.
    customers: u64,
    /// To be rung.
    waiting: u64,
    /// Those among them who have been rung before.
    retrying: u64,
    /// Being rung, or in the call.
    calling: u64,
    /// Reached.
    done: u64,
    /// Not rung, or not any more.
    skipped: u64,
    /// Not reached in as many attempts as there are.
    failed: u64,
    /// What came of the last attempt, of those who are done or failed.
    results: BTreeMap<String, u64>,
    /// Why those who were skipped were.
    skipped_because: BTreeMap<String, u64>,
}

impl ShownCampaign {
    pub(super) async fn of(app: &App, campaign: Campaign) -> Result<Self, ApiError> {
        let counts = app.board.ports().store.count_entries(campaign.id).await?;
        let runs = campaign.state == CampaignState::Running;
        let waits_for = app.campaigns.waits_for(campaign.id).filter(|_| runs);
        Ok(Self { campaign, waits_for, progress: Progress::of(&counts) })
    }
}

impl Progress {
    fn of(counts: &[EntryCount]) -> Self {
        let mut progress = Self::default();
        for one in counts {
            progress.customers += one.count;
            let of = match one.state {
                EntryState::Waiting => &mut progress.waiting,
                EntryState::Calling => &mut progress.calling,
                EntryState::Done => &mut progress.done,
                EntryState::Skipped => &mut progress.skipped,
                EntryState::Failed => &mut progress.failed,
            };
            *of += one.count;
            match (one.state, one.skipped, one.result) {
                (EntryState::Waiting, ..) if one.tried => progress.retrying += one.count,
                (EntryState::Done | EntryState::Failed, _, Some(result)) => {
                    *progress.results.entry(result.as_str().to_owned()).or_default() += one.count;
                }
                (EntryState::Skipped, Some(reason), _) => {
                    *progress.skipped_because.entry(reason.as_str().to_owned()).or_default() += one.count;
                }
                _ => {}
            }
        }
        progress
    }
}
