//! Calls, journals and callbacks in memory.

use super::{Call, Held, MemoryStore, fits, page};
use crate::{
    CallFilter, CallPlace, CallStatistics, CallStore, CallSummary, Callback, CallbackChange, CallbackFilter,
    CallbackStore, Commit, Customer, FIRST_SEQ, Grouping, Hold, IDEMPOTENCY_SECS, JOURNAL_PAGE, LiveCall,
    Opened, Opening, Page, Paging, Receipt, RecordedCall, Source, StatisticsFilter, StoreError,
    document::{fold, said},
    figures::Counted,
};
use async_trait::async_trait;
use std::cmp::Reverse;
use tsunagu_call::{CallId, CallRecord, CallbackId, CompanyId, CustomerId, Entry, NodeId, Time};

#[async_trait]
impl CallStore for MemoryStore {
    async fn open_call(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.with(|held| held.open(opening, self.node))
    }

    fn commit(&self, commit: Commit) -> Receipt<()> {
        Receipt::ready(self.with(|held| held.commit(commit, self.node)))
    }

    async fn journal(&self, call: CallId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.with(|held| {
            let journal = held.calls.get(&call).map_or(&[][..], |call| &call.journal);
            let asked = journal.iter().filter(|entry| entry.seq >= from);
            Ok(asked.take(limit.min(JOURNAL_PAGE)).cloned().collect())
        })
    }

    async fn call(&self, company: CompanyId, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        Ok(self.find_call(call).await?.filter(|record| record.company_id == company))
    }

    async fn find_call(&self, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        self.with(|held| Ok(held.calls.get(&call).map(|call| call.record.clone())))
    }

    async fn live_calls(&self) -> Result<Vec<LiveCall>, StoreError> {
        self.with(|held| {
            let live = held
                .calls
                .values()
                .map(|call| &call.record)
                .filter(|record| !record.status.is_over() || record.unsettled);
            Ok(live.map(|record| LiveCall { company: record.company_id, call: record.id }).collect())
        })
    }

    async fn recorded_calls(
        &self,
        company: CompanyId,
        before: Time,
        after: Option<RecordedCall>,
        limit: u32,
    ) -> Result<Vec<RecordedCall>, StoreError> {
        self.with(|held| {
            let mut found: Vec<_> = held
                .calls
                .values()
                .map(|call| &call.record)
                .filter(|record| record.company_id == company && record.status.is_over())
                .filter(|record| record.recording_sid.is_some() && record.start_time < before)
                .map(|record| RecordedCall { started: record.start_time, call: record.id })
                .filter(|recorded| after.is_none_or(|after| *recorded > after))
                .collect();
            found.sort_unstable();
            found.truncate(limit as usize);
            Ok(found)
        })
    }

    async fn calls(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Page<CallRecord>, StoreError> {
        self.with(|held| Ok(page(held.history(company, filter), paging)))
    }

    async fn calls_after(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<(CallSummary, Option<Customer>)>, StoreError> {
        self.with(|held| {
            let found = held.history(company, filter);
            let behind = found.into_iter().filter(|record| {
                after.is_none_or(|after| (record.start_time, record.id) < (after.started, after.call))
            });
            let line = |record: &CallRecord| (record.into(), held.customer_of(record).cloned());
            Ok(behind.take(limit as usize).map(line).collect())
        })
    }

    async fn call_statistics(
        &self,
        company: CompanyId,
        filter: StatisticsFilter,
        grouping: Grouping,
    ) -> Result<CallStatistics, StoreError> {
        self.with(|held| {
            let mut statistics = CallStatistics::default();
            let records = held.calls.values().map(|call| &call.record);
            for record in records.filter(|record| record.company_id == company) {
                let counted = Counted::of(record);
                if counted.is_wanted(&filter) {
                    statistics.add(&grouping, &counted);
                }
            }
            Ok(statistics)
        })
    }
}

#[async_trait]
impl CallbackStore for MemoryStore {
    async fn keep_callback(&self, callback: Callback) -> Result<Callback, StoreError> {
        self.with(|held| {
            if let Some(kept) = held.callbacks.values().find(|kept| kept.call_id == callback.call_id) {
                return Ok(kept.clone());
            }
            if held.callbacks.contains_key(&callback.id) {
                return Err(StoreError::Duplicate { what: "callback", field: "_id" });
            }
            held.callbacks.insert(callback.id, callback.clone());
            held.note(callback.company_id, Source::Callback(callback.id));
            Ok(callback)
        })
    }

    async fn callback(&self, company: CompanyId, id: CallbackId) -> Result<Option<Callback>, StoreError> {
        self.with(|held| {
            Ok(held.callbacks.get(&id).filter(|callback| callback.company_id == company).cloned())
        })
    }

    async fn callbacks(
        &self,
        company: CompanyId,
        filter: &CallbackFilter,
        paging: Paging,
    ) -> Result<Page<Callback>, StoreError> {
        self.with(|held| {
            let wanted = |callback: &&Callback| {
                callback.company_id == company
                    && fits(&filter.status, Some(&callback.status))
                    && fits(&filter.assigned_to, Some(&callback.assigned_to))
                    && filter.due_from.is_none_or(|due_from| due_from <= callback.wanted_at())
                    && filter.due_by.is_none_or(|due_by| callback.wanted_at() <= due_by)
            };
            let mut found: Vec<_> = held.callbacks.values().filter(wanted).collect();
            found.sort_by_key(|callback| (callback.wanted_at(), callback.id));
            Ok(page(found, paging))
        })
    }

    async fn change_callback(
        &self,
        company: CompanyId,
        id: CallbackId,
        change: CallbackChange,
    ) -> Result<Callback, StoreError> {
        self.with(|held| {
            let stored = held.callbacks.get_mut(&id).filter(|callback| callback.company_id == company);
            let callback = stored.ok_or(StoreError::NotFound { what: "callback" })?;
            callback.change(change)?;
            Ok(callback.clone())
        })
    }
}

impl Held {
    /// The calls that a filter wants, in the order of the list.
    fn history(&self, company: CompanyId, filter: &CallFilter) -> Vec<&CallRecord> {
        let (needle, phrase) = (filter.needle(), filter.phrase());
        let is_found = |record: &CallRecord| {
            needle.as_ref().is_none_or(|needle| {
                self.customer_of(record).is_some_and(|customer| needle.is_in(&customer.search_text()))
                    || record.notes.as_deref().is_some_and(|notes| needle.is_in(&fold(notes)))
            })
        };
        let is_said = |record: &CallRecord| {
            phrase.as_ref().is_none_or(|phrase| said(record).is_some_and(|said| phrase.is_in(&said)))
        };
        let all = self.calls.values().map(|call| &call.record);
        let mut found: Vec<_> = all
            .filter(|record| {
                record.company_id == company
                    && is_wanted(filter, record)
                    && is_found(record)
                    && is_said(record)
            })
            .collect();
        found.sort_by_key(|record| Reverse((record.start_time, record.id)));
        found
    }

    fn customer_of(&self, record: &CallRecord) -> Option<&Customer> {
        self.customers.get(&record.customer_id).filter(|customer| customer.company_id == record.company_id)
    }

    fn open(&mut self, opening: Opening, node: Option<NodeId>) -> Result<Opened, StoreError> {
        let record = &opening.record;
        let forgotten = record.start_time.plus_millis(-i64::from(IDEMPOTENCY_SECS) * 1000);
        let key = opening.idempotency_key.clone().map(|key| (record.company_id, key));
        let earlier = key.as_ref().and_then(|key| self.keys.get(key));
        if let Some((call, _)) = earlier.filter(|(_, started)| *started > forgotten) {
            return Ok(Opened::Already(*call));
        }
        opening.check()?;
        let customer = self.customer_of(record).ok_or(StoreError::NotFound { what: "customer" })?;
        if let Some(mark) = customer.marked() {
            return Err(StoreError::CustomerMarked { mark });
        }
        self.refuse_if_busy(record.customer_id)?;
        if let Some(call) = self.calls.get(&record.id) {
            return Err(StoreError::Conflict { call: record.id, expected: call.next(), offered: FIRST_SEQ });
        }
        if let Some(key) = key {
            self.keys.insert(key, (record.id, record.start_time));
        }
        self.note_entries(record.company_id, record.id, &opening.entries);
        let record = opening.record;
        let mut hold = Hold::default();
        if let Some(node) = node {
            hold.wrote(node, &opening.entries);
        }
        self.calls.insert(record.id, Call { record, journal: opening.entries, hold });
        Ok(Opened::New)
    }

    fn commit(&mut self, commit: Commit, node: Option<NodeId>) -> Result<(), StoreError> {
        commit.check()?;
        let missing = StoreError::NotFound { what: "call" };
        let call = self.calls.get(&commit.call).ok_or(missing.clone())?;
        if let Some(first) = commit.entries.first()
            && first.seq != call.next()
        {
            return Err(StoreError::Conflict {
                call: commit.call,
                expected: call.next(),
                offered: first.seq,
            });
        }
        if let Some(record) = &commit.record {
            let before = &call.record;
            if (record.company_id, record.customer_id) != (before.company_id, before.customer_id) {
                return Err(StoreError::Invalid { reason: "a call stays with its company and its customer" });
            }
            if before.status.is_over() && !record.status.is_over() {
                self.refuse_if_busy(record.customer_id)?;
            }
        }
        if let Some(record) = &commit.record {
            self.note_entries(record.company_id, record.id, &commit.entries);
        }
        let call = self.calls.get_mut(&commit.call).ok_or(missing)?;
        if let Some(node) = node {
            call.hold.wrote(node, &commit.entries);
        }
        call.journal.extend(commit.entries);
        if let Some(record) = commit.record {
            call.record = *record;
        }
        Ok(())
    }

    fn note_entries(&mut self, company: CompanyId, call: CallId, entries: &[Entry]) {
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            self.note(company, Source::Call { call, first: first.seq, last: last.seq });
        }
    }

    fn refuse_if_busy(&self, customer: CustomerId) -> Result<(), StoreError> {
        let mut records = self.calls.values().map(|call| &call.record);
        match records.find(|record| record.customer_id == customer && !record.status.is_over()) {
            Some(record) => Err(StoreError::CustomerBusy { call: record.id }),
            None => Ok(()),
        }
    }
}

impl Call {
    pub(super) fn next(&self) -> u64 {
        FIRST_SEQ + self.journal.len() as u64
    }
}

fn is_wanted(filter: &CallFilter, record: &CallRecord) -> bool {
    fits(&filter.status, Some(&record.status))
        && fits(&filter.result, record.call_result.as_ref())
        && fits(&filter.agent, record.assigned_agent.as_ref())
        && fits(&filter.customer, Some(&record.customer_id))
        && filter.from.is_none_or(|from| from <= record.start_time)
        && filter.to.is_none_or(|to| record.start_time < to)
}
