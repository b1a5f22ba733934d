//! Calls, their journals, and the callbacks promised on them.

use crate::{
    CallFilter, CallPlace, CallStatistics, CallSummary, Callback, CallbackChange, CallbackFilter, Commit,
    Customer, Grouping, LiveCall, Opened, Opening, Page, Paging, Receipt, RecordedCall, StatisticsFilter,
    StoreError,
};
use async_trait::async_trait;
use tsunagu_call::{CallId, CallRecord, CallbackId, CompanyId, Entry, Time};

/// Calls and their journals.
#[async_trait]
pub trait CallStore {
    /// Opens a call: its projection and its first entries, in one step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such customer, [`StoreError::CustomerMarked`] when they may not be
    /// rung; [`StoreError::CustomerBusy`] when the customer is in a call that is not over; [`StoreError::Conflict`] when the
    /// call exists already or the entries are not counted from [`crate::FIRST_SEQ`]; [`StoreError::Invalid`]. A key
    /// that the company used within the last [`crate::IDEMPOTENCY_SECS`] comes before all of them and is no error.
    async fn open_call(&self, opening: Opening) -> Result<Opened, StoreError>;

    /// Adds entries to a call's journal and replaces its projection where one is given, both or neither.
    ///
    /// The order is fixed by calling: this takes its place in the queue before it returns, without being polled. So
    /// a caller may hand in the next commit before the last one is answered; both are applied in the order of the
    /// calls, and when one fails those that build on it fail with a conflict, as long as nobody else writes on the call:
    /// another writer may have filled the places of the one that failed. Where several nodes share the store, the next commit
    /// is handed in when the last one is answered. What is answered `Ok` is durable. Dropping the receipt takes nothing back.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the entries are not exactly the next ones; [`StoreError::NotFound`] for a call
    /// that was never opened; [`StoreError::CustomerBusy`] when the projection would bring a call that was over back
    /// to life beside another one; [`StoreError::Invalid`]; [`StoreError::Full`]. In all of these nothing was written.
    fn commit(&self, commit: Commit) -> Receipt<()>;

    /// The entries of a call from `from` on, at most `limit` of them and never more than [`crate::JOURNAL_PAGE`]; none
    /// for a call that was never opened.
    async fn journal(&self, call: CallId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// A company's call.
    async fn call(&self, company: CompanyId, call: CallId) -> Result<Option<CallRecord>, StoreError>;

    /// A call, for the machine.
    async fn find_call(&self, call: CallId) -> Result<Option<CallRecord>, StoreError>;

    /// All calls that a machine which starts must take up, in the order of their ids: those that are not over, and
    /// those that are over and unsettled ([`CallRecord::unsettled`]).
    async fn live_calls(&self) -> Result<Vec<LiveCall>, StoreError>;

    /// A company's calls that are over, began before `before` and have a recording at the carrier, in the order of their
    /// beginning: at most `limit` of those behind `after`.
    async fn recorded_calls(
        &self,
        company: CompanyId,
        before: Time,
        after: Option<RecordedCall>,
        limit: u32,
    ) -> Result<Vec<RecordedCall>, StoreError>;

    /// A company's calls, started last first.
    async fn calls(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Page<CallRecord>, StoreError>;

    /// A company's calls, started last first: at most `limit` of those behind `after`, each with its customer unless they
    /// have been removed. What is changed or begun between two askings neither hides a call nor shows one twice.
    async fn calls_after(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<(CallSummary, Option<Customer>)>, StoreError>;

    /// How many calls a company has begun since then. Asked again and again while somebody looks, so it must be cheap.
    async fn calls_begun(&self, company: CompanyId, since: Time) -> Result<u64, StoreError> {
        let filter = StatisticsFilter { agent: None, from: Some(since), to: None };
        let begun = self.call_statistics(company, filter, Grouping::Nothing).await?.all.calls;
        Ok(begun.try_into().unwrap_or_default())
    }

    /// The figures of a company's calls.
    async fn call_statistics(
        &self,
        company: CompanyId,
        filter: StatisticsFilter,
        grouping: Grouping,
    ) -> Result<CallStatistics, StoreError>;
}

/// Promises to ring back.
#[async_trait]
pub trait CallbackStore {
    /// Keeps a promise. A call makes one at most: the first is kept and given back, however often it is repeated.
    async fn keep_callback(&self, callback: Callback) -> Result<Callback, StoreError>;

    /// A company's callback.
    async fn callback(&self, company: CompanyId, id: CallbackId) -> Result<Option<Callback>, StoreError>;

    /// A company's callbacks, due first first.
    async fn callbacks(
        &self,
        company: CompanyId,
        filter: &CallbackFilter,
        paging: Paging,
    ) -> Result<Page<Callback>, StoreError>;

    /// Changes a callback, and gives it back as it is then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Changed`] when it does not stand as the change expects.
    async fn change_callback(
        &self,
        company: CompanyId,
        id: CallbackId,
        change: CallbackChange,
    ) -> Result<Callback, StoreError>;
}
