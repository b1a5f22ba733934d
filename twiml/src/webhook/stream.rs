//! The state of a media stream.

use super::Form;

/// The status callback of `<Stream>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamEvent {
    /// The account.
    pub account_sid: String,
    /// The call leg.
    pub call_sid: String,
    /// The stream.
    pub stream_sid: String,
    /// What happened.
    pub kind: StreamEventKind,
    /// The stream's name.
    pub stream_name: Option<String>,
    /// What went wrong.
    pub stream_error: Option<String>,
    /// When, ISO 8601.
    pub timestamp: Option<String>,
    /// The rest.
    pub extra: Form,
}

open_keywords! {
    /// What happened to a stream.
    pub enum StreamEventKind {
        /// It has started.
        Started = "stream-started",
        /// It has ended.
        Stopped = "stream-stopped",
        /// It failed.
        Error = "stream-error",
    }
}

parameters! {
    StreamEvent: extra
    required {
        "AccountSid" => account_sid: String;
        "CallSid" => call_sid: String;
        "StreamSid" => stream_sid: String;
        "StreamEvent" => kind: StreamEventKind;
    }
    optional {
        "StreamName" => stream_name;
        "StreamError" => stream_error;
        "Timestamp" => timestamp;
    }
}
