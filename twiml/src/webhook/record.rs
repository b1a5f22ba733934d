//! What `<Record>` recorded.

use super::VoiceRequest;

/// The `action` request of `<Record>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordResult {
    /// The standard parameters.
    pub voice: VoiceRequest,
    /// Where the audio is or will be.
    pub recording_url: Option<String>,
    /// Seconds.
    pub recording_duration: Option<u32>,
    /// The key that ended it, or `hangup`.
    pub digits: Option<String>,
}

parameters! {
    RecordResult: voice
    required {}
    optional {
        "RecordingUrl" => recording_url;
        "RecordingDuration" => recording_duration;
        "Digits" => digits;
    }
}
