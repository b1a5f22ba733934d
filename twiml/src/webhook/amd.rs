//! Who answered, told on the side.

use super::{AnsweredBy, Form};

/// The callback of asynchronous answering machine detection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmdEvent {
    /// The call leg that this is about.
    pub call_sid: String,
    /// The account.
    pub account_sid: String,
    /// Who answered.
    pub answered_by: AnsweredBy,
    /// Milliseconds that detection took.
    pub machine_detection_duration: Option<u32>,
    /// The rest.
    pub extra: Form,
}

parameters! {
    AmdEvent: extra
    required {
        "CallSid" => call_sid: String;
        "AccountSid" => account_sid: String;
        "AnsweredBy" => answered_by: AnsweredBy;
    }
    optional {
        "MachineDetectionDuration" => machine_detection_duration;
    }
}
