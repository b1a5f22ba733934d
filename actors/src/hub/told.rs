//! What clients are told of a call: the events of the contract, by what is in the journal.

use serde::Serialize;
use tsunagu_call::{
    AgentRef, CallId, CallRecord, Command, CustomerId, Event, RoomChange, Settlement, Speaker, Stage, Status,
    Time, TranscriptLine, UserId, handover::Requester,
};
use tsunagu_conversation::{Intent, Outcome, Phase};

/// How much of what was said those are told who follow all calls, in characters.
const GLIMPSE: usize = 160;

/// One event of a call, before it has a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub name: &'static str,
    pub to: Circle,
    pub data: String,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Circle {
    /// Everybody.
    All,
    /// Those who watch the call.
    Watchers,
    /// Those who follow how all calls go.
    Followers,
}

/// What is remembered of a call from before an entry, to see what the entry changed.
#[derive(Debug, Clone)]
pub(super) struct Before {
    status: Status,
    agent: Option<UserId>,
    handoff_time: Option<Time>,
    recorded: bool,
}

impl Before {
    pub fn of(record: &CallRecord) -> Self {
        Self {
            status: record.status,
            agent: record.assigned_agent,
            handoff_time: record.handoff_time,
            recorded: is_recorded(record),
        }
    }
}

/// What belongs to an entry beside the record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context<'a> {
    /// The agent who was last reserved.
    pub agent: Option<&'a AgentRef>,
    /// The command that the entry settles.
    pub command: Option<&'a Command>,
    /// The stage of the hand-over before.
    pub stage: Option<&'a Stage>,
}

/// What an entry tells; `record` is the call as it is since.
pub(super) fn told(
    at: Time,
    event: &Event,
    before: &Before,
    record: &CallRecord,
    context: Context<'_>,
) -> Vec<Told> {
    let mut told = Vec::new();
    let call_id = record.id;
    match event {
        Event::Created(created) => told.push(to_all(
            "call-started",
            &CallStarted {
                call_id,
                customer_id: record.customer_id,
                customer_name: &created.customer.name,
                customer_company: created.customer.company.as_deref(),
                status: record.status,
                start_time: record.start_time,
            },
        )),
        Event::Room { conference_sid, change, .. } => {
            told.push(to_watchers("conference-event", &room(at, conference_sid, change, record)));
        }
        Event::HandoverRequested { by, reason, .. } => {
            let requested_by = match by {
                Requester::Script => None,
                Requester::User(user) => Some(*user),
            };
            told.push(to_all("handoff-initiated", &HandoffInitiated { call_id, reason, requested_by }));
        }
        Event::Settled { settlement: Settlement::Dialled { call_sid }, .. } => {
            if let Some(Command::DialAgent { agent, .. }) = context.command {
                let initiated = HandoffRings { call_id, agent_id: agent.id, agent_call_sid: call_sid };
                told.push(to_all("call-handoff-initiated", &initiated));
            }
        }
        Event::HandoverMoved { stage } => told.extend(failed(call_id, stage, context.stage)),
        _ => {}
    }
    let lines = TranscriptLine::of(at, event);
    told.extend(progress(call_id, at, event, lines.last()));
    for line in lines {
        let line = TranscriptUpdate {
            call_id,
            speaker: line.speaker,
            message: &line.message,
            timestamp: line.timestamp,
            confidence: line.confidence,
            intent: line.intent,
            score: line.score,
        };
        told.push(to_watchers("transcript-update", &line));
    }
    let moved = before.status != record.status;
    if moved || before.agent != record.assigned_agent || before.handoff_time != record.handoff_time {
        let agent = context.agent.filter(|agent| Some(agent.id) == record.assigned_agent);
        told.push(to_all(
            "call-updated",
            &CallUpdated {
                call_id,
                status: record.status,
                assigned_agent: agent.map(Assigned::of),
                handoff_time: record.handoff_time,
            },
        ));
    }
    if moved {
        let duration = record.status.is_over().then_some(record.duration);
        told.push(to_all("call-status-changed", &StatusChanged { call_id, status: record.status, duration }));
    }
    let handled = match event {
        Event::HandoverMoved { stage: Stage::Bridged { .. } } => record.assigned_agent,
        Event::TakenOver { agent, .. } => Some(agent.id),
        _ => None,
    };
    if let Some(agent_id) = handled {
        told.push(to_all("call-being-handled", &BeingHandled { call_id, agent_id }));
    }
    if !before.recorded && is_recorded(record) {
        let recording_url = format!("/api/calls/{call_id}/recording");
        let recording_sid = record.recording_sid.as_deref();
        told.push(to_all(
            "recording-available",
            &RecordingAvailable { call_id, recording_sid, recording_url },
        ));
    }
    if let Event::Ended { outcome, duration, .. } = event {
        told.push(to_all(
            "call-ended",
            &CallEnded {
                call_id,
                result: outcome.call_result(),
                outcome: *outcome,
                end_reason: record.end_reason.as_deref(),
                duration: *duration,
            },
        ));
    }
    told
}

/// Words that the customer is still speaking.
pub(super) fn partial(call_id: CallId, text: &str) -> Told {
    to_watchers("partial-transcript", &PartialTranscript { call_id, text })
}

/// How far the talk is, in short.
fn progress(call_id: CallId, at: Time, event: &Event, said: Option<&TranscriptLine>) -> Option<Told> {
    let phase = match event {
        Event::Said { talk, .. } => Some(talk.phase),
        _ => None,
    };
    if phase.is_none() && said.is_none() {
        return None;
    }
    let progress = CallProgress {
        call_id,
        phase,
        speaker: said.map(|line| line.speaker),
        message: said.map(|line| line.message.chars().take(GLIMPSE).collect()),
        intent: said.and_then(|line| line.intent),
        score: said.and_then(|line| line.score),
        timestamp: at,
    };
    Some(Told { name: "call-progress", to: Circle::Followers, data: written(&progress) })
}

fn is_recorded(record: &CallRecord) -> bool {
    record.recording_status.as_deref() == Some("completed")
}

/// An attempt, or the whole hand-over, came to nothing; and what is done next.
fn failed(call_id: CallId, stage: &Stage, before: Option<&Stage>) -> Option<Told> {
    let rung =
        matches!(before, Some(Stage::Ringing { .. } | Stage::Briefing { .. } | Stage::Bridging { .. }));
    let (reason, next) = match stage {
        Stage::Reserving if rung => ("agent_not_reached".to_owned(), "another_agent"),
        Stage::Failed { reason } => (word(reason), "ai"),
        Stage::Cancelled { reason } => (word(reason), "none"),
        _ => return None,
    };
    Some(to_all("handoff-failed", &HandoffFailed { call_id, reason, next }))
}

fn room<'a>(
    at: Time,
    conference_sid: &'a str,
    change: &'a RoomChange,
    record: &CallRecord,
) -> ConferenceEvent<'a> {
    let (event, call_sid) = match change {
        RoomChange::Started => ("conference-start", None),
        RoomChange::Joined { call_sid } => ("participant-join", Some(call_sid)),
        RoomChange::Left { call_sid } => ("participant-leave", Some(call_sid)),
        RoomChange::Muted { call_sid, muted: true } => ("participant-mute", Some(call_sid)),
        RoomChange::Muted { call_sid, muted: false } => ("participant-unmute", Some(call_sid)),
        RoomChange::Held { call_sid, held: true } => ("participant-hold", Some(call_sid)),
        RoomChange::Held { call_sid, held: false } => ("participant-unhold", Some(call_sid)),
        RoomChange::Ended { .. } => ("conference-end", None),
    };
    let call_sid = call_sid.map(String::as_str);
    let party = record
        .participants
        .iter()
        .rev()
        .find(|party| party.call_sid.as_deref() == call_sid && call_sid.is_some());
    ConferenceEvent {
        call_id: record.id,
        event,
        conference_sid,
        call_sid,
        muted: party.is_some_and(|party| party.muted),
        hold: party.is_some_and(|party| party.on_hold),
        timestamp: at,
    }
}

fn to_all(name: &'static str, data: &impl Serialize) -> Told {
    Told { name, to: Circle::All, data: written(data) }
}

fn to_watchers(name: &'static str, data: &impl Serialize) -> Told {
    Told { name, to: Circle::Watchers, data: written(data) }
}

/// Nothing in these types keeps them from being written.
pub(super) fn written(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default()
}

fn word(reason: &impl Serialize) -> String {
    serde_json::to_value(reason).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallStarted<'a> {
    call_id: CallId,
    customer_id: CustomerId,
    customer_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_company: Option<&'a str>,
    status: Status,
    start_time: Time,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallUpdated<'a> {
    call_id: CallId,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_agent: Option<Assigned<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handoff_time: Option<Time>,
}

/// The agent as older clients know them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assigned<'a> {
    #[serde(rename = "_id")]
    id: UserId,
    first_name: &'a str,
    last_name: &'a str,
}

impl<'a> Assigned<'a> {
    /// Journals of older servers have the whole name alone, the family's first.
    fn of(agent: &'a AgentRef) -> Self {
        let (last_name, first_name) = match (agent.last_name.as_str(), agent.first_name.as_str()) {
            ("", "") => agent.name.split_once(' ').unwrap_or((&agent.name, "")),
            named => named,
        };
        Self { id: agent.id, first_name, last_name }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusChanged {
    call_id: CallId,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallEnded<'a> {
    call_id: CallId,
    result: &'static str,
    outcome: Outcome,
    end_reason: Option<&'a str>,
    duration: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TranscriptUpdate<'a> {
    call_id: CallId,
    speaker: Speaker,
    message: &'a str,
    timestamp: Time,
    confidence: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<Intent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallProgress {
    call_id: CallId,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<Speaker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<Intent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    timestamp: Time,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartialTranscript<'a> {
    call_id: CallId,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConferenceEvent<'a> {
    call_id: CallId,
    event: &'static str,
    conference_sid: &'a str,
    call_sid: Option<&'a str>,
    muted: bool,
    hold: bool,
    timestamp: Time,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HandoffInitiated<'a> {
    call_id: CallId,
    reason: &'a str,
    requested_by: Option<UserId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HandoffRings<'a> {
    call_id: CallId,
    agent_id: UserId,
    agent_call_sid: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HandoffFailed {
    call_id: CallId,
    reason: String,
    next: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BeingHandled {
    call_id: CallId,
    agent_id: UserId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordingAvailable<'a> {
    call_id: CallId,
    recording_sid: Option<&'a str>,
    recording_url: String,
}
