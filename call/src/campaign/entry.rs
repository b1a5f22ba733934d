//! One customer on a campaign's list, from the first attempt to the last.

use super::{AttemptResult, RetryPlan, SkipReason};
use crate::{CallId, CampaignId, CustomerId, Time};
use serde::{Deserialize, Serialize};

/// How often anybody is rung in one campaign, whatever its plan says.
pub const MOST_ATTEMPTS: u32 = 10;
/// How often somebody is waited for who is in another call when it is their turn.
pub const MOST_DEFERRALS: u32 = 12;

/// One customer on a campaign's list; a campaign has each customer once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CampaignEntry {
    /// Whose list.
    pub campaign_id: CampaignId,
    /// Who.
    pub customer_id: CustomerId,
    /// Where it stands with them.
    pub state: EntryState,
    /// Why they were not rung, or not any more.
    #[serde(default)]
    pub skipped: Option<SkipReason>,
    /// What the last attempt came to.
    #[serde(default)]
    pub result: Option<AttemptResult>,
    /// The attempts that were made, the present one included.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// When they may be rung next.
    #[serde(default)]
    pub next_attempt_at: Option<Time>,
    /// How often they were in another call when it was their turn.
    #[serde(default)]
    pub deferrals: u32,
    /// Until then the present attempt is in the hands of whoever claimed it; its call may not be there yet.
    #[serde(default)]
    pub lease_until: Option<Time>,
}

/// One attempt to reach a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// The call. Its id is decided with the attempt, before it is begun: whoever finds the attempt can look it up.
    pub call_id: CallId,
    /// When it was decided.
    pub started_at: Time,
    /// When its end was seen.
    #[serde(default)]
    pub ended_at: Option<Time>,
    /// What it came to.
    #[serde(default)]
    pub result: Option<AttemptResult>,
}

/// Where it stands with a customer on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum EntryState {
    /// To be rung, for the first time or again.
    Waiting,
    /// Being rung, or in the call.
    Calling,
    /// Reached; the result says how it went.
    Done,
    /// Not to be rung.
    Skipped,
    /// Not reached in as many attempts as there are.
    Failed,
}

impl EntryState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Calling, Self::Done, Self::Skipped, Self::Failed];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Calling => "calling",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// Nothing more will happen.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Skipped | Self::Failed)
    }
}

impl CampaignEntry {
    /// Somebody who is put on the list.
    pub const fn new(campaign_id: CampaignId, customer_id: CustomerId, now: Time) -> Self {
        Self {
            campaign_id,
            customer_id,
            state: EntryState::Waiting,
            skipped: None,
            result: None,
            attempts: Vec::new(),
            next_attempt_at: Some(now),
            deferrals: 0,
            lease_until: None,
        }
    }

    /// It is their turn at `now`.
    pub fn is_due(&self, now: Time) -> bool {
        self.state == EntryState::Waiting && self.next_attempt_at.is_some_and(|at| at <= now)
    }

    /// The call of the present attempt.
    pub fn call(&self) -> Option<CallId> {
        let present = self.attempts.last().filter(|_| self.state == EntryState::Calling);
        present.map(|attempt| attempt.call_id)
    }

    /// When the last attempt ended.
    pub fn last_end(&self) -> Option<Time> {
        self.attempts.iter().rev().find_map(|attempt| attempt.ended_at)
    }

    /// The key of the present attempt: whoever begins its call with it begins one call.
    pub fn key(&self) -> String {
        format!("campaign:{}:{}:{}", self.campaign_id, self.customer_id, self.attempts.len())
    }

    /// Takes the entry in hand for an attempt with this call; says whether it was due.
    pub fn claim(&mut self, call_id: CallId, now: Time, lease_until: Time) -> bool {
        if !self.is_due(now) {
            return false;
        }
        self.state = EntryState::Calling;
        self.next_attempt_at = None;
        self.lease_until = Some(lease_until);
        self.attempts.push(Attempt { call_id, started_at: now, ended_at: None, result: None });
        true
    }

    /// The present attempt's call had been begun before, under this id.
    pub fn adopt(&mut self, call_id: CallId) {
        if let Some(attempt) = self.attempts.last_mut().filter(|_| self.state == EntryState::Calling) {
            attempt.call_id = call_id;
        }
    }

    /// Whoever claimed it has had the time; somebody else may look after it.
    pub fn is_left_alone(&self, now: Time) -> bool {
        self.state == EntryState::Calling && self.lease_until.is_none_or(|until| until <= now)
    }

    /// The present attempt is over; says whether there will be another one.
    pub fn settle(&mut self, result: AttemptResult, plan: &RetryPlan, now: Time) -> bool {
        let made = u32::try_from(self.attempts.len()).unwrap_or(u32::MAX);
        let Some(attempt) = self.attempts.last_mut().filter(|_| self.state == EntryState::Calling) else {
            return false;
        };
        (attempt.ended_at, attempt.result) = (Some(now), Some(result));
        (self.result, self.lease_until) = (Some(result), None);
        let wait = plan.next(result, made).filter(|_| made < MOST_ATTEMPTS);
        self.next_attempt_at = wait.map(|secs| now.plus_secs(secs));
        self.state = match (wait, result) {
            (Some(_), _) => EntryState::Waiting,
            (None, AttemptResult::Absent | AttemptResult::Busy | AttemptResult::Failed) => EntryState::Failed,
            (None, _) => EntryState::Done,
        };
        wait.is_some()
    }

    /// The present attempt was not begun: it does not count, and they may be rung from `at` on.
    pub fn give_back(&mut self, at: Time) {
        if self.state == EntryState::Calling {
            self.attempts.pop();
            (self.state, self.lease_until, self.next_attempt_at) = (EntryState::Waiting, None, Some(at));
        }
    }

    /// They are in another call: the present attempt does not count, and they may be rung from `at` on. Whoever always is
    /// in another call is given up.
    pub fn defer(&mut self, at: Time) {
        if self.state == EntryState::Calling {
            self.give_back(at);
            self.deferrals = self.deferrals.saturating_add(1);
            if self.deferrals > MOST_DEFERRALS {
                self.skip(SkipReason::InCall);
            }
        }
    }

    /// They are not rung, or not any more. An attempt that was claimed and not begun does not count.
    pub fn skip(&mut self, reason: SkipReason) {
        if self.state == EntryState::Calling {
            self.attempts.pop();
        }
        if !self.state.is_over() {
            (self.state, self.skipped) = (EntryState::Skipped, Some(reason));
            (self.next_attempt_at, self.lease_until) = (None, None);
        }
    }
}
