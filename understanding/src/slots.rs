//! What was said besides the intent: a time, a name, a number.

use regex::{Regex, RegexSet};

use super::digits;
use super::lexicon::{self, Lexicon};
use super::spans::Span;
use super::text::Text;
use crate::error::{File, Problem, ScriptError};
use crate::understanding::Slots;

/// The slots of an utterance. Of several times the longest, of equally long ones the last, is taken.
pub(super) fn find(lexicon: &Lexicon, text: &Text<'_>) -> Slots {
    let time = text.times.iter().map(|span| text.said(*span)).max_by_key(|said| said.chars().count());
    Slots {
        time: time.filter(|said| !said.is_empty()).map(str::to_owned),
        name: name(lexicon, text),
        number: digits::find(text.as_heard()),
    }
}

fn name(lexicon: &Lexicon, text: &Text<'_>) -> Option<String> {
    let name = text.said(text.source_span(lexicon.names.find(&text.folded)?));
    (!name.is_empty()).then(|| name.to_owned())
}

/// What names the speaker.
#[derive(Debug)]
pub(super) struct Names {
    /// Each alone; the first group is the name.
    each: Vec<Regex>,
    /// All at once: few utterances name anybody, and one search tells.
    any: RegexSet,
}

impl Names {
    /// Compiles the patterns of a lexicon.
    pub fn read(file: File<'_>, patterns: &[String]) -> Result<Self, ScriptError> {
        let each = patterns.iter().enumerate();
        let each = each.map(|(index, pattern)| lexicon::regex(file, &format!("names[{index}]"), pattern));
        let each = each.collect::<Result<Vec<_>, _>>()?;
        let any = RegexSet::new(patterns);
        Ok(Names { each, any: any.map_err(|error| file.wrong("names", Problem::Other(error.to_string())))? })
    }

    /// Where the first name stands, of the first pattern that fits.
    fn find(&self, text: &str) -> Option<Span> {
        if !self.any.is_match(text) {
            return None;
        }
        let found = self.each.iter().find_map(|pattern| pattern.captures(text)?.get(1))?;
        Some(Span { start: found.start(), end: found.end() })
    }
}
