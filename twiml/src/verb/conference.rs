//! `<Conference>`, the noun of `<Dial>`.

use super::{Method, RecordingCallbackEvent, Trim};
use crate::check::{self, call_sid, filled, participant_label, url, within};
use crate::element::{Element, name_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Puts the call into a conference. Callbacks and their events count only from the first who enters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conference {
    /// The room, the same for the whole account; nothing personal belongs in it.
    pub name: String,
    /// Whether this one is muted (default false).
    pub muted: Option<bool>,
    /// Whether the others hear a beep (default true).
    pub beep: Option<Beep>,
    /// Whether the conference starts when this one enters (default true).
    pub start_conference_on_enter: Option<bool>,
    /// Whether the conference ends for all when this one leaves (default false).
    pub end_conference_on_exit: Option<bool>,
    /// A name for this one, unique in the conference: 1 to 128 characters, no `/`, not like a CallSid (16023).
    pub participant_label: Option<String>,
    /// How much jitter is buffered (default large); it costs latency.
    pub jitter_buffer_size: Option<JitterBufferSize>,
    /// What is heard before the start: a document with Play, Say, Pause and Redirect, or audio; empty is silence.
    pub wait_url: Option<String>,
    /// How it is requested (default POST).
    pub wait_method: Option<Method>,
    /// 2 to 250 (default 250).
    pub max_participants: Option<u32>,
    /// Whether the conference is recorded (default not).
    pub record: Option<ConferenceRecord>,
    /// Whether silence is cut off the recording (default trim-silence).
    pub trim: Option<Trim>,
    /// Where the audio is mixed; the first participant's counts (default: Twilio chooses).
    pub region: Option<Region>,
    /// CallSid of the participant whom this one coaches, and who alone hears this one.
    pub coach: Option<String>,
    /// Where the conference's events are posted.
    pub status_callback: Option<String>,
    /// How that is requested (default POST).
    pub status_callback_method: Option<Method>,
    /// What it is requested for (default nothing).
    pub status_callback_event: Vec<ConferenceCallbackEvent>,
    /// Where the state of the recording is posted.
    pub recording_status_callback: Option<String>,
    /// How that is requested (default POST).
    pub recording_status_callback_method: Option<Method>,
    /// What it is requested for (default completed).
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// Sid of a recording configuration.
    pub recording_configuration_id: Option<String>,
    /// Deprecated by Twilio: where the end of the recording is posted.
    pub event_callback_url: Option<String>,
}

impl Conference {
    /// A conference by name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

keywords! {
    /// When the others hear a beep.
    pub enum Beep {
        /// On entering and leaving.
        True = "true",
        /// Never.
        False = "false",
        /// On entering.
        OnEnter = "onEnter",
        /// On leaving.
        OnExit = "onExit",
    }
}

keywords! {
    /// How much jitter is buffered.
    pub enum JitterBufferSize {
        /// Some 20 ms.
        Small = "small",
        /// Some 40 ms.
        Medium = "medium",
        /// Some 60 ms.
        Large = "large",
        /// None.
        Off = "off",
    }
}

keywords! {
    /// Whether a conference is recorded.
    pub enum ConferenceRecord {
        /// It is not.
        DoNotRecord = "do-not-record",
        /// From the moment the first two are connected, in mono.
        RecordFromStart = "record-from-start",
    }
}

keywords! {
    /// Where audio is mixed.
    pub enum Region {
        /// United States.
        Us1 = "us1",
        /// Ireland.
        Ie1 = "ie1",
        /// Germany.
        De1 = "de1",
        /// Singapore.
        Sg1 = "sg1",
        /// Brazil.
        Br1 = "br1",
        /// Australia.
        Au1 = "au1",
        /// Japan.
        Jp1 = "jp1",
    }
}

keywords! {
    /// What a conference's status callback can be asked to tell.
    pub enum ConferenceCallbackEvent {
        /// The conference has started.
        Start = "start",
        /// It has ended.
        End = "end",
        /// Someone has entered.
        Join = "join",
        /// Someone has left.
        Leave = "leave",
        /// Someone was muted or unmuted.
        Mute = "mute",
        /// Someone was put on hold or taken back.
        Hold = "hold",
        /// Someone's settings were changed.
        Modify = "modify",
        /// Someone begins or ceases to speak.
        Speaker = "speaker",
        /// An announcement ended or failed.
        Announcement = "announcement",
    }
}

attributes!(Conference, "Conference" {
    "muted" => muted: 13230;
    "beep" => beep: 13235;
    "startConferenceOnEnter" => start_conference_on_enter: 13232;
    "endConferenceOnExit" => end_conference_on_exit: 13231;
    "participantLabel" => participant_label: 16023, participant_label;
    "jitterBufferSize" => jitter_buffer_size;
    "waitUrl" => wait_url: 13233, url;
    "waitMethod" => wait_method: 13234;
    "maxParticipants" => max_participants: 12200, within(2, 250);
    "record" => record;
    "trim" => trim;
    "region" => region;
    "coach" => coach: 13240, call_sid;
    "statusCallback" => status_callback: 11100, url;
    "statusCallbackMethod" => status_callback_method;
    "statusCallbackEvent" => status_callback_event;
    "recordingStatusCallback" => recording_status_callback: 11100, url;
    "recordingStatusCallbackMethod" => recording_status_callback_method;
    "recordingStatusCallbackEvent" => recording_status_callback_event;
    "recordingConfigurationId" => recording_configuration_id: 12200, filled;
    "eventCallbackUrl" => event_callback_url: 11100, url;
});

impl Element for Conference {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.name)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.name = name_text(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        check::name(&self.name).map_err(|reason| Self::refuse(13237, reason))
    }
}
