//! Speech while it is recognised.

use super::Form;

/// The `partialResultCallback` of `<Gather>`. These come unordered and may be missing; `sequence_number` orders them.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialResult {
    /// The call leg that this is about.
    pub call_sid: String,
    /// The account.
    pub account_sid: Option<String>,
    /// Counts up within one `<Gather>`.
    pub sequence_number: Option<u32>,
    /// What will not change any more.
    pub stable_speech_result: Option<String>,
    /// What may still change.
    pub unstable_speech_result: Option<String>,
    /// How unlikely a change is, 0 to 1.
    pub stability: Option<f32>,
    /// The language of the speech.
    pub language: Option<String>,
    /// The rest.
    pub extra: Form,
}

parameters! {
    PartialResult: extra
    required {
        "CallSid" => call_sid: String;
    }
    optional {
        "AccountSid" => account_sid;
        "SequenceNumber" => sequence_number;
        "StableSpeechResult" => stable_speech_result;
        "UnstableSpeechResult" => unstable_speech_result;
        "Stability" => stability;
        "Language" => language;
    }
}

impl PartialResult {
    /// All that was heard so far, the stable part first.
    pub fn text(&self) -> String {
        let parts = [&self.stable_speech_result, &self.unstable_speech_result];
        parts.into_iter().flatten().map(String::as_str).collect()
    }
}
