//! The nodes that share a store. Each tells a sign every second; who is dead is taken over from.
//!
//! *sign → who lives? → what the dead held is passed on by compare-and-set → the call is taken up here, as after a restart.*
//! There is no leader and nobody votes: of two who take over the same call one finds that the other was first.

mod agents;
mod carriage;
mod lease;
mod lives;
mod pace;
mod rebirth;
mod screens;
mod sign_ins;
mod taking;

pub(crate) use agents::keep_agents;
pub(crate) use carriage::hear_others;
pub(crate) use lease::Lease;
pub(crate) use rebirth::reborn;
pub(crate) use screens::keep_screens;
pub(crate) use sign_ins::keep_sign_ins;

use crate::{HubHandle, conference::Stands, dispatcher::Operator, hub::People};
use lives::Lives;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use taking::{Living, TakingOver};
use tokio::{
    sync::Mutex,
    task::{JoinError, JoinHandle, JoinSet},
    time::Instant,
};
use tsunagu_call::NodeId;
use tsunagu_store::{SharedStore, Sign, Store, StoreError};

/// How often a sign is told.
const BEAT: Duration = Duration::from_secs(1);
/// After so many signs it is looked whether calls are held by nobody who tells signs, or by this node without its doing anything.
const ORPHANS: u64 = 30;

/// A node's part in it.
pub(crate) struct Watch {
    store: Arc<dyn Store>,
    operator: Operator,
    lease: Lease,
    hub: HubHandle,
    place: String,
    lives: Lives,
    living: Living,
    /// Those that are being taken over from, dead though their signs are there.
    dead: Vec<NodeId>,
    /// Of these who was at this place before: gone, though its sign has not stood still for long.
    before: Vec<NodeId>,
    beat: u64,
    /// Its lease ran out, and it has not been looked since then what became of its calls meanwhile.
    lapsed: bool,
    /// That is being looked at. Signs go on meanwhile: where the database is slow, that may take longer than they may be missed.
    looking: Option<JoinHandle<()>>,
    /// Something is to be taken over, or may be.
    due: bool,
    /// Nothing has been taken over yet.
    first: bool,
    /// Something has: whoever sends requests may send them here.
    recovered: Arc<AtomicBool>,
    /// What is being taken over, at most once at a time; meanwhile signs go on as well. It ends with the watch.
    taking: JoinSet<Result<Vec<Sign>, StoreError>>,
}

impl Watch {
    pub fn new(
        store: Arc<dyn Store>,
        operator: Operator,
        lease: Lease,
        hub: HubHandle,
        place: String,
        recovered: Arc<AtomicBool>,
    ) -> Self {
        let (lives, living, dead, before, beat, lapsed, looking) = Default::default();
        let (due, first, taking) = (false, true, JoinSet::new());
        Self {
            store,
            operator,
            lease,
            hub,
            place,
            lives,
            living,
            dead,
            before,
            beat,
            lapsed,
            looking,
            due,
            first,
            recovered,
            taking,
        }
    }

    /// Tells the first sign, and begins to take over from whoever was at the same place before. Nothing may be written for calls
    /// before that: it would seem to be held by nobody.
    ///
    /// # Errors
    /// The store does not take it.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        let Some(shared) = self.store.clone().shared().map(SharedStore::node) else { return Ok(()) };
        let signs = self.tell_sign().await?;
        let before = signs.iter().filter(|sign| sign.node != shared && sign.place == self.place);
        self.before = before.map(|sign| sign.node).collect();
        let others = signs.len().saturating_sub(1 + self.before.len());
        tracing::info!(node = %shared, place = self.place, others, "sharing the store");
        self.living.set(&signs, &self.before);
        self.take_over(self.before.clone());
        Ok(())
    }

    /// Goes on for as long as it is run, from where it was when it was run before.
    pub async fn keep(watch: Arc<Mutex<Self>>) {
        let mut watch = watch.lock().await;
        loop {
            if let Err(error) = watch.look().await {
                failed(&error);
            }
            watch.rest().await;
        }
    }

    /// Waits for the next look; what has been taken over meanwhile is brought to its end.
    async fn rest(&mut self) {
        let next = Instant::now() + BEAT;
        loop {
            let taken = tokio::select! {
                () = tokio::time::sleep_until(next) => return,
                Some(taken) = self.taking.join_next() => taken,
            };
            if let Err(error) = self.have_taken_over(taken).await {
                failed(&error);
            }
        }
    }

    async fn tell_sign(&mut self) -> Result<Vec<Sign>, StoreError> {
        let store = self.store.clone();
        let Some(shared) = store.shared() else { return Ok(Vec::new()) };
        self.beat += 1;
        let sent = Instant::now();
        let sign = Sign {
            node: shared.node(),
            place: self.place.clone(),
            beat: self.beat,
            present: self.hub.presence().here(),
            awaited: self.hub.presence().awaited(),
            tells: self.hub.is_heard(),
            left: false,
        };
        let signs = shared.tell_sign(sign).await?;
        let others: Vec<_> = signs.iter().filter(|sign| sign.node != shared.node()).collect();
        let living = others
            .iter()
            .filter(|sign| !sign.left && !self.lives.is_dead(sign.node) && !self.dead.contains(&sign.node));
        let elsewhere = living.flat_map(|sign| sign.present.iter().copied()).collect();
        // What one wrote that is gone may still be on its way: it counts until it is forgotten.
        let told_of_all = others.iter().all(|sign| sign.tells);
        self.hub.presence().set_elsewhere(elsewhere, told_of_all);
        if self.lease.renew(sent) {
            tracing::warn!(
                "this node could not tell for a while that it lives; it looks what became of its calls"
            );
            metrics::counter!("node_leases_lapsed_total").increment(1);
            self.lapsed = true;
        }
        Ok(signs)
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let signs = self.tell_sign().await?;
        if self.lapsed && self.looking.as_ref().is_none_or(JoinHandle::is_finished) {
            self.lapsed = false;
            self.looking = Some(actix::spawn(look_after_calls(self.store.clone(), self.operator.clone())));
        }
        let found = self.lives.look(&signs);
        let told = |node: NodeId| signs.iter().any(|sign| sign.node == node);
        self.before.retain(|node| told(*node) && !found.dead.contains(node));
        let dead: Vec<NodeId> = found.dead.iter().chain(&self.before).copied().collect();
        // Who stalled and is back is no longer among them.
        self.dead.retain(|node| dead.contains(node));
        self.living.set(&signs, &dead);
        metrics::gauge!("nodes_living").set(self.lives.count() as f64);
        self.due |= !dead.is_empty() || found.gone || self.beat.is_multiple_of(ORPHANS);
        if self.due && self.taking.is_empty() {
            self.take_over(dead);
        }
        Ok(())
    }

    /// Begins to take over what is held by the dead, and by nobody.
    fn take_over(&mut self, dead: Vec<NodeId>) {
        self.due = false;
        self.dead.clone_from(&dead);
        let taking = TakingOver {
            store: self.store.clone(),
            operator: self.operator.clone(),
            dead,
            living: self.living.clone(),
            first: self.first,
        };
        self.taking.spawn_local(taking.run());
    }

    /// All calls have been gone through, or could not be.
    async fn have_taken_over(
        &mut self,
        taken: Result<Result<Vec<Sign>, StoreError>, JoinError>,
    ) -> Result<(), StoreError> {
        let signs = match taken {
            Ok(Ok(signs)) => signs,
            Ok(Err(error)) => {
                self.due = true;
                return Err(error);
            }
            Err(error) => {
                metrics::counter!("tasks_died_total", "task" => "taking_over").increment(1);
                tracing::error!(%error, "taking over came to an untimely end; it is begun anew");
                self.due = true;
                return Ok(());
            }
        };
        self.first = false;
        self.recovered.store(true, Ordering::Relaxed);
        let dead = self.dead.clone();
        self.await_people_of(&dead, &signs).await?;
        self.before.clear();
        Ok(())
    }

    /// Forgets the dead. Who had a screen there may come to another node; whether they do sees the one who was first to forget.
    async fn await_people_of(&mut self, dead: &[NodeId], signs: &[Sign]) -> Result<(), StoreError> {
        let store = self.store.clone();
        let Some(shared) = store.shared() else { return Ok(()) };
        let people = |node: &NodeId| {
            let sign = signs.iter().find(|sign| sign.node == *node);
            sign.map(|sign| sign.present.union(&sign.awaited).copied().collect::<People>())
                .unwrap_or_default()
        };
        let mut new = self.hub.presence().inherit(dead.iter().flat_map(people), Instant::now());
        if !new.is_empty() {
            // Said before anybody is forgotten: were this node to die in between, another would know of them.
            self.tell_sign().await?;
        }
        for node in dead {
            if shared.forget_node(*node).await? {
                let ours = people(node);
                new.retain(|person| !ours.contains(person));
            }
        }
        self.hub.presence().disinherit(&new);
        Ok(())
    }
}

fn failed(error: &StoreError) {
    metrics::counter!("node_looks_failed_total").increment(1);
    tracing::warn!(%error, "this node cannot tell that it lives, or take over");
}

/// Asks in whose hands all calls are, and lets the conferences here see for themselves.
async fn look_after_calls(store: Arc<dyn Store>, operator: Operator) {
    let Some(shared) = store.shared() else { return };
    loop {
        match shared.held_calls().await {
            Ok(held) => {
                for held in held {
                    if let Some(conference) = operator.directory.find(held.call) {
                        conference.do_send(Stands(held));
                    }
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "in whose hands the calls are cannot be read"),
        }
        tokio::time::sleep(BEAT).await;
    }
}
