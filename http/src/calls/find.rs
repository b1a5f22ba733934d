//! Finding a company's call, live or over, and who may steer it.

use crate::{App, auth::SignedIn, error::ApiError};
use tsunagu_actors::CallError;
use tsunagu_call::{CallId, CallRecord, Created, Entry, Event};
use tsunagu_store::{FIRST_SEQ, JOURNAL_PAGE, UserRole};

/// A company's call, whole.
pub(crate) async fn whole(app: &App, who: &SignedIn, call: CallId) -> Result<CallRecord, ApiError> {
    let record = head(app, who, call).await?;
    if record.status.is_over() || !record.transcript.is_empty() {
        return Ok(record);
    }
    // Stored without its transcript because it lives, but not in this process.
    let journal = journal(app, call, FIRST_SEQ, usize::MAX).await?;
    // An older server left it, which kept no journals: what is stored is all that there is.
    if journal.is_empty() {
        return Ok(record);
    }
    Ok(CallRecord::rebuild(call, &journal)?)
}

/// A company's call; one that lives elsewhere is without its transcript.
pub(crate) async fn head(app: &App, who: &SignedIn, call: CallId) -> Result<CallRecord, ApiError> {
    let record = match app.board.show(call).await {
        Ok(record) => Some(record),
        // Not here, or gone in this moment: the store knows.
        Err(CallError::NotFound | CallError::Stale) => {
            app.board.ports().store.call(who.company_id, call).await?
        }
        Err(error) => return Err(error.into()),
    };
    record.filter(|record| record.company_id == who.company_id).ok_or(ApiError::NotFound("call"))
}

/// A company's call that they may steer: a supervisor any, an agent those that they started, that are theirs, or that
/// they have the customer of.
pub(crate) async fn steerable(app: &App, who: &SignedIn, call: CallId) -> Result<CallRecord, ApiError> {
    let record = head(app, who, call).await?;
    if who.is_at_least(UserRole::Supervisor) || record.assigned_agent == Some(who.user_id) {
        return Ok(record);
    }
    let theirs = creation(app, call)
        .await?
        .is_some_and(|created| created.started_by == Some(who.user_id) || created.agent == Some(who.user_id));
    if theirs { Ok(record) } else { Err(ApiError::Forbidden) }
}

/// A company's call that they are on: whoever has the customer, or a supervisor.
pub(crate) async fn on_the_line(app: &App, who: &SignedIn, call: CallId) -> Result<CallRecord, ApiError> {
    let record = head(app, who, call).await?;
    let on_it = who.is_at_least(UserRole::Supervisor) || record.assigned_agent == Some(who.user_id);
    if on_it { Ok(record) } else { Err(ApiError::Forbidden) }
}

/// With what a call was created.
pub(crate) async fn creation(app: &App, call: CallId) -> Result<Option<Created>, ApiError> {
    let first = app.board.ports().store.journal(call, FIRST_SEQ, 1).await?;
    Ok(first.into_iter().next().and_then(|entry| match entry.event {
        Event::Created(created) => Some(*created),
        _ => None,
    }))
}

/// The journal of a call from an entry on, of at most so many entries.
pub(crate) async fn journal(app: &App, call: CallId, from: u64, most: usize) -> Result<Vec<Entry>, ApiError> {
    let store = &app.board.ports().store;
    let mut entries: Vec<Entry> = Vec::new();
    while entries.len() < most {
        let wanted = (most - entries.len()).min(JOURNAL_PAGE);
        let page = store.journal(call, from + entries.len() as u64, wanted).await?;
        let last = page.len() < wanted;
        entries.extend(page);
        if last {
            break;
        }
    }
    Ok(entries)
}
