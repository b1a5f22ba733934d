//! What an utterance was before the recognition lost a letter of it: a word that nobody says, or letters that never
//! stand side by side, become what is said in their place by the examples.
//!
//! It is learnt of the examples as they are written, before other writings are made one. What is said somewhere in the
//! examples is never changed.

use std::collections::{BTreeMap, BTreeSet};

use super::features::hash;
use super::fold::Folded;
use super::table::{Bytes, NUMBER, Table, take, take_number};

/// What is known of a language's words, or of the letters of one that does not set words apart.
#[derive(Debug, Clone)]
pub(super) enum Mending {
    Letters(Letters),
    Words(Words),
}

impl Mending {
    /// Learns from folded texts, and from words that are known besides.
    pub fn write(texts: &BTreeSet<String>, words: &[String], spaced: bool) -> Vec<u8> {
        if spaced { Words::write(texts, words) } else { Letters::write(texts, words) }
    }

    /// Takes it off the front of these bytes.
    pub fn read(bytes: &mut Bytes, spaced: bool) -> Option<Self> {
        match spaced {
            true => Words::read(bytes).map(Mending::Words),
            false => Table::read(bytes).map(|lost| Mending::Letters(Letters { lost })),
        }
    }

    /// The text with what was lost.
    pub fn apply(&self, text: Folded) -> Folded {
        match self {
            Mending::Letters(letters) => letters.apply(text),
            Mending::Words(words) => words.apply(text),
        }
    }
}

/// A longer word, in bytes, is none that anybody says: another language, most likely.
const LONGEST_WORD: usize = 40;

/// The letter that stands between some letters before and some after, where without it nobody says these.
#[derive(Debug, Clone)]
pub(super) struct Letters {
    lost: Table,
}

/// Around a lost letter: how many letters before it, how many after it, how often it must stand there, and how much that
/// counts.
const AROUND: [(usize, usize, u32, u32); 5] =
    [(2, 2, 2, 5), (3, 1, 3, 5), (1, 3, 3, 5), (2, 1, 5, 2), (1, 2, 5, 2)];
/// More letters are not looked at before or after.
const FAR: usize = 3;
/// The words of the lexicon count as if they were said so often.
const OWN: usize = 3;
/// What stands around the letters of a text.
const EDGE: char = '\0';
/// A letter needs so many bits; those beyond are never put back.
const LETTER: u32 = 16;
/// What counts more counts as this: there is room for no more beside the letter.
const MOST: u32 = (1 << (NUMBER - LETTER)) - 1;

impl Letters {
    fn write(texts: &BTreeSet<String>, words: &[String]) -> Vec<u8> {
        let words = words.iter().flat_map(|word| vec![word.chars().collect::<Vec<_>>(); OWN]);
        let framed: Vec<Vec<char>> = texts.iter().map(|text| framed(text)).chain(words).collect();
        let said = |length: usize| -> BTreeSet<&[char]> {
            framed.iter().flat_map(|letters| letters.windows(length)).collect()
        };
        let (three, four) = (said(3), said(4));
        let mut lost = Vec::new();
        for (before, after, least, counts) in AROUND {
            let length = before + after;
            let mut between: BTreeMap<Vec<char>, BTreeMap<char, u32>> = BTreeMap::new();
            for all in framed.iter().flat_map(|letters| letters.windows(length + 1)) {
                let (Some(&letter), [first, .., last]) = (all.get(before), all) else { continue };
                if letter == EDGE
                    || u32::from(letter) >= 1 << LETTER
                    || letter.is_numeric()
                    || *first == EDGE && length < 4 && *last == EDGE
                {
                    continue;
                }
                let around =
                    all.iter().enumerate().filter(|(at, _)| *at != before).map(|(_, letter)| *letter);
                *between.entry(around.collect()).or_default().entry(letter).or_default() += 1;
            }
            for (around, letters) in between {
                let near = around
                    .get(usize::from(before == 3)..length - usize::from(after == 3))
                    .unwrap_or_default();
                if three.contains(near) || four.contains(&*around) {
                    continue;
                }
                let all: u32 = letters.values().sum();
                if let Some((letter, count)) = letters.into_iter().max_by_key(|(_, count)| *count)
                    && count >= least
                    && (count * 2 >= all || length == 4 && before == 2)
                {
                    let number = u32::from(letter) | (count * counts).min(MOST) << LETTER;
                    lost.push((key(before, around.into_iter()), number));
                }
            }
        }
        Table::write(lost.into_iter())
    }

    fn apply(&self, text: Folded) -> Folded {
        // By place, each with what stands around it. They are called near before they are looked at, all at once.
        let mut keys: Vec<(usize, [u64; AROUND.len()])> = Vec::with_capacity(text.text.len() / 3 + 2);
        // The letters around a place, the last of those before it in the middle.
        let mut around = [EDGE; 2 * FAR];
        let mut letters = text.text.chars();
        around.iter_mut().skip(FAR).for_each(|letter| *letter = letters.next().unwrap_or(EDGE));
        let mut at = 0;
        loop {
            let here = AROUND.map(|(before, after, ..)| {
                let near = around.get(FAR - before..FAR + after).unwrap_or_default();
                key(before, near.iter().copied())
            });
            here.iter().for_each(|key| self.lost.call(*key));
            keys.push((at, here));
            let [.., next, _, _] = around;
            if next == EDGE {
                break;
            }
            at += next.len_utf8();
            around.rotate_left(1);
            let [.., last] = &mut around;
            *last = letters.next().unwrap_or(EDGE);
        }
        let mut best: Option<(u32, usize)> = None;
        for (at, keys) in &keys {
            for found in keys.iter().filter_map(|key| self.lost.get(*key)) {
                if best.is_none_or(|(most, _)| found >> LETTER > most >> LETTER) {
                    best = Some((found, *at));
                }
            }
        }
        match best.and_then(|(found, at)| Some((at, char::from_u32(found & ((1 << LETTER) - 1))?))) {
            Some((at, letter)) => {
                let mut bytes = [0; 4];
                let letter: &str = letter.encode_utf8(&mut bytes);
                text.replace(std::iter::once((at..at, letter)))
            }
            None => text,
        }
    }
}

fn key(before: usize, around: impl Iterator<Item = char>) -> u64 {
    hash(40 + before as u8, around)
}

fn framed(text: &str) -> Vec<char> {
    [EDGE; FAR].into_iter().chain(text.chars()).chain([EDGE; FAR]).collect()
}

/// The words of the examples and which of them follow each other.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// How often each is said.
    known: Table,
    /// Words by what is left of them when a letter is lost.
    lost: Table,
    /// Which words follow each other.
    pairs: Table,
    /// The words themselves: where each begins, and their letters one after the other.
    begins: Bytes,
    letters: Bytes,
}

/// Words of fewer letters are mended only beside a word that they are known to stand beside.
const LONG: usize = 4;
/// Words that were said so often may have run together.
const OFTEN: u32 = 3;

impl Words {
    fn write(texts: &BTreeSet<String>, words: &[String]) -> Vec<u8> {
        let mut known: BTreeMap<&str, u32> = BTreeMap::new();
        let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
        for text in texts {
            let mut last = "";
            for word in text.split_ascii_whitespace().chain([""]) {
                pairs.insert((last, word));
                last = word;
                *known.entry(word).or_default() += 1;
            }
        }
        for word in words.iter().flat_map(|words| words.split_ascii_whitespace()) {
            *known.entry(word).or_default() += 1;
        }
        known.remove("");
        let mut lost: Vec<(u64, u32)> = Vec::new();
        let (mut begins, mut letters) = (Vec::new(), Vec::new());
        for (index, word) in (0_u32..).zip(known.keys()) {
            begins.extend_from_slice(&(letters.len() as u32).to_le_bytes());
            letters.extend_from_slice(word.as_bytes());
            let mut rests: Vec<String> = word
                .char_indices()
                .map(|(at, letter)| {
                    [word.get(..at), word.get(at + letter.len_utf8()..)].into_iter().flatten().collect()
                })
                .collect();
            rests.sort_unstable();
            rests.dedup();
            lost.extend(rests.iter().filter(|rest| !rest.is_empty()).map(|rest| (of(rest), index)));
        }
        begins.extend_from_slice(&(letters.len() as u32).to_le_bytes());
        let mut bytes = Table::write(known.iter().map(|(word, count)| (of(word), *count)));
        bytes.extend(Table::write(lost.into_iter()));
        bytes.extend(Table::write(pairs.iter().map(|(a, b)| (pair(of(a), of(b)), 1))));
        bytes.extend_from_slice(&(begins.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(letters.len() as u32).to_le_bytes());
        bytes.extend(begins);
        bytes.extend(letters);
        bytes
    }

    fn read(bytes: &mut Bytes) -> Option<Self> {
        let (known, lost, pairs) = (Table::read(bytes)?, Table::read(bytes)?, Table::read(bytes)?);
        let (begins, letters) = (take_number(bytes)?, take_number(bytes)?);
        let (begins, letters) = (take(bytes, begins as usize)?, take(bytes, letters as usize)?);
        Some(Words { known, lost, pairs, begins, letters })
    }

    fn apply(&self, text: Folded) -> Folded {
        let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let begin = text.text.as_ptr() as usize;
        let mut last = of("");
        let mut words = text.text.split_ascii_whitespace().map(|word| (word, of(word))).peekable();
        while let Some((word, itself)) = words.next() {
            let next = words.peek().map_or_else(|| of(""), |(_, next)| *next);
            let known = self.known.get(itself).is_some();
            let fits = |one: u64, two: u64| self.pairs.get(pair(one, two)).is_some();
            let stays = word.len() > LONGEST_WORD
                || word.bytes().any(|byte| byte.is_ascii_digit())
                || known && (fits(last, itself) || fits(itself, next));
            let better = if stays { None } else { self.better(word, itself, known, last, next) };
            last = match &better {
                Some(better) => of(better.rsplit(' ').next().unwrap_or_default()),
                None => itself,
            };
            if let Some(better) = better {
                let at = word.as_ptr() as usize - begin;
                edits.push((at..at + word.len(), better));
            }
        }
        if edits.is_empty() {
            return text;
        }
        text.replace(edits.iter().map(|(range, with)| (range.clone(), with.as_str())))
    }

    /// The word, or the two words, that this most likely was.
    fn better(&self, word: &str, itself: u64, known: bool, last: u64, next: u64) -> Option<String> {
        let fits = |one: u64, two: u64| u32::from(self.pairs.get(pair(one, two)).is_some());
        let least = if known { 2 } else { u32::from(word.chars().nth(LONG - 1).is_none()) };
        let whole = self.lost.all(itself).filter_map(|index| {
            let word = self.word(index)?;
            let this = of(word);
            let beside = fits(last, this) + fits(this, next);
            (beside >= least).then(|| (beside, self.known.get(this).unwrap_or(0), word.to_owned()))
        });
        let run_together = word.char_indices().skip(1).filter(|_| !known).filter_map(|(at, _)| {
            let (one, two) = word.split_at_checked(at)?;
            let (first, second) = (of(one), of(two));
            let often = self.known.get(first)?.min(self.known.get(second)?);
            let beside = fits(last, first) + fits(second, next);
            let together =
                fits(first, second) > 0 || often >= OFTEN && one.len() > 1 && two.len() > 1 && beside > 0;
            together.then(|| (beside, often, format!("{one} {two}")))
        });
        whole
            .chain(run_together)
            .max_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)))
            .map(|(_, _, better)| better)
    }

    fn word(&self, index: u32) -> Option<&str> {
        let (begins, _) = self.begins.as_chunks::<4>();
        let at = |index: usize| begins.get(index).map(|at| u32::from_le_bytes(*at) as usize);
        let letters = self.letters.get(at(index as usize)?..at(index as usize + 1)?)?;
        std::str::from_utf8(letters).ok()
    }
}

fn of(word: &str) -> u64 {
    hash(44, word.chars())
}

fn pair(one: u64, two: u64) -> u64 {
    (one.rotate_left(7) ^ two)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(32)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(texts: &[&str], spaced: bool, heard: &str) -> String {
        let texts = texts.iter().map(|text| Folded::new(text, spaced, false).text).collect();
        let mut bytes = Bytes::Owned(Mending::write(&texts, &[], spaced));
        let mending = Mending::read(&mut bytes, spaced).unwrap();
        assert!(bytes.is_empty());
        let text = mending.apply(Folded::new(heard, spaced, false));
        assert_eq!(text.text.len(), text.origin.len());
        text.text
    }

    #[test]
    fn a_lost_letter_stands_between_its_neighbours_again() {
        let said = ["はい少々お待ちください", "少々お待ちください", "では少々お待ちいただけますか"];
        assert_eq!(mended(&said, false, "ええ少々待ちくださいね"), "ええ少々お待ちくださいね");
        // What is said stays, and what nobody says as well.
        assert_eq!(mended(&said, false, "少々お待ちください"), "少々お待ちください");
        assert_eq!(mended(&said, false, "またあした"), "またあした");
        assert_eq!(mended(&said, false, ""), "");
    }

    #[test]
    fn a_number_is_never_put_in() {
        let said = ["電話は3時にください", "明日は3時にください", "では3時にください"];
        assert_eq!(mended(&said, false, "明日は時にください"), "明日は時にください");
    }

    #[test]
    fn a_word_that_nobody_says_becomes_one_that_is_said_there() {
        let said = ["please stop calling me", "please hold the line", "do not call me", "she is not in"];
        assert_eq!(mended(&said, true, "please sop calling me"), " please stop calling me ");
        assert_eq!(mended(&said, true, "pleasehold the line"), " please hold the line ");
        assert_eq!(mended(&said, true, "do no call me"), " do not call me ");
        assert_eq!(mended(&said, true, "she is out in 3"), " she is out in 3 ");
        assert_eq!(mended(&said, true, ""), " ");
    }

    #[test]
    fn damaged_bytes_are_no_mending() {
        for spaced in [false, true] {
            assert!(Mending::read(&mut Bytes::Borrowed(&[9, 0, 0, 0, 9, 0, 0, 0, 1]), spaced).is_none());
        }
    }
}
