//! What the model sees of an utterance: n-grams of its characters, words and kinds of words, and its edges in the phase.

use super::lexicon::Lexicon;
use super::spans::Span;
use super::text::Text;
use super::tokens::{self, Unit};
use crate::phase::Phase;

/// A feature by its hash. With 64 bits two features of a language practically never share one.
pub(super) type Feature = u64;

/// A feature, and the words that it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    pub feature: Feature,
    pub span: Span,
    /// Parts of words and beginnings count less than all else.
    pub partial: bool,
}

impl Seen {
    /// How much it counts.
    pub fn value(&self) -> f32 {
        if self.partial { PARTIAL } else { 1.0 }
    }
}

/// Texts of so many characters, or words in languages that have them, mean different things in different phases.
const SHORT_CHARS: usize = 18;
const SHORT_WORDS: usize = 8;

/// How much parts of words and beginnings count against all else.
pub(super) const PARTIAL: f32 = 0.5;

/// So many words of a kind are paired with each other.
const PAIRED: usize = 10;

/// What a phase asks: `purpose` asks the same as `opening`.
fn question(phase: Phase) -> u8 {
    match phase {
        Phase::Opening | Phase::Purpose => 0,
        Phase::Pitch => 1,
        Phase::Holding => 2,
        Phase::Callback => 3,
        Phase::Closing => 4,
    }
}

/// The features of an utterance in a phase, each once.
pub(super) fn features(
    lexicon: &Lexicon,
    text: &Text<'_>,
    denied: &[Span],
    phase: Phase,
    features: &mut Features,
) {
    let mut seen = Seeing::over(features);
    let whole = Span { start: 0, end: text.folded.len() };
    let classed = lexicon.classes.find(&text.folded);
    let ask = 64 + question(phase) * 16;

    let units = if lexicon.spaced {
        tokens::framed(tokens::words(&text.folded, whole), denied)
    } else {
        tokens::framed(tokens::chars(&text.folded, whole), denied)
    };
    let kinds = tokens::kinds(&units, &classed);
    let (longest, short) = if lexicon.spaced { (3, SHORT_WORDS) } else { (4, SHORT_CHARS) };
    seen.grams(1, &units, longest);
    seen.grams_with_kinds(10, &kinds, 4);
    seen.pairs(20, &kinds);
    if lexicon.spaced {
        seen.letters(24, &text.folded, &units);
    }
    for span in denied {
        let inside: Vec<Unit> = match lexicon.spaced {
            true => tokens::words(&text.folded, *span).collect(),
            false => tokens::chars(&text.folded, *span).collect(),
        };
        seen.grams(30, &inside, 3);
    }

    // What the phase makes of it.
    let core = core(text, whole);
    seen.push(ask, [], whole);
    seen.push(
        ask + 2,
        text.folded.get(core.start..core.end).unwrap_or_default().chars().map(u64::from),
        core,
    );
    seen.push(8, text.folded.get(core.start..core.end).unwrap_or_default().chars().map(u64::from), core);
    for edge in 2..=longest {
        let (first, last) = (units.get(..edge), units.len().checked_sub(edge).and_then(|at| units.get(at..)));
        for (tag, units, partial) in [(ask + 3, first, true), (ask + 4, last, false)] {
            if let Some(units) = units {
                seen.see(symbols(units).fold(begin(tag), step), around(units), partial);
            }
        }
    }
    for kind in kinds.iter().filter(|unit| unit.is_kind) {
        seen.push(ask + 5, [kind.symbol], kind.span);
    }
    if units.len() <= short + 2 {
        seen.grams(ask + 6, &units, 3);
        seen.push(ask + 10, symbols(&kinds), whole);
    }
}

/// The text without interjections before it and particles after it, unless nothing is left.
fn core(text: &Text<'_>, whole: Span) -> Span {
    let start = text.starts.iter().copied().max().unwrap_or(0);
    let end = text.ends.iter().copied().min().unwrap_or(whole.end);
    let holds_more = |span: &Span| {
        text.folded.get(span.start..span.end).is_some_and(|core| core.trim().chars().nth(1).is_some())
    };
    let candidates = [Span { start, end }, Span { start, end: whole.end }];
    candidates.into_iter().find(holds_more).unwrap_or(whole)
}

/// The features that were seen, and room to find them in again. It is used for one utterance after the other.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub all: Vec<Seen>,
    /// Which there are, by their hashes: 0 is a free place. At most half are taken.
    places: Vec<u32>,
}

/// So many places there are at first.
const PLACES: usize = 1024;

struct Seeing<'a> {
    features: &'a mut Features,
}

impl<'a> Seeing<'a> {
    fn over(features: &'a mut Features) -> Self {
        features.all.clear();
        features.places.clear();
        features.places.resize(PLACES, 0);
        Seeing { features }
    }

    #[inline]
    fn push(&mut self, tag: u8, symbols: impl IntoIterator<Item = u64>, span: Span) {
        self.see(symbols.into_iter().fold(begin(tag), step), span, false);
    }

    /// Takes a feature in, once.
    #[inline]
    fn see(&mut self, hash: u64, span: Span, partial: bool) {
        let feature = end(hash);
        if self.features.is_new(feature) {
            self.features.all.push(Seen { feature, span, partial });
            if self.features.all.len() * 2 > self.features.places.len() {
                self.features.grow();
            }
        }
    }

    /// The n-grams up to this length; the tag of each is its length further.
    fn grams(&mut self, tag: u8, units: &[Unit], longest: usize) {
        for (at, first) in units.iter().enumerate() {
            let mut hash = begin(tag);
            for unit in units.iter().skip(at).take(longest) {
                hash = step(hash, unit.symbol);
                self.see(hash, Span { start: first.span.start, end: unit.span.end }, false);
            }
        }
    }

    /// The n-grams that hold a word of a kind.
    fn grams_with_kinds(&mut self, tag: u8, units: &[Unit], longest: usize) {
        for (at, first) in units.iter().enumerate() {
            let (mut hash, mut holds) = (begin(tag), false);
            for unit in units.iter().skip(at).take(longest) {
                hash = step(hash, unit.symbol);
                holds |= unit.is_kind;
                if holds {
                    self.see(hash, Span { start: first.span.start, end: unit.span.end }, false);
                }
            }
        }
    }

    /// Words of a kind that stand in this order, whatever is between them.
    fn pairs(&mut self, tag: u8, kinds: &[Unit]) {
        let kinds = kinds.iter().filter(|unit| unit.is_kind).take(PAIRED);
        for (index, first) in kinds.clone().enumerate() {
            for second in kinds.clone().skip(index + 1) {
                let span = Span { start: first.span.start, end: second.span.end };
                self.push(tag, [first.symbol, second.symbol], span);
            }
        }
    }

    /// The n-grams of letters inside each word.
    fn letters(&mut self, tag: u8, text: &str, words: &[Unit]) {
        for word in words.iter().filter(|word| word.span.len() > 0) {
            let space = || std::iter::once(' ');
            let letters = text.get(word.span.start..word.span.end).unwrap_or_default().chars();
            let mut letters = space().chain(letters).chain(space());
            // The last four that were passed.
            let mut last = [0_u64; 5];
            for (passed, letter) in letters.by_ref().enumerate() {
                last.rotate_left(1);
                last[4] = u64::from(letter);
                for length in 3..=(passed + 1).min(5) {
                    let gram = last.iter().skip(5 - length).copied();
                    self.see(gram.fold(begin(tag), step), word.span, true);
                }
            }
        }
    }
}

impl Features {
    fn is_new(&mut self, feature: Feature) -> bool {
        let mask = self.places.len() - 1;
        let (mark, mut at) = ((feature as u32).max(1), (feature >> 32) as usize & mask);
        while let Some(place) = self.places.get_mut(at) {
            match *place {
                0 => {
                    *place = mark;
                    return true;
                }
                taken if taken == mark => return false,
                _ => at = (at + 1) & mask,
            }
        }
        false
    }

    fn grow(&mut self) {
        let places = self.places.len() * 4;
        self.places.clear();
        self.places.resize(places, 0);
        let all = std::mem::take(&mut self.all);
        for seen in &all {
            self.is_new(seen.feature);
        }
        self.all = all;
    }
}

fn symbols(units: &[Unit]) -> impl Iterator<Item = u64> {
    units.iter().map(|unit| unit.symbol)
}

fn around(units: &[Unit]) -> Span {
    let start = units.first().map_or(0, |unit| unit.span.start);
    Span { start, end: units.last().map_or(start, |unit| unit.span.end) }
}

/// FNV-1a over the symbols, then mixed so that all bits are good.
#[inline]
pub(super) fn hash(tag: u8, chars: impl Iterator<Item = char>) -> Feature {
    end(chars.fold(begin(tag), |hash, char| step(hash, u64::from(char))))
}

#[inline]
fn begin(tag: u8) -> u64 {
    step(0xcbf2_9ce4_8422_2325, u64::from(tag))
}

#[inline]
fn step(hash: u64, symbol: u64) -> u64 {
    (hash ^ symbol).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

#[inline]
fn end(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ (hash >> 31)
}
