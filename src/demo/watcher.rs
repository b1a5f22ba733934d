//! The watcher: the hub's listener for the demo's own screen.
//!
//! State: of which calls the journal is being read, because facts of theirs were missed: those that began before the
//! demo did, with a folder that is used again.

use super::show::Show;
use actix::prelude::*;
use anyhow::{Context as _, Result};
use std::{collections::HashSet, rc::Rc, sync::Arc};
use tsunagu_actors::{Facts, Happened, Ports, Watch};
use tsunagu_call::{CallId, CompanyId};
use tsunagu_store::{Store, whole_journal};

/// How much mail may wait; the hub lets a watcher go whose mailbox is full.
const MAILBOX: usize = 65_536;

struct Watcher {
    show: Rc<Show>,
    store: Arc<dyn Store>,
    company: CompanyId,
    reading: HashSet<CallId>,
}

/// Watches a company's calls from now on, those that live already included.
pub async fn watch(show: Rc<Show>, ports: &Ports, company: CompanyId) -> Result<()> {
    let store = ports.store.clone();
    let address = Watcher { show, store, company, reading: HashSet::new() }.start();
    let watch = Watch { company: Some(company), watcher: address.recipient() };
    ports.hub.watch(watch).await.context("the calls cannot be watched")
}

impl Actor for Watcher {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.set_mailbox_capacity(MAILBOX);
        let store = self.store.clone();
        let living = async move { store.live_calls().await }.into_actor(self);
        ctx.spawn(living.map(|living, this, ctx| match living {
            Ok(living) => {
                if !living.is_empty() {
                    this.show.note(format!("{} live calls are taken up from their journals", living.len()));
                }
                living.into_iter().for_each(|live| this.catch_up(live.call, ctx));
            }
            Err(error) => tracing::warn!(%error, "calls that live already cannot be shown"),
        }));
    }
}

impl Handler<Happened> for Watcher {
    type Result = ();

    fn handle(&mut self, Happened(facts): Happened, ctx: &mut Context<Self>) {
        if self.show.apply(&facts).is_err() {
            self.catch_up(facts.call, ctx);
        }
    }
}

impl Watcher {
    /// Reads a call from its journal. What happens meanwhile is in there, or is missed again and read again.
    fn catch_up(&mut self, call: CallId, ctx: &mut Context<Self>) {
        if !self.reading.insert(call) {
            return;
        }
        let store = self.store.clone();
        let reading = async move { whole_journal(&*store, call).await }.into_actor(self);
        ctx.spawn(reading.map(move |read, this, _| {
            this.reading.remove(&call);
            let facts = read.map(|entries| Facts { company: this.company, call, entries, record: None });
            match facts.map(|facts| this.show.apply(&facts)) {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::warn!(callId = %call, "a call's journal has no beginning"),
                Err(error) => tracing::warn!(callId = %call, %error, "a call's journal cannot be shown"),
            }
        }));
    }
}
