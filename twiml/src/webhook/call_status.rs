//! The progress of a call leg.

use super::{CallStatus, VoiceRequest};

/// A call's status callback. They are separate requests and may overtake one another: `sequence_number` orders them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallStatusEvent {
    /// The standard parameters; the status is in [`VoiceRequest::call_status`].
    pub voice: VoiceRequest,
    /// From 0 for each leg; absent in the callback of an inbound number.
    pub sequence_number: Option<u32>,
    /// When it happened, RFC 2822.
    pub timestamp: Option<String>,
    /// `call-progress-events`.
    pub callback_source: Option<String>,
    /// Seconds from answer to end; with a terminal status.
    pub call_duration: Option<u32>,
    /// Minutes billed; with `completed`.
    pub duration: Option<u32>,
    /// How the other side's SIP ended it; with a terminal status.
    pub sip_response_code: Option<u32>,
    /// The recording, if the call was created with one.
    pub recording_sid: Option<String>,
    /// Where the recording is.
    pub recording_url: Option<String>,
    /// The recording's length in seconds.
    pub recording_duration: Option<u32>,
    /// How the carrier vouched for the caller.
    pub stir_status: Option<String>,
}

impl CallStatusEvent {
    /// The status that the leg has reached.
    pub const fn status(&self) -> &CallStatus {
        &self.voice.call_status
    }
}

parameters! {
    CallStatusEvent: voice
    required {}
    optional {
        "SequenceNumber" => sequence_number;
        "Timestamp" => timestamp;
        "CallbackSource" => callback_source;
        "CallDuration" => call_duration;
        "Duration" => duration;
        "SipResponseCode" => sip_response_code;
        "RecordingSid" => recording_sid;
        "RecordingUrl" => recording_url;
        "RecordingDuration" => recording_duration;
        "StirStatus" => stir_status;
    }
}
