//! Callbacks as they are shown: the customer, the call that promised them and the one who will ring as objects instead
//! of ids.

use crate::{
    App,
    auth::SignedIn,
    error::ApiError,
    people::{AgentView, Called, CustomerView, People},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use std::collections::HashMap;
use tsunagu_call::{CallId, CallRecord, CallbackId, CompanyId, Status, Time};
use tsunagu_conversation::Outcome;
use tsunagu_store::{Callback, CallbackStatus};

/// How many calls are looked up at once.
const LOOKUPS: usize = 16;

/// What stands behind some callbacks, each looked up once.
pub(super) struct Backdrop {
    calls: HashMap<CallId, CallRecord>,
    people: People,
}

impl Backdrop {
    /// That of these callbacks, all of which are of the company of whoever asks.
    pub(super) async fn of(app: &App, who: &SignedIn, callbacks: &[Callback]) -> Result<Self, ApiError> {
        let lookups: Vec<_> =
            callbacks.iter().map(|callback| call(app, who.company_id, callback.call_id)).collect();
        let found: Vec<Option<CallRecord>> =
            stream::iter(lookups).buffer_unordered(LOOKUPS).try_collect().await?;
        let calls: HashMap<_, _> = found.into_iter().flatten().map(|record| (record.id, record)).collect();
        let called = callbacks.iter().map(|callback| Called {
            customer: callback.customer_id,
            call: callback.call_id,
            phone: calls.get(&callback.call_id).map_or("", |record| &record.phone_number),
        });
        let agents = callbacks.iter().filter_map(|callback| callback.assigned_to);
        let people = People::find(app, who.company_id, called, agents).await?;
        Ok(Self { calls, people })
    }
}

async fn call(app: &App, company: CompanyId, call: CallId) -> Result<Option<CallRecord>, ApiError> {
    Ok(app.board.ports().store.call(company, call).await?)
}

/// A callback as it is shown.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilledCallback<'a> {
    #[serde(rename = "_id")]
    id: CallbackId,
    company_id: CompanyId,
    customer_id: Option<&'a CustomerView>,
    call_id: Option<PromisingCall<'a>>,
    words: Option<&'a str>,
    /// When it should be seen to; always a time, and the order of the list.
    wanted_at: Time,
    /// The time that was named, where one was and it could be understood.
    due_at: Option<Time>,
    status: CallbackStatus,
    assigned_to: Option<&'a AgentView>,
    notes: Option<&'a str>,
    created_at: Time,
}

/// The call that promised it, as far as whoever rings wants to know; all of it is at `/api/calls/{_id}`.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct PromisingCall<'a> {
    #[serde(rename = "_id")]
    id: CallId,
    phone_number: &'a str,
    status: Status,
    start_time: Time,
    end_time: Option<Time>,
    duration: u32,
    handoff_reason: Option<&'a str>,
    call_result: Option<&'a str>,
    outcome: Option<Outcome>,
    end_reason: Option<&'a str>,
    notes: Option<&'a str>,
}

impl<'a> FilledCallback<'a> {
    pub(super) fn new(callback: &'a Callback, backdrop: &'a Backdrop) -> Self {
        Self {
            id: callback.id,
            company_id: callback.company_id,
            customer_id: backdrop.people.customer(callback.customer_id),
            call_id: backdrop.calls.get(&callback.call_id).map(PromisingCall::new),
            words: callback.words.as_deref(),
            wanted_at: callback.wanted_at(),
            due_at: callback.due_at,
            status: callback.status,
            assigned_to: callback.assigned_to.and_then(|agent| backdrop.people.agent(agent)),
            notes: callback.notes.as_deref(),
            created_at: callback.created_at,
        }
    }
}

impl<'a> PromisingCall<'a> {
    fn new(record: &'a CallRecord) -> Self {
        Self {
            id: record.id,
            phone_number: &record.phone_number,
            status: record.status,
            start_time: record.start_time,
            end_time: record.end_time,
            duration: record.duration,
            handoff_reason: record.handoff_reason.as_deref(),
            call_result: record.call_result.as_deref(),
            outcome: record.outcome,
            end_reason: record.end_reason.as_deref(),
            notes: record.notes.as_deref(),
        }
    }
}
