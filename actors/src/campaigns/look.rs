//! A look at the calls that a campaign has in hand: what came of those that are over, and who forgot those that never began.

use super::driver::Driver;
use tsunagu_call::{
    CallRecord, Status,
    campaign::{AttemptResult, CampaignEntry, CampaignState, PauseReason},
};
use tsunagu_store::{Campaign, StoreError};

/// How many entries are looked at; a campaign has fewer calls at once.
const IN_HAND: u32 = 1000;

impl Driver {
    /// Settles what is over, takes in hand what was left alone, and counts the rest.
    pub(super) async fn look(&mut self, campaign: &Campaign) -> Result<(), StoreError> {
        let store = self.board.ports().store.clone();
        let (mut live, mut unattended, mut settled) = (0, 0, false);
        let mut left_alone = Vec::new();
        for entry in store.entries_in_hand(campaign.id, IN_HAND).await? {
            let Some(call) = entry.call() else { continue };
            match store.find_call(call).await? {
                Some(record) if record.status.is_over() => {
                    settled |= self.settle(campaign, &entry, &record).await?;
                    continue;
                }
                Some(record) => unattended += u32::from(is_unattended(&record)),
                None if entry.is_left_alone(self.now()) => {
                    left_alone.push(entry);
                    continue;
                }
                None => unattended += 1,
            }
            live += 1;
        }
        let now = self.now();
        if let Some(own) = self.own.get_mut(&campaign.id) {
            (own.looked_at, own.live, own.unattended) = (Some(now), live, unattended);
        }
        for entry in left_alone {
            self.take_over(campaign, entry).await?;
        }
        if settled && campaign.state == CampaignState::Running {
            self.watch_breaker(campaign).await?;
        }
        Ok(())
    }

    async fn settle(
        &self,
        campaign: &Campaign,
        seen: &CampaignEntry,
        record: &CallRecord,
    ) -> Result<bool, StoreError> {
        let result = AttemptResult::of(record.outcome, record.end_reason.as_deref());
        let mut entry = seen.clone();
        let again = entry.settle(result, &campaign.retries, record.end_time.unwrap_or_else(|| self.now()));
        let settled = self.board.ports().store.replace_entry(seen, entry).await?;
        if settled {
            metrics::counter!("campaign_attempts_total", "result" => result.as_str()).increment(1);
            if again {
                metrics::counter!("campaign_retries_total", "result" => result.as_str()).increment(1);
            }
        }
        Ok(settled)
    }

    /// The server that claimed it is gone, or did not learn whether its call began. The call has the same id and key as
    /// before: if the other one still comes to it, it begins once.
    async fn take_over(&mut self, campaign: &Campaign, seen: CampaignEntry) -> Result<(), StoreError> {
        let mut entry = seen.clone();
        if campaign.state != CampaignState::Running || self.is_closing() {
            entry.give_back(self.now());
            self.board.ports().store.replace_entry(&seen, entry).await?;
            return Ok(());
        }
        self.wish_to_ring();
        if !self.rings() {
            return Ok(());
        }
        entry.lease_until = Some(self.lease());
        if self.board.ports().store.replace_entry(&seen, entry.clone()).await? && self.rings() {
            tracing::info!(campaign = %campaign.id, customer = %entry.customer_id, "an attempt that was left alone is taken over");
            self.attempt(campaign, entry).await?;
        }
        Ok(())
    }

    async fn watch_breaker(&self, campaign: &Campaign) -> Result<(), StoreError> {
        let since = campaign.resumed_at.unwrap_or(campaign.created_at);
        let store = &self.board.ports().store;
        let results = store.latest_results(campaign.id, since, campaign.breaker.window).await?;
        if campaign.breaker.trips(&results) {
            metrics::counter!("campaign_breaker_trips_total").increment(1);
            self.pause(campaign, PauseReason::FailureRate).await?;
        }
        Ok(())
    }
}

/// It may still come to want an agent who is free.
fn is_unattended(record: &CallRecord) -> bool {
    record.status != Status::HumanConnected && record.assigned_agent.is_none()
}
