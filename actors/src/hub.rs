//! The hub: tells everybody who watches what has happened, once it is in the journal.
//!
//! State: who watches what. A watcher that does not take its mail in time is let go, so that it never slows the others.

use actix::prelude::*;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tsunagu_call::{CallId, CallRecord, CompanyId, Entry};

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

/// The actor.
#[derive(Debug, Default)]
pub struct Hub {
    watchers: Vec<(Option<CompanyId>, Recipient<Happened>)>,
    count: Arc<AtomicUsize>,
}

/// How calls reach the hub; costs nothing while nobody watches.
#[derive(Debug, Clone)]
pub struct HubHandle {
    address: Addr<Hub>,
    count: Arc<AtomicUsize>,
}

impl HubHandle {
    /// Starts a hub in the present arbiter.
    pub fn start() -> Self {
        let hub = Hub::default();
        let count = hub.count.clone();
        Self { address: hub.start(), count }
    }

    /// Somebody watches.
    pub fn is_watched(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    /// Tells everybody who may know.
    pub fn tell(&self, facts: Facts) {
        self.address.do_send(Happened(Arc::new(facts)));
    }

    /// Watches from now on.
    pub async fn watch(&self, watch: Watch) -> Result<(), MailboxError> {
        self.address.send(watch).await
    }
}

impl Actor for Hub {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.set_mailbox_capacity(1024);
    }
}

impl Hub {
    fn note_count(&self) {
        self.count.store(self.watchers.len(), Ordering::Relaxed);
        metrics::gauge!("hub_watchers").set(self.watchers.len() as f64);
    }
}

impl Handler<Watch> for Hub {
    type Result = ();

    fn handle(&mut self, watch: Watch, _: &mut Context<Self>) {
        self.watchers.push((watch.company, watch.watcher));
        self.note_count();
    }
}

impl Handler<Happened> for Hub {
    type Result = ();

    fn handle(&mut self, happened: Happened, _: &mut Context<Self>) {
        let company = happened.0.company;
        self.watchers.retain(|(of, watcher)| {
            if of.is_some_and(|of| of != company) {
                return watcher.connected();
            }
            let kept = watcher.try_send(happened.clone()).is_ok();
            if !kept {
                metrics::counter!("hub_watchers_dropped_total").increment(1);
            }
            kept
        });
        self.note_count();
    }
}
