//! `<Gather>`.

use super::{Hints, Method, Pause, Play, Say};
use crate::attribute::{Reason, Value, write_text};
use crate::check::{filled, one_key, positive, url};
use crate::element::{Element, children_or, no_text};
use crate::error::Error;
use crate::response::take;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Listens for keys, speech or both, while the prompts play and for some time after. With input, control goes to `action`;
/// without, to the next verb (unless `action_on_empty_result`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gather {
    /// What is said and played meanwhile.
    pub prompts: Vec<Prompt>,
    /// Where the input is posted; that document takes over (default: this document again).
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
    /// What is listened for (default keys).
    pub input: Option<Input>,
    /// Seconds to wait for input after the prompts, at least 1 (default 5).
    pub timeout: Option<Timeout>,
    /// Seconds of silence that end speech, at least 1 (default as `timeout`). Not `Auto` together with a `speech_model`.
    pub speech_timeout: Option<Timeout>,
    /// Number of keys that end the input, at least 1 (default no limit).
    pub num_digits: Option<u32>,
    /// The key that ends the input, `0-9 # *`, or empty for none (default `#`).
    pub finish_on_key: Option<String>,
    /// Words to expect.
    pub hints: Option<Hints>,
    /// Language of the speech as a BCP 47 tag (default en-US).
    pub language: Option<String>,
    /// Which recogniser (default: Twilio chooses).
    pub speech_model: Option<SpeechModel>,
    /// Whether profanities are masked (default true).
    pub profanity_filter: Option<bool>,
    /// Whether `action` is requested without input as well (default false).
    pub action_on_empty_result: Option<bool>,
    /// Where unfinished speech is posted while it is recognised; the answers are ignored.
    pub partial_result_callback: Option<String>,
    /// How that is requested (default POST).
    pub partial_result_callback_method: Option<Method>,
    /// Deprecated by Twilio: the better model of `phone_call` (default false).
    pub enhanced: Option<bool>,
    /// Whether speech stops the prompts; written by Twilio's own libraries, absent from its documentation.
    pub barge_in: Option<bool>,
    /// Longest speech in seconds; written by Twilio's own libraries, absent from its documentation.
    pub max_speech_time: Option<u32>,
    /// Written by Twilio's own libraries, absent from its documentation.
    pub debug: Option<bool>,
}

/// What may be nested in a `<Gather>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// Speaks text.
    Say(Say),
    /// Plays audio; keys (`digits`) are not allowed here.
    Play(Play),
    /// Waits in silence.
    Pause(Pause),
}

keywords! {
    /// What is listened for. If speech comes first, `finish_on_key` is ignored.
    pub enum Input {
        /// Keys.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
        /// Keys or speech, whichever comes first.
        DtmfSpeech = "dtmf speech" | "speech dtmf",
    }
}

/// A time to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeout {
    /// Twilio decides by the pauses in the speech.
    Auto,
    /// Whole seconds, at least 1.
    Seconds(u32),
}

open_keywords! {
    /// A speech recogniser. Only `Default` falls back on another one when it fails.
    pub enum SpeechModel {
        /// Twilio chooses.
        Default = "default",
        /// Short commands and numbers.
        NumbersAndCommands = "numbers_and_commands",
        /// Telephone speech.
        PhoneCall = "phone_call",
        /// Long speech.
        ExperimentalConversations = "experimental_conversations",
        /// Short speech.
        ExperimentalUtterances = "experimental_utterances",
        /// Google v2, long.
        GoogleV2Long = "googlev2_long",
        /// Google v2, short.
        GoogleV2Short = "googlev2_short",
        /// Google v2, telephone.
        GoogleV2Telephony = "googlev2_telephony",
        /// Google v2, telephone, short.
        GoogleV2TelephonyShort = "googlev2_telephony_short",
        /// Deepgram Nova 2; its variants (`deepgram_nova-2-phonecall` …) are `Other`.
        DeepgramNova2 = "deepgram_nova-2",
        /// Deepgram Nova 3.
        DeepgramNova3 = "deepgram_nova-3",
    }
}

attributes!(Gather, "Gather" {
    "input" => input;
    "action" => action: 11100, url;
    "method" => method: 13312;
    "timeout" => timeout: 13313, Timeout::check;
    "speechTimeout" => speech_timeout: 13335, Timeout::check;
    "numDigits" => num_digits: 13314, positive;
    "finishOnKey" => finish_on_key: 13310, one_key;
    "hints" => hints;
    "language" => language: 12200, filled;
    "speechModel" => speech_model: 12200, SpeechModel::check;
    "profanityFilter" => profanity_filter;
    "actionOnEmptyResult" => action_on_empty_result;
    "partialResultCallback" => partial_result_callback: 11100, url;
    "partialResultCallbackMethod" => partial_result_callback_method;
    "enhanced" => enhanced;
    "bargeIn" => barge_in;
    "maxSpeechTime" => max_speech_time: 12200, positive;
    "debug" => debug;
});

impl Element for Gather {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        self.prompts.iter().try_for_each(|prompt| match prompt {
            Prompt::Say(say) => writer.element(say),
            Prompt::Play(play) => writer.element(play),
            Prompt::Pause(pause) => writer.element(pause),
        })
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        children_or(node, warnings, 13320, |child, warnings| match child.name.as_str() {
            "Say" => take::<Say, _>(child, warnings, &mut self.prompts),
            "Play" => take::<Play, _>(child, warnings, &mut self.prompts),
            "Pause" => take::<Pause, _>(child, warnings, &mut self.prompts),
            _ => false,
        });
        self.prompts.retain(|prompt| {
            let keys = sends_keys(prompt);
            if keys {
                warnings.add(
                    13320,
                    "Play",
                    Some("digits"),
                    "keys cannot be sent in <Gather>; the verb is skipped",
                );
            }
            !keys
        });
        if self.auto_with_model() {
            let message = "auto does not go with a speechModel; the attribute is skipped";
            warnings.add(13335, "Gather", Some("speechTimeout"), message);
            self.speech_timeout = None;
        }
    }

    fn check(&self) -> Result<(), Error> {
        if self.auto_with_model() {
            return Err(Error::Invalid {
                element: "Gather",
                attribute: Some("speechTimeout"),
                code: 13335,
                reason: "must be seconds, not auto, when there is a speechModel".into(),
            });
        }
        if self.prompts.iter().any(sends_keys) {
            return Err(Self::refuse(13320, "a nested <Play> cannot send keys"));
        }
        Ok(())
    }
}

impl Gather {
    fn auto_with_model(&self) -> bool {
        self.speech_timeout == Some(Timeout::Auto) && self.speech_model.is_some()
    }
}

fn sends_keys(prompt: &Prompt) -> bool {
    matches!(prompt, Prompt::Play(Play { digits: Some(_), .. }))
}

impl Timeout {
    fn check(&self) -> Result<(), Reason> {
        match self {
            Self::Auto => Ok(()),
            Self::Seconds(seconds) => positive(seconds),
        }
    }
}

impl Value for Timeout {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        match self {
            Self::Auto => {
                out.push_str("auto");
                Ok(())
            }
            Self::Seconds(seconds) => seconds.write(out),
        }
    }

    fn read(text: &str) -> Result<Self, Reason> {
        if text == "auto" { Ok(Self::Auto) } else { u32::read(text).map(Self::Seconds) }
    }
}

impl SpeechModel {
    fn check(&self) -> Result<(), Reason> {
        if self.as_str().is_empty() { Err("must not be empty".into()) } else { Ok(()) }
    }
}

impl Value for SpeechModel {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        write_text(out, self.as_str())
    }

    fn read(text: &str) -> Result<Self, Reason> {
        Ok(Self::from(text))
    }
}

impl From<u32> for Timeout {
    fn from(seconds: u32) -> Self {
        Self::Seconds(seconds)
    }
}

impl From<Say> for Prompt {
    fn from(say: Say) -> Self {
        Self::Say(say)
    }
}

impl From<Play> for Prompt {
    fn from(play: Play) -> Self {
        Self::Play(play)
    }
}

impl From<Pause> for Prompt {
    fn from(pause: Pause) -> Self {
        Self::Pause(pause)
    }
}
