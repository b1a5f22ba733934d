//! The elements of speech markup.

use super::{Speech, read_speech, read_words, write_speech};
use crate::check::filled;
use crate::element::Element;
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// A pause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Break {
    /// How long, in words.
    pub strength: Option<BreakStrength>,
    /// How long, such as `500ms` or `2s`; at most 10 s.
    pub time: Option<String>,
}

keywords! {
    /// How long a pause is.
    pub enum BreakStrength {
        /// None.
        None = "none",
        /// Hardly.
        XWeak = "x-weak",
        /// As after a comma.
        Weak = "weak",
        /// As after a comma.
        Medium = "medium",
        /// As after a sentence.
        Strong = "strong",
        /// As after a paragraph.
        XStrong = "x-strong",
    }
}

/// Words with stress.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emphasis {
    /// How much.
    pub level: Option<EmphasisLevel>,
    /// The words.
    pub content: Vec<Speech>,
}

keywords! {
    /// How much a word is stressed.
    pub enum EmphasisLevel {
        /// Louder and slower.
        Strong = "strong",
        /// Somewhat.
        Moderate = "moderate",
        /// Softer and faster.
        Reduced = "reduced",
        /// Not at all.
        None = "none",
    }
}

/// Words of another language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lang {
    /// The language as a BCP 47 tag (`xml:lang`).
    pub lang: String,
    /// The words.
    pub content: Vec<Speech>,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// The words.
    pub content: Vec<Speech>,
}

/// A sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// The words.
    pub content: Vec<Speech>,
}

/// Words with another volume, rate or pitch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prosody {
    /// `silent`, `x-soft` … `x-loud`, or a change such as `+6dB`.
    pub volume: Option<String>,
    /// `x-slow` … `x-fast`, or a percentage such as `90%`.
    pub rate: Option<String>,
    /// `x-low` … `x-high`, or a change such as `-10%`.
    pub pitch: Option<String>,
    /// The words.
    pub content: Vec<Speech>,
}

/// A word with its pronunciation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phoneme {
    /// The alphabet of `ph`.
    pub alphabet: Option<PhoneticAlphabet>,
    /// The pronunciation.
    pub ph: String,
    /// The word.
    pub text: String,
}

keywords! {
    /// How a pronunciation is written.
    pub enum PhoneticAlphabet {
        /// International Phonetic Alphabet.
        Ipa = "ipa",
        /// X-SAMPA.
        XSampa = "x-sampa",
        /// Japanese: katakana with accent marks (Amazon).
        XAmazonPronKana = "x-amazon-pron-kana",
        /// Japanese: yomigana (Amazon).
        XAmazonYomigana = "x-amazon-yomigana",
    }
}

/// Something to be read in a certain way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SayAs {
    /// As what: `digits`, `telephone`, `date`, `characters`, `cardinal` …
    pub interpret_as: String,
    /// More precisely, such as `ymd` for a date.
    pub format: Option<String>,
    /// What is read.
    pub text: String,
}

/// Something to be read as something else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sub {
    /// What is spoken.
    pub alias: String,
    /// What it stands for.
    pub text: String,
}

/// A word with its part of speech.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// Such as `amazon:VB`.
    pub role: Option<String>,
    /// The word.
    pub text: String,
}

attributes!(Break, "break" {
    "strength" => strength;
    "time" => time: 12200, filled;
});
attributes!(Emphasis, "emphasis" { "level" => level; });
attributes!(Lang, "lang" { "xml:lang" => lang: 12200, filled; });
attributes!(Paragraph, "p" {});
attributes!(Sentence, "s" {});
attributes!(Prosody, "prosody" {
    "volume" => volume: 12200, filled;
    "rate" => rate: 13513, filled;
    "pitch" => pitch: 12200, filled;
});
attributes!(Phoneme, "phoneme" {
    "alphabet" => alphabet;
    "ph" => ph: 12200, filled;
});
attributes!(SayAs, "say-as" {
    "interpret-as" => interpret_as: 12200, filled;
    "format" => format: 12200, filled;
});
attributes!(Sub, "sub" { "alias" => alias: 12200, filled; });
attributes!(Word, "w" { "role" => role: 12200, filled; });

impl Element for Break {}

macro_rules! marked_up {
    ($($part:ty),+) => {
        $(impl Element for $part {
            fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
                write_speech(&self.content, writer)
            }

            fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
                self.content = read_speech(node, warnings);
            }
        })+
    };
}

macro_rules! words {
    ($($part:ty),+) => {
        $(impl Element for $part {
            fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
                writer.spoken(&self.text);
                Ok(())
            }

            fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
                self.text = read_words(node, warnings);
            }
        })+
    };
}

marked_up!(Emphasis, Lang, Paragraph, Prosody, Sentence);
words!(Phoneme, SayAs, Sub, Word);
