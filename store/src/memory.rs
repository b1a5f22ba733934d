//! The store in memory, for tests: the same rules, nothing kept.

mod agents;
mod calls;
mod campaigns;
mod companies;
mod customers;
mod imports;
mod invitations;
mod nodes;
mod tokens;
mod users;
mod webhooks;

use crate::{
    AgentSettings, AgentStatus, Availability, Callback, Census, Company, Customer, CustomerImport, Hold,
    Invitation, Outboxed, Outgoing, Page, Paging, PasswordReset, RefreshToken, SharedStore, Sign, Store,
    StoreError, User, Webhook,
};
use async_trait::async_trait;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};
use tsunagu_call::{
    CallId, CallRecord, CallbackId, CampaignId, CompanyId, CustomerId, DocumentId, Entry, NodeId, Time,
    UserId, WebhookId,
};

/// The store in memory. Every method is one atomic step under one lock; answers are there at once.
#[derive(Debug, Default)]
pub struct MemoryStore {
    held: Arc<Mutex<Held>>,
    /// Which of the nodes that share it uses this handle.
    node: Option<NodeId>,
}

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
    signs: BTreeMap<NodeId, Sign>,
    /// Who rings for campaigns, and until when.
    ringing: Option<(NodeId, Time)>,
}

#[derive(Debug)]
struct Call {
    record: CallRecord,
    journal: Vec<Entry>,
    hold: Hold,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same store, as a node that shares it with others.
    pub fn as_node(&self, node: NodeId) -> Self {
        Self { held: self.held.clone(), node: Some(node) }
    }

    /// Puts a call there as a server leaves it that keeps no journals.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the store was closed.
    pub fn leave_call(&self, record: CallRecord) -> Result<(), StoreError> {
        self.with(|held| {
            let call = record.id;
            held.calls.insert(call, Call { record, journal: Vec::new(), hold: Hold::default() });
            Ok(())
        })
    }

    fn with<T>(&self, step: impl FnOnce(&mut Held) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
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

    fn shared(&self) -> Option<&dyn SharedStore> {
        self.node.is_some().then_some(self)
    }

    async fn close(&self) -> Result<(), StoreError> {
        if self.node.is_some() {
            return Ok(());
        }
        self.held.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
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
    use tsunagu_call::NodeId;

    crate::conformance_suite! { (Arc::new(MemoryStore::new()), ()) }

    crate::sharing_suite! {{
        let store = MemoryStore::new();
        let node = |number| Arc::new(store.as_node(NodeId::from_bytes([number; 12])));
        (node(1), node(2), ())
    }}
}
