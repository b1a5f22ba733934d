//! What the classifier sees of an utterance: its character n-grams, its words, its edges in the phase.

use super::lexicon::Lexicon;
use crate::phase::Phase;

/// A feature by its hash. With 64 bits two features of a language practically never share one.
pub(super) type Feature = u64;

/// Texts of so many characters mean different things in different phases: はい, 大丈夫です, a name alone.
const SHORT: usize = 16;

/// The features of a normalised text, each once.
pub(super) fn features(lexicon: &Lexicon, text: &str, phase: Option<Phase>) -> Vec<Feature> {
    let mut all = Vec::with_capacity(text.len() * 2);
    grams(lexicon, text, phase, &mut all);
    let core = core(lexicon, text);
    if core.len() < text.trim().len() {
        grams(lexicon, core, phase, &mut all);
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The text without interjections before it and particles after it, unless nothing is left.
fn core<'a>(lexicon: &Lexicon, text: &'a str) -> &'a str {
    let start = lexicon.openers.after(text).into_iter().max().unwrap_or(0);
    let end = lexicon.closers.before(text).into_iter().min().unwrap_or(text.len());
    let core = text.get(start..end).map(str::trim).filter(|core| core.chars().count() > 1);
    core.or_else(|| text.get(start..).map(str::trim).filter(|core| !core.is_empty())).unwrap_or(text)
}

fn grams(lexicon: &Lexicon, text: &str, phase: Option<Phase>, all: &mut Vec<Feature>) {
    let chars: Vec<char> = ['^'].into_iter().chain(text.trim().chars()).chain(['$']).collect();
    let sizes = if lexicon.spaced { 4..=4 } else { 1..=4 };
    for size in sizes {
        all.extend(chars.windows(size).map(|gram| hash(size as u8, gram.iter().copied())));
    }
    if lexicon.spaced {
        let words: Vec<&str> = ["^"].into_iter().chain(text.split_whitespace()).chain(["$"]).collect();
        for size in 1..=3 {
            let grams = words.windows(size);
            all.extend(
                grams.map(|gram| {
                    hash(10 + size as u8, gram.iter().flat_map(|word| word.chars().chain([' '])))
                }),
            );
        }
    }
    if let Some(phase) = phase {
        let tag = 32 + phase as u8 * 4;
        if chars.len() <= SHORT {
            all.extend(chars.windows(3).map(|gram| hash(tag + 3, gram.iter().copied())));
        }
        all.push(hash(tag, text.chars()));
        all.push(hash(tag + 1, chars.iter().copied().take(5)));
        all.push(hash(tag + 2, chars.iter().copied().rev().take(5)));
    }
}

/// FNV-1a over the characters, then mixed so that the low bits are good as well.
fn hash(tag: u8, chars: impl Iterator<Item = char>) -> Feature {
    let start = (0xcbf2_9ce4_8422_2325 ^ u64::from(tag)).wrapping_mul(0x0100_0000_01b3);
    let hash =
        chars.fold(start, |hash, char| (hash ^ u64::from(u32::from(char))).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
