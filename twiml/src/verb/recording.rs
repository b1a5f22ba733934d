//! `<Recording>`, the noun of `<Start>`.

use super::{Method, RecordingCallbackEvent, RecordingTrack, Trim};
use crate::check::{filled, url};
use crate::element::Element;

/// Records the call in the background.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// A name by which it can be stopped.
    pub name: Option<String>,
    /// Where the state of the recording is posted.
    pub recording_status_callback: Option<String>,
    /// How that is requested (default POST).
    pub recording_status_callback_method: Option<Method>,
    /// What it is requested for (default completed).
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// Whether silence is cut off.
    pub trim: Option<Trim>,
    /// What is recorded (default both).
    pub track: Option<RecordingTrack>,
    /// In how many channels (default dual).
    pub channels: Option<RecordingChannels>,
    /// Sid of a recording configuration.
    pub recording_configuration_id: Option<String>,
}

keywords! {
    /// How many channels a recording has.
    pub enum RecordingChannels {
        /// One, mixed.
        Mono = "mono",
        /// One for each party.
        Dual = "dual",
    }
}

attributes!(Recording, "Recording" {
    "name" => name: 12200, filled;
    "recordingStatusCallback" => recording_status_callback: 11100, url;
    "recordingStatusCallbackMethod" => recording_status_callback_method;
    "recordingStatusCallbackEvent" => recording_status_callback_event;
    "trim" => trim;
    "track" => track;
    "channels" => channels;
    "recordingConfigurationId" => recording_configuration_id: 12200, filled;
});

impl Element for Recording {}
