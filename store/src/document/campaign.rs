//! A campaign: a list of customers who are rung, and how.

mod change;

pub use change::{CampaignChange, CampaignStep, Limit};

use super::{CallingHours, Customer};
use serde::{Deserialize, Serialize};
use tsunagu_call::{
    CampaignId, CompanyId, Time, UserId,
    campaign::{
        BreakerRule, CalledEarlier, CampaignEntry, CampaignState, PauseReason, RetryPlan, SkipRules, was_won,
    },
};

/// A list of customers who are rung, and how; the list is kept beside it ([`CampaignEntry`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    /// The campaign.
    #[serde(rename = "_id")]
    pub id: CampaignId,
    /// Whose.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// Where it is.
    #[serde(default)]
    pub state: CampaignState,
    /// Why it is paused, while it is.
    #[serde(default)]
    pub pause_reason: Option<PauseReason>,
    /// As whom the AI speaks.
    #[serde(default)]
    pub script: CampaignScript,
    /// How fast its customers are rung.
    #[serde(default)]
    pub pace: CampaignPace,
    /// When its customers are rung, within the company's calling hours and by its clock; whenever the company rings when
    /// absent.
    #[serde(default)]
    pub hours: Option<CallingHours>,
    /// Who is rung again.
    #[serde(default)]
    pub retries: RetryPlan,
    /// Who is spared.
    #[serde(default)]
    pub skip: SkipRules,
    /// When it is paused by itself.
    #[serde(default)]
    pub breaker: BreakerRule,
    /// Who made it; the calls are made in their name.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Time,
    /// When it was first started.
    #[serde(default)]
    pub started_at: Option<Time>,
    /// When it was last started or resumed: the breaker looks at nothing from before.
    #[serde(default)]
    pub resumed_at: Option<Time>,
    /// When it was over.
    #[serde(default)]
    pub ended_at: Option<Time>,
}

/// As whom the AI speaks: what is said here, else what the settings of the agent who is named say, else the company's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CampaignScript {
    /// The agent for whom the AI speaks, and who is tried first when a human is wanted.
    pub agent_id: Option<UserId>,
    /// The company for which it rings.
    pub company_name: Option<String>,
    /// What it offers.
    pub service_name: Option<String>,
    /// The name it gives.
    pub representative_name: Option<String>,
    /// The department it asks for.
    pub target_department: Option<String>,
    /// The language it speaks.
    pub language: Option<String>,
}

/// How fast a campaign's customers are rung. The pace of the whole server comes on top.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CampaignPace {
    /// How many calls are begun in a second.
    pub calls_per_second: f64,
    /// How many of its calls may live at once.
    pub calls_at_once: u32,
    /// How many calls with nobody but the AI there may be for each agent who is free, over all of the company's campaigns;
    /// any number when absent.
    pub agents_factor: Option<f64>,
}

impl Default for CampaignPace {
    fn default() -> Self {
        Self { calls_per_second: 1.0, calls_at_once: 10, agents_factor: Some(3.0) }
    }
}

/// A customer on a campaign's list, with what says whether they may be rung.
#[derive(Debug, Clone, PartialEq)]
pub struct Prospect {
    /// Where it stands with them.
    pub entry: CampaignEntry,
    /// The customer; absent when they have been removed.
    pub customer: Option<Customer>,
    /// They are in a call that is not over.
    pub in_call: bool,
    /// A campaign that was started earlier, and is not over, still has them to ring.
    pub elsewhere: bool,
}

impl Prospect {
    /// What the rules ask of them.
    pub fn called_earlier(&self) -> Option<CalledEarlier> {
        self.customer.as_ref().map(|customer| CalledEarlier {
            has_number: !customer.phone.is_empty(),
            do_not_call: customer.do_not_call,
            wrong_number: customer.wrong_number,
            won: was_won(customer.last_call_result.as_deref()),
            last_called_at: customer.last_call_at,
            own_last_end: self.entry.last_end(),
            elsewhere: self.elsewhere,
        })
    }
}
