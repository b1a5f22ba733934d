//! `<Number>`.

use super::{MachineDetection, Method};
use crate::check::{self, filled, only, url, within};
use crate::element::{Element, name_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// A telephone number to dial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// The number, best in E.164.
    pub number: String,
    /// Keys to send once it is answered: `0-9 A-D # *`, `w` waits half a second, `W` one.
    pub send_digits: Option<String>,
    /// A document that the called party hears before both are connected (no `<Dial>` in it).
    pub url: Option<String>,
    /// How `url` is requested (default POST).
    pub method: Option<Method>,
    /// Sid of a carrier of one's own.
    pub byoc: Option<String>,
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

impl Number {
    /// A number to dial.
    pub fn new(number: impl Into<String>) -> Self {
        Self { number: number.into(), ..Self::default() }
    }
}

keywords! {
    /// A step in the progress of a call leg.
    pub enum CallProgressEvent {
        /// Dialling has begun.
        Initiated = "initiated",
        /// The other side rings.
        Ringing = "ringing",
        /// It was answered.
        Answered = "answered",
        /// It is over, whatever came of it.
        Completed = "completed",
    }
}

attributes!(Number, "Number" {
    "sendDigits" => send_digits: 13222, only("0123456789ABCDwW#*");
    "url" => url: 11100, url;
    "method" => method: 13221;
    "byoc" => byoc: 12200, filled;
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

impl Element for Number {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.number)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.number = name_text(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        check::phone_number(&self.number).map_err(|reason| Self::refuse(13223, reason))
    }
}
