//! Twilio's JSON as our values.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{
    AnsweredBy, CallInfo, CallStatus, CarrierDate, CarrierError, ConferenceInfo, ConferenceStatus, Direction,
    ParticipantInfo, ParticipantStatus, RecordingInfo, RecordingStatus,
};

/// Reads an answer's body.
pub(super) fn read<T: DeserializeOwned>(operation: &'static str, body: &[u8]) -> Result<T, CarrierError> {
    serde_json::from_slice(body)
        .map_err(|error| CarrierError::BadAnswer { operation, detail: error.to_string() })
}

/// The body of a refusal.
#[derive(Deserialize, Default)]
pub(super) struct Refusal {
    pub(super) code: Option<u32>,
    #[serde(default)]
    pub(super) message: String,
}

/// One page of a list.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    #[serde(alias = "calls", alias = "conferences", alias = "participants", alias = "recordings")]
    pub(super) items: Vec<T>,
    pub(super) next_page_uri: Option<String>,
}

/// Twilio writes most numbers as strings, but not all of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(u32),
    Quoted(String),
    Other(serde::de::IgnoredAny),
}

fn number(value: Option<Number>) -> Option<u32> {
    match value? {
        Number::Plain(value) => Some(value),
        Number::Quoted(text) => text.parse().ok(),
        Number::Other(_) => None,
    }
}

fn date(value: Option<String>) -> Option<CarrierDate> {
    value.map(CarrierDate::new)
}

#[derive(Deserialize)]
pub(super) struct CallAnswer {
    sid: String,
    status: Option<String>,
    to: Option<String>,
    from: Option<String>,
    direction: Option<String>,
    answered_by: Option<String>,
    parent_call_sid: Option<String>,
    date_created: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    duration: Option<Number>,
}

impl From<CallAnswer> for CallInfo {
    fn from(answer: CallAnswer) -> Self {
        Self {
            sid: answer.sid,
            status: CallStatus::parse(&answer.status.unwrap_or_default()),
            to: answer.to.unwrap_or_default(),
            from: answer.from.unwrap_or_default(),
            direction: Direction::parse(&answer.direction.unwrap_or_default()),
            answered_by: answer.answered_by.map(|text| AnsweredBy::parse(&text)),
            parent_call_sid: answer.parent_call_sid,
            date_created: date(answer.date_created),
            start_time: date(answer.start_time),
            end_time: date(answer.end_time),
            duration_secs: number(answer.duration),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ParticipantAnswer {
    call_sid: String,
    conference_sid: Option<String>,
    label: Option<String>,
    status: Option<String>,
    muted: Option<bool>,
    hold: Option<bool>,
    coaching: Option<bool>,
    call_sid_to_coach: Option<String>,
    start_conference_on_enter: Option<bool>,
    end_conference_on_exit: Option<bool>,
    date_created: Option<String>,
}

impl From<ParticipantAnswer> for ParticipantInfo {
    fn from(answer: ParticipantAnswer) -> Self {
        Self {
            call_sid: answer.call_sid,
            conference_sid: answer.conference_sid.unwrap_or_default(),
            label: answer.label,
            status: ParticipantStatus::parse(&answer.status.unwrap_or_default()),
            muted: answer.muted.unwrap_or_default(),
            hold: answer.hold.unwrap_or_default(),
            coaching: answer.coaching.unwrap_or_default(),
            call_sid_to_coach: answer.call_sid_to_coach,
            start_conference_on_enter: answer.start_conference_on_enter.unwrap_or(true),
            end_conference_on_exit: answer.end_conference_on_exit.unwrap_or_default(),
            date_created: date(answer.date_created),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ConferenceAnswer {
    sid: String,
    friendly_name: Option<String>,
    status: Option<String>,
    region: Option<String>,
    reason_conference_ended: Option<String>,
    call_sid_ending_conference: Option<String>,
    date_created: Option<String>,
    date_updated: Option<String>,
}

impl From<ConferenceAnswer> for ConferenceInfo {
    fn from(answer: ConferenceAnswer) -> Self {
        Self {
            sid: answer.sid,
            friendly_name: answer.friendly_name.unwrap_or_default(),
            status: ConferenceStatus::parse(&answer.status.unwrap_or_default()),
            region: answer.region,
            reason_ended: answer.reason_conference_ended,
            call_sid_ending: answer.call_sid_ending_conference,
            date_created: date(answer.date_created),
            date_updated: date(answer.date_updated),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct RecordingAnswer {
    sid: String,
    call_sid: Option<String>,
    conference_sid: Option<String>,
    status: Option<String>,
    duration: Option<Number>,
    media_url: Option<String>,
    channels: Option<Number>,
    source: Option<String>,
    start_time: Option<String>,
    date_created: Option<String>,
    error_code: Option<Number>,
}

impl From<RecordingAnswer> for RecordingInfo {
    fn from(answer: RecordingAnswer) -> Self {
        Self {
            sid: answer.sid,
            call_sid: answer.call_sid,
            conference_sid: answer.conference_sid,
            status: RecordingStatus::parse(&answer.status.unwrap_or_default()),
            duration_secs: number(answer.duration),
            media_url: answer.media_url,
            channels: number(answer.channels),
            source: answer.source,
            start_time: date(answer.start_time),
            date_created: date(answer.date_created),
            error_code: number(answer.error_code),
        }
    }
}
