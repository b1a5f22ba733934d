//! `<Sip>`.

use super::{CallProgressEvent, MachineDetection, Method};
use crate::check::{self, filled, url, within};
use crate::element::{Element, children, trimmed_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// A SIP address to dial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sip {
    /// `sip:user@host`, shorter than 255 characters, with `;transport=`, `;region=` and `?x-header=` (shorter than 1024) as needed.
    pub uri: String,
    /// User name for the other side.
    pub username: Option<String>,
    /// Password for the other side.
    pub password: Option<String>,
    /// A document that the called party hears before both are connected (no `<Dial>` in it).
    pub url: Option<String>,
    /// How `url` is requested (default POST).
    pub method: Option<Method>,
    /// Where the progress of this leg is posted.
    pub status_callback: Option<String>,
    /// How that is requested (default POST).
    pub status_callback_method: Option<Method>,
    /// What it is requested for (default completed).
    pub status_callback_event: Vec<CallProgressEvent>,
    /// Answering machine detection (default none).
    pub machine_detection: Option<MachineDetection>,
    /// Seconds that detection may take, 3 to 60 (default 30).
    pub machine_detection_timeout: Option<u32>,
    /// Milliseconds of speech that tell a machine, 1000 to 6000 (default 2400).
    pub machine_detection_speech_threshold: Option<u32>,
    /// Milliseconds of silence that end speech, 500 to 5000 (default 1200).
    pub machine_detection_speech_end_threshold: Option<u32>,
    /// Milliseconds of silence at the start that mean unknown, 2000 to 10000 (default 5000).
    pub machine_detection_silence_timeout: Option<u32>,
    /// Where the result of detection is posted.
    pub amd_status_callback: Option<String>,
    /// How that is requested (default POST).
    pub amd_status_callback_method: Option<Method>,
}

impl Sip {
    /// An address to dial.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: uri.into(), ..Self::default() }
    }
}

attributes!(Sip, "Sip" {
    "username" => username: 13249, filled;
    "password" => password: 13249, filled;
    "url" => url: 11100, url;
    "method" => method: 13241;
    "statusCallback" => status_callback: 11100, url;
    "statusCallbackMethod" => status_callback_method;
    "statusCallbackEvent" => status_callback_event;
    "machineDetection" => machine_detection;
    "machineDetectionTimeout" => machine_detection_timeout: 12200, within(3, 60);
    "machineDetectionSpeechThreshold" => machine_detection_speech_threshold: 12200, within(1000, 6000);
    "machineDetectionSpeechEndThreshold" => machine_detection_speech_end_threshold: 12200, within(500, 5000);
    "machineDetectionSilenceTimeout" => machine_detection_silence_timeout: 12200, within(2000, 10000);
    "amdStatusCallback" => amd_status_callback: 11100, url;
    "amdStatusCallbackMethod" => amd_status_callback_method;
});

impl Element for Sip {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.uri)
    }

    /// The address is the text, or stands in a child `<Uri>`.
    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.uri = trimmed_text(node);
        children(node, warnings, |child, _| {
            let takes = child.name == "Uri" && self.uri.is_empty();
            if takes {
                self.uri = trimmed_text(child);
            }
            takes
        });
    }

    fn check(&self) -> Result<(), Error> {
        check::sip_uri(&self.uri).map_err(|reason| Self::refuse(13243, reason))
    }
}
