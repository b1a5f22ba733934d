//! The store in memory with faults: what a test holds back is written later, what it lets fail is not written, and an
//! answer that it lets get lost is one to something that was.

use crate::sharing::TakeOvers;
use async_trait::async_trait;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};
use tokio::sync::Notify;
use tsunagu_call::{
    CallId, CallRecord, CallbackId, CampaignId, CompanyId, CustomerId, DeliveryId, DocumentId, Entry, Time,
    UserId, WebhookId,
    campaign::{AttemptResult, CampaignEntry, CampaignState, EntryState},
};
use tsunagu_store::*;

#[derive(Default)]
pub struct FaultyStore {
    pub memory: MemoryStore,
    pub take_overs: TakeOvers,
    wishes: Mutex<Wishes>,
    released: Notify,
}

#[derive(Default)]
struct Wishes {
    holding: bool,
    holding_openings: bool,
    held: VecDeque<(Commit, Reply<()>)>,
    commits_to_fail: u32,
    commit_answers_to_lose: u32,
    reservation_answers_to_lose: u32,
    looks_to_fail: u32,
    callbacks_to_fail: u32,
    lists_to_fail: u32,
    profiles_to_fail: u32,
    comings_to_fail: u32,
    to_die_at: Vec<&'static str>,
    to_fail_at: Vec<&'static str>,
    journals_to_fail: u32,
    journals_are_spoilt: bool,
    /// From which places on journals were read.
    read_from: Vec<u64>,
}

pub fn unavailable() -> StoreError {
    StoreError::Unavailable { reason: "the test wished it", source: None }
}

/// Counts one down; says whether there was one.
pub fn one_of(count: &mut u32) -> bool {
    let some = *count > 0;
    *count = count.saturating_sub(1);
    some
}

impl FaultyStore {
    /// Over this one.
    pub fn of(memory: MemoryStore) -> Self {
        Self { memory, ..Self::default() }
    }

    /// From now on whatever is handed in waits.
    pub fn hold(&self) {
        let mut wishes = self.wishes();
        (wishes.holding, wishes.holding_openings) = (true, true);
    }

    /// From now on commits wait; calls still open.
    pub fn hold_commits(&self) {
        self.wishes().holding = true;
    }

    /// What was held is written, in its order; nothing is held any more.
    pub async fn release(&self) {
        let held = {
            let mut wishes = self.wishes();
            (wishes.holding, wishes.holding_openings) = (false, false);
            std::mem::take(&mut wishes.held)
        };
        for (commit, reply) in held {
            reply.send(self.memory.commit(commit).await);
        }
        self.released.notify_waiters();
    }

    /// What was held is lost with the server that handed it in; nothing is held any more.
    pub fn forget_held(&self) {
        let mut wishes = self.wishes();
        (wishes.holding, wishes.holding_openings) = (false, false);
        wishes.held.clear();
    }

    /// The next commits are not written.
    pub fn fail_commits(&self, count: u32) {
        self.wishes().commits_to_fail = count;
    }

    /// The next commits are written, and whoever asked is not told.
    pub fn lose_commit_answers(&self, count: u32) {
        self.wishes().commit_answers_to_lose = count;
    }

    /// The next reservations are made, and whoever asked is not told.
    pub fn lose_reservation_answers(&self, count: u32) {
        self.wishes().reservation_answers_to_lose = count;
    }

    /// The next looks at a company's candidates fail.
    pub fn fail_looks(&self, count: u32) {
        self.wishes().looks_to_fail = count;
    }

    /// The next callbacks are not kept.
    pub fn fail_callbacks(&self, count: u32) {
        self.wishes().callbacks_to_fail = count;
    }

    /// The next questions which calls live fail.
    pub fn fail_lists(&self, count: u32) {
        self.wishes().lists_to_fail = count;
    }

    /// The next readings of single agents fail.
    pub fn fail_profiles(&self, count: u32) {
        self.wishes().profiles_to_fail = count;
    }

    /// That somebody came or went is not written the next times.
    pub fn fail_comings(&self, count: u32) {
        self.wishes().comings_to_fail = count;
    }

    /// Whoever asks for this next dies in a panic; it is a part that has no faults of its own, or a journal.
    pub fn die_at(&self, name: &'static str) {
        self.wishes().to_die_at.push(name);
    }

    /// Everybody died who was to.
    pub fn all_died(&self) -> bool {
        self.wishes().to_die_at.is_empty()
    }

    fn die(&self, name: &str) {
        let place = self.wishes().to_die_at.iter().position(|at| *at == name);
        if let Some(place) = place {
            self.wishes().to_die_at.remove(place);
            panic!("{name}: the test wished it");
        }
    }

    /// So often whoever asks for this next is not answered; it is a part that has no faults of its own, or the team.
    pub fn fail_at(&self, name: &'static str, count: usize) {
        self.wishes().to_fail_at.extend(std::iter::repeat_n(name, count));
    }

    fn fail(&self, name: &str) -> Result<(), StoreError> {
        let mut wishes = self.wishes();
        let Some(place) = wishes.to_fail_at.iter().position(|at| *at == name) else { return Ok(()) };
        wishes.to_fail_at.remove(place);
        Err(unavailable())
    }

    /// From now on no journal can be understood, or all can.
    pub fn spoil_journals(&self, spoilt: bool) {
        self.wishes().journals_are_spoilt = spoilt;
    }

    /// The next readings of journals fail.
    pub fn fail_journals(&self, count: u32) {
        self.wishes().journals_to_fail = count;
    }

    /// From which places on journals were read since this was asked.
    pub fn read_from(&self) -> Vec<u64> {
        std::mem::take(&mut self.wishes().read_from)
    }

    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap()
    }
}

/// A part of the store that has no faults of its own.
macro_rules! delegate {
    ($part:ident: $(fn $name:ident($($arg:ident: $ty:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl $part for FaultyStore {
            $(async fn $name(&self, $($arg: $ty),*) -> Result<$answer, StoreError> {
                self.die(stringify!($name));
                self.fail(stringify!($name))?;
                self.memory.$name($($arg),*).await
            })*
        }
    };
}

#[async_trait]
impl CallStore for FaultyStore {
    async fn open_call(&self, opening: Opening) -> Result<Opened, StoreError> {
        while self.wishes().holding_openings {
            self.released.notified().await;
        }
        self.memory.open_call(opening).await
    }

    fn commit(&self, commit: Commit) -> Receipt<()> {
        let mut wishes = self.wishes();
        if one_of(&mut wishes.commits_to_fail) {
            return Receipt::ready(Err(unavailable()));
        }
        if wishes.holding {
            let (reply, receipt) = Receipt::pending();
            wishes.held.push_back((commit, reply));
            return receipt;
        }
        let written = self.memory.commit(commit);
        if one_of(&mut wishes.commit_answers_to_lose) {
            return Receipt::ready(Err(unavailable()));
        }
        written
    }

    async fn journal(&self, call: CallId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.die("journal");
        self.wishes().read_from.push(from);
        if one_of(&mut self.wishes().journals_to_fail) {
            return Err(unavailable());
        }
        if self.wishes().journals_are_spoilt {
            return Err(StoreError::Corrupt { what: "entry", source: None });
        }
        self.memory.journal(call, from, limit).await
    }

    async fn call(&self, company: CompanyId, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        self.memory.call(company, call).await
    }

    async fn find_call(&self, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        self.memory.find_call(call).await
    }

    async fn live_calls(&self) -> Result<Vec<LiveCall>, StoreError> {
        if one_of(&mut self.wishes().lists_to_fail) {
            return Err(unavailable());
        }
        self.memory.live_calls().await
    }

    async fn recorded_calls(
        &self,
        company: CompanyId,
        before: Time,
        after: Option<RecordedCall>,
        limit: u32,
    ) -> Result<Vec<RecordedCall>, StoreError> {
        self.memory.recorded_calls(company, before, after, limit).await
    }

    async fn calls(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Page<CallRecord>, StoreError> {
        self.memory.calls(company, filter, paging).await
    }

    async fn calls_after(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<(CallSummary, Option<Customer>)>, StoreError> {
        self.memory.calls_after(company, filter, after, limit).await
    }

    async fn call_statistics(
        &self,
        company: CompanyId,
        filter: StatisticsFilter,
        grouping: Grouping,
    ) -> Result<CallStatistics, StoreError> {
        self.memory.call_statistics(company, filter, grouping).await
    }
}

#[async_trait]
impl AgentStore for FaultyStore {
    async fn candidates(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        if one_of(&mut self.wishes().looks_to_fail) {
            return Err(unavailable());
        }
        self.memory.candidates(company).await
    }

    async fn team(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        self.fail("team")?;
        self.memory.team(company).await
    }

    async fn agent(&self, company: CompanyId, user: UserId) -> Result<Option<AgentProfile>, StoreError> {
        if one_of(&mut self.wishes().profiles_to_fail) {
            return Err(unavailable());
        }
        self.memory.agent(company, user).await
    }

    async fn put_agent_settings(&self, settings: AgentSettings) -> Result<(), StoreError> {
        self.memory.put_agent_settings(settings).await
    }

    async fn change_agent_settings(
        &self,
        company: CompanyId,
        user: UserId,
        change: AgentSettingsChange,
    ) -> Result<AgentSettings, StoreError> {
        self.memory.change_agent_settings(company, user, change).await
    }

    async fn change_profile(
        &self,
        company: CompanyId,
        user: UserId,
        change: ProfileChange,
    ) -> Result<User, StoreError> {
        self.memory.change_profile(company, user, change).await
    }

    async fn agent_figures(
        &self,
        company: CompanyId,
        agent: UserId,
        from: Option<Time>,
        to: Option<Time>,
    ) -> Result<Vec<ResultFigures>, StoreError> {
        self.memory.agent_figures(company, agent, from, to).await
    }

    async fn set_agent_status(
        &self,
        company: CompanyId,
        user: UserId,
        status: Availability,
        now: Time,
    ) -> Result<AgentStatus, StoreError> {
        self.memory.set_agent_status(company, user, status, now).await
    }

    async fn take_for_gone(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        if one_of(&mut self.wishes().comings_to_fail) {
            return Err(unavailable());
        }
        self.memory.take_for_gone(agent, now).await
    }

    async fn come_back(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        if one_of(&mut self.wishes().comings_to_fail) {
            return Err(unavailable());
        }
        self.memory.come_back(agent, now).await
    }

    async fn reserve_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        let reserved = self.memory.reserve_agent(agent, call, until, now).await;
        if one_of(&mut self.wishes().reservation_answers_to_lose) { Err(unavailable()) } else { reserved }
    }

    async fn claim_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.memory.claim_agent(agent, call, until, now).await
    }

    async fn seat_agent(
        &self,
        agent: UserId,
        call: CallId,
        response_secs: u32,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.memory.seat_agent(agent, call, response_secs, now).await
    }

    async fn free_agent(&self, agent: UserId, call: CallId, freed: Freed) -> Result<bool, StoreError> {
        self.memory.free_agent(agent, call, freed).await
    }

    async fn withdraw_promise(&self, agent: UserId, call: CallId) -> Result<bool, StoreError> {
        self.memory.withdraw_promise(agent, call).await
    }

    async fn release_expired(&self, now: Time) -> Result<Vec<UserId>, StoreError> {
        self.memory.release_expired(now).await
    }
}

#[async_trait]
impl CallbackStore for FaultyStore {
    async fn keep_callback(&self, callback: Callback) -> Result<Callback, StoreError> {
        if one_of(&mut self.wishes().callbacks_to_fail) {
            return Err(unavailable());
        }
        self.memory.keep_callback(callback).await
    }

    async fn callback(&self, company: CompanyId, id: CallbackId) -> Result<Option<Callback>, StoreError> {
        self.memory.callback(company, id).await
    }

    async fn callbacks(
        &self,
        company: CompanyId,
        filter: &CallbackFilter,
        paging: Paging,
    ) -> Result<Page<Callback>, StoreError> {
        self.memory.callbacks(company, filter, paging).await
    }

    async fn change_callback(
        &self,
        company: CompanyId,
        id: CallbackId,
        change: CallbackChange,
    ) -> Result<Callback, StoreError> {
        self.memory.change_callback(company, id, change).await
    }
}

delegate! { CampaignStore:
    fn create_campaign(campaign: Campaign) -> ();
    fn campaign(company: CompanyId, id: CampaignId) -> Option<Campaign>;
    fn campaigns(company: CompanyId, state: Option<CampaignState>, paging: Paging) -> Page<Campaign>;
    fn change_campaign(company: CompanyId, id: CampaignId, change: CampaignChange) -> Campaign;
    fn delete_campaign(company: CompanyId, id: CampaignId) -> bool;
    fn driven_campaigns(limit: u32) -> Vec<Campaign>;
    fn rest_campaign(id: CampaignId) -> bool;
}

delegate! { CampaignListStore:
    fn list_customers(company: CompanyId, id: CampaignId, customers: Vec<CustomerId>, most: u64, now: Time) -> Listed;
    fn count_entries(id: CampaignId) -> Vec<EntryCount>;
    fn campaign_entries(id: CampaignId, state: Option<EntryState>, paging: Paging) -> Page<CampaignEntry>;
    fn prospects(id: CampaignId, after: Option<CustomerId>, limit: u32) -> Vec<Prospect>;
    fn prospect(id: CampaignId, customer: CustomerId) -> Option<Prospect>;
    fn next_due(id: CampaignId) -> Option<Time>;
    fn claim_entry(id: CampaignId, call: CallId, now: Time, lease_until: Time) -> Option<CampaignEntry>;
    fn entries_in_hand(id: CampaignId, limit: u32) -> Vec<CampaignEntry>;
    fn replace_entry(seen: &CampaignEntry, entry: CampaignEntry) -> bool;
    fn give_up_waiting(id: CampaignId, limit: u32) -> u64;
    fn latest_results(id: CampaignId, since: Time, limit: u32) -> Vec<AttemptResult>;
}

delegate! { CompanyStore:
    fn create_company(company: Company) -> ();
    fn found_company(company: Company, first: User) -> ();
    fn company(company: CompanyId) -> Option<Company>;
    fn companies(after: Option<CompanyId>, limit: u32) -> Vec<Company>;
    fn change_company(company: CompanyId, change: CompanyChange) -> Company;
}

delegate! { UserStore:
    fn create_user(user: User) -> ();
    fn user(company: CompanyId, user: UserId) -> Option<User>;
    fn user_by_email(email: &str) -> Option<User>;
    fn find_user(user: UserId) -> Option<User>;
    fn users(company: CompanyId) -> Vec<User>;
    fn update_user(user: User) -> ();
    fn list_users(company: CompanyId, filter: UserFilter, paging: Paging) -> Page<User>;
    fn change_user(company: CompanyId, user: UserId, change: UserChange) -> User;
    fn change_password(user: UserId, known: &str, hash: String) -> User;
}

delegate! { CustomerStore:
    fn create_customer(customer: Customer) -> ();
    fn customer(company: CompanyId, id: CustomerId) -> Option<Customer>;
    fn customer_by_phone(company: CompanyId, phone: &str) -> Option<Customer>;
    fn customers(company: CompanyId, filter: &CustomerFilter, paging: Paging) -> Page<Customer>;
    fn customers_after(
        company: CompanyId, filter: &CustomerFilter, after: Option<CustomerPlace>, limit: u32
    ) -> Vec<Customer>;
    fn enter_customers(company: CompanyId, entries: Vec<CustomerEntry>) -> Vec<Entered>;
    fn change_customer(company: CompanyId, id: CustomerId, change: CustomerChange) -> Customer;
    fn delete_customer(company: CompanyId, id: CustomerId) -> bool;
    fn mark_customer(id: CustomerId, mark: CustomerMark) -> ();
    fn note_called(id: CustomerId, at: Time, result: Option<String>) -> ();
}

delegate! { ImportStore:
    fn begin_import(import: CustomerImport, kept: usize, since: Time) -> ();
    fn note_import(import: CustomerImport) -> ();
    fn customer_import(company: CompanyId, import: DocumentId) -> Option<CustomerImport>;
}

delegate! { TokenStore:
    fn put_refresh_token(token: RefreshToken) -> bool;
    fn spend_refresh_token(hash: &str, key: Option<&str>, now: Time) -> Spending;
    fn revoke_token_family(family: DocumentId) -> ();
    fn revoke_user_tokens(user: UserId) -> ();
    fn put_password_reset(reset: PasswordReset) -> ();
    fn password_reset(hash: &str, now: Time) -> Option<PasswordReset>;
    fn reset_password(hash: &str, password_hash: String, now: Time) -> User;
    fn forget_expired_tokens(now: Time) -> u64;
}

delegate! { InvitationStore:
    fn put_invitation(invitation: Invitation, limit: usize, now: Time) -> ();
    fn invitations(company: CompanyId) -> Vec<Invitation>;
    fn invitation_by_hash(hash: &str, now: Time) -> Option<Invitation>;
    fn revoke_invitation(company: CompanyId, id: DocumentId) -> bool;
    fn accept_invitation(hash: &str, user: User, now: Time) -> ();
}

delegate! { WebhookStore:
    fn create_webhook(webhook: Webhook) -> ();
    fn webhook(company: CompanyId, id: WebhookId) -> Option<Webhook>;
    fn webhooks(company: CompanyId) -> Vec<Webhook>;
    fn change_webhook(company: CompanyId, id: WebhookId, change: WebhookChange) -> Webhook;
    fn rotate_webhook_secret(company: CompanyId, id: WebhookId, secret: SigningSecret, until: Time) -> Webhook;
    fn delete_webhook(company: CompanyId, id: WebhookId) -> bool;
    fn deliveries(company: CompanyId, webhook: WebhookId, state: Option<DeliveryState>, paging: Paging) -> Page<Delivery>;
    fn delivery(company: CompanyId, webhook: WebhookId, id: DeliveryId) -> Option<Delivery>;
    fn replay_deliveries(company: CompanyId, webhook: WebhookId, id: Option<DeliveryId>, now: Time) -> u64;
    fn outbox(limit: u32) -> Vec<Outboxed>;
    fn dispatch(number: u64, deliveries: Vec<Outgoing>) -> u64;
    fn delivery_queues() -> Vec<Queue>;
    fn next_delivery(webhook: WebhookId) -> Option<Time>;
    fn due_deliveries(webhook: WebhookId, now: Time, limit: u32) -> Option<(Webhook, Vec<Outgoing>)>;
    fn note_attempt(attempt: Attempt) -> Option<Webhook>;
}

#[async_trait]
impl Store for FaultyStore {
    async fn check(&self) -> Result<(), StoreError> {
        self.memory.check().await
    }

    async fn census(&self, now: Time) -> Result<Census, StoreError> {
        self.memory.census(now).await
    }

    fn shared(&self) -> Option<&dyn SharedStore> {
        self.memory.shared().map(|_| self as &dyn SharedStore)
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.memory.close().await
    }
}
