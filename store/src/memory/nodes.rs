//! Nodes that share a store in memory.

use super::{Call, MemoryStore};
use crate::{HeldCall, Hold, SharedStore, Sign, StoreError};
use async_trait::async_trait;
use tsunagu_call::{CallId, NodeId, Time};

/// The node of a handle that belongs to none.
const NOBODY: NodeId = NodeId::from_bytes([0; 12]);

#[async_trait]
impl SharedStore for MemoryStore {
    fn node(&self) -> NodeId {
        self.node.unwrap_or(NOBODY)
    }

    async fn tell_sign(&self, sign: Sign) -> Result<Vec<Sign>, StoreError> {
        self.with(|held| {
            held.signs.insert(sign.node, sign);
            Ok(held.signs.values().cloned().collect())
        })
    }

    async fn forget_node(&self, node: NodeId) -> Result<(), StoreError> {
        self.with(|held| {
            held.signs.remove(&node);
            Ok(())
        })
    }

    async fn held_calls(&self) -> Result<Vec<HeldCall>, StoreError> {
        self.with(|held| Ok(held.calls.values().filter(|call| call.is_live()).map(Call::held).collect()))
    }

    async fn held_calls_and_opened(&self, since: Time) -> Result<Vec<HeldCall>, StoreError> {
        let first = CallId::first_at(since);
        self.with(|held| {
            let calls = held.calls.values().filter(|call| call.is_live() || call.record.id >= first);
            Ok(calls.map(Call::held).collect())
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
