//! Which events receivers are told of, and what of a journal is one.

use serde_json::{Map, Value, json};
use tsunagu_call::{CallId, CallRecord, Entry, Event, JournalError, Stage, Time, handover::Requester};

/// The type of the event that a test sends.
pub const TEST_EVENT: &str = "webhook.test";

/// The types of events that may be wanted.
pub const EVENT_TYPES: [&str; 10] = [
    "call.started",
    "call.status",
    "call.handoff.requested",
    "call.handoff.connected",
    "call.handoff.failed",
    "call.handoff.cancelled",
    "call.handoff.taken_over",
    "call.ended",
    "recording.available",
    "callback.created",
];

/// Something that receivers may want to know of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CallEvent {
    /// Its type.
    pub event: &'static str,
    /// The place in the journal of the entry that it is.
    pub sequence: u64,
    /// Its place among the events of that entry, from 0.
    pub part: usize,
    /// When it happened.
    pub at: Time,
    /// The call as it was then, without its transcript.
    pub record: CallRecord,
    /// What belongs to this type alone.
    pub details: Map<String, Value>,
}

/// The events in the entries of a journal that are `wanted` by their places. The journal is read from its beginning, so
/// that each event shows the call as it was when it happened, whenever it is asked for.
pub(super) fn events_of(
    call: CallId,
    journal: &[Entry],
    wanted: impl Fn(u64) -> bool,
) -> Result<Vec<CallEvent>, JournalError> {
    let Some((Entry { at, event: Event::Created(created), .. }, _)) = journal.split_first() else {
        return Err(JournalError::NoBeginning(call));
    };
    let mut record = CallRecord::new(call, created, *at);
    let mut events = Vec::new();
    for entry in journal {
        let before = (record.status, record.recording_status.as_deref() == Some("completed"));
        record.apply(entry.at, &entry.event);
        record.transcript.clear();
        if !wanted(entry.seq) {
            continue;
        }
        let mut found = Vec::new();
        if matches!(entry.event, Event::Created(_)) {
            found.push(("call.started", json!({})));
        }
        if before.0 != record.status {
            found.push(("call.status", json!({ "previousStatus": before.0 })));
        }
        found.extend(told_by(&entry.event));
        if !before.1 && record.recording_status.as_deref() == Some("completed") {
            found.push(("recording.available", json!({ "recordingSid": record.recording_sid })));
        }
        events.extend(found.into_iter().enumerate().map(|(part, (event, details))| CallEvent {
            event,
            sequence: entry.seq,
            part,
            at: entry.at,
            record: record.clone(),
            details: match details {
                Value::Object(details) => details,
                _ => Map::new(),
            },
        }));
    }
    Ok(events)
}

/// What an entry tells by itself.
fn told_by(event: &Event) -> Option<(&'static str, Value)> {
    match event {
        Event::HandoverRequested { by, .. } => {
            let by = match by {
                Requester::Script => None,
                Requester::User(user) => Some(user),
            };
            Some(("call.handoff.requested", json!({ "requestedBy": by })))
        }
        Event::HandoverMoved { stage: Stage::Bridged { attempt } } => {
            Some(("call.handoff.connected", json!({ "attempt": attempt })))
        }
        Event::HandoverMoved { stage: Stage::Failed { reason } } => {
            Some(("call.handoff.failed", json!({ "reason": reason })))
        }
        Event::HandoverMoved { stage: Stage::Cancelled { reason } } => {
            Some(("call.handoff.cancelled", json!({ "reason": reason })))
        }
        Event::TakenOver { agent, .. } => Some(("call.handoff.taken_over", json!({ "agentId": agent.id }))),
        Event::Ended { .. } => Some(("call.ended", json!({}))),
        _ => None,
    }
}
