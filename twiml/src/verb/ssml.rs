//! Speech markup (SSML) inside `<Say>`. Which of it is heard depends on the voice.

mod part;

pub use part::{
    Break, BreakStrength, Emphasis, EmphasisLevel, Lang, Paragraph, Phoneme, PhoneticAlphabet, Prosody,
    SayAs, Sentence, Sub, Word,
};

use crate::attribute::Reason;
use crate::element::{children, read};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Child, Node, Writer};

/// Speech inside more elements of markup than this is refused.
pub const MAX_SPEECH_DEPTH: usize = 16;

/// A piece of what is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speech {
    /// Words. Characters that XML cannot carry (control characters) are dropped.
    Text(String),
    /// A pause.
    Break(Break),
    /// Words with stress.
    Emphasis(Emphasis),
    /// Words of another language.
    Lang(Lang),
    /// A paragraph.
    Paragraph(Paragraph),
    /// A word with its pronunciation.
    Phoneme(Phoneme),
    /// Words with another volume, rate or pitch.
    Prosody(Prosody),
    /// A sentence.
    Sentence(Sentence),
    /// Something to be read in a certain way, such as digits one by one.
    SayAs(SayAs),
    /// Something to be read as something else.
    Sub(Sub),
    /// A word with its part of speech.
    Word(Word),
}

impl Speech {
    fn children(&self) -> &[Self] {
        match self {
            Self::Emphasis(part) => &part.content,
            Self::Lang(part) => &part.content,
            Self::Paragraph(part) => &part.content,
            Self::Prosody(part) => &part.content,
            Self::Sentence(part) => &part.content,
            Self::Text(_)
            | Self::Break(_)
            | Self::Phoneme(_)
            | Self::SayAs(_)
            | Self::Sub(_)
            | Self::Word(_) => &[],
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Phoneme(part) => &part.text,
            Self::SayAs(part) => &part.text,
            Self::Sub(part) => &part.text,
            Self::Word(part) => &part.text,
            _ => "",
        }
    }

    pub(super) fn push_plain_text(&self, out: &mut String) {
        out.push_str(self.words());
        self.children().iter().for_each(|child| child.push_plain_text(out));
    }

    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        match self {
            Self::Text(text) => {
                writer.spoken(text);
                Ok(())
            }
            Self::Break(part) => writer.element(part),
            Self::Emphasis(part) => writer.element(part),
            Self::Lang(part) => writer.element(part),
            Self::Paragraph(part) => writer.element(part),
            Self::Phoneme(part) => writer.element(part),
            Self::Prosody(part) => writer.element(part),
            Self::Sentence(part) => writer.element(part),
            Self::SayAs(part) => writer.element(part),
            Self::Sub(part) => writer.element(part),
            Self::Word(part) => writer.element(part),
        }
    }
}

impl From<&str> for Speech {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Speech {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

pub(super) fn write_speech(content: &[Speech], writer: &mut Writer) -> Result<(), Error> {
    content.iter().try_for_each(|speech| speech.write(writer))
}

pub(super) fn read_speech(node: &Node, warnings: &mut Warnings) -> Vec<Speech> {
    let mut content = Vec::with_capacity(node.children.len());
    for child in &node.children {
        match child {
            // A skipped element between two texts leaves them neighbours.
            Child::Text(text) => match content.last_mut() {
                Some(Speech::Text(last)) => last.push_str(text),
                _ => content.push(Speech::Text(text.clone())),
            },
            Child::Element(child) => match read_part(child, warnings) {
                Some(part) => content.extend(part),
                None => warnings.add(
                    crate::attribute::SCHEMA,
                    &child.name,
                    None,
                    format!("does not belong in <{}>; it is skipped", node.name),
                ),
            },
        }
    }
    content
}

/// The text of an element that takes no markup, blanks included.
pub(super) fn read_words(node: &Node, warnings: &mut Warnings) -> String {
    children(node, warnings, |_, _| false);
    node.text()
}

/// `None` when the element is no speech markup, `Some(None)` when it is skipped.
fn read_part(node: &Node, warnings: &mut Warnings) -> Option<Option<Speech>> {
    Some(match node.name.as_str() {
        "break" => read(node, warnings).map(Speech::Break),
        "emphasis" => read(node, warnings).map(Speech::Emphasis),
        "lang" => read(node, warnings).map(Speech::Lang),
        "p" => read(node, warnings).map(Speech::Paragraph),
        "phoneme" => read(node, warnings).map(Speech::Phoneme),
        "prosody" => read(node, warnings).map(Speech::Prosody),
        "s" => read(node, warnings).map(Speech::Sentence),
        "say-as" => read(node, warnings).map(Speech::SayAs),
        "sub" => read(node, warnings).map(Speech::Sub),
        "w" => read(node, warnings).map(Speech::Word),
        _ => return None,
    })
}

pub(super) fn character_count(content: &[Speech]) -> usize {
    content.iter().map(|speech| speech.words().chars().count() + character_count(speech.children())).sum()
}

pub(super) fn check_depth(content: &[Speech], depth: usize) -> Result<(), Reason> {
    if depth > MAX_SPEECH_DEPTH && !content.is_empty() {
        return Err(format!("speech markup is nested deeper than {MAX_SPEECH_DEPTH}").into());
    }
    content.iter().try_for_each(|speech| check_depth(speech.children(), depth + 1))
}
