//! `<Stop>`.

use crate::attribute::{Attributes, SCHEMA};
use crate::check::filled;
use crate::element::{Element, children, no_text, read};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Stops services that [`Start`](super::Start) has started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stop {
    /// What is stopped, at least one.
    pub nouns: Vec<StopNoun>,
}

/// A service in the background by the name that it was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopNoun {
    /// A stream.
    Stream(String),
    /// A recording.
    Recording(String),
    /// A transcription.
    Transcription(String),
}

attributes!(Stop, "Stop" {});

impl Element for Stop {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        self.nouns.iter().try_for_each(|noun| match noun {
            StopNoun::Stream(name) => writer.element(&Stream { name: name.clone() }),
            StopNoun::Recording(name) => writer.element(&Recording { name: name.clone() }),
            StopNoun::Transcription(name) => writer.element(&Transcription { name: name.clone() }),
        })
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_text(node, warnings);
        children(node, warnings, |child, warnings| {
            let noun = match child.name.as_str() {
                Stream::NAME => read::<Stream>(child, warnings).map(|noun| StopNoun::Stream(noun.name)),
                Recording::NAME => {
                    read::<Recording>(child, warnings).map(|noun| StopNoun::Recording(noun.name))
                }
                Transcription::NAME => {
                    read::<Transcription>(child, warnings).map(|noun| StopNoun::Transcription(noun.name))
                }
                _ => return false,
            };
            self.nouns.extend(noun);
            true
        });
    }

    fn check(&self) -> Result<(), Error> {
        if self.nouns.is_empty() { Err(Self::refuse(SCHEMA, "needs something to stop")) } else { Ok(()) }
    }
}

/// The nouns as `<Stop>` knows them: a name and nothing else.
macro_rules! named {
    ($($noun:ident $element:literal),+) => {
        $(#[derive(Debug, Default)]
        struct $noun {
            name: String,
        }

        attributes!($noun, $element { "name" => name: 12200, filled; });

        impl Element for $noun {})+
    };
}

named!(Stream "Stream", Recording "Recording", Transcription "Transcription");
