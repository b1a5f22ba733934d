//! How `<Enqueue>` ended.

use super::VoiceRequest;

/// The `action` request of `<Enqueue>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnqueueResult {
    /// The standard parameters.
    pub voice: VoiceRequest,
    /// How it ended.
    pub queue_result: QueueResult,
    /// The queue; absent when there was none.
    pub queue_sid: Option<String>,
    /// Seconds waited.
    pub queue_time: Option<u32>,
}

open_keywords! {
    /// How the wait in a queue ended.
    pub enum QueueResult {
        /// Was connected, and that is over.
        Bridged = "bridged",
        /// Is being connected.
        BridgingInProcess = "bridging-in-process",
        /// Something was wrong with `<Enqueue>`.
        Error = "error",
        /// The caller hung up.
        Hangup = "hangup",
        /// `<Leave>`.
        Leave = "leave",
        /// The call was redirected.
        Redirected = "redirected",
        /// The call was redirected while connected.
        RedirectedFromBridged = "redirected-from-bridged",
        /// The queue was full.
        QueueFull = "queue-full",
        /// Twilio failed.
        SystemError = "system-error",
    }
}

parameters! {
    EnqueueResult: voice
    required {
        "QueueResult" => queue_result: QueueResult;
    }
    optional {
        "QueueSid" => queue_sid;
        "QueueTime" => queue_time;
    }
}
