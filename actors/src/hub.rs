//! The hub: tells everybody who watches what has happened, once it is in the journal.
//!
//! State: who watches what, and of each company at whose floor somebody looks, its live calls. Facts become the events of the
//! contract, each is written once, and the same bytes go to every screen that may see it. Whoever does not take their mail
//! in time is let go, so that they never slow the others.

mod attendance;
mod carried;
mod desk;
mod errands;
mod floor;
mod handle;
mod line;
mod presence;
mod published;
mod seats;
#[cfg(test)]
mod tests;
mod told;

pub use errands::{Presenter, Unpresentable};
pub use handle::{Arrival, Guest, HubHandle};
pub(crate) use presence::{People, Presence};
pub use published::{Audience, Cursor, NotACursor, Published};
pub use seats::{SeatId, Watching};

use crate::Clock;
use actix::prelude::*;
use floor::Floor;
use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Semaphore, time::Instant};
use tsunagu_call::{CallId, CallRecord, CompanyId, Entry};
use tsunagu_exchange::Exchange;
use tsunagu_store::Store;

/// How often absences, figures and forgotten calls are seen to.
const TICK: Duration = Duration::from_secs(1);
/// How many errands are under way at once; the others wait.
const ERRANDS: usize = 32;

/// Journalled facts of one call, as one piece of mail shared by all who get it.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub struct Happened(pub Arc<Facts>);

/// What happened on a call in one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Whose call.
    pub company: CompanyId,
    /// Which call.
    pub call: CallId,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// The call as it is since, without its transcript, when more than that has changed.
    pub record: Option<Box<CallRecord>>,
}

/// Asks to be told of a company's calls, or of all.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Watch {
    /// The company; `None` watches all, for the operator's own screens.
    pub company: Option<CompanyId>,
    /// Who is told.
    pub watcher: Recipient<Happened>,
}

/// Where somebody sees what happens: a client's connection.
pub trait Screen: Send + 'static {
    /// Hands an event over, without waiting. `false` when it cannot be taken.
    fn show(&self, event: &Arc<Published>) -> bool;

    /// Ends the connection, even one that takes nothing any more.
    fn part(&self, why: Parting);
}

/// Why a screen is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parting {
    /// It does not take what it is told.
    TooSlow,
    /// Whoever looks has signed out, or may not look any more.
    SignedOut,
    /// Their token is good no more.
    Expired,
    /// The server goes down.
    ShuttingDown,
}

impl Parting {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooSlow => "too_slow",
            Self::SignedOut => "signed_out",
            Self::Expired => "token_expired",
            Self::ShuttingDown => "shutting_down",
        }
    }
}

/// What the hub needs to tell people of calls.
#[derive(Clone)]
pub struct HubPorts {
    /// Where journals and people are kept.
    pub store: Arc<dyn Store>,
    /// Who shows calls as clients know them.
    pub presenter: Arc<dyn Presenter>,
    /// The time.
    pub clock: Clock,
    /// How long an agent's last connection may be gone before they count as away.
    pub grace: Duration,
}

/// The actor.
pub struct Hub {
    watchers: Vec<(Option<CompanyId>, Recipient<Happened>)>,
    floors: HashMap<CompanyId, Floor>,
    ports: Option<HubPorts>,
    epoch: u32,
    errands: Arc<Semaphore>,
    /// Watchers and floors: while there is none, nobody need tell anything.
    audience: Arc<AtomicUsize>,
    presence: Presence,
    exchange: Option<Arc<dyn Exchange>>,
    /// The companies of which others were told that somebody watches here.
    watched: BTreeSet<CompanyId>,
    /// Who came or went, which could not be written.
    unwritten: People,
    /// Everybody was told that the server goes down.
    closed: bool,
}

impl Hub {
    fn new(audience: Arc<AtomicUsize>, presence: Presence, exchange: Option<Arc<dyn Exchange>>) -> Self {
        // Numbered by chance: two lives of a server must not take each other's events for their own.
        let epoch = RandomState::new().hash_one(0) as u32;
        let errands = Arc::new(Semaphore::new(ERRANDS));
        let (watchers, floors, watched, unwritten, closed) = Default::default();
        Self {
            watchers,
            floors,
            ports: None,
            epoch,
            errands,
            audience,
            presence,
            exchange,
            watched,
            unwritten,
            closed,
        }
    }

    fn count(&mut self) {
        let differ = self.watched.len() != self.floors.len()
            || self.floors.keys().any(|company| !self.watched.contains(company));
        if differ {
            self.watched = self.floors.keys().copied().collect();
            self.presence.set_watched(self.watched.iter().copied().collect());
            if let Some(exchange) = &self.exchange {
                exchange.listen_to(self.watched.clone());
            }
        }
        self.audience.store(self.watchers.len() + self.floors.len(), Ordering::Relaxed);
        let seats: usize = self.floors.values().map(Floor::seats).sum();
        metrics::gauge!("hub_watchers").set(self.watchers.len() as f64);
        metrics::gauge!("live_seats").set(seats as f64);
    }
}

impl Actor for Hub {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.set_mailbox_capacity(1024);
        ctx.run_interval(TICK, |this, ctx| this.tick(ctx));
    }
}

impl Handler<Watch> for Hub {
    type Result = ();

    fn handle(&mut self, watch: Watch, _: &mut Context<Self>) {
        self.watchers.push((watch.company, watch.watcher));
        self.count();
    }
}

/// Facts, and since when they are on their way.
#[derive(Message)]
#[rtype(result = "()")]
struct Heard {
    facts: Arc<Facts>,
    since: Instant,
}

impl Handler<Heard> for Hub {
    type Result = ();

    fn handle(&mut self, Heard { facts, since }: Heard, ctx: &mut Context<Self>) {
        let company = facts.company;
        let watchers = self.watchers.len();
        self.watchers.retain(|(of, watcher)| {
            if of.is_some_and(|of| of != company) {
                return watcher.connected();
            }
            let kept = watcher.try_send(Happened(facts.clone())).is_ok();
            if !kept {
                metrics::counter!("hub_watchers_dropped_total").increment(1);
            }
            kept
        });
        if self.watchers.len() != watchers {
            self.count();
        }
        if let Some(floor) = self.floors.get_mut(&company) {
            let wants = floor.hear(&facts, Instant::now());
            self.see_to(company, wants, ctx);
            metrics::histogram!("live_told_seconds").record(since.elapsed().as_secs_f64());
        }
    }
}
