//! The store in memory, for tests: the same rules, nothing kept.

mod agents;
mod calls;
mod campaigns;
mod companies;
mod customers;
mod imports;
mod invitations;
mod tokens;
mod users;
mod webhooks;

use crate::{
    AgentSettings, AgentStatus, Availability, Callback, Census, Company, Customer, CustomerImport,
    Invitation, Outboxed, Outgoing, Page, Paging, PasswordReset, RefreshToken, Store, StoreError, User,
    Webhook,
};
use async_trait::async_trait;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, PoisonError},
};
use tsunagu_call::{
    CallId, CallRecord, CallbackId, CampaignId, CompanyId, CustomerId, DocumentId, Entry, Time, UserId,
    WebhookId,
};

/// The store in memory. Every method is one atomic step under one lock; answers are there at once.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    closed: bool,
    calls: BTreeMap<CallId, Call>,
    keys: HashMap<(CompanyId, String), (CallId, Time)>,
    callbacks: BTreeMap<CallbackId, Callback>,
    campaigns: BTreeMap<CampaignId, campaigns::Kept>,
    companies: BTreeMap<CompanyId, Company>,
    users: BTreeMap<UserId, User>,
    settings: BTreeMap<UserId, AgentSettings>,
    statuses: BTreeMap<UserId, AgentStatus>,
    customers: BTreeMap<CustomerId, Customer>,
    imports: BTreeMap<(CompanyId, DocumentId), CustomerImport>,
    tokens: HashMap<String, RefreshToken>,
    resets: HashMap<UserId, PasswordReset>,
    invitations: BTreeMap<DocumentId, Invitation>,
    webhooks: BTreeMap<WebhookId, Webhook>,
    /// In the order in which they were noted, and queued.
    outbox: Vec<Outboxed>,
    noted: u64,
    deliveries: Vec<Outgoing>,
}

#[derive(Debug)]
struct Call {
    record: CallRecord,
    journal: Vec<Entry>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, step: impl FnOnce(&mut Held) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.closed {
            return Err(StoreError::closed());
        }
        step(&mut held)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.with(|_| Ok(()))
    }

    async fn census(&self, now: Time) -> Result<Census, StoreError> {
        self.with(|held| {
            let mut census = Census::default();
            for user in held.settings.keys() {
                let doing =
                    held.statuses.get(user).map_or_else(Availability::default, |status| status.status);
                *census.agents.entry(doing).or_default() += 1;
            }
            let good = |token: &&RefreshToken| token.expires_at > now && !token.spent && !token.revoked;
            let families: HashSet<_> = held.tokens.values().filter(good).map(|token| token.family).collect();
            census.sessions = families.len() as u64;
            Ok(census)
        })
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        Ok(())
    }
}

/// The page of what was found, in its order.
fn page<T: Clone>(found: Vec<&T>, paging: Paging) -> Page<T> {
    let total = found.len() as u64;
    let skip = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let items = found.into_iter().skip(skip).take(paging.limit() as usize).cloned().collect();
    Page { items, total }
}

/// What a filter leaves open, every value fits.
fn fits<T: PartialEq>(wanted: &Option<T>, value: Option<&T>) -> bool {
    wanted.as_ref().is_none_or(|wanted| Some(wanted) == value)
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;
    use std::sync::Arc;

    crate::conformance_suite! { (Arc::new(MemoryStore::new()), ()) }
}
