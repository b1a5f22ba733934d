//! Words and what to write instead of them.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use super::classes::DENSE;
use super::fold::{Folded, edited};

/// So many forms are compiled for speed; more of them would take too much memory that way.
const MAX_FAST_FORMS: usize = 1000;

/// Words and what to write instead of them.
#[derive(Debug)]
pub(super) struct Replacer {
    forms: AhoCorasick,
    with: Vec<String>,
    spaced: bool,
}

impl Replacer {
    /// Of the forms that begin at one place the longest counts. Empty forms are passed over.
    pub fn new(mut pairs: Vec<(String, String)>, spaced: bool) -> Result<Self, BuildError> {
        pairs.retain(|(form, _)| !form.is_empty());
        let fast = pairs.len() <= MAX_FAST_FORMS;
        // Utterances are too short for a filter to be worth its setting up.
        let forms = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(fast.then_some(AhoCorasickKind::DFA))
            .dense_depth(DENSE)
            .prefilter(false)
            .build(pairs.iter().map(|(form, _)| form.as_str()))?;
        Ok(Replacer { forms, with: pairs.into_iter().map(|(_, with)| with).collect(), spaced })
    }

    /// Replaces every form. In a spaced language a form begins and ends at a word's edge, unless it begins with an
    /// apostrophe or `n'`.
    pub fn apply(&self, folded: Folded) -> Folded {
        if self.with.is_empty() {
            return folded;
        }
        let Folded { text, mut origin } = folded;
        edited(&text, &mut origin, self.edits(&text)).unwrap_or(Folded { text, origin })
    }

    fn edits<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Range<usize>, &'a str)> {
        let found = self.forms.find_iter(text).filter(|found| {
            !self.spaced || {
                let form = text.get(found.range()).unwrap_or_default();
                let before = text.get(..found.start()).is_some_and(|text| text.ends_with(' '));
                let after = text.get(found.end()..).is_some_and(|text| text.starts_with(' '));
                after && (before || form.starts_with('\'') || form.starts_with("n'"))
            }
        });
        found.map(|found| {
            let with = self.with.get(found.pattern().as_usize()).map(String::as_str).unwrap_or_default();
            match (with.is_empty() && self.spaced, text.get(..found.start())) {
                // The space before a word that is dropped goes with it.
                (true, Some(before)) if before.ends_with(' ') => (found.start() - 1..found.end(), ""),
                _ => (found.range(), with),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_at_word_edges_and_keeps_the_way_back() {
        let pairs = [("n't", " not"), ("'s", " is"), ("um", "")];
        let pairs = pairs.map(|(form, with)| (form.to_owned(), with.to_owned())).to_vec();
        let replacer = Replacer::new(pairs, true).unwrap();
        let folded = replacer.apply(Folded::new("Um she isn't in um that's album", true, false));
        assert_eq!(folded.text, " she is not in that is album ");
        assert_eq!(folded.text.len(), folded.origin.len());
        let she = folded.text.find("she").unwrap();
        assert_eq!(folded.origin[she], 3);
    }
}
