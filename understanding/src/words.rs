//! Many words looked for in one pass.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use super::spans::Span;

/// The words, none of which is empty.
#[derive(Debug)]
pub(super) struct Words(AhoCorasick);

impl Words {
    /// Compiles them.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self, BuildError> {
        // Utterances are too short for a filter to be worth its setting up.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .prefilter(false)
            .build(words)?;
        Ok(Words(automaton))
    }

    /// Each place where one of them stands, and which; they may overlap.
    pub fn find(&self, text: &str) -> impl Iterator<Item = (usize, Span)> {
        let found = self.0.find_overlapping_iter(text);
        found.map(|found| (found.pattern().as_usize(), Span { start: found.start(), end: found.end() }))
    }
}
