//! Nodes that share a store in memory.

use super::{Call, MemoryStore};
use crate::{
    AgentStatus, Claim, Doing, HeldCall, Hold, LiveJournal, SharedStore, Sign, SignIn, StoreError, User,
};
use async_trait::async_trait;
use std::collections::BTreeSet;
use tsunagu_call::{CallId, CommandId, CompanyId, DeliveryId, NodeId, Time};

/// The node of a handle that belongs to none.
const NOBODY: NodeId = NodeId::from_bytes([0; 12]);

#[async_trait]
impl SharedStore for MemoryStore {
    fn node(&self) -> NodeId {
        self.node.unwrap_or(NOBODY)
    }

    fn name(&self) -> &str {
        "memory"
    }

    async fn tell_sign(&self, sign: Sign) -> Result<Vec<Sign>, StoreError> {
        self.with(|held| {
            let left = held.signs.get(&sign.node).is_some_and(|before| before.left);
            held.signs.insert(sign.node, Sign { left: left || sign.left, ..sign });
            Ok(held.signs.values().cloned().collect())
        })
    }

    async fn signs(&self) -> Result<Vec<Sign>, StoreError> {
        self.with(|held| Ok(held.signs.values().cloned().collect()))
    }

    async fn say_goodbye(&self) -> Result<(), StoreError> {
        let node = self.node();
        self.with(|held| {
            if let Some(sign) = held.signs.get_mut(&node) {
                sign.left = true;
            }
            Ok(())
        })
    }

    async fn forget_node(&self, node: NodeId) -> Result<bool, StoreError> {
        self.with(|held| Ok(held.signs.remove(&node).is_some()))
    }

    async fn held_calls(&self) -> Result<Vec<HeldCall>, StoreError> {
        self.with(|held| Ok(held.calls.values().filter(|call| call.is_live()).map(Call::held).collect()))
    }

    async fn held_calls_and_opened(
        &self,
        companies: &[CompanyId],
        since: Time,
    ) -> Result<Vec<HeldCall>, StoreError> {
        let first = CallId::first_at(since);
        self.with(|held| {
            let theirs = held.calls.values().filter(|call| companies.contains(&call.record.company_id));
            let calls = theirs.filter(|call| call.is_live() || call.record.id >= first);
            Ok(calls.map(Call::held).collect())
        })
    }

    async fn live_journals(
        &self,
        company: Option<CompanyId>,
        after: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<LiveJournal>, StoreError> {
        self.with(|held| {
            let live = held.calls.values().filter(|call| call.is_live());
            let theirs = live.filter(|call| company.is_none_or(|company| call.record.company_id == company));
            let mut found: Vec<_> = theirs.filter(|call| Some(call.record.id) > after).collect();
            found.sort_by_key(|call| call.record.id);
            let read = |call: &Call| LiveJournal { call: call.record.id, entries: call.journal.clone() };
            Ok(found.into_iter().take(limit as usize).map(read).collect())
        })
    }

    async fn doings(&self, companies: &[CompanyId]) -> Result<Vec<Doing>, StoreError> {
        self.with(|held| {
            let members = held.users.values().filter(|user| companies.contains(&user.company_id));
            let doing = |user: &User| {
                let (status, settings) = (held.statuses.get(&user.id), held.settings.get(&user.id));
                let available = settings.is_some_and(|settings| settings.is_available);
                match (status, settings) {
                    (None, None) => None,
                    (Some(status), _) => Some(Doing::of(status, available)),
                    (None, Some(_)) => {
                        Some(Doing::of(&AgentStatus::new(user.id, user.company_id), available))
                    }
                }
            };
            Ok(members.filter_map(doing).collect())
        })
    }

    async fn ended_sign_ins(&self, sign_ins: &[SignIn]) -> Result<Vec<SignIn>, StoreError> {
        self.with(|held| {
            let is_good = |sign_in: &SignIn| {
                let revoked =
                    held.tokens.values().any(|token| Some(token.family) == sign_in.family && token.revoked);
                sign_in.is_good(held.users.get(&sign_in.user), revoked)
            };
            Ok(sign_ins.iter().filter(|sign_in| !is_good(sign_in)).copied().collect())
        })
    }

    async fn held_call(&self, call: CallId) -> Result<Option<HeldCall>, StoreError> {
        self.with(|held| Ok(held.calls.get(&call).map(Call::held)))
    }

    async fn take_over(&self, call: CallId, from: NodeId) -> Result<Option<Hold>, StoreError> {
        let node = self.node();
        self.with(|held| {
            let call = held.calls.get_mut(&call);
            Ok(call.and_then(|call| call.hold.pass(from, node).then(|| call.hold.clone())))
        })
    }

    async fn adopt_call(
        &self,
        call: CallId,
        next: u64,
        wanted: &BTreeSet<CommandId>,
    ) -> Result<bool, StoreError> {
        let node = self.node();
        self.with(|held| {
            let unowned = |call: &&mut Call| call.hold.owner.is_none() && call.next() == next;
            let Some(call) = held.calls.get_mut(&call).filter(unowned) else { return Ok(false) };
            call.hold = Hold::all_of(node, wanted);
            Ok(true)
        })
    }

    async fn claim_delivery(&self, delivery: DeliveryId, now: Time, until: Time) -> Result<bool, StoreError> {
        self.with(|held| {
            let mut all = held.deliveries.iter_mut().map(|kept| &mut kept.delivery);
            Ok(all.find(|kept| kept.id == delivery).is_some_and(|kept| kept.claim(now, until)))
        })
    }

    async fn claim_ringing(&self, now: Time, until: Time) -> Result<Claim, StoreError> {
        let node = self.node();
        self.with(|held| {
            let claim = Claim::of(node, now, held.ringing);
            if claim != Claim::Refused {
                held.ringing = Some((node, until));
            }
            Ok(claim)
        })
    }

    async fn leave_ringing(&self) -> Result<(), StoreError> {
        let node = self.node();
        self.with(|held| {
            held.ringing = held.ringing.filter(|(holder, _)| *holder != node);
            Ok(())
        })
    }
}

impl Call {
    fn is_live(&self) -> bool {
        !self.record.status.is_over() || self.record.unsettled
    }

    fn held(&self) -> HeldCall {
        let record = &self.record;
        HeldCall { company: record.company_id, call: record.id, next: self.next(), hold: self.hold.clone() }
    }
}
