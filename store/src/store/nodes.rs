//! What nodes that share a store tell each other through it.

use crate::{Claim, Doing, HeldCall, Hold, LiveJournal, Sign, SignIn, StoreError};
use async_trait::async_trait;
use std::collections::BTreeSet;
use tsunagu_call::{CallId, CommandId, CompanyId, DeliveryId, NodeId, Time};

/// A store that several nodes share. Every opening and every commit says which node made it ([`Hold::wrote`]).
#[async_trait]
pub trait SharedStore: Send + Sync {
    /// The node that uses this handle.
    fn node(&self) -> NodeId;

    /// What tells the nodes of this store from those of others beside it: the name of its database.
    fn name(&self) -> &str;

    /// This node lives; gives what all nodes told last, itself included.
    async fn tell_sign(&self, sign: Sign) -> Result<Vec<Sign>, StoreError>;

    /// What all nodes told last.
    async fn signs(&self) -> Result<Vec<Sign>, StoreError>;

    /// This node goes: its sign says so until it is forgotten.
    async fn say_goodbye(&self) -> Result<(), StoreError>;

    /// A node is not there any more, and holds nothing. Of several who forget it one is told that it was there.
    async fn forget_node(&self, node: NodeId) -> Result<bool, StoreError>;

    /// All calls in which something is still to be done ([`crate::CallStore::live_calls`]), and in whose hands they are.
    async fn held_calls(&self) -> Result<Vec<HeldCall>, StoreError>;

    /// The same of these companies, and their calls that were opened at this moment or later by their ids, whether anything is still
    /// to be done in them or not.
    async fn held_calls_and_opened(
        &self,
        companies: &[CompanyId],
        since: Time,
    ) -> Result<Vec<HeldCall>, StoreError>;

    /// The calls in which something is still to be done ([`crate::CallStore::live_calls`]), of a company or of all, each with its
    /// journal: at most `limit` of those behind `after`, in the order of their ids. It asks as often for many as for one.
    async fn live_journals(
        &self,
        company: Option<CompanyId>,
        after: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<LiveJournal>, StoreError>;

    /// What the agents of these companies are doing, those who were never here and changed nothing left out; in no order.
    async fn doings(&self, companies: &[CompanyId]) -> Result<Vec<Doing>, StoreError>;

    /// Those of these sign-ins that are good no more; see [`SignIn::is_good`].
    async fn ended_sign_ins(&self, sign_ins: &[SignIn]) -> Result<Vec<SignIn>, StoreError>;

    /// How far the journal of a call is, and in whose hands the call is; `None` for a call that was never opened.
    async fn held_call(&self, call: CallId) -> Result<Option<HeldCall>, StoreError>;

    /// Takes over what another node held of a call ([`Hold::pass`]), and gives who holds what since then; `None` when that node
    /// holds nothing of it any more: somebody else was first.
    async fn take_over(&self, call: CallId, from: NodeId) -> Result<Option<Hold>, StoreError>;

    /// Makes a call this node's that nobody owns, as one of a server that shared with nobody, with all that it wants done, as its
    /// journal tells before the place `next`. `false` when somebody owns it, or the journal has gone on.
    async fn adopt_call(
        &self,
        call: CallId,
        next: u64,
        wanted: &BTreeSet<CommandId>,
    ) -> Result<bool, StoreError>;

    /// Claims a delivery that is due for an attempt: it is due again at `until`, unless it is noted before that how the attempt came
    /// out. `false` when it is not due any more: of several who claim it one may post it. Should that one be gone, it is posted by
    /// whoever claims it then.
    async fn claim_delivery(&self, delivery: DeliveryId, now: Time, until: Time) -> Result<bool, StoreError>;

    /// Claims that this node rings for campaigns, for all of them and no other node does, from `now` until then; see [`Claim::of`].
    /// Whoever rings claims it again before that. After an error it is not known whether it was claimed.
    async fn claim_ringing(&self, now: Time, until: Time) -> Result<Claim, StoreError>;

    /// This node, if it was the one that rang for campaigns, leaves that to others at once.
    async fn leave_ringing(&self) -> Result<(), StoreError>;
}
