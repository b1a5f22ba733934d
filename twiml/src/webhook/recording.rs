//! The state of a recording.

use super::Form;

/// A recording's status callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingEvent {
    /// The account.
    pub account_sid: String,
    /// The recording.
    pub recording_sid: String,
    /// Its state.
    pub status: RecordingStatus,
    /// The call leg that was recorded, if it was a leg.
    pub call_sid: Option<String>,
    /// The conference that was recorded, if it was a conference.
    pub conference_sid: Option<String>,
    /// Where the audio is; without an extension it is WAV, `.mp3` may be added. It may be 404 for a moment.
    pub recording_url: Option<String>,
    /// Seconds; with `completed`.
    pub duration: Option<u32>,
    /// Number of channels, 1 or 2.
    pub channels: Option<u32>,
    /// When it began, RFC 2822.
    pub start_time: Option<String>,
    /// What began it.
    pub source: Option<RecordingSource>,
    /// Which direction: inbound, outbound, both.
    pub track: Option<String>,
    /// Why there is none; with `absent` and `failed`.
    pub error_code: Option<u32>,
    /// The rest.
    pub extra: Form,
}

open_keywords! {
    /// The state of a recording.
    pub enum RecordingStatus {
        /// It has begun.
        InProgress = "in-progress",
        /// It can be fetched.
        Completed = "completed",
        /// There is none: too short or silent.
        Absent = "absent",
        /// It has begun (participants).
        Started = "started",
        /// It pauses (participants).
        Paused = "paused",
        /// It goes on (participants).
        Resumed = "resumed",
        /// It was stopped (participants).
        Stopped = "stopped",
        /// It failed (participants).
        Failed = "failed",
    }
}

open_keywords! {
    /// What began a recording.
    pub enum RecordingSource {
        /// `<Dial record>`.
        DialVerb = "DialVerb",
        /// `<Conference record>`.
        Conference = "Conference",
        /// The API that created the call.
        OutboundApi = "OutboundAPI",
        /// A trunk.
        Trunking = "Trunking",
        /// `<Record>`.
        RecordVerb = "RecordVerb",
        /// The API, on a live call.
        StartCallRecordingApi = "StartCallRecordingAPI",
        /// The API, on a live conference.
        StartConferenceRecordingApi = "StartConferenceRecordingAPI",
        /// `<Start><Recording>`.
        StartCallRecordingTwiml = "StartCallRecordingTwiML",
    }
}

parameters! {
    RecordingEvent: extra
    required {
        "AccountSid" => account_sid: String;
        "RecordingSid" => recording_sid: String;
        "RecordingStatus" => status: RecordingStatus;
    }
    optional {
        "CallSid" => call_sid;
        "ConferenceSid" => conference_sid;
        "RecordingUrl" => recording_url;
        "RecordingDuration" => duration;
        "RecordingChannels" => channels;
        "RecordingStartTime" => start_time;
        "RecordingSource" => source;
        "RecordingTrack" => track;
        "ErrorCode" => error_code;
    }
}
