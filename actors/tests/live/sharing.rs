//! What nodes share, with faults: what is taken over takes its time, or is taken over without an answer.

use crate::faulty_store::{FaultyStore, one_of, unavailable};
use async_trait::async_trait;
use std::{collections::BTreeSet, sync::Mutex, time::Duration};
use tsunagu_call::{CallId, CommandId, CompanyId, DeliveryId, NodeId, Time};
use tsunagu_store::*;

#[derive(Default)]
pub struct TakeOvers {
    each: Mutex<Duration>,
    answers_to_lose: Mutex<u32>,
}

impl TakeOvers {
    /// From now on each call takes so long.
    pub fn take_long(&self, each: Duration) {
        *self.each.lock().unwrap() = each;
    }

    /// The next calls are passed on, and whoever asked is not told.
    pub fn lose_answers(&self, count: u32) {
        *self.answers_to_lose.lock().unwrap() = count;
    }
}

#[async_trait]
impl SharedStore for FaultyStore {
    fn node(&self) -> NodeId {
        self.memory.node()
    }

    fn name(&self) -> &str {
        self.memory.name()
    }

    async fn tell_sign(&self, sign: Sign) -> Result<Vec<Sign>, StoreError> {
        self.memory.tell_sign(sign).await
    }

    async fn signs(&self) -> Result<Vec<Sign>, StoreError> {
        self.memory.signs().await
    }

    async fn say_goodbye(&self) -> Result<(), StoreError> {
        self.memory.say_goodbye().await
    }

    async fn forget_node(&self, node: NodeId) -> Result<bool, StoreError> {
        self.memory.forget_node(node).await
    }

    async fn held_calls(&self) -> Result<Vec<HeldCall>, StoreError> {
        self.memory.held_calls().await
    }

    async fn held_calls_and_opened(
        &self,
        companies: &[CompanyId],
        since: Time,
    ) -> Result<Vec<HeldCall>, StoreError> {
        self.memory.held_calls_and_opened(companies, since).await
    }

    async fn live_journals(
        &self,
        company: Option<CompanyId>,
        after: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<LiveJournal>, StoreError> {
        self.memory.live_journals(company, after, limit).await
    }

    async fn doings(&self, companies: &[CompanyId]) -> Result<Vec<Doing>, StoreError> {
        self.memory.doings(companies).await
    }

    async fn ended_sign_ins(&self, sign_ins: &[SignIn]) -> Result<Vec<SignIn>, StoreError> {
        self.memory.ended_sign_ins(sign_ins).await
    }

    async fn held_call(&self, call: CallId) -> Result<Option<HeldCall>, StoreError> {
        self.memory.held_call(call).await
    }

    async fn take_over(&self, call: CallId, from: NodeId) -> Result<Option<Hold>, StoreError> {
        let each = *self.take_overs.each.lock().unwrap();
        if !each.is_zero() {
            tokio::time::sleep(each).await;
        }
        let passed = self.memory.take_over(call, from).await;
        if one_of(&mut self.take_overs.answers_to_lose.lock().unwrap()) { Err(unavailable()) } else { passed }
    }

    async fn adopt_call(
        &self,
        call: CallId,
        next: u64,
        wanted: &BTreeSet<CommandId>,
    ) -> Result<bool, StoreError> {
        self.memory.adopt_call(call, next, wanted).await
    }

    async fn claim_delivery(&self, delivery: DeliveryId, now: Time, until: Time) -> Result<bool, StoreError> {
        self.memory.claim_delivery(delivery, now, until).await
    }

    async fn claim_ringing(&self, now: Time, until: Time) -> Result<Claim, StoreError> {
        self.memory.claim_ringing(now, until).await
    }

    async fn leave_ringing(&self) -> Result<(), StoreError> {
        self.memory.leave_ringing().await
    }
}
