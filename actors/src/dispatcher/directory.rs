//! Which conference lives where. Read by every request, written when a conference is born or dies.

use super::Known;
use crate::conference::Conference;
use actix::Addr;
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::time::Instant;
use tsunagu_call::{CallId, CompanyId};

/// The conferences that live on this node.
#[derive(Default)]
pub struct Directory {
    living: RwLock<HashMap<CallId, Living>>,
    deaths: RwLock<HashMap<CallId, Deaths>>,
    left: Mutex<HashMap<CallId, Known>>,
    epochs: AtomicU64,
}

#[derive(Clone)]
struct Living {
    company: CompanyId,
    epoch: u64,
    address: Addr<Conference>,
}

/// How often a conference died in a panic lately, or whoever took its call up.
#[derive(Debug, Clone, Copy)]
struct Deaths {
    count: u32,
    last: Instant,
}

/// After how long without a death a call counts as healthy.
const FORGIVEN_AFTER: std::time::Duration = std::time::Duration::from_secs(60);

impl Directory {
    /// The conference of a call, if it lives here.
    pub(crate) fn find(&self, call: CallId) -> Option<Addr<Conference>> {
        let living = self.living.read().unwrap_or_else(PoisonError::into_inner);
        living.get(&call).map(|living| living.address.clone()).filter(Addr::connected)
    }

    /// Whose call it is, if its conference lives here.
    pub(crate) fn company_of(&self, call: CallId) -> Option<CompanyId> {
        let living = self.living.read().unwrap_or_else(PoisonError::into_inner);
        living.get(&call).map(|living| living.company)
    }

    /// The number of the next life.
    pub(crate) fn next_epoch(&self) -> u64 {
        self.epochs.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A conference was born.
    pub(crate) fn register(&self, call: CallId, company: CompanyId, epoch: u64, address: Addr<Conference>) {
        let mut living = self.living.write().unwrap_or_else(PoisonError::into_inner);
        living.insert(call, Living { company, epoch, address });
        metrics::gauge!("conferences_living").set(living.len() as f64);
    }

    /// A conference died; a younger one of the same call stays.
    pub(crate) fn bury(&self, call: CallId, epoch: u64, panicked: bool) {
        let mut living = self.living.write().unwrap_or_else(PoisonError::into_inner);
        if living.get(&call).is_some_and(|living| living.epoch == epoch) {
            living.remove(&call);
        }
        metrics::gauge!("conferences_living").set(living.len() as f64);
        drop(living);
        if panicked {
            self.note_death(call);
        }
    }

    /// Something died in a panic for this call: it is waited for longer before the next try.
    pub(crate) fn note_death(&self, call: CallId) {
        let mut deaths = self.deaths.write().unwrap_or_else(PoisonError::into_inner);
        deaths.retain(|_, deaths| deaths.last.elapsed() < FORGIVEN_AFTER);
        let deaths = deaths.entry(call).or_insert(Deaths { count: 0, last: Instant::now() });
        *deaths = Deaths { count: deaths.count + 1, last: Instant::now() };
    }

    /// A conference that was overtaken leaves what the journal had for the next one, which is born soon.
    pub(crate) fn leave(&self, call: CallId, known: Known) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).insert(call, known);
    }

    /// What the last conference of a call left.
    pub(crate) fn pick_up(&self, call: CallId) -> Option<Known> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).remove(&call)
    }

    /// Nobody is sent to the conference of this call any more.
    pub(crate) fn dismiss(&self, call: CallId) -> Option<Addr<Conference>> {
        let mut living = self.living.write().unwrap_or_else(PoisonError::into_inner);
        let gone = living.remove(&call).map(|living| living.address);
        metrics::gauge!("conferences_living").set(living.len() as f64);
        gone
    }

    /// How often the call's conference has panicked lately, or whoever took it up.
    pub(crate) fn deaths(&self, call: CallId) -> u32 {
        let deaths = self.deaths.read().unwrap_or_else(PoisonError::into_inner);
        deaths
            .get(&call)
            .filter(|deaths| deaths.last.elapsed() < FORGIVEN_AFTER)
            .map_or(0, |deaths| deaths.count)
    }

    /// The conferences of a company, or of all.
    pub(crate) fn all(&self, company: Option<CompanyId>) -> Vec<Addr<Conference>> {
        let living = self.living.read().unwrap_or_else(PoisonError::into_inner);
        let of = |living: &&Living| company.is_none_or(|company| living.company == company);
        living.values().filter(of).map(|living| living.address.clone()).collect()
    }

    /// How many conferences live here.
    pub fn count(&self) -> usize {
        self.living.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}
