//! One attempt to reach somebody: claimed, checked once more, begun; and what follows when it could not be.

use super::driver::Driver;
use crate::{Begun, CallError, StartError, StartOrder, ids, start::start_attempt};
use tsunagu_call::{
    Time,
    campaign::{CampaignEntry, PauseReason, SkipReason, obstacle},
};
use tsunagu_store::{Campaign, StoreError};

/// How long an attempt that was claimed is left to whoever claimed it, in seconds of call time. Beginning a call takes a few
/// milliseconds, and is given up after some ten seconds.
const LEASE_SECS: u32 = 60;
/// How long somebody is left alone who was in another call, in seconds.
const IN_CALL_SECS: u32 = 300;

impl Driver {
    /// Until when an attempt that is claimed now is in our hands.
    pub(super) fn lease(&self) -> Time {
        self.now().plus_secs(LEASE_SECS)
    }

    /// Claims whoever is next, and rings them if they may be rung.
    pub(super) async fn ring(&mut self, campaign: &Campaign) -> Result<(), StoreError> {
        let now = self.now();
        let store = &self.board.ports().store;
        match store.claim_entry(campaign.id, ids::fresh(now), now, self.lease()).await? {
            // The claim took so long that another server may ring by now, and not have counted it.
            Some(entry) if !self.rings() => self.give_back(entry, now).await,
            Some(entry) => self.attempt(campaign, entry).await,
            // It was paused, or another server was first.
            None => Ok(()),
        }
    }

    /// Begins the call of an attempt that is in our hands.
    pub(super) async fn attempt(
        &mut self,
        campaign: &Campaign,
        entry: CampaignEntry,
    ) -> Result<(), StoreError> {
        let Some(call) = entry.call() else { return Ok(()) };
        let Some(prospect) = self.board.ports().store.prospect(campaign.id, entry.customer_id).await? else {
            return Ok(());
        };
        if let Some(reason) = obstacle(prospect.called_earlier(), &campaign.skip, self.now()) {
            return self.skip(entry, reason).await;
        }
        if let Some(own) = self.own.get_mut(&campaign.id) {
            own.rung_at = self.board.ports().clock.now();
        }
        let order = StartOrder {
            company: campaign.company_id,
            customer: entry.customer_id,
            agent: campaign.script.agent_id,
            by: campaign.created_by,
            idempotency_key: Some(entry.key()),
        };
        match start_attempt(&self.board, &self.defaults, order, call, &campaign.script).await {
            Ok(begun) => self.begun(campaign, entry, begun).await,
            Err(error) => self.not_begun(campaign, entry, error).await,
        }
    }

    async fn begun(
        &mut self,
        campaign: &Campaign,
        entry: CampaignEntry,
        begun: Begun,
    ) -> Result<(), StoreError> {
        self.count(campaign);
        metrics::counter!("campaign_calls_started_total").increment(1);
        tracing::info!(campaign = %campaign.id, callId = %begun.call, attempt = entry.attempts.len(), "campaign rings");
        if entry.call() != Some(begun.call) {
            // An earlier claim of the same attempt had begun it, under its own id.
            let mut adopted = entry.clone();
            adopted.adopt(begun.call);
            self.board.ports().store.replace_entry(&entry, adopted).await?;
        }
        Ok(())
    }

    async fn not_begun(
        &mut self,
        campaign: &Campaign,
        seen: CampaignEntry,
        error: StartError,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let reason = match &error {
            StartError::NoCustomer => return self.skip(seen, SkipReason::NoCustomer).await,
            StartError::DoNotCall => return self.skip(seen, SkipReason::DoNotCall).await,
            StartError::WrongNumber => return self.skip(seen, SkipReason::WrongNumber).await,
            StartError::CustomerBusy => return self.defer(seen, now.plus_secs(IN_CALL_SECS)).await,
            // The hours have just ended, or the server goes down: their turn comes again.
            StartError::OutsideCallingHours | StartError::Call(CallError::Draining) => {
                return self.give_back(seen, now).await;
            }
            StartError::Call(CallError::Overloaded | CallError::Store(StoreError::Full { .. })) => {
                return self.give_back(seen, now.plus_secs(1)).await;
            }
            StartError::NoAgent => PauseReason::NoAgent,
            StartError::NoSettings => PauseReason::NoSettings,
            StartError::NoNumber => PauseReason::NoNumber,
            // It may have begun. It is looked up, and taken over when it has not.
            StartError::Call(error) => {
                tracing::warn!(campaign = %campaign.id, %error, "it is not known whether an attempt began");
                self.count(campaign);
                return Ok(());
            }
        };
        self.give_back(seen, now).await?;
        self.pause(campaign, reason).await
    }

    fn count(&mut self, campaign: &Campaign) {
        let now = self.now();
        self.count_line(now);
        if let Some(own) = self.own.get_mut(&campaign.id) {
            own.pacer.note(now);
            (own.live, own.unattended) = (own.live.saturating_add(1), own.unattended.saturating_add(1));
        }
    }

    async fn skip(&self, seen: CampaignEntry, reason: SkipReason) -> Result<(), StoreError> {
        let mut entry = seen.clone();
        entry.skip(reason);
        metrics::counter!("campaign_entries_skipped_total", "reason" => reason.as_str()).increment(1);
        self.board.ports().store.replace_entry(&seen, entry).await.map(drop)
    }

    async fn defer(&self, seen: CampaignEntry, at: Time) -> Result<(), StoreError> {
        let mut entry = seen.clone();
        entry.defer(at);
        metrics::counter!("campaign_entries_deferred_total").increment(1);
        self.board.ports().store.replace_entry(&seen, entry).await.map(drop)
    }

    async fn give_back(&self, seen: CampaignEntry, at: Time) -> Result<(), StoreError> {
        let mut entry = seen.clone();
        entry.give_back(at);
        self.board.ports().store.replace_entry(&seen, entry).await.map(drop)
    }
}
