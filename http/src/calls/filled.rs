//! Calls with their people filled in: `customerId` and `assignedAgent` as objects instead of ids.

use super::find;
use crate::{App, auth::SignedIn, error::ApiError};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use std::collections::HashMap;
use tsunagu_call::{
    AiConfiguration, CallId, CallRecord, CompanyId, CustomerId, CustomerRef, Participant, Status, Time,
    TranscriptLine, UserId,
};
use tsunagu_conversation::Outcome;
use tsunagu_store::Customer;

/// How many people are looked up at once.
const LOOKUPS: usize = 16;

/// The people of some calls, each looked up once.
pub(super) struct People {
    customers: HashMap<CustomerId, CustomerView>,
    agents: HashMap<UserId, AgentView>,
}

/// A customer. One who has been removed is known from the call alone.
#[derive(Serialize)]
#[serde(untagged)]
enum CustomerView {
    Known(Box<Customer>),
    Remembered(CustomerRef),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentView {
    #[serde(rename = "_id")]
    id: UserId,
    first_name: String,
    last_name: String,
    email: Option<String>,
}

impl People {
    /// Those of the records, all of which are of the company of whoever asks.
    pub(super) async fn of(app: &App, who: &SignedIn, records: &[CallRecord]) -> Result<Self, ApiError> {
        let company = who.company_id;
        let customers: HashMap<CustomerId, &CallRecord> =
            records.iter().map(|record| (record.customer_id, record)).collect();
        let agents: HashMap<UserId, ()> =
            records.iter().filter_map(|record| record.assigned_agent).map(|agent| (agent, ())).collect();
        // Futures that borrow through a closure would not be `Send` enough for a stream: they are made beforehand.
        let customers: Vec<_> = customers
            .into_iter()
            .map(|(id, record)| customer(app, company, id, record.id, &record.phone_number))
            .collect();
        let agents: Vec<_> = agents.into_keys().map(|id| agent(app, company, id)).collect();
        Ok(Self {
            customers: stream::iter(customers).buffer_unordered(LOOKUPS).try_collect().await?,
            agents: stream::iter(agents).buffer_unordered(LOOKUPS).try_collect().await?,
        })
    }
}

async fn customer(
    app: &App,
    company: CompanyId,
    id: CustomerId,
    call: CallId,
    phone: &str,
) -> Result<(CustomerId, CustomerView), ApiError> {
    let view = match app.board.ports().store.customer(company, id).await? {
        Some(customer) => CustomerView::Known(Box::new(customer)),
        None => CustomerView::Remembered(match find::creation(app, call).await? {
            Some(created) => created.customer,
            None => CustomerRef { id, name: String::new(), company: None, phone: phone.to_owned() },
        }),
    };
    Ok((id, view))
}

async fn agent(app: &App, company: CompanyId, id: UserId) -> Result<(UserId, AgentView), ApiError> {
    let view = match app.board.ports().store.user(company, id).await? {
        Some(user) => {
            AgentView { id, first_name: user.first_name, last_name: user.last_name, email: Some(user.email) }
        }
        None => AgentView { id, first_name: String::new(), last_name: String::new(), email: None },
    };
    Ok((id, view))
}

/// A call as it is shown: all keys of [`CallRecord`], with its people.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilledCall<'a> {
    #[serde(rename = "_id")]
    id: CallId,
    company_id: CompanyId,
    customer_id: Option<&'a CustomerView>,
    phone_number: &'a str,
    twilio_call_sid: Option<&'a str>,
    conference_sid: Option<&'a str>,
    status: Status,
    start_time: Time,
    answered_time: Option<Time>,
    end_time: Option<Time>,
    duration: u32,
    assigned_agent: Option<&'a AgentView>,
    transcript: &'a [TranscriptLine],
    participants: &'a [Participant],
    handoff_time: Option<Time>,
    handoff_reason: Option<&'a str>,
    call_result: Option<&'a str>,
    outcome: Option<Outcome>,
    end_reason: Option<&'a str>,
    notes: Option<&'a str>,
    recording_url: Option<&'a str>,
    recording_sid: Option<&'a str>,
    ai_configuration: &'a AiConfiguration,
    answered_by: Option<&'a str>,
}

impl<'a> FilledCall<'a> {
    pub(super) fn new(record: &'a CallRecord, people: &'a People) -> Self {
        Self {
            id: record.id,
            company_id: record.company_id,
            customer_id: people.customers.get(&record.customer_id),
            phone_number: &record.phone_number,
            twilio_call_sid: record.twilio_call_sid.as_deref(),
            conference_sid: record.conference_sid.as_deref(),
            status: record.status,
            start_time: record.start_time,
            answered_time: record.answered_time,
            end_time: record.end_time,
            duration: record.duration,
            assigned_agent: record.assigned_agent.and_then(|agent| people.agents.get(&agent)),
            transcript: &record.transcript,
            participants: &record.participants,
            handoff_time: record.handoff_time,
            handoff_reason: record.handoff_reason.as_deref(),
            call_result: record.call_result.as_deref(),
            outcome: record.outcome,
            end_reason: record.end_reason.as_deref(),
            notes: record.notes.as_deref(),
            recording_url: record.recording_url.as_deref(),
            recording_sid: record.recording_sid.as_deref(),
            ai_configuration: &record.ai_configuration,
            answered_by: record.answered_by.as_deref(),
        }
    }
}
