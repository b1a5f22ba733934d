//! Which server rings for campaigns where several share the store: one at a time, for all of them, since limits hold for all of
//! them together. It claims that in the store again and again while a campaign would ring; when it is gone, or nobody has
//! wanted it for a while, whoever wants it next has it.
//!
//! Whoever has it ceases to ring a good deal before another may have it, and what was claimed until then is in hand in the store;
//! the other one looks at all that is in hand before it rings.

use super::driver::{Driver, Own, millis};
use std::time::Duration;
use tokio::time::Instant;
use tsunagu_store::{Campaign, Claim, StoreError};

/// How long one claim lasts, in real time. So long nobody rings after the server that did was killed.
const CLAIMED: Duration = Duration::from_secs(8);
/// How much sooner the one who claimed it ceases to ring: more than the servers' clocks may differ by.
const MARGIN: Duration = Duration::from_secs(2);
/// How often it is claimed, in real time.
const BEAT: Duration = Duration::from_secs(1);

/// What this server knows of it.
#[derive(Debug, Default)]
pub(super) struct Ringing {
    /// Until when nobody else rings, surely.
    until: Option<Instant>,
    /// When it was last claimed.
    claimed_at: Option<Instant>,
    /// What is known of the campaigns has all that was rung.
    informed: bool,
    /// A campaign would ring.
    wished: bool,
}

impl Ringing {
    /// How long to wait before the next round at most: where it is wished for, it is claimed soon.
    pub fn no_later(&self, pause: Duration) -> Duration {
        if self.wished { pause.min(BEAT) } else { pause }
    }
}

impl Driver {
    /// This server rings for campaigns, and surely no other one.
    pub(super) fn rings(&self) -> bool {
        !self.is_shared() || self.ringing.until.is_some_and(|until| Instant::now() < until)
    }

    /// A campaign would ring: the next round claims it.
    pub(super) fn wish_to_ring(&mut self) {
        self.ringing.wished = self.is_shared();
    }

    /// Claims what was wished for in the last round, or lets go of it when the server goes down.
    pub(super) async fn keep_ringing(&mut self, campaigns: &[Campaign]) -> Result<(), StoreError> {
        if self.is_closing() {
            self.leave_ringing().await;
            return Ok(());
        }
        let wished = std::mem::take(&mut self.ringing.wished);
        let asked_at = Instant::now();
        if !wished || self.ringing.claimed_at.is_some_and(|before| asked_at < before + BEAT) {
            return Ok(());
        }
        self.ringing.claimed_at = Some(asked_at);
        let ports = self.board.ports();
        let Some(shared) = ports.store.shared() else { return Ok(()) };
        let now = ports.clock.now();
        let until = now.plus_millis(millis(ports.clock.call_span(CLAIMED)));
        let claim = shared.claim_ringing(now, until).await;
        // What is not answered may have been taken, from one who had rung a moment ago.
        self.ringing.informed &= matches!(claim, Ok(Claim::Kept));
        if claim? == Claim::Refused {
            self.ringing.until = None;
            return Ok(());
        }
        self.ringing.until = Some(asked_at + CLAIMED.saturating_sub(MARGIN));
        if !self.ringing.informed {
            self.inform_itself(campaigns).await;
        }
        Ok(())
    }

    /// Lets another server ring at once.
    pub(super) async fn leave_ringing(&mut self) {
        if self.ringing.until.take().is_none() {
            return;
        }
        if let Some(shared) = self.board.ports().store.shared()
            && let Err(error) = shared.leave_ringing().await
        {
            tracing::warn!(%error, "another server rings for campaigns only in some seconds");
        }
    }

    /// Counts what is in hand in all campaigns, and takes it that each rang just now, since another server may have.
    async fn inform_itself(&mut self, campaigns: &[Campaign]) {
        tracing::info!("this server rings for campaigns now");
        let now = self.now();
        self.line.note(now);
        self.own = campaigns.iter().map(|campaign| (campaign.id, Own::new(campaign, now))).collect();
        for campaign in campaigns {
            if let Err(error) = self.look(campaign).await {
                tracing::warn!(campaign = %campaign.id, %error, "what a campaign has in hand could not be counted");
            }
        }
        self.ringing.informed = true;
    }

    fn is_shared(&self) -> bool {
        self.board.ports().store.shared().is_some()
    }
}
