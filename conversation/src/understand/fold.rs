//! A text in one way of writing, with the way back to how it was said.

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::UnicodeNormalization;

/// Stands for a time or day in normalised text. No utterance holds it.
pub(super) const TIME: char = '@';

/// A text being normalised: for every byte, the byte of the source that it comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded {
    pub text: String,
    pub origin: Vec<u32>,
}

impl Folded {
    /// Folds width, case, kana and punctuation. The source must be in NFKC. `spaced` languages keep one space around
    /// and between words; the others keep none. Long vowel marks stay: [`Folded::drop_long_vowels`].
    pub fn new(source: &str, spaced: bool, keep_marker: bool) -> Self {
        let mut folded = Folded::default();
        if spaced {
            folded.push(' ', 0);
        }
        for (index, char) in source.char_indices() {
            let index = index as u32;
            match char {
                TIME if keep_marker => folded.push(TIME, index),
                '’' | '‘' | 'ʼ' | '`' | '\'' if spaced => folded.push('\'', index),
                // Names and words follow each other without a break in a language without spaces.
                'ー' | '〜' | '―' | '─' | '‐' | '~' | '-' if !spaced => folded.push('ー', index),
                'ァ' | 'ぁ' => folded.push('あ', index),
                'ィ' | 'ぃ' => folded.push('い', index),
                'ゥ' | 'ぅ' => folded.push('う', index),
                'ェ' | 'ぇ' => folded.push('え', index),
                'ォ' | 'ぉ' => folded.push('お', index),
                '\u{30A1}'..='\u{30F6}' => {
                    folded.push(char::from_u32(char as u32 - 0x60).unwrap_or(char), index);
                }
                char if char.is_alphanumeric() => {
                    for lower in char.to_lowercase() {
                        folded.push(lower, index);
                    }
                }
                _ if spaced && !folded.text.ends_with(' ') => folded.push(' ', index),
                _ => {}
            }
        }
        if spaced && !folded.text.ends_with(' ') {
            folded.push(' ', source.len() as u32);
        }
        folded
    }

    /// Takes the long vowel marks out: メール and メル are then the same.
    pub fn drop_long_vowels(self) -> Self {
        if !self.text.contains('ー') {
            return self;
        }
        let mut folded = Folded::default();
        for (index, char) in self.text.char_indices().filter(|(_, char)| *char != 'ー') {
            folded.push(char, self.origin.get(index).copied().unwrap_or_default());
        }
        folded
    }

    /// Puts `with` in place of each byte range; the ranges are ascending and do not overlap.
    pub fn replace<'a>(self, ranges: impl Iterator<Item = (usize, usize, &'a str)>) -> Self {
        let mut ranges = ranges.peekable();
        if ranges.peek().is_none() {
            return self;
        }
        let mut folded = Folded::default();
        let mut from = 0;
        for (start, end, with) in ranges {
            folded.copy(&self, from, start);
            let origin = self.origin.get(start).copied().unwrap_or_default();
            with.chars().for_each(|char| folded.push(char, origin));
            from = end;
        }
        folded.copy(&self, from, self.text.len());
        folded
    }

    fn copy(&mut self, other: &Folded, start: usize, end: usize) {
        self.text.push_str(other.text.get(start..end).unwrap_or_default());
        self.origin.extend_from_slice(other.origin.get(start..end).unwrap_or_default());
    }

    fn push(&mut self, char: char, origin: u32) {
        self.text.push(char);
        self.origin.resize(self.text.len(), origin);
    }
}

/// The first characters of a text in NFKC.
pub(super) fn nfkc(text: &str, max_chars: usize) -> String {
    // A few characters become many; what they become is cut as well.
    text.chars().take(max_chars).nfkc().take(max_chars).collect()
}

/// Words and what to write instead of them.
#[derive(Debug)]
pub(super) struct Replacer {
    forms: AhoCorasick,
    with: Vec<String>,
    spaced: bool,
}

impl Replacer {
    /// Of the forms that begin at one place the longest counts. Empty forms are passed over.
    pub fn new(mut pairs: Vec<(String, String)>, spaced: bool) -> Result<Self, aho_corasick::BuildError> {
        pairs.retain(|(form, _)| !form.is_empty());
        let forms = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(pairs.iter().map(|(form, _)| form.as_str()))?;
        Ok(Replacer { forms, with: pairs.into_iter().map(|(_, with)| with).collect(), spaced })
    }

    /// Whether there is anything to replace.
    pub fn changes(&self, text: &str) -> bool {
        self.forms.find_iter(text).any(|found| {
            let with = self.with.get(found.pattern().as_usize());
            with.map(String::as_str) != text.get(found.range())
        })
    }

    /// Replaces every form. In a spaced language a form begins and ends at a word's edge, unless it begins with an
    /// apostrophe or `n'`.
    pub fn apply(&self, folded: Folded) -> Folded {
        let text = folded.text.as_str();
        let found = self.forms.find_iter(text).filter(|found| {
            !self.spaced || {
                let form = text.get(found.range()).unwrap_or_default();
                let before = text.get(..found.start()).is_some_and(|text| text.ends_with(' '));
                let after = text.get(found.end()..).is_some_and(|text| text.starts_with(' '));
                after && (before || form.starts_with('\'') || form.starts_with("n'"))
            }
        });
        let ranges = found.map(|found| {
            let with = self.with.get(found.pattern().as_usize()).map(String::as_str).unwrap_or_default();
            match (with.is_empty() && self.spaced, text.get(..found.start())) {
                // The space before a word that is dropped goes with it.
                (true, Some(before)) if before.ends_with(' ') => (found.start() - 1, found.end(), ""),
                _ => (found.start(), found.end(), with),
            }
        });
        let ranges: Vec<_> = ranges.collect();
        folded.replace(ranges.into_iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str, spaced: bool) -> String {
        Folded::new(&nfkc(text, 400), spaced, false).drop_long_vowels().text
    }

    #[test]
    fn one_way_of_writing() {
        assert_eq!(fold("メール、FAX！ ｶﾞｲｼｭﾂ", false), "めるfaxがいしゅつ");
        assert_eq!(fold("ねぇ３時　ですか？", false), "ねえ3時ですか");
        assert_eq!(fold("Hello -- Who’s  calling?", true), " hello who's calling ");
        assert_eq!(fold("", true), " ");
        assert_eq!(fold("a@b", false), "ab");
    }

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
