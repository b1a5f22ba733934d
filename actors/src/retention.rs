//! Retention: recordings are deleted when the time is over for which their company keeps them.
//!
//! A task looks every hour for calls whose recording is too old, company by company and page by page, and tells each call.
//! The call journals that its recording is to be deleted before the carrier is told, so that a crash in between is made
//! up for when the call is next taken up; what the carrier could not delete is found again by the next look. Nothing is
//! remembered from one look to the next.

use crate::{CallError, Switchboard, nodes::reborn};
use std::time::Duration;
use tsunagu_call::Input;
use tsunagu_store::{Company, RecordedCall, StoreError};

/// How long after the start the first look is, so that live calls are taken up first; and how long there is from one look
/// to the next, in call time.
const FIRST_LOOK: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_secs(3600);
/// How many recordings are deleted at once, and the pause before the next ones.
const AT_ONCE: u32 = 50;
const BETWEEN_PAGES: Duration = Duration::from_secs(1);
/// How many companies are read at once.
const COMPANIES: u32 = 100;
const DAY_MILLIS: i64 = 86_400_000;

/// Keeps to every company's retention for as long as it is run.
pub async fn keep_retention(board: Switchboard) {
    reborn("retention", || keep_deleting(board.clone())).await;
}

async fn keep_deleting(board: Switchboard) {
    let clock = board.ports().clock;
    tokio::time::sleep(clock.real_span(FIRST_LOOK)).await;
    loop {
        match delete_overdue(&board).await {
            Ok(0) => {}
            Ok(asked) => tracing::info!(asked, "recordings are deleted whose time is over"),
            Err(error) => tracing::warn!(%error, "recordings whose time is over could not all be looked for"),
        }
        tokio::time::sleep(clock.real_span(BETWEEN_LOOKS)).await;
    }
}

/// Tells all calls whose recording is overdue; gives how many were told.
async fn delete_overdue(board: &Switchboard) -> Result<u64, StoreError> {
    let store = &board.ports().store;
    let (mut last, mut told) = (None, 0);
    loop {
        let companies = store.companies(last, COMPANIES).await?;
        for company in &companies {
            told += delete_of(board, company).await?;
        }
        last = match companies.last() {
            Some(company) => Some(company.id),
            None => return Ok(told),
        };
    }
}

async fn delete_of(board: &Switchboard, company: &Company) -> Result<u64, StoreError> {
    let Some(days) = company.settings.recording_retention_days else { return Ok(0) };
    let (store, clock) = (&board.ports().store, board.ports().clock);
    let before = clock.now().plus_millis(-i64::from(days) * DAY_MILLIS);
    let (mut last, mut told): (Option<RecordedCall>, u64) = (None, 0);
    loop {
        let overdue = store.recorded_calls(company.id, before, last, AT_ONCE).await?;
        for recorded in &overdue {
            match board.tell(recorded.call, Input::DeleteRecording).await {
                Ok(_) => told += 1,
                Err(CallError::NotFound) => {}
                Err(error) => tracing::warn!(callId = %recorded.call, %error, "a call could not be told"),
            }
        }
        match overdue.last() {
            Some(recorded) => last = Some(*recorded),
            None => return Ok(told),
        }
        tokio::time::sleep(clock.real_span(BETWEEN_PAGES)).await;
    }
}
