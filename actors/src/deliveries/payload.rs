//! What is posted: one JSON object for each event, `{"type", "timestamp", "data"}`, of a few kilobytes at the most.

use super::event::{CallEvent, TEST_EVENT};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tsunagu_call::{CallId, CallRecord, CompanyId, CustomerId, DeliveryId, Status, Time, UserId, WebhookId};
use tsunagu_store::Callback;

/// How much of a text that people or customers said is posted, in characters.
const LONGEST_TEXT: usize = 500;

/// An event as it is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// What the receiver knows it by, the same however often it is posted.
    pub id: String,
    /// Its type.
    pub event: &'static str,
    /// On which call.
    pub call: Option<CallId>,
    /// The body.
    pub payload: Arc<str>,
}

#[derive(Serialize)]
struct Body<T> {
    r#type: &'static str,
    timestamp: Time,
    data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallData<'a> {
    call_id: CallId,
    /// Rises from event to event of a call.
    sequence: u64,
    call: ShownCall<'a>,
    #[serde(flatten)]
    details: &'a Map<String, Value>,
}

/// The call as it was: what has a fixed size of its record.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownCall<'a> {
    #[serde(rename = "_id")]
    id: CallId,
    company_id: CompanyId,
    customer_id: CustomerId,
    phone_number: &'a str,
    twilio_call_sid: Option<&'a str>,
    status: Status,
    start_time: Time,
    answered_time: Option<Time>,
    end_time: Option<Time>,
    duration: u32,
    assigned_agent: Option<UserId>,
    handoff_time: Option<Time>,
    handoff_reason: Option<String>,
    call_result: Option<&'a str>,
    outcome: Option<tsunagu_conversation::Outcome>,
    end_reason: Option<&'a str>,
    answered_by: Option<&'a str>,
    recording_status: Option<&'a str>,
}

/// What happened on a call.
pub(super) fn of_call(event: &CallEvent) -> Message {
    let CallEvent { event, sequence, part, at, record, details } = event;
    let data = CallData { call_id: record.id, sequence: *sequence, call: shown(record), details };
    Message {
        id: format!("{}-{sequence}-{part}", record.id),
        event,
        call: Some(record.id),
        payload: written(&Body { r#type: event, timestamp: *at, data }),
    }
}

/// A promise to ring back.
pub(super) fn of_callback(callback: &Callback) -> Message {
    let event = "callback.created";
    let data = json!({
        "callbackId": callback.id,
        "callId": callback.call_id,
        "companyId": callback.company_id,
        "customerId": callback.customer_id,
        "words": callback.words.as_deref().map(clipped),
        "dueAt": callback.due_at,
        "assignedTo": callback.assigned_to,
    });
    Message {
        id: format!("callback-{}", callback.id),
        event,
        call: Some(callback.call_id),
        payload: written(&Body { r#type: event, timestamp: callback.created_at, data }),
    }
}

/// A test of a webhook.
pub(super) fn test(webhook: WebhookId, id: DeliveryId, now: Time) -> Message {
    let data = json!({ "webhookId": webhook });
    Message {
        id: format!("test-{id}"),
        event: TEST_EVENT,
        call: None,
        payload: written(&Body { r#type: TEST_EVENT, timestamp: now, data }),
    }
}

fn shown(record: &CallRecord) -> ShownCall<'_> {
    ShownCall {
        id: record.id,
        company_id: record.company_id,
        customer_id: record.customer_id,
        phone_number: &record.phone_number,
        twilio_call_sid: record.twilio_call_sid.as_deref(),
        status: record.status,
        start_time: record.start_time,
        answered_time: record.answered_time,
        end_time: record.end_time,
        duration: record.duration,
        assigned_agent: record.assigned_agent,
        handoff_time: record.handoff_time,
        handoff_reason: record.handoff_reason.as_deref().map(clipped),
        call_result: record.call_result.as_deref(),
        outcome: record.outcome,
        end_reason: record.end_reason.as_deref(),
        answered_by: record.answered_by.as_deref(),
        recording_status: record.recording_status.as_deref(),
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// Nothing in these types keeps them from being written.
fn written(body: &impl Serialize) -> Arc<str> {
    serde_json::to_string(body).unwrap_or_default().into()
}
