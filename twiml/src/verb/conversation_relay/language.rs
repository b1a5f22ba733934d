//! `<Language>`.

use super::{TranscriptionProvider, TtsProvider};
use crate::check::filled;
use crate::element::Element;

/// Settings for one language of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language {
    /// The language as a BCP 47 tag, or `multi` (ElevenLabs, Deepgram Nova).
    pub code: String,
    /// Who speaks it.
    pub tts_provider: Option<TtsProvider>,
    /// The provider's voice.
    pub voice: Option<String>,
    /// Who recognises it.
    pub transcription_provider: Option<TranscriptionProvider>,
    /// The provider's model.
    pub speech_model: Option<String>,
    /// Words to expect, separated by commas.
    pub hints: Option<String>,
}

attributes!(Language, "Language" {
    "code" => code: 64101, filled;
    "ttsProvider" => tts_provider: 64101;
    "voice" => voice: 64101, filled;
    "transcriptionProvider" => transcription_provider: 64101;
    "speechModel" => speech_model: 64101, filled;
    "hints" => hints;
});

impl Element for Language {}
