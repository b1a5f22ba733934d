//! `<Record>`.

use super::{Method, RecordingCallbackEvent, Trim};
use crate::check::{only, url, within};
use crate::element::Element;
use crate::error::Error;

/// Records what the caller says, as an answering machine does, then requests `action` (default: this document again).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Where control goes with `RecordingUrl`, `RecordingDuration` and `Digits`.
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
    /// Seconds of silence that end the recording (default 5); 0 turns this off.
    pub timeout: Option<u32>,
    /// Keys that end the recording (default any).
    pub finish_on_key: Option<String>,
    /// Longest recording in seconds, 1 to 86400 (default 3600); 2 to 120 with `transcribe`.
    pub max_length: Option<u32>,
    /// Whether a beep precedes it (default true).
    pub play_beep: Option<bool>,
    /// Whether silence is cut off (default trim-silence).
    pub trim: Option<Trim>,
    /// Where the state of the recording is posted.
    pub recording_status_callback: Option<String>,
    /// How that is requested (default POST).
    pub recording_status_callback_method: Option<Method>,
    /// What it is requested for (default completed).
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// Whether it is transcribed (default false).
    pub transcribe: Option<bool>,
    /// Where the transcription is posted.
    pub transcribe_callback: Option<String>,
    /// Sid of a recording configuration.
    pub recording_configuration_id: Option<String>,
}

attributes!(Record, "Record" {
    "action" => action: 11100, url;
    "method" => method: 13610;
    "timeout" => timeout: 13611;
    "finishOnKey" => finish_on_key: 13613, only("0123456789*#");
    "maxLength" => max_length: 13612, within(1, 86400);
    "playBeep" => play_beep: 13616;
    "trim" => trim;
    "recordingStatusCallback" => recording_status_callback: 11100, url;
    "recordingStatusCallbackMethod" => recording_status_callback_method;
    "recordingStatusCallbackEvent" => recording_status_callback_event;
    "transcribe" => transcribe: 13614;
    "transcribeCallback" => transcribe_callback: 11100, url;
    "recordingConfigurationId" => recording_configuration_id;
});

impl Element for Record {
    fn check(&self) -> Result<(), Error> {
        match self.max_length {
            Some(length) if self.transcribe == Some(true) && !(2..=120).contains(&length) => {
                Err(Self::refuse(13615, "a recording to be transcribed has 2 to 120 seconds"))
            }
            _ => Ok(()),
        }
    }
}
