//! `<Play>`.

use crate::check::{self, only};
use crate::element::{Element, name_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Plays an audio file, or sends keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Play {
    /// Where the audio is (mpeg, wav, aiff, gsm, ulaw; fetched with GET). May be empty when there are `digits`.
    pub url: String,
    /// How often it is played (default 1); 0 until the call ends, at most a thousand times.
    pub loops: Option<u32>,
    /// Keys to send: `0-9 A-D # *`, `w` waits half a second, `W` one. Not inside `<Gather>`.
    pub digits: Option<String>,
}

attributes!(Play, "Play" {
    "loop" => loops: 13410;
    "digits" => digits: 12200, only("0123456789ABCDwW#*");
});

impl Element for Play {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.url)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.url = name_text(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        if self.url.is_empty() && self.digits.as_deref().unwrap_or_default().is_empty() {
            return Err(Self::refuse(11100, "needs a URL or digits"));
        }
        check::url(&self.url).map_err(|reason| Self::refuse(11100, reason))
    }
}
