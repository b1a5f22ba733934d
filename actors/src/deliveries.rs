//! Deliveries: what happens on calls, posted to the receivers that companies registered.
//!
//! journal → outbox (written in the same commit) → [`expansion`] (one delivery for each receiver that wants it) →
//! [`lane`] (one for each receiver: what is due, a few at once) → [`attempt`] (signed, posted, noted)
//!
//! All that must outlive a crash is in the store; this actor holds only what is under way. So it promises *at least once*:
//! what was posted when the server died is posted again, under the same `webhook-id`. A receiver that is slow or away has
//! its own lane and delays nobody.

mod attempt;
mod courier;
mod event;
mod expansion;
mod lane;
mod lease;
mod payload;
mod signing;
mod verdict;

pub use attempt::Tried;
pub use courier::{Answer, Courier, Letter, Trouble};
pub use event::{EVENT_TYPES, TEST_EVENT};
pub use signing::{SecretError, new_secret};
pub use verdict::LAST_ATTEMPT;

use crate::{Clock, errand::Errand};
use actix::prelude::*;
use lane::Lane;
use std::{collections::HashMap, fmt, sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use tsunagu_call::{DeliveryId, WebhookId};
use tsunagu_store::{Outgoing, Store, StoreError, Webhook};

/// How often the outbox is looked into, and lanes are woken whose time has come, in real time.
const LOOK: Duration = Duration::from_millis(200);
/// How many looks there are between two counts of what waits, by which forgotten lanes are found as well.
const LOOKS_PER_COUNT: u32 = 150;
/// How many posts are under way at once over all receivers.
const POSTS_AT_ONCE: usize = 1_024;
/// How many tests are under way at once.
const TESTS_AT_ONCE: usize = 32;

/// What deliveries reach the world through.
#[derive(Clone)]
pub struct DeliveryPorts {
    /// Where the outbox and the deliveries are kept.
    pub store: Arc<dyn Store>,
    /// Who posts.
    pub courier: Arc<dyn Courier>,
    /// The time.
    pub clock: Clock,
}

/// How the edge reaches the deliveries; cheap to clone.
#[derive(Clone)]
pub struct DeliveryDesk {
    ports: DeliveryPorts,
    address: Addr<Deliveries>,
    tests: Arc<Semaphore>,
}

/// The actor.
struct Deliveries {
    ports: DeliveryPorts,
    lanes: HashMap<WebhookId, Lane>,
    posts: Arc<Semaphore>,
    expanding: bool,
    looks: u32,
}

impl fmt::Debug for DeliveryPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryPorts").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl fmt::Debug for DeliveryDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryDesk").finish_non_exhaustive()
    }
}

impl DeliveryDesk {
    /// Starts delivering, in this arbiter or in the present one. Where many deliveries are signed and sent, calls should not
    /// live.
    pub fn start(ports: DeliveryPorts, arbiter: Option<&ArbiterHandle>) -> Self {
        let actor = Deliveries {
            ports: ports.clone(),
            lanes: HashMap::new(),
            posts: Arc::new(Semaphore::new(POSTS_AT_ONCE)),
            expanding: false,
            looks: 0,
        };
        let address = match arbiter {
            Some(arbiter) => Deliveries::start_in_arbiter(arbiter, move |_| actor),
            None => actor.start(),
        };
        Self { ports, address, tests: Arc::new(Semaphore::new(TESTS_AT_ONCE)) }
    }

    /// Something may be due for this webhook before its lane expects it: it was switched on, or something was replayed.
    pub fn wake(&self, webhook: WebhookId) {
        self.address.do_send(Wake(webhook));
    }

    /// Posts an event of the type [`TEST_EVENT`] to a webhook, on or off, once; it is not kept. `None` when too many tests
    /// are under way.
    pub async fn test(&self, webhook: &Webhook) -> Option<Tried> {
        let _permit = self.tests.try_acquire().ok()?;
        let now = self.ports.clock.now();
        let event = payload::test(webhook.id, crate::fresh(now), now);
        Some(attempt::post(&self.ports, webhook, &event.id, &event.payload).await)
    }

    /// Stops delivering; what is under way is tried again after the next start.
    pub async fn stop(&self) {
        if self.address.send(Stop).await.is_err() {
            tracing::debug!("the deliveries had ended before");
        }
    }
}

impl Actor for Deliveries {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        // A lane sends no more mail than it has posts under way.
        ctx.set_mailbox_capacity(POSTS_AT_ONCE);
        ctx.run_interval(LOOK, |actor, ctx| actor.look(ctx));
    }
}

impl Deliveries {
    fn look(&mut self, ctx: &mut Context<Self>) {
        if !self.expanding {
            self.expanding = true;
            let (ports, died) = (self.ports.clone(), Expanded(Err(died())));
            let errand = Errand::new("outbox", ctx.address(), died);
            actix::spawn(async move {
                let expanded = expansion::expand(&ports).await;
                errand.done(Expanded(expanded));
            });
        }
        if self.looks.is_multiple_of(LOOKS_PER_COUNT) {
            let (store, address) = (self.ports.store.clone(), ctx.address());
            actix::spawn(async move {
                if let Ok(queues) = store.delivery_queues().await {
                    let pending: u64 = queues.iter().map(|queue| queue.pending).sum();
                    metrics::gauge!("webhook_deliveries_pending").set(pending as f64);
                    queues.iter().for_each(|queue| address.do_send(Wake(queue.webhook)));
                }
            });
        }
        self.looks = self.looks.wrapping_add(1);
        let now = self.ports.clock.now();
        let due: Vec<_> =
            self.lanes.iter().filter(|(_, lane)| lane.is_due(now)).map(|(webhook, _)| *webhook).collect();
        due.into_iter().for_each(|webhook| self.fetch(webhook, ctx));
        // What is under way and nothing else keeps a lane.
        self.lanes.retain(|_, lane| !lane.is_idle());
        metrics::gauge!("webhook_lanes").set(self.lanes.len() as f64);
    }

    /// Asks the store what is due for a webhook, unless it is being asked or as much is under way as may be.
    fn fetch(&mut self, webhook: WebhookId, ctx: &mut Context<Self>) {
        let lane = self.lanes.entry(webhook).or_default();
        let Some(limit) = lane.begin_fetch() else { return };
        let (ports, died) = (self.ports.clone(), Fetched { webhook, due: Err(died()) });
        let errand = Errand::new("due_deliveries", ctx.address(), died);
        actix::spawn(async move {
            let now = ports.clock.now();
            let fetched = async {
                let due = ports.store.due_deliveries(webhook, now, limit).await?;
                let next = if due.is_some() { ports.store.next_delivery(webhook).await? } else { None };
                Ok(due.map(|(webhook, due)| (webhook, due, next)))
            };
            let due: Result<Due, StoreError> = fetched.await;
            errand.done(Fetched { webhook, due });
        });
    }
}

/// In place of an answer of the store.
const fn died() -> StoreError {
    StoreError::Unavailable { reason: "whoever asked it died", source: None }
}

/// Stops the actor.
#[derive(Message)]
#[rtype(result = "()")]
struct Stop;

impl Handler<Stop> for Deliveries {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Context<Self>) {
        ctx.stop();
    }
}

/// Something may be due for this webhook.
#[derive(Message)]
#[rtype(result = "()")]
struct Wake(WebhookId);

impl Handler<Wake> for Deliveries {
    type Result = ();

    fn handle(&mut self, Wake(webhook): Wake, ctx: &mut Context<Self>) {
        self.fetch(webhook, ctx);
    }
}

/// The outbox was looked into.
#[derive(Message)]
#[rtype(result = "()")]
struct Expanded(Result<expansion::Expansion, StoreError>);

impl Handler<Expanded> for Deliveries {
    type Result = ();

    fn handle(&mut self, Expanded(result): Expanded, ctx: &mut Context<Self>) {
        self.expanding = false;
        match result {
            Ok(expansion) => {
                expansion.webhooks.into_iter().for_each(|webhook| self.fetch(webhook, ctx));
                if expansion.more {
                    self.look(ctx);
                }
            }
            Err(error) => tracing::warn!(%error, "the outbox of webhooks could not be read"),
        }
    }
}

type Due = Option<(Webhook, Vec<Outgoing>, Option<tsunagu_call::Time>)>;

/// What is due for a webhook.
#[derive(Message)]
#[rtype(result = "()")]
struct Fetched {
    webhook: WebhookId,
    due: Result<Due, StoreError>,
}

impl Handler<Fetched> for Deliveries {
    type Result = ();

    fn handle(&mut self, Fetched { webhook: id, due }: Fetched, ctx: &mut Context<Self>) {
        let now = self.ports.clock.now();
        let Some(lane) = self.lanes.get_mut(&id) else { return };
        let (webhook, letters) = match due {
            Ok(Some((webhook, due, next))) => {
                let failing = webhook.failing_since.is_some();
                (Arc::new(webhook), lane.fetched(due, next, failing, now))
            }
            // It is off or gone.
            Ok(None) => return lane.rest(),
            Err(error) => {
                tracing::warn!(%error, webhook = %id, "what is due for a webhook could not be read");
                return lane.try_later(now);
            }
        };
        for outgoing in letters {
            let (ports, posts, webhook) = (self.ports.clone(), self.posts.clone(), webhook.clone());
            let delivery = outgoing.delivery.id;
            let died = Over { webhook: id, delivery, noted: false };
            let errand = Errand::new("delivery", ctx.address(), died);
            actix::spawn(async move {
                let noted = attempt::deliver(&ports, &posts, &webhook, &outgoing).await;
                errand.done(Over { webhook: id, delivery, noted });
            });
        }
        if lane.wants_more() {
            self.fetch(id, ctx);
        }
    }
}

/// A post is over, and noted unless the store could not.
#[derive(Message)]
#[rtype(result = "()")]
struct Over {
    webhook: WebhookId,
    delivery: DeliveryId,
    noted: bool,
}

impl Handler<Over> for Deliveries {
    type Result = ();

    fn handle(&mut self, Over { webhook, delivery, noted }: Over, ctx: &mut Context<Self>) {
        let now = self.ports.clock.now();
        let Some(lane) = self.lanes.get_mut(&webhook) else { return };
        lane.over(delivery);
        match noted {
            true => self.fetch(webhook, ctx),
            false => lane.try_later(now),
        }
    }
}
