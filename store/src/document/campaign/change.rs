//! What to change about a campaign; what is `None` stays as it is. The inner `None` of a doubly optional field empties it.

use super::{Campaign, CampaignPace, CampaignScript};
use crate::{CallingHours, StoreError, document::put};
use tsunagu_call::{
    Time, UserId,
    campaign::{BreakerRule, CampaignState, PauseReason, RetryPlan, RetryRule, SkipRules},
};

/// A change of a campaign. Without a step it is refused once the campaign is over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CampaignChange {
    /// Its name.
    pub name: Option<String>,
    /// The agent for whom the AI speaks.
    pub agent_id: Option<Option<UserId>>,
    /// The company for which it rings.
    pub company_name: Option<Option<String>>,
    /// What it offers.
    pub service_name: Option<Option<String>>,
    /// The name it gives.
    pub representative_name: Option<Option<String>>,
    /// The department it asks for.
    pub target_department: Option<Option<String>>,
    /// The language it speaks.
    pub language: Option<Option<String>>,
    /// How many calls are begun in a second.
    pub calls_per_second: Option<f64>,
    /// How many of its calls may live at once.
    pub calls_at_once: Option<u32>,
    /// How many calls there may be for each agent who is free.
    pub agents_factor: Option<Option<f64>>,
    /// When its customers are rung.
    pub hours: Option<Option<CallingHours>>,
    /// Who is rung again when nobody was there.
    pub absent: Limit,
    /// Who is rung again when the line was busy.
    pub busy: Limit,
    /// Who is rung again when the call failed.
    pub failed: Limit,
    /// Within how many seconds after somebody else's call nobody is rung.
    pub skip_called_within_secs: Option<u32>,
    /// Whether those whose last call was a success are spared.
    pub skip_won: Option<bool>,
    /// How many calls the breaker looks at.
    pub breaker_window: Option<u32>,
    /// Which share of them must have failed.
    pub breaker_failure_rate: Option<f64>,
    /// From one state to another.
    pub step: Option<CampaignStep>,
}

/// A change of a retry rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// How many attempts there are.
    pub attempts: Option<u32>,
    /// How long to wait, in seconds.
    pub wait_secs: Option<u32>,
}

/// From one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CampaignStep {
    /// Where the campaign is; nothing is changed when it is elsewhere.
    pub from: CampaignState,
    /// Where it shall be.
    pub to: CampaignState,
    /// Why it is paused.
    pub reason: Option<PauseReason>,
    /// When.
    pub now: Time,
}

impl Campaign {
    /// Applies a change.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when it is not where the change expects it; then it is as it was.
    pub fn change(&mut self, change: CampaignChange) -> Result<(), StoreError> {
        let fits = match change.step {
            Some(step) => step.from == self.state,
            None => !self.state.is_over(),
        };
        if !fits {
            return Err(StoreError::Changed { what: "campaign" });
        }
        if let Some(step) = change.step {
            self.step(step);
        }
        put(&mut self.name, change.name.clone());
        put(&mut self.hours, change.hours.clone());
        self.script.change(&change);
        self.pace.change(&change);
        let RetryPlan { absent, busy, failed } = &mut self.retries;
        for (rule, limit) in [(absent, change.absent), (busy, change.busy), (failed, change.failed)] {
            let RetryRule { attempts, wait_secs } = rule;
            put(attempts, limit.attempts);
            put(wait_secs, limit.wait_secs);
        }
        let SkipRules { called_within_secs, won } = &mut self.skip;
        put(called_within_secs, change.skip_called_within_secs);
        put(won, change.skip_won);
        let BreakerRule { window, failure_rate } = &mut self.breaker;
        put(window, change.breaker_window);
        put(failure_rate, change.breaker_failure_rate);
        Ok(())
    }

    fn step(&mut self, step: CampaignStep) {
        self.state = step.to;
        self.pause_reason = step.reason.filter(|_| step.to == CampaignState::Paused);
        if step.to == CampaignState::Running {
            self.started_at.get_or_insert(step.now);
            self.resumed_at = Some(step.now);
        }
        if step.to.is_over() {
            self.ended_at.get_or_insert(step.now);
        }
    }
}

impl CampaignScript {
    fn change(&mut self, change: &CampaignChange) {
        put(&mut self.agent_id, change.agent_id);
        put(&mut self.company_name, change.company_name.clone());
        put(&mut self.service_name, change.service_name.clone());
        put(&mut self.representative_name, change.representative_name.clone());
        put(&mut self.target_department, change.target_department.clone());
        put(&mut self.language, change.language.clone());
    }
}

impl CampaignPace {
    fn change(&mut self, change: &CampaignChange) {
        put(&mut self.calls_per_second, change.calls_per_second);
        put(&mut self.calls_at_once, change.calls_at_once);
        put(&mut self.agents_factor, change.agents_factor);
    }
}
