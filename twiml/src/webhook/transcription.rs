//! A transcript in real time.

use super::Form;

/// The status callback of `<Transcription>`. Order is certain within one track only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptionEvent {
    /// The account.
    pub account_sid: String,
    /// The call leg.
    pub call_sid: String,
    /// The transcription.
    pub transcription_sid: String,
    /// Counts up within one transcription (`SequenceId`).
    pub sequence_id: u32,
    /// What happened.
    pub kind: TranscriptionEventKind,
    /// When, ISO 8601.
    pub timestamp: Option<String>,
    /// The language.
    pub language_code: Option<String>,
    /// Which direction: `inbound_track` or `outbound_track`; with `Started` also `both_tracks`.
    pub track: Option<String>,
    /// With `Content`: a JSON object with `transcript` and, when final, `confidence`.
    pub transcription_data: Option<String>,
    /// Whether the text is final.
    pub is_final: Option<bool>,
    /// How unlikely a change is, 0 to 1 as text; when not final.
    pub stability: Option<String>,
    /// The transcription's name.
    pub name: Option<String>,
    /// What the inbound party is called.
    pub inbound_track_label: Option<String>,
    /// What the outbound party is called.
    pub outbound_track_label: Option<String>,
    /// Whether unfinished speech is posted as well.
    pub partial_results: Option<bool>,
    /// Who recognises.
    pub transcription_engine: Option<String>,
    /// How the recogniser is set up, JSON.
    pub provider_configuration: Option<String>,
    /// The recogniser's own data, JSON.
    pub transcription_provider_data: Option<String>,
    /// Twilio's error code, 32650 to 32655.
    pub error_code: Option<u32>,
    /// What went wrong.
    pub error: Option<String>,
    /// The rest.
    pub extra: Form,
}

open_keywords! {
    /// What happened to a transcription.
    pub enum TranscriptionEventKind {
        /// It has started.
        Started = "transcription-started",
        /// There is text.
        Content = "transcription-content",
        /// It has ended.
        Stopped = "transcription-stopped",
        /// It failed.
        Error = "transcription-error",
    }
}

parameters! {
    TranscriptionEvent: extra
    required {
        "AccountSid" => account_sid: String;
        "CallSid" => call_sid: String;
        "TranscriptionSid" => transcription_sid: String;
        "SequenceId" => sequence_id: u32;
        "TranscriptionEvent" => kind: TranscriptionEventKind;
    }
    optional {
        "Timestamp" => timestamp;
        "LanguageCode" => language_code;
        "Track" => track;
        "TranscriptionData" => transcription_data;
        "Final" => is_final;
        "Stability" => stability;
        "Name" => name;
        "InboundTrackLabel" => inbound_track_label;
        "OutboundTrackLabel" => outbound_track_label;
        "PartialResults" => partial_results;
        "TranscriptionEngine" => transcription_engine;
        "ProviderConfiguration" => provider_configuration;
        "TranscriptionProviderData" => transcription_provider_data;
        "TranscriptionErrorCode" => error_code;
        "TranscriptionError" => error;
    }
}
