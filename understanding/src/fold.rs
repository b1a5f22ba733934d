//! A text in one way of writing, with the way back to how it was said.

use std::borrow::Cow;
use std::ops::Range;

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
    fn with_capacity(bytes: usize) -> Self {
        Folded { text: String::with_capacity(bytes), origin: Vec::with_capacity(bytes) }
    }

    /// Folds width, case, kana and punctuation. The source must be in NFKC. `spaced` languages keep one space around
    /// and between words; the others keep none. Long vowel marks stay: [`Folded::drop_long_vowels`].
    pub fn new(source: &str, spaced: bool, keep_marker: bool) -> Self {
        // One for a space at either end.
        let mut folded = Folded::with_capacity(source.len() + 2);
        if spaced {
            folded.push(' ', 0);
        }
        for (index, char) in source.char_indices() {
            let index = index as u32;
            match char {
                // Most of what is said stays as it is: plain letters, hiragana that are not small, kanji.
                'a'..='z' | '0'..='9' | 'あ' | 'い' | 'う' | 'え' | 'お'..='ゖ' | '\u{4E00}'..='\u{9FFF}' =>
                {
                    folded.push(char, index);
                }
                'A'..='Z' => folded.push(char.to_ascii_lowercase(), index),
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
        let mut folded = Folded::with_capacity(self.text.len());
        for (index, char) in self.text.char_indices().filter(|(_, char)| *char != 'ー') {
            folded.push(char, self.origin.get(index).copied().unwrap_or_default());
        }
        folded
    }

    /// Puts a text in place of each byte range; the ranges are ascending and do not overlap.
    pub fn replace<'a>(self, edits: impl Iterator<Item = (Range<usize>, &'a str)>) -> Self {
        let Folded { text, mut origin } = self;
        edited(&text, &mut origin, edits).unwrap_or(Folded { text, origin })
    }

    fn copy(&mut self, text: &str, origin: &[u32], part: Range<usize>) {
        self.text.push_str(text.get(part.clone()).unwrap_or_default());
        self.origin.extend_from_slice(origin.get(part).unwrap_or_default());
    }

    fn push(&mut self, char: char, origin: u32) {
        self.text.push(char);
        self.origin.resize(self.text.len(), origin);
    }
}

/// The text with another in place of each byte range; none if only its `origin` changes: all of a range comes from
/// where that begins, also when the same text is put there.
pub(super) fn edited<'a>(
    text: &str,
    origin: &mut [u32],
    edits: impl Iterator<Item = (Range<usize>, &'a str)>,
) -> Option<Folded> {
    let mut edited: Option<Folded> = None;
    let mut from = 0;
    for (range, with) in edits {
        // What is put in at the very end comes from there.
        let first = origin.get(range.start).copied().unwrap_or(u32::MAX);
        if text.get(range.clone()) == Some(with) {
            origin.get_mut(range).unwrap_or_default().fill(first);
            continue;
        }
        let edited = edited.get_or_insert_with(|| Folded::with_capacity(text.len() * 2));
        edited.copy(text, origin, from..range.start);
        edited.text.push_str(with);
        edited.origin.resize(edited.text.len(), first);
        from = range.end;
    }
    if let Some(edited) = &mut edited {
        edited.copy(text, origin, from..text.len());
    }
    edited
}

/// The first characters of a text in NFKC.
pub(super) fn nfkc(text: &str, max_chars: usize) -> Cow<'_, str> {
    let end = text.char_indices().nth(max_chars).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or_default();
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    // A few characters become many; what they become is cut as well.
    Cow::Owned(text.nfkc().take(max_chars).collect())
}

/// Whether NFKC leaves a character as it is next to any other of these: most of what is said is made of them.
fn stays(char: char) -> bool {
    matches!(char, '\0'..='\x7f' | '、'..='〃' | '々' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '\u{4E00}'..='\u{9FFF}')
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
    fn what_is_passed_by_would_have_stayed() {
        let staying = ('\0'..='\u{10ffff}').filter(|char| stays(*char));
        assert_eq!(unicode_normalization::is_nfkc_quick(staying), unicode_normalization::IsNormalized::Yes);
        for char in "あいうえお".chars().chain('お'..='ゖ').chain('\u{4E00}'..='\u{9FFF}') {
            assert!(char.is_alphanumeric() && char.to_lowercase().eq([char]), "{char}");
        }
    }
}
