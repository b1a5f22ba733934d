//! What a `<ConversationRelay>` asks for, with Twilio's defaults filled in.

use crate::sandbox::persona::Mode;
use crate::sandbox::relay::{Content, Piece};
use crate::sandbox::stream;
use tsunagu_twiml::{self as twiml, ConversationRelay, EndpointTimeout, Interruptible, Say, Verb};

/// Seconds of silence after which `auto` takes speech to be over.
const AUTO_SILENCE: f64 = 0.8;
/// The language of a relay that names none.
const LANGUAGE: &str = "en-US";

/// The settings of one session.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is said first, and what may interrupt it.
    pub greeting: Option<(String, Interruptible)>,
    /// The language of what the person says.
    pub heard_language: String,
    /// What may interrupt the program's words.
    pub interruptible: Interruptible,
    /// Whether the next words cut the present ones short.
    pub preemptible: bool,
    /// Whether keys are reported.
    pub keys: bool,
    /// What is reported while words are spoken that it does not interrupt.
    pub report_meanwhile: Interruptible,
    /// Whether unfinished speech is reported.
    pub partial: bool,
    /// Seconds of silence that end speech.
    pub silence: f64,
    /// `customParameters`.
    pub parameters: Vec<(String, String)>,
    /// The voice, if it cannot be.
    pub impossible_voice: Option<String>,
    /// Something was asked for that the sandbox does not do.
    pub reconnect: bool,
}

impl Settings {
    /// As the noun says.
    pub fn of(noun: &ConversationRelay) -> Self {
        let greeting_interruptible = noun.welcome_greeting_interruptible.unwrap_or(Interruptible::Any);
        let language = noun.transcription_language.as_ref().or(noun.language.as_ref());
        let prefixed = |voice: &&String| voice.starts_with("Google.") || voice.starts_with("Polly.");
        Self {
            greeting: noun.welcome_greeting.clone().map(|text| (text, greeting_interruptible)),
            heard_language: language.cloned().unwrap_or_else(|| LANGUAGE.into()),
            interruptible: noun.interruptible.unwrap_or(Interruptible::Any),
            preemptible: noun.preemptible.unwrap_or(false),
            keys: noun.dtmf_detection.unwrap_or(false),
            report_meanwhile: noun.report_input_during_agent_speech.unwrap_or(Interruptible::None),
            partial: noun.partial_prompts.unwrap_or(false),
            silence: match noun.speech_timeout {
                Some(EndpointTimeout::Milliseconds(millis)) => f64::from(millis) / 1_000.0,
                Some(EndpointTimeout::Auto) | None => AUTO_SILENCE,
            },
            parameters: stream::pairs(&noun.parameters),
            impossible_voice: noun.voice.as_ref().filter(prefixed).cloned(),
            reconnect: noun.application_reconnect.unwrap_or(false),
        }
    }

    /// What a person can do towards it.
    pub fn mode(&self) -> Mode {
        if self.keys { Mode::Both } else { Mode::Speech }
    }

    /// A piece of this content, where a message may override what may interrupt it and what cuts it short.
    pub fn piece(
        &self,
        content: Content,
        secs: f64,
        interruptible: Option<bool>,
        preemptible: Option<bool>,
    ) -> Piece {
        let interruptible = match interruptible {
            None => self.interruptible,
            Some(false) => Interruptible::None,
            Some(true) if self.interruptible == Interruptible::None => Interruptible::Any,
            Some(true) => self.interruptible,
        };
        Piece { content, secs, interruptible, preemptible: preemptible.unwrap_or(self.preemptible) }
    }
}

/// A text of the program's as `<Say>` has it, SSML understood if it is well-formed.
pub fn spoken(text: String) -> Say {
    if !text.contains('<') {
        return Say::new(text);
    }
    let document = format!("<Response><Say>{text}</Say></Response>");
    let verbs = twiml::Response::parse(&document).map(|parsed| parsed.response.verbs).unwrap_or_default();
    match <[Verb; 1]>::try_from(verbs) {
        Ok([Verb::Say(say)]) => say,
        _ => Say::new(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilios_defaults() {
        let settings = Settings::of(&ConversationRelay::default());
        assert_eq!(settings.heard_language, "en-US");
        assert_eq!(settings.interruptible, Interruptible::Any);
        assert_eq!(settings.report_meanwhile, Interruptible::None);
        assert!(!settings.keys && !settings.partial && !settings.preemptible);
        assert_eq!(settings.mode(), Mode::Speech);
    }

    #[test]
    fn a_message_overrides_the_noun() {
        let noun = ConversationRelay { interruptible: Some(Interruptible::None), ..Default::default() };
        let settings = Settings::of(&noun);
        let piece = |interruptible| {
            settings.piece(Content::Words("a".into()), 1.0, interruptible, None).interruptible
        };
        assert_eq!(piece(None), Interruptible::None);
        assert_eq!(piece(Some(true)), Interruptible::Any);
        let dtmf = Settings { interruptible: Interruptible::Dtmf, ..settings.clone() };
        let piece = dtmf.piece(Content::Words("a".into()), 1.0, Some(true), None);
        assert_eq!(piece.interruptible, Interruptible::Dtmf);
    }

    #[test]
    fn ssml_is_read_and_what_only_looks_like_it_is_said() {
        assert_eq!(spoken("a<break time=\"2s\"/>b".into()).plain_text(), "ab");
        assert_eq!(spoken("3 < 4 & 5".into()).plain_text(), "3 < 4 & 5");
        assert_eq!(spoken("</Say><Hangup/><Say>".into()).plain_text(), "</Say><Hangup/><Say>");
    }
}
