//! `<Start>`.

use super::{Method, Recording, Stream, Transcription};
use crate::attribute::SCHEMA;
use crate::check::url;
use crate::element::{Element, children, no_text};
use crate::error::Error;
use crate::response::take;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Starts services that run in the background, across documents, until they are stopped or the call ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    /// What is started, at least one.
    pub nouns: Vec<StartNoun>,
    /// Where control goes then (default: the next verb).
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
}

/// A service in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartNoun {
    /// The call's audio, one way.
    Stream(Stream),
    /// A recording.
    Recording(Recording),
    /// A transcription in real time.
    Transcription(Box<Transcription>),
}

impl Start {
    /// Starts one service.
    pub fn new(noun: impl Into<StartNoun>) -> Self {
        Self { nouns: vec![noun.into()], ..Self::default() }
    }
}

impl From<Stream> for StartNoun {
    fn from(noun: Stream) -> Self {
        Self::Stream(noun)
    }
}

impl From<Recording> for StartNoun {
    fn from(noun: Recording) -> Self {
        Self::Recording(noun)
    }
}

impl From<Transcription> for StartNoun {
    fn from(noun: Transcription) -> Self {
        Self::Transcription(Box::new(noun))
    }
}

attributes!(Start, "Start" {
    "action" => action: 11100, url;
    "method" => method;
});

impl Element for Start {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        self.nouns.iter().try_for_each(|noun| match noun {
            StartNoun::Stream(noun) => writer.element(noun),
            StartNoun::Recording(noun) => writer.element(noun),
            StartNoun::Transcription(noun) => writer.element(&**noun),
        })
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        children(node, warnings, |child, warnings| match child.name.as_str() {
            "Stream" => take::<Stream, _>(child, warnings, &mut self.nouns),
            "Recording" => take::<Recording, _>(child, warnings, &mut self.nouns),
            "Transcription" => take::<Transcription, _>(child, warnings, &mut self.nouns),
            _ => false,
        });
    }

    fn check(&self) -> Result<(), Error> {
        if self.nouns.is_empty() { Err(Self::refuse(SCHEMA, "needs something to start")) } else { Ok(()) }
    }
}
