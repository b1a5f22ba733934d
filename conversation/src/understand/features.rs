//! What the classifier sees of an utterance: its character n-grams, its words, its edges in the phase.

use super::lexicon::Lexicon;
use crate::phase::Phase;

/// A feature by its hash. With 64 bits two features of a language practically never share one.
pub(super) type Feature = u64;

/// Texts of so many characters mean different things in different phases: はい, 大丈夫です, a name alone.
const SHORT: usize = 16;

/// A normalised text as the classifier looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    text: &'a str,
    /// The text without interjections before it and particles after it, unless nothing is left.
    core: &'a str,
    spaced: bool,
}

impl<'a> Sample<'a> {
    /// The sample of a normalised text.
    pub fn of(lexicon: &Lexicon, text: &'a str) -> Self {
        Sample::between(lexicon, text, &lexicon.openers.after(text), &lexicon.closers.before(text))
    }

    /// The sample of a normalised text of which is known where it may begin and end.
    pub fn between(lexicon: &Lexicon, text: &'a str, starts: &[usize], ends: &[usize]) -> Self {
        let start = starts.iter().copied().max().unwrap_or(0);
        let end = ends.iter().copied().min().unwrap_or(text.len());
        let core = text.get(start..end).map(str::trim).filter(|core| core.chars().nth(1).is_some());
        let from_start = || text.get(start..).map(str::trim).filter(|core| !core.is_empty());
        Sample { text, core: core.or_else(from_start).unwrap_or(text), spaced: lexicon.spaced }
    }

    /// Its features in this phase, each once, ascending.
    pub fn features(&self, phase: Option<Phase>) -> Vec<Feature> {
        let mut all = self.seen(phase);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Its features in this phase as they are seen, some of them more than once.
    pub fn seen(&self, phase: Option<Phase>) -> Vec<Feature> {
        let chars = framed(self.text);
        let mut all = Vec::with_capacity(chars.len() * 4 + 64);
        see_grams(self.spaced, self.text, &chars, Grams::All, &mut all);
        if let Some(phase) = phase {
            see_in_phase(phase, self.text, &chars, Grams::All, &mut all);
        }
        if self.core.len() < self.text.trim().len() {
            // All n-grams inside the core have been seen with the text.
            let core = framed(self.core);
            see_grams(self.spaced, self.core, &core, Grams::Outer, &mut all);
            if let Some(phase) = phase {
                let grams = if chars.len() <= SHORT { Grams::Outer } else { Grams::All };
                see_in_phase(phase, self.core, &core, grams, &mut all);
            }
        }
        all
    }
}

/// Which n-grams to look at.
#[derive(Debug, Clone, Copy)]
enum Grams {
    All,
    /// Only the first and the last.
    Outer,
}

impl Grams {
    #[inline]
    fn of<const N: usize, T>(
        self,
        items: &[T],
        all: &mut Vec<Feature>,
        feature: impl Fn(&[T; N]) -> Feature,
    ) {
        match self {
            Grams::All => all.extend(items.windows(N).filter_map(<[T]>::first_chunk).map(feature)),
            Grams::Outer => {
                all.extend(items.first_chunk().into_iter().chain(items.last_chunk()).map(feature))
            }
        }
    }
}

/// The characters of a text between the marks of its beginning and end.
fn framed(text: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len() + 2);
    chars.push('^');
    chars.extend(text.trim().chars());
    chars.push('$');
    chars
}

fn see_grams(spaced: bool, text: &str, chars: &[char], grams: Grams, all: &mut Vec<Feature>) {
    grams.of(chars, all, |gram: &[char; 4]| hash(4, gram.iter().copied()));
    if spaced {
        let words: Vec<&str> = ["^"].into_iter().chain(text.split_whitespace()).chain(["$"]).collect();
        grams.of(&words, all, |gram: &[&str; 1]| hash(11, spelled(gram)));
        grams.of(&words, all, |gram: &[&str; 2]| hash(12, spelled(gram)));
        grams.of(&words, all, |gram: &[&str; 3]| hash(13, spelled(gram)));
    } else {
        grams.of(chars, all, |gram: &[char; 1]| hash(1, gram.iter().copied()));
        grams.of(chars, all, |gram: &[char; 2]| hash(2, gram.iter().copied()));
        grams.of(chars, all, |gram: &[char; 3]| hash(3, gram.iter().copied()));
    }
}

/// The characters of words, each with a space after it.
fn spelled<'a>(words: &'a [&str]) -> impl Iterator<Item = char> + use<'a> {
    words.iter().flat_map(|word| word.chars().chain([' ']))
}

fn see_in_phase(phase: Phase, text: &str, chars: &[char], grams: Grams, all: &mut Vec<Feature>) {
    let tag = 32 + phase as u8 * 4;
    if chars.len() <= SHORT {
        grams.of(chars, all, |gram: &[char; 3]| hash(tag + 3, gram.iter().copied()));
    }
    all.push(hash(tag, text.chars()));
    all.push(hash(tag + 1, chars.iter().copied().take(5)));
    all.push(hash(tag + 2, chars.iter().copied().rev().take(5)));
}

/// FNV-1a over the characters, then mixed so that the low bits are good as well.
#[inline]
fn hash(tag: u8, chars: impl Iterator<Item = char>) -> Feature {
    let start = (0xcbf2_9ce4_8422_2325 ^ u64::from(tag)).wrapping_mul(0x0100_0000_01b3);
    let hash =
        chars.fold(start, |hash, char| (hash ^ u64::from(u32::from(char))).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// The features of a text with that core, and those of either by itself.
    fn both_ways(text: &str, core: &str, spaced: bool) -> [BTreeSet<Feature>; 2] {
        let of = |text, core, phase| Sample { text, core, spaced }.features(phase).into_iter();
        let phases = [None, Some(Phase::Pitch)];
        let together = phases.map(|phase| of(text, core, phase).collect::<BTreeSet<_>>());
        let apart =
            phases.map(|phase| of(text, text, phase).chain(of(core, core, phase)).collect::<BTreeSet<_>>());
        assert_eq!(together, apart);
        together
    }

    proptest! {
        #[test]
        fn nothing_of_the_core_is_left_out(before in "[あいう]{0,12}", core in "[あいう]{1,20}", after in "[あいう]{0,12}") {
            both_ways(&format!("{before}{core}{after}"), &core, false);
            let spaced = |text: &str| text.replace('う', " ").split_whitespace().collect::<Vec<_>>().join(" ");
            let (before, core, after) = (spaced(&before), spaced(&core), spaced(&after));
            // A text that is all core is not seen twice.
            let has_more = !before.is_empty() || !after.is_empty();
            if has_more && !core.is_empty() {
                both_ways(&format!(" {before} {core} {after} "), &core, true);
            }
        }
    }

    #[test]
    fn a_phase_makes_short_texts_different() {
        let [plain, in_pitch] = both_ways("はい大丈夫です", "大丈夫", false);
        assert!(plain.is_subset(&in_pitch) && plain.len() < in_pitch.len());
    }
}
