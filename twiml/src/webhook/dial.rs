//! How `<Dial>` ended.

use super::VoiceRequest;

/// The `action` request of `<Dial>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialResult {
    /// The standard parameters, of the leg that dialled.
    pub voice: VoiceRequest,
    /// How it ended.
    pub dial_call_status: DialCallStatus,
    /// The leg that was dialled; not for a conference.
    pub dial_call_sid: Option<String>,
    /// Seconds connected; not for a conference.
    pub dial_call_duration: Option<u32>,
    /// Whether both legs were connected.
    pub dial_bridged: Option<bool>,
    /// Where the recording is, if `<Dial record>` asked for one.
    pub recording_url: Option<String>,
}

open_keywords! {
    /// How `<Dial>` ended.
    pub enum DialCallStatus {
        /// Was answered and is over.
        Completed = "completed",
        /// Left a conference.
        Answered = "answered",
        /// Was busy.
        Busy = "busy",
        /// Rang in vain.
        NoAnswer = "no-answer",
        /// Could not be connected.
        Failed = "failed",
        /// The caller hung up first.
        Canceled = "canceled",
    }
}

parameters! {
    DialResult: voice
    required {
        "DialCallStatus" => dial_call_status: DialCallStatus;
    }
    optional {
        "DialCallSid" => dial_call_sid;
        "DialCallDuration" => dial_call_duration;
        "DialBridged" => dial_bridged;
        "RecordingUrl" => recording_url;
    }
}
