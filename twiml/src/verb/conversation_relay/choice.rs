//! The closed sets of values of `<ConversationRelay>`.

use crate::attribute::{Reason, Value};
use crate::check::within;

keywords! {
    /// What may interrupt, or is reported.
    pub enum Interruptible {
        /// Nothing.
        None = "none" | "false",
        /// Keys.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
        /// Both.
        Any = "any" | "true",
    }
}

keywords! {
    /// How easily speech interrupts.
    pub enum InterruptSensitivity {
        /// Reluctantly.
        Low = "low",
        /// In between.
        Medium = "medium",
        /// At once.
        High = "high",
    }
}

keywords! {
    /// Who speaks.
    pub enum TtsProvider {
        /// Google.
        Google = "Google",
        /// Amazon Polly.
        Amazon = "Amazon",
        /// ElevenLabs.
        ElevenLabs = "ElevenLabs",
    }
}

keywords! {
    /// Who recognises.
    pub enum TranscriptionProvider {
        /// Google.
        Google = "Google",
        /// Deepgram.
        Deepgram = "Deepgram",
    }
}

keywords! {
    /// Whether numbers and the like are spelt out.
    pub enum TextNormalization {
        /// Always.
        On = "on",
        /// As the provider sees fit.
        Auto = "auto",
        /// Never.
        Off = "off",
    }
}

keywords! {
    /// What is reported for debugging.
    pub enum RelayDebug {
        /// Everything.
        Debugging = "debugging",
        /// Who speaks when; formerly here, now a [`RelayEvent`].
        SpeakerEvents = "speaker-events",
        /// What has been spoken; formerly here, now a [`RelayEvent`].
        TokensPlayed = "tokens-played",
    }
}

keywords! {
    /// What is reported beyond the ordinary.
    pub enum RelayEvent {
        /// Who speaks when.
        SpeakerEvents = "speaker-events",
        /// What has been spoken.
        TokensPlayed = "tokens-played",
    }
}

keywords! {
    /// What comes with each prompt.
    pub enum IncludeInPrompt {
        /// The state of the turn.
        TurnState = "turn-state",
        /// The prompt's segments.
        PromptSegments = "prompt-segments",
    }
}

/// Silence that ends speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointTimeout {
    /// The provider decides.
    Auto,
    /// Milliseconds, 600 to 5000.
    Milliseconds(u32),
}

impl EndpointTimeout {
    pub(super) fn check(&self) -> Result<(), Reason> {
        match self {
            Self::Auto => Ok(()),
            Self::Milliseconds(milliseconds) => within(600, 5000)(milliseconds),
        }
    }
}

impl Value for EndpointTimeout {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        match self {
            Self::Auto => {
                out.push_str("auto");
                Ok(())
            }
            Self::Milliseconds(milliseconds) => milliseconds.write(out),
        }
    }

    fn read(text: &str) -> Result<Self, Reason> {
        if text == "auto" { Ok(Self::Auto) } else { u32::read(text).map(Self::Milliseconds) }
    }
}
