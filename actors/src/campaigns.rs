//! Campaigns: one task drives all of them.
//!
//! the store tells which are to be driven → each entry in hand is looked up → [`tsunagu_call::campaign::next_turn`] → the
//! next customer is claimed and rung, or the task sleeps until the clock, an order or a call's end changes something
//!
//! State: how much of the line is taken, and when each campaign rang last. Nothing that counts is remembered: who is in hand,
//! with which call, and what came of it stands in the store, so that a server that starts again goes on where the last one
//! was, and two servers do not ring the same customer. Of servers that share the store all look after the campaigns, and one
//! at a time rings ([`ringing`]): what it counts is all there is.

mod attempt;
mod check;
mod driver;
mod look;
mod order;
mod ringing;
mod windows;

pub use check::{CampaignCheck, check_campaign};
pub use order::{OrderError, order_campaign};

use crate::{CallDefaults, Switchboard};
use driver::Driver;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, task::JoinHandle};
use tsunagu_call::{CampaignId, campaign::Hindrance};

/// How long there is from a driver's untimely death to the next one's birth.
const REBORN_AFTER: Duration = Duration::from_secs(1);
/// How long the driver may take to put down what it has in hand.
const GOODBYE: Duration = Duration::from_secs(2);

/// What campaigns may do on this server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CampaignLimits {
    /// How many calls a second all campaigns together begin, and the most that one of them may be set to. The carrier dials
    /// so many; what comes sooner waits in a queue of its own, where nobody can take it back.
    pub calls_per_second: f64,
    /// How many customers one list holds.
    pub customers: u64,
}

impl Default for CampaignLimits {
    /// Twilio dials one call a second for an account that has not asked for more.
    fn default() -> Self {
        Self { calls_per_second: 1.0, customers: 100_000 }
    }
}

/// Where campaigns are driven from; cheap to clone.
#[derive(Debug, Clone)]
pub struct CampaignDesk {
    limits: CampaignLimits,
    shared: Arc<Shared>,
    life: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What the driver and those who look at it share.
#[derive(Debug, Default)]
struct Shared {
    news: Notify,
    stopping: AtomicBool,
    hindrances: Mutex<HashMap<CampaignId, Hindrance>>,
}

impl CampaignDesk {
    /// Drives the campaigns in the store from now on, in the present arbiter.
    pub fn open(board: Switchboard, defaults: Arc<CallDefaults>, limits: CampaignLimits) -> Self {
        let shared = Arc::<Shared>::default();
        let driven = shared.clone();
        let life = actix::spawn(async move {
            while !driven.stopping.load(Ordering::Relaxed) {
                let driver = Driver::new(board.clone(), defaults.clone(), limits, driven.clone());
                if let Err(error) = actix::spawn(driver.run()).await {
                    metrics::counter!("campaign_drivers_died_total").increment(1);
                    tracing::error!(%error, "the driver of campaigns died; another one takes over");
                    tokio::time::sleep(REBORN_AFTER).await;
                }
            }
        });
        Self { limits, shared, life: Arc::new(Mutex::new(Some(life))) }
    }

    /// What campaigns may do here.
    pub const fn limits(&self) -> &CampaignLimits {
        &self.limits
    }

    /// Something has changed: a campaign was started, say, or somebody was put on its list.
    pub fn look_again(&self) {
        self.shared.news.notify_one();
    }

    /// What a campaign that runs waits for; `None` when it does not, or is driven elsewhere.
    pub fn waits_for(&self, campaign: CampaignId) -> Option<Hindrance> {
        self.shared.hindrances().get(&campaign).copied()
    }

    /// Rings nobody any more, and returns when what was in hand is put down. The store has everything else.
    pub async fn stop(&self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        self.look_again();
        let life = self.life.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut life) = life else { return };
        if tokio::time::timeout(GOODBYE, &mut life).await.is_err() {
            tracing::warn!("the driver of campaigns did not end in time");
            life.abort();
        }
    }
}

impl Shared {
    fn hindrances(&self) -> std::sync::MutexGuard<'_, HashMap<CampaignId, Hindrance>> {
        self.hindrances.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
