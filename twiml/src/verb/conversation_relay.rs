//! `<ConversationRelay>`, the noun of `<Connect>`, with `<Language>`.

mod choice;
mod language;

pub use choice::{
    EndpointTimeout, IncludeInPrompt, InterruptSensitivity, Interruptible, RelayDebug, RelayEvent,
    TextNormalization, TranscriptionProvider, TtsProvider,
};
pub use language::Language;

use super::Parameter;
use crate::attribute::Reason;
use crate::check::{filled, websocket_url};
use crate::element::{Element, children, no_text};
use crate::error::Error;
use crate::response::take;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Connects the call to an application as text: Twilio recognises the speech and speaks the answers.
/// A pair of provider and voice or model that does not exist ends the session (64101).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConversationRelay {
    /// The application, `wss://`.
    pub url: String,
    /// What is said first.
    pub welcome_greeting: Option<String>,
    /// What may interrupt it (default any).
    pub welcome_greeting_interruptible: Option<Interruptible>,
    /// Language of both directions as a BCP 47 tag (default en-US).
    pub language: Option<String>,
    /// Language of what is spoken (default `language`).
    pub tts_language: Option<String>,
    /// Who speaks (default ElevenLabs).
    pub tts_provider: Option<TtsProvider>,
    /// The provider's voice, without a prefix.
    pub voice: Option<String>,
    /// Language of what is heard (default `language`).
    pub transcription_language: Option<String>,
    /// Who recognises (default Deepgram).
    pub transcription_provider: Option<TranscriptionProvider>,
    /// The provider's model, such as `telephony` or `nova-3-general`.
    pub speech_model: Option<String>,
    /// What may interrupt the application's words (default any).
    pub interruptible: Option<Interruptible>,
    /// How easily (default high).
    pub interrupt_sensitivity: Option<InterruptSensitivity>,
    /// Whether keys are reported (default false).
    pub dtmf_detection: Option<bool>,
    /// What is reported while the application's words are spoken (default none).
    pub report_input_during_agent_speech: Option<Interruptible>,
    /// Whether the next words cut the present ones short (default false).
    pub preemptible: Option<bool>,
    /// Words to expect, separated by commas.
    pub hints: Option<String>,
    /// What is reported for debugging.
    pub debug: Vec<RelayDebug>,
    /// What is reported beyond the ordinary.
    pub events: Vec<RelayEvent>,
    /// Whether ElevenLabs spells out numbers and the like (default off).
    pub elevenlabs_text_normalization: Option<TextNormalization>,
    /// Sid of a Conversational Intelligence service.
    pub intelligence_service: Option<String>,
    /// Sid of a conversation configuration.
    pub conversation_configuration: Option<String>,
    /// Sid of a conversation.
    pub conversation_id: Option<String>,
    /// Silence that ends speech.
    pub speech_timeout: Option<EndpointTimeout>,
    /// Whether unfinished speech is reported (default false).
    pub partial_prompts: Option<bool>,
    /// Whether short sounds of assent do not interrupt (default false).
    pub ignore_backchannel: Option<bool>,
    /// Whether Deepgram formats numbers and the like (default true).
    pub deepgram_smart_format: Option<bool>,
    /// How sure the model must be that a turn has ended, 0.5 to 0.9 (Flux models).
    pub eot_threshold: Option<f32>,
    /// The same for an early guess, 0.5 to 0.9 (Flux models).
    pub eager_eot_threshold: Option<f32>,
    /// Whether Twilio connects again when the connection is lost (default false).
    pub application_reconnect: Option<bool>,
    /// How background noise is reduced.
    pub background_noise_reduction: Option<String>,
    /// Whether the application's own words, heard back, are dropped (default false).
    pub echo_prompt_filtering: Option<bool>,
    /// Whether turns are detected by the model (default false).
    pub turn_detection: Option<bool>,
    /// Whether unfinished speech is reported when the caller hangs up.
    pub partial_prompt_on_hangup: Option<bool>,
    /// Whether the recogniser formats numbers and the like.
    pub asr_smart_format: Option<bool>,
    /// How the speaker spells out numbers and the like.
    pub tts_text_normalization: Option<String>,
    /// How it does so for the language.
    pub tts_language_text_normalization: Option<String>,
    /// What comes with each prompt.
    pub include_in_prompt: Vec<IncludeInPrompt>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// Whether profanities are masked.
    pub profanity_filter: Option<bool>,
    /// Settings for more languages; they declare a language, they do not choose it.
    pub languages: Vec<Language>,
    /// Values that come with the first message.
    pub parameters: Vec<Parameter>,
}

attributes!(ConversationRelay, "ConversationRelay" {
    "url" => url: 64101, websocket_url;
    "welcomeGreeting" => welcome_greeting: 64101, filled;
    "welcomeGreetingInterruptible" => welcome_greeting_interruptible: 64101;
    "language" => language: 64101, filled;
    "ttsLanguage" => tts_language: 64101, filled;
    "ttsProvider" => tts_provider: 64101;
    "voice" => voice: 64101, filled;
    "transcriptionLanguage" => transcription_language: 64101, filled;
    "transcriptionProvider" => transcription_provider: 64101;
    "speechModel" => speech_model: 64101, filled;
    "interruptible" => interruptible: 64101;
    "interruptSensitivity" => interrupt_sensitivity: 64101;
    "dtmfDetection" => dtmf_detection: 64101;
    "reportInputDuringAgentSpeech" => report_input_during_agent_speech: 64101;
    "preemptible" => preemptible: 64101;
    "hints" => hints;
    "debug" => debug;
    "events" => events;
    "elevenlabsTextNormalization" => elevenlabs_text_normalization: 64101;
    "intelligenceService" => intelligence_service: 64101, filled;
    "conversationConfiguration" => conversation_configuration: 64101, filled;
    "conversationId" => conversation_id: 64101, filled;
    "speechTimeout" => speech_timeout: 64101, EndpointTimeout::check;
    "partialPrompts" => partial_prompts: 64101;
    "ignoreBackchannel" => ignore_backchannel: 64101;
    "deepgramSmartFormat" => deepgram_smart_format: 64101;
    "eotThreshold" => eot_threshold: 64101, threshold;
    "eagerEotThreshold" => eager_eot_threshold: 64101, threshold;
    "applicationReconnect" => application_reconnect: 64101;
    "backgroundNoiseReduction" => background_noise_reduction: 64101, filled;
    "echoPromptFiltering" => echo_prompt_filtering: 64101;
    "turnDetection" => turn_detection: 64101;
    "partialPromptOnHangup" => partial_prompt_on_hangup: 64101;
    "asrSmartFormat" => asr_smart_format: 64101;
    "ttsTextNormalization" => tts_text_normalization: 64101, filled;
    "ttsLanguageTextNormalization" => tts_language_text_normalization: 64101, filled;
    "includeInPrompt" => include_in_prompt: 64101;
    "customerName" => customer_name: 64101, filled;
    "profanityFilter" => profanity_filter: 64101;
});

fn threshold(value: &f32) -> Result<(), Reason> {
    if (0.5..=0.9).contains(value) { Ok(()) } else { Err(format!("{value} is not within 0.5 to 0.9").into()) }
}

impl Element for ConversationRelay {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        self.languages.iter().try_for_each(|language| writer.element(language))?;
        self.parameters.iter().try_for_each(|parameter| writer.element(parameter))
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        children(node, warnings, |child, warnings| match child.name.as_str() {
            "Language" => take::<Language, _>(child, warnings, &mut self.languages),
            _ => take::<Parameter, _>(child, warnings, &mut self.parameters),
        });
    }
}
