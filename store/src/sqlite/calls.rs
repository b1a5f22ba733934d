//! Calls and journals in SQLite.

use super::{SqliteStore, history, journal, lines::Lines, row, statistics, tail::JOURNAL_OF_CALL};
use crate::{
    CallFilter, CallPlace, CallStatistics, CallStore, CallSummary, Commit, Customer, Grouping, JOURNAL_PAGE,
    LiveCall, Opened, Opening, Page, Paging, Receipt, RecordedCall, StatisticsFilter, StoreError,
};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use tsunagu_call::{CallId, CallRecord, CompanyId, Entry, Time};

#[async_trait]
impl CallStore for SqliteStore {
    async fn open_call(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.write(journal::opening(opening)?).await
    }

    fn commit(&self, commit: Commit) -> Receipt<()> {
        match journal::commit(commit) {
            Ok(work) => self.write(work),
            Err(error) => Receipt::ready(Err(error)),
        }
    }

    async fn journal(&self, call: CallId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let limit = limit.min(JOURNAL_PAGE);
        self.read(move |connection| {
            let mut number = connection.prepare_cached("SELECT number FROM calls WHERE id = ?1")?;
            let number: Option<i64> = number.query_row([call.bytes()], |found| found.get(0)).optional()?;
            let mut entries = Vec::new();
            let Some(number) = number else { return Ok(entries) };
            let mut find = connection.prepare_cached(JOURNAL_OF_CALL)?;
            let mut rows = find.query([number, row::signed(from)])?;
            while entries.len() < limit
                && let Some(found) = rows.next()?
            {
                let text = found.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                Lines::read(row::unsigned(found.get(0)?), text, from, &mut entries)?;
            }
            entries.truncate(limit);
            Ok(entries)
        })
        .await
    }

    async fn call(&self, company: CompanyId, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        Ok(self.find_call(call).await?.filter(|record| record.company_id == company))
    }

    async fn find_call(&self, call: CallId) -> Result<Option<CallRecord>, StoreError> {
        self.read(move |connection| {
            row::find("call", connection, "SELECT body FROM calls WHERE id = ?1", [call.bytes()])
        })
        .await
    }

    async fn live_calls(&self) -> Result<Vec<LiveCall>, StoreError> {
        self.read(|connection| {
            let mut find = connection.prepare_cached(
                "SELECT company, id FROM calls WHERE over = 0 \
                 UNION ALL SELECT company, id FROM calls WHERE over = 1 AND unsettled = 1 ORDER BY 2",
            )?;
            let live = find.query_map([], |found| {
                Ok(LiveCall { company: row::id(found, 0)?, call: row::id(found, 1)? })
            })?;
            Ok(live.collect::<rusqlite::Result<Vec<_>>>()?)
        })
        .await
    }

    async fn recorded_calls(
        &self,
        company: CompanyId,
        before: Time,
        after: Option<RecordedCall>,
        limit: u32,
    ) -> Result<Vec<RecordedCall>, StoreError> {
        self.read(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT started, id FROM calls WHERE company = ?1 AND over = 1 AND recorded = 1 AND started < ?2 \
                 AND (started, id) > (?3, ?4) ORDER BY started, id LIMIT ?5",
            )?;
            // Everything lies behind the beginning of time.
            let (started, id) = after.map_or((i64::MIN, Vec::new()), |after| {
                (after.started.millis(), after.call.bytes().to_vec())
            });
            let values = params![company.bytes(), before.millis(), started, id, limit];
            let found = find.query_map(values, |found| {
                Ok(RecordedCall { started: row::time(found, 0)?, call: row::id(found, 1)? })
            })?;
            Ok(found.collect::<rusqlite::Result<Vec<_>>>()?)
        })
        .await
    }

    async fn calls(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Page<CallRecord>, StoreError> {
        let filter = filter.clone();
        self.read(move |connection| history::page(connection, company, &filter, paging)).await
    }

    async fn calls_after(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<(CallSummary, Option<Customer>)>, StoreError> {
        let filter = filter.clone();
        self.read(move |connection| history::after(connection, company, &filter, after, limit)).await
    }

    async fn call_statistics(
        &self,
        company: CompanyId,
        filter: StatisticsFilter,
        grouping: Grouping,
    ) -> Result<CallStatistics, StoreError> {
        self.read(move |connection| statistics::gather(connection, company, filter, &grouping)).await
    }
}
