//! `<Say>`.

use super::ssml::{Speech, character_count, check_depth, read_speech, write_speech};
use crate::check::filled;
use crate::element::Element;
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// The longest text of one `<Say>`, in characters, markup not counted (error 13520).
pub const MAX_SAY: usize = 4096;

/// Speaks text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Say {
    /// What is spoken: text, mixed with SSML. At most [`MAX_SAY`] characters. Blanks are kept as they are. When read back,
    /// neighbouring texts have become one and empty ones have gone.
    pub content: Vec<Speech>,
    /// The voice, such as `Polly.Kazuha-Neural` or `Google.ja-JP-Chirp3-HD-Aoede` (default: the account's).
    pub voice: Option<String>,
    /// The language as a BCP 47 tag (default en-US, or the voice's).
    pub language: Option<String>,
    /// How often it is spoken (default 1); 0 until the call ends, at most a thousand times.
    pub loops: Option<u32>,
}

impl Say {
    /// Speaks a plain text. Characters that have a meaning in XML are safe in it.
    pub fn new(text: impl Into<String>) -> Self {
        Self { content: vec![Speech::Text(text.into())], ..Self::default() }
    }

    /// With this voice.
    #[must_use]
    pub fn voice(mut self, voice: impl Into<String>) -> Self {
        self.voice = Some(voice.into());
        self
    }

    /// In this language.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// The words alone, without markup.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        self.content.iter().for_each(|speech| speech.push_plain_text(&mut out));
        out
    }
}

impl From<&str> for Say {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Say {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

attributes!(Say, "Say" {
    "voice" => voice: 13511, filled;
    "language" => language: 13512, filled;
    "loop" => loops: 13510;
});

impl Element for Say {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        write_speech(&self.content, writer)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.content = read_speech(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        check_depth(&self.content, 0).map_err(|reason| Self::refuse(13520, reason))?;
        match character_count(&self.content) {
            count if count > MAX_SAY => {
                Err(Self::refuse(13520, format!("has {count} characters; at most {MAX_SAY} are allowed")))
            }
            _ => Ok(()),
        }
    }
}
