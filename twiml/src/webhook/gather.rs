//! What `<Gather>` heard.

use super::parameters::{Parameters, Source};
use super::{Form, FormError, VoiceRequest};

/// The `action` request of `<Gather>`.
#[derive(Debug, Clone, PartialEq)]
pub struct GatherResult {
    /// The standard parameters.
    pub voice: VoiceRequest,
    /// What was entered or said.
    pub input: GatherInput,
    /// The language of the speech.
    pub language: Option<String>,
    /// The key that ended the input.
    pub finished_on_key: Option<String>,
}

/// What was entered or said.
#[derive(Debug, Clone, PartialEq)]
pub enum GatherInput {
    /// Keys, at least one.
    Digits(String),
    /// Speech.
    Speech {
        /// What was recognised, not empty.
        text: String,
        /// How sure the recogniser is, 0 to 1; absent when Twilio sends none, or none that can be read.
        confidence: Option<f32>,
    },
    /// Nothing (only with `actionOnEmptyResult`).
    Empty,
}

impl GatherResult {
    /// With what Twilio always sends, and nothing else.
    pub const fn new(voice: VoiceRequest, input: GatherInput) -> Self {
        Self { voice, input, language: None, finished_on_key: None }
    }
}

impl Parameters for GatherResult {
    fn take(source: &mut Source) -> Result<Self, FormError> {
        let voice = Parameters::take(source)?;
        let mut filled = |name| source.optional::<String>(name).filter(|text| !text.is_empty());
        let input = if let Some(digits) = filled("Digits") {
            GatherInput::Digits(digits)
        } else if let Some(text) = filled("SpeechResult") {
            let confidence = filled("Confidence").and_then(|text| text.parse().ok());
            GatherInput::Speech { text, confidence: confidence.filter(|number| (0.0..=1.0).contains(number)) }
        } else {
            GatherInput::Empty
        };
        Ok(Self {
            voice,
            input,
            language: source.optional("Language"),
            finished_on_key: source.optional("FinishedOnKey"),
        })
    }

    fn put(&self, form: &mut Form) {
        self.voice.put(form);
        match &self.input {
            GatherInput::Digits(digits) => form.push("Digits", digits),
            GatherInput::Speech { text, confidence } => {
                form.push("SpeechResult", text);
                if let Some(confidence) = confidence {
                    form.push("Confidence", &confidence.to_string());
                }
            }
            GatherInput::Empty => {}
        }
        if let Some(language) = &self.language {
            form.push("Language", language);
        }
        if let Some(key) = &self.finished_on_key {
            form.push("FinishedOnKey", key);
        }
    }

    fn extra(&self) -> &Form {
        &self.voice.extra
    }

    fn set_extra(&mut self, extra: Form) {
        self.voice.extra = extra;
    }
}

form_conversions!(GatherResult);
