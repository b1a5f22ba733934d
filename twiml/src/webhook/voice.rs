//! The parameters of every request for TwiML.

use super::Form;

/// A request for TwiML: the voice URL, or any `action` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceRequest {
    /// The call leg that this is about.
    pub call_sid: String,
    /// The account.
    pub account_sid: String,
    /// Who calls: E.164, `client:…`, `sip:…`, or words such as `anonymous`.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// The leg's status.
    pub call_status: CallStatus,
    /// Version of the API, `2010-04-01`.
    pub api_version: Option<String>,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// The leg that dialled this one.
    pub parent_call_sid: Option<String>,
    /// The number from which an inbound call was forwarded.
    pub forwarded_from: Option<String>,
    /// The caller's name, if looked up.
    pub caller_name: Option<String>,
    /// Proof of an inbound call, for calling on in its name.
    pub call_token: Option<String>,
    /// Who answered, if answering machine detection was asked for.
    pub answered_by: Option<AnsweredBy>,
    /// Milliseconds that detection took.
    pub machine_detection_duration: Option<u32>,
    /// Why the URL before failed, when this is the fallback URL.
    pub error_code: Option<u32>,
    /// Which URL failed, when this is the fallback URL.
    pub error_url: Option<String>,
    /// The rest: `Caller`, `Called`, geography, what is new.
    pub extra: Form,
}

open_keywords! {
    /// The status of a call leg.
    pub enum CallStatus {
        /// Waits to be dialled.
        Queued = "queued",
        /// Is being dialled (in callbacks only).
        Initiated = "initiated",
        /// Rings.
        Ringing = "ringing",
        /// Was answered.
        InProgress = "in-progress",
        /// Was answered and is over.
        Completed = "completed",
        /// Was busy.
        Busy = "busy",
        /// Could not be connected.
        Failed = "failed",
        /// Rang in vain.
        NoAnswer = "no-answer",
        /// Was hung up while queued or ringing.
        Canceled = "canceled",
    }
}

impl CallStatus {
    /// Whether the leg is over; nothing follows such a status.
    pub const fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Busy | Self::Failed | Self::NoAnswer | Self::Canceled)
    }
}

open_keywords! {
    /// Who answered a call.
    pub enum AnsweredBy {
        /// A person.
        Human = "human",
        /// A machine, whose greeting goes on.
        MachineStart = "machine_start",
        /// A machine; the beep was heard.
        MachineEndBeep = "machine_end_beep",
        /// A machine; its greeting ended in silence.
        MachineEndSilence = "machine_end_silence",
        /// A machine; its greeting ended otherwise.
        MachineEndOther = "machine_end_other",
        /// A fax.
        Fax = "fax",
        /// Not known.
        Unknown = "unknown",
    }
}

impl AnsweredBy {
    /// Whether it was an answering machine.
    pub const fn is_machine(&self) -> bool {
        matches!(
            self,
            Self::MachineStart | Self::MachineEndBeep | Self::MachineEndSilence | Self::MachineEndOther
        )
    }
}

open_keywords! {
    /// Who called whom.
    pub enum Direction {
        /// Someone called Twilio.
        Inbound = "inbound",
        /// The API called someone.
        OutboundApi = "outbound-api",
        /// `<Dial>` called someone.
        OutboundDial = "outbound-dial",
    }
}

parameters! {
    VoiceRequest: extra
    required {
        "CallSid" => call_sid: String;
        "AccountSid" => account_sid: String;
        "From" => from: String;
        "To" => to: String;
        "CallStatus" => call_status: CallStatus;
    }
    optional {
        "ApiVersion" => api_version;
        "Direction" => direction;
        "ParentCallSid" => parent_call_sid;
        "ForwardedFrom" => forwarded_from;
        "CallerName" => caller_name;
        "CallToken" => call_token;
        "AnsweredBy" => answered_by;
        "MachineDetectionDuration" => machine_detection_duration;
        "ErrorCode" => error_code;
        "ErrorUrl" => error_url;
    }
}
