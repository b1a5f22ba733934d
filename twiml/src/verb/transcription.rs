//! `<Transcription>`, the noun of `<Start>`.

use super::{Hints, Method, StreamTrack};
use crate::check::{absolute_url, filled};
use crate::element::Element;

/// Transcribes the call in real time, in the background.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcription {
    /// A name by which it can be stopped.
    pub name: Option<String>,
    /// Where the transcript is posted; an absolute URL.
    pub status_callback_url: Option<String>,
    /// How that is requested (default POST).
    pub status_callback_method: Option<Method>,
    /// Language of the speech as a BCP 47 tag (default en-US).
    pub language_code: Option<String>,
    /// Which direction (default both).
    pub track: Option<StreamTrack>,
    /// What the inbound party is called in the transcript.
    pub inbound_track_label: Option<String>,
    /// What the outbound party is called in the transcript.
    pub outbound_track_label: Option<String>,
    /// Who recognises the speech (default Google).
    pub transcription_engine: Option<TranscriptionEngine>,
    /// The engine's model, such as `telephony` or `nova-3`.
    pub speech_model: Option<String>,
    /// Whether profanities are masked (default true).
    pub profanity_filter: Option<bool>,
    /// Whether unfinished speech is posted as well (default false).
    pub partial_results: Option<bool>,
    /// Words to expect.
    pub hints: Option<Hints>,
    /// Whether punctuation is added (default true).
    pub enable_automatic_punctuation: Option<bool>,
    /// Whether the engine's own data is posted (default false).
    pub enable_provider_data: Option<bool>,
    /// Sid of a Conversational Intelligence service.
    pub intelligence_service: Option<String>,
    /// Sid of a conversation configuration.
    pub conversation_configuration: Option<String>,
    /// Sid of a conversation.
    pub conversation_id: Option<String>,
}

keywords! {
    /// Who recognises speech.
    pub enum TranscriptionEngine {
        /// Google.
        Google = "google",
        /// Deepgram.
        Deepgram = "deepgram",
    }
}

attributes!(Transcription, "Transcription" {
    "name" => name: 12200, filled;
    "statusCallbackUrl" => status_callback_url: 11100, absolute_url;
    "statusCallbackMethod" => status_callback_method;
    "languageCode" => language_code: 12200, filled;
    "track" => track;
    "inboundTrackLabel" => inbound_track_label: 12200, filled;
    "outboundTrackLabel" => outbound_track_label: 12200, filled;
    "transcriptionEngine" => transcription_engine;
    "speechModel" => speech_model: 12200, filled;
    "profanityFilter" => profanity_filter;
    "partialResults" => partial_results;
    "hints" => hints;
    "enableAutomaticPunctuation" => enable_automatic_punctuation;
    "enableProviderData" => enable_provider_data;
    "intelligenceService" => intelligence_service: 12200, filled;
    "conversationConfiguration" => conversation_configuration: 12200, filled;
    "conversationId" => conversation_id: 12200, filled;
});

impl Element for Transcription {}
