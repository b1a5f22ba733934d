//! A call as it is shown, with its people filled in: `customerId` and `assignedAgent` as objects instead of ids.

use super::recording;
use crate::people::{AgentView, CustomerView, People};
use serde::Serialize;
use tsunagu_call::{
    AiConfiguration, CallId, CallRecord, CompanyId, Participant, Status, SupervisionRecord, Time,
    TranscriptLine,
};
use tsunagu_conversation::{Outcome, Phase};

/// A call as it is shown: all keys of [`CallRecord`], with its people.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilledCall<'a> {
    #[serde(rename = "_id")]
    id: CallId,
    company_id: CompanyId,
    customer_id: Option<&'a CustomerView>,
    phone_number: &'a str,
    twilio_call_sid: Option<&'a str>,
    conference_sid: Option<&'a str>,
    status: Status,
    phase: Option<Phase>,
    start_time: Time,
    answered_time: Option<Time>,
    end_time: Option<Time>,
    duration: u32,
    assigned_agent: Option<&'a AgentView>,
    transcript: &'a [TranscriptLine],
    participants: &'a [Participant],
    supervision: &'a [SupervisionRecord],
    handoff_time: Option<Time>,
    handoff_reason: Option<&'a str>,
    call_result: Option<&'a str>,
    outcome: Option<Outcome>,
    end_reason: Option<&'a str>,
    notes: Option<&'a str>,
    /// Where the recording is listened to, once it can be: `/api/calls/…/recording`, as `recording-available` tells it.
    recording_url: Option<String>,
    recording_sid: Option<&'a str>,
    recording_status: Option<&'a str>,
    ai_configuration: &'a AiConfiguration,
    answered_by: Option<&'a str>,
}

impl<'a> FilledCall<'a> {
    pub(crate) fn new(record: &'a CallRecord, people: &'a People) -> Self {
        Self {
            id: record.id,
            company_id: record.company_id,
            customer_id: people.customer(record.customer_id),
            phone_number: &record.phone_number,
            twilio_call_sid: record.twilio_call_sid.as_deref(),
            conference_sid: record.conference_sid.as_deref(),
            status: record.status,
            phase: record.phase,
            start_time: record.start_time,
            answered_time: record.answered_time,
            end_time: record.end_time,
            duration: record.duration,
            assigned_agent: record.assigned_agent.and_then(|agent| people.agent(agent)),
            transcript: &record.transcript,
            participants: &record.participants,
            supervision: &record.supervision,
            handoff_time: record.handoff_time,
            handoff_reason: record.handoff_reason.as_deref(),
            call_result: record.call_result.as_deref(),
            outcome: record.outcome,
            end_reason: record.end_reason.as_deref(),
            notes: record.notes.as_deref(),
            recording_url: recording::address(record),
            recording_sid: record.recording_sid.as_deref(),
            recording_status: record.recording_status.as_deref(),
            ai_configuration: &record.ai_configuration,
            answered_by: record.answered_by.as_deref(),
        }
    }
}
