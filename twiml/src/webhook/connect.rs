//! How `<Connect>` ended.

use super::VoiceRequest;

/// The `action` request of `<Connect>`; the session's parameters come with `<ConversationRelay>`.
/// `ErrorCode`, when the session failed, is [`VoiceRequest::error_code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectResult {
    /// The standard parameters. When the status is `completed` the caller has gone and TwiML is of no use.
    pub voice: VoiceRequest,
    /// The session.
    pub session_id: Option<String>,
    /// How it ended.
    pub session_status: Option<SessionStatus>,
    /// Seconds.
    pub session_duration: Option<u32>,
    /// What the application passed on when it ended the session.
    pub handoff_data: Option<String>,
    /// Why the session failed.
    pub error_message: Option<String>,
}

open_keywords! {
    /// How a ConversationRelay session ended.
    pub enum SessionStatus {
        /// The application ended it.
        Ended = "ended",
        /// The caller hung up.
        Completed = "completed",
        /// It failed.
        Failed = "failed",
    }
}

parameters! {
    ConnectResult: voice
    required {}
    optional {
        "SessionId" => session_id;
        "SessionStatus" => session_status;
        "SessionDuration" => session_duration;
        "HandoffData" => handoff_data;
        "ErrorMessage" => error_message;
    }
}
