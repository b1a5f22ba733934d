//! A conference and those in it, as the carrier is asked for them and as it tells of them.

use jiff::Timestamp;

use crate::{CallEvent, CallRecording, CarrierDate, ConferenceStatus, MachineDetection, ParticipantStatus};

/// Somebody to be rung and put into a conference. Numbers are E.164, URLs absolute and asked for with POST.
#[derive(Debug, Clone, PartialEq)]
pub struct NewParticipant {
    /// Whom to ring.
    pub to: String,
    /// The number to show.
    pub from: String,
    /// A name of this leg, at most 128 characters, unique in the conference, without `/`. With one, a leg whose
    /// answer was lost can be told from any other.
    pub label: Option<String>,
    /// Where the leg's progress is reported.
    pub status_callback: Option<String>,
    /// What is reported there. Empty: the end alone.
    pub status_events: Vec<CallEvent>,
    /// How long it may ring, in seconds, 5 to 600. `None`: 60.
    pub timeout_secs: Option<u32>,
    /// The longest that the leg may last, in seconds.
    pub time_limit_secs: Option<u32>,
    /// Comes in unheard.
    pub muted: bool,
    /// Whether a tone tells the others of the coming and going.
    pub beep: bool,
    /// The conference begins when this participant comes in.
    pub start_conference_on_enter: bool,
    /// The conference ends when this participant leaves.
    pub end_conference_on_exit: bool,
    /// What is heard while waiting. `None`: the carrier's music; empty: silence.
    pub wait_url: Option<String>,
    /// Whether the ringing is heard in the conference.
    pub early_media: bool,
    /// The leg that this participant whispers to: heard by that leg alone.
    pub coach: Option<String>,
    /// Whether it is to be found out if a machine answers.
    pub machine_detection: Option<MachineDetection>,
    /// Whether the leg is recorded.
    pub record: Option<CallRecording>,
    /// Where the conference's events go; only the first participant's value counts.
    pub conference_status_callback: Option<String>,
    /// Which of them. Empty: the carrier's default, start and end.
    pub conference_events: Vec<ConferenceEvent>,
    /// A moment before which this leg was surely not yet asked for: the time of its journalled intent.
    pub created_after: Timestamp,
}

impl NewParticipant {
    /// A participant with nothing but what every one needs; the rest as at the carrier, but without a beep.
    pub fn new(to: impl Into<String>, from: impl Into<String>, created_after: Timestamp) -> Self {
        Self {
            to: to.into(),
            from: from.into(),
            label: None,
            status_callback: None,
            status_events: Vec::new(),
            timeout_secs: None,
            time_limit_secs: None,
            muted: false,
            beep: false,
            start_conference_on_enter: true,
            end_conference_on_exit: false,
            wait_url: None,
            early_media: true,
            coach: None,
            machine_detection: None,
            record: None,
            conference_status_callback: None,
            conference_events: Vec::new(),
            created_after,
        }
    }
}

/// Something in a conference that can be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConferenceEvent {
    /// It begins: two are in it, and one may start it.
    Start,
    /// It is over.
    End,
    /// Somebody came in.
    Join,
    /// Somebody left, or never came in.
    Leave,
    /// Somebody was muted or unmuted.
    Mute,
    /// Somebody was put on hold or taken off.
    Hold,
    /// Somebody's other properties were changed.
    Modify,
    /// Somebody begins or stops speaking.
    Speaker,
    /// An announcement has ended or failed.
    Announcement,
}

impl ConferenceEvent {
    /// As it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Mute => "mute",
            Self::Hold => "hold",
            Self::Modify => "modify",
            Self::Speaker => "speaker",
            Self::Announcement => "announcement",
        }
    }
}

/// What to change about a participant; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParticipantUpdate {
    /// Heard by nobody.
    pub muted: Option<bool>,
    /// Apart from the others, with music.
    pub hold: Option<bool>,
    /// What is heard on hold: TwiML of `Play`, `Say`, `Pause`, `Redirect`.
    pub hold_url: Option<String>,
    /// Said to this participant alone, once: TwiML of the same verbs.
    pub announce_url: Option<String>,
    /// What is heard while waiting.
    pub wait_url: Option<String>,
    /// Whether a tone tells of the going.
    pub beep_on_exit: Option<bool>,
    /// Whether the conference ends when this participant leaves.
    pub end_conference_on_exit: Option<bool>,
    /// Whether this participant is heard by the coached leg alone.
    pub coaching: Option<bool>,
    /// The leg that is coached.
    pub coach: Option<String>,
}

/// A participant as the carrier tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParticipantInfo {
    /// The leg's call, `CA…`.
    pub call_sid: String,
    /// The conference, `CF…`.
    pub conference_sid: String,
    /// The leg's own name.
    pub label: Option<String>,
    /// Where the leg stands.
    pub status: ParticipantStatus,
    /// Heard by nobody.
    pub muted: bool,
    /// On hold.
    pub hold: bool,
    /// Heard by one leg alone.
    pub coaching: bool,
    /// That leg.
    pub call_sid_to_coach: Option<String>,
    /// The conference began, or will begin, with this participant.
    pub start_conference_on_enter: bool,
    /// The conference ends with this participant.
    pub end_conference_on_exit: bool,
    /// When the leg was accepted.
    pub date_created: Option<CarrierDate>,
}

/// A conference as the carrier tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConferenceInfo {
    /// The carrier's name of it, `CF…`. The same room gets a new one after it has ended.
    pub sid: String,
    /// The room.
    pub friendly_name: String,
    /// Where it stands.
    pub status: ConferenceStatus,
    /// The region that mixes it.
    pub region: Option<String>,
    /// Why it ended, in the carrier's words.
    pub reason_ended: Option<String>,
    /// The leg whose leaving ended it.
    pub call_sid_ending: Option<String>,
    /// When it came to be.
    pub date_created: Option<CarrierDate>,
    /// When it last changed.
    pub date_updated: Option<CarrierDate>,
}

/// Which conferences to list; what is `None` does not narrow. Newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConferenceQuery {
    /// This room.
    pub friendly_name: Option<String>,
    /// In this state.
    pub status: Option<ConferenceStatus>,
    /// At most so many; 0: fifty.
    pub limit: usize,
}
