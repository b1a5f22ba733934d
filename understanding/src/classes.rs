//! Words of one kind: all that people are called who may be in charge, all that one sends, all that one is away for.
//!
//! What is learnt of one word of a kind then holds for the others: 「店長は配達に出ています」 and 「課長は外回りに出ています」
//! look the same.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use super::spans::Span;

/// Of what words begin with, so many bytes are found without a search: those of a letter of Japanese.
pub(super) const DENSE: usize = 3;

/// The words of all kinds.
#[derive(Debug)]
pub(super) struct Classes {
    words: AhoCorasick,
    /// The kind of each word.
    kinds: Vec<u8>,
    /// The words of each kind, for swapping one for another in training.
    members: Vec<Vec<String>>,
    spaced: bool,
}

/// A word of a kind, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Classed {
    pub span: Span,
    pub kind: u8,
}

impl Classes {
    /// The words of each kind, normalised. Of a word that is given more than once the first kind counts.
    pub fn new(members: Vec<Vec<String>>, spaced: bool) -> Result<Self, BuildError> {
        let mut words: Vec<(&str, u8)> = Vec::new();
        for (kind, of_kind) in (0..=u8::MAX).zip(&members) {
            words.extend(of_kind.iter().map(|word| (word.trim(), kind)).filter(|(word, _)| !word.is_empty()));
        }
        words.sort_by_key(|(word, _)| *word);
        words.dedup_by_key(|(word, _)| *word);
        let kinds = words.iter().map(|(_, kind)| *kind).collect();
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .dense_depth(DENSE)
            .prefilter(false)
            .build(words.iter().map(|(word, _)| *word))?;
        Ok(Classes { words, kinds, members, spaced })
    }

    /// The words in a normalised text, the longest where several begin.
    pub fn find(&self, text: &str) -> Vec<Classed> {
        let found = self.words.find_iter(text).filter(|found| {
            !self.spaced
                || text.get(..found.start()).is_some_and(|text| text.ends_with(' '))
                    && text.get(found.end()..).is_some_and(|text| text.starts_with(' '))
        });
        let classed = found.filter_map(|found| {
            let kind = *self.kinds.get(found.pattern().as_usize())?;
            Some(Classed { span: Span { start: found.start(), end: found.end() }, kind })
        });
        classed.collect()
    }

    /// The words of a kind.
    pub fn of_kind(&self, kind: u8) -> &[String] {
        self.members.get(usize::from(kind)).map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_words_and_the_longest() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let classes = Classes::new(vec![words(&["担当", "担当者"]), words(&["者"])], false).unwrap();
        let kinds =
            |text| classes.find(text).iter().map(|found| (found.span.start, found.kind)).collect::<Vec<_>>();
        assert_eq!(kinds("担当者は担当の者"), [(0, 0), (12, 0), (21, 1)]);
        let classes = Classes::new(vec![words(&["boss", "the boss"])], true).unwrap();
        assert_eq!(classes.find(" ask the boss or bossy boss ").len(), 2);
    }
}
