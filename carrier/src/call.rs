//! A call as the carrier is asked for it and as it tells of it.

use jiff::Timestamp;

use crate::{AnsweredBy, CallStatus, CarrierDate, Channels, Direction};

/// A call to be made. Numbers are E.164, URLs absolute; every URL is asked for with POST.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCall {
    /// Whom to ring.
    pub to: String,
    /// The number to show; one of the account's.
    pub from: String,
    /// Where the TwiML is asked for once it is answered.
    pub url: String,
    /// Where it is asked for when `url` fails.
    pub fallback_url: Option<String>,
    /// Where the call's progress is reported.
    pub status_callback: Option<String>,
    /// What is reported there. Empty: the carrier's default, the end alone.
    pub status_events: Vec<CallEvent>,
    /// How long it may ring, in seconds, at most 600; Twilio adds about five. `None`: 60.
    pub timeout_secs: Option<u32>,
    /// Whether it is to be found out if a machine answers.
    pub machine_detection: Option<MachineDetection>,
    /// Whether the whole call is recorded.
    pub record: Option<CallRecording>,
    /// The longest that it may last once answered, in seconds. `None`: the account's limit (four hours).
    pub time_limit_secs: Option<u32>,
    /// A moment before which this call was surely not yet asked for: the time of its journalled intent. A call
    /// whose answer was lost is looked for from here on.
    pub created_after: Timestamp,
}

impl NewCall {
    /// A call with nothing but what every call needs.
    pub fn new(
        to: impl Into<String>,
        from: impl Into<String>,
        url: impl Into<String>,
        created_after: Timestamp,
    ) -> Self {
        Self {
            to: to.into(),
            from: from.into(),
            url: url.into(),
            fallback_url: None,
            status_callback: None,
            status_events: Vec::new(),
            timeout_secs: None,
            machine_detection: None,
            record: None,
            time_limit_secs: None,
            created_after,
        }
    }
}

/// A step of a call's progress that can be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallEvent {
    /// It is being dialled.
    Initiated,
    /// It rings.
    Ringing,
    /// It was answered.
    Answered,
    /// It is over, in whatever way.
    Completed,
}

impl CallEvent {
    /// All of them, in the order of their happening.
    pub const ALL: [Self; 4] = [Self::Initiated, Self::Ringing, Self::Answered, Self::Completed];

    /// As it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Completed => "completed",
        }
    }
}

/// How to find out whether a machine answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineDetection {
    /// When to report.
    pub mode: DetectionMode,
    /// Where it is reported while the call goes on. `None` on a call: the call waits for the result, which comes
    /// with the request for TwiML. A participant cannot wait and must have one.
    pub async_callback: Option<String>,
}

/// When machine detection reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DetectionMode {
    /// As soon as it is clear who answered.
    Enable,
    /// With a machine, when its greeting has ended.
    DetectMessageEnd,
}

impl DetectionMode {
    /// As it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enable => "Enable",
            Self::DetectMessageEnd => "DetectMessageEnd",
        }
    }
}

/// How a call or a participant's leg is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecording {
    /// Both sides together, or each on its own channel.
    pub channels: Channels,
    /// Where it is reported that the recording is ready.
    pub status_callback: Option<String>,
}

/// A call as the carrier tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallInfo {
    /// The carrier's name of the call, `CA…`.
    pub sid: String,
    /// Where it stands. The carrier's reads are eventually consistent: it may be a moment old.
    pub status: CallStatus,
    /// Who was rung.
    pub to: String,
    /// The number that was shown.
    pub from: String,
    /// Who started it.
    pub direction: Direction,
    /// What machine detection thought; `None` before it has.
    pub answered_by: Option<AnsweredBy>,
    /// The call that brought this leg about.
    pub parent_call_sid: Option<String>,
    /// When it was accepted.
    pub date_created: Option<CarrierDate>,
    /// When it was dialled; `None` while it waits in the queue.
    pub start_time: Option<CarrierDate>,
    /// When it ended.
    pub end_time: Option<CarrierDate>,
    /// Its length in seconds, once it is over.
    pub duration_secs: Option<u32>,
}

/// Which calls to list; what is `None` does not narrow. Newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallQuery {
    /// Rung at this number.
    pub to: Option<String>,
    /// Showing this number.
    pub from: Option<String>,
    /// In this state.
    pub status: Option<CallStatus>,
    /// Legs brought about by this call.
    pub parent_call_sid: Option<String>,
    /// Dialled at this moment or later. Leaves out calls that still wait in the queue: they have no start.
    pub started_after: Option<Timestamp>,
    /// Accepted at this moment or later; compared here, not by the carrier.
    pub created_after: Option<Timestamp>,
    /// At most so many; 0: fifty. The client follows the carrier's pages up to its own limit.
    pub limit: usize,
}
