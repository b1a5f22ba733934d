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
    /// How much it counts.
    pub value: f32,
}

/// Texts of so many characters, or words in languages that have them, mean different things in different phases.
const SHORT_CHARS: usize = 18;
const SHORT_WORDS: usize = 8;

/// How much parts of words and beginnings count against all else.
const PARTIAL: f32 = 0.5;

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

/// The features of an utterance in a phase, each once, ascending.
pub(super) fn features(lexicon: &Lexicon, text: &Text<'_>, denied: &[Span], phase: Phase) -> Vec<Seen> {
    let mut seen = Seeing { all: Vec::with_capacity(text.folded.len() * 8 + 64) };
    let whole = Span { start: 0, end: text.folded.len() };
    let classed = lexicon.classes.find(&text.folded);
    let ask = 64 + question(phase) * 16;

    let units = if lexicon.spaced {
        tokens::framed(tokens::words(&text.folded, whole), denied)
    } else {
        tokens::framed(tokens::chars(&text.folded, whole), denied)
    };
    let kinds = tokens::kinds(&units, &classed);
    let (longest, short) = if lexicon.spaced { (3, SHORT_WORDS) } else { (5, SHORT_CHARS) };
    seen.grams(1, &units, 1..=longest, |_| true);
    seen.grams(10, &kinds, 1..=if lexicon.spaced { 4 } else { 5 }, |gram| {
        gram.iter().any(|unit| unit.is_kind)
    });
    seen.pairs(20, &kinds);
    if lexicon.spaced {
        seen.letters(24, &text.folded, &units);
    }
    for span in denied {
        let inside: Vec<Unit> = match lexicon.spaced {
            true => tokens::words(&text.folded, *span).collect(),
            false => tokens::chars(&text.folded, *span).collect(),
        };
        seen.grams(30, &inside, 1..=3, |_| true);
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
        for (tag, units, value) in [(ask + 3, first, PARTIAL), (ask + 4, last, 1.0)] {
            if let Some(units) = units {
                seen.weighed(tag, symbols(units), around(units), value);
            }
        }
    }
    for kind in kinds.iter().filter(|unit| unit.is_kind) {
        seen.push(ask + 5, [kind.symbol], kind.span);
    }
    if units.len() <= short + 2 {
        seen.grams(ask + 6, &units, 1..=3, |_| true);
        seen.push(ask + 10, symbols(&kinds), whole);
    }

    let mut all = seen.all;
    all.sort_unstable_by_key(|seen| seen.feature);
    all.dedup_by_key(|seen| seen.feature);
    all
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

struct Seeing {
    all: Vec<Seen>,
}

impl Seeing {
    #[inline]
    fn push(&mut self, tag: u8, symbols: impl IntoIterator<Item = u64>, span: Span) {
        self.weighed(tag, symbols, span, 1.0);
    }

    #[inline]
    fn weighed(&mut self, tag: u8, symbols: impl IntoIterator<Item = u64>, span: Span, value: f32) {
        let hash = symbols.into_iter().fold(begin(tag), step);
        self.all.push(Seen { feature: end(hash), span, value });
    }

    /// The n-grams of these lengths; the tag of each is its length further.
    fn grams(
        &mut self,
        tag: u8,
        units: &[Unit],
        lengths: std::ops::RangeInclusive<usize>,
        wanted: impl Fn(&[Unit]) -> bool,
    ) {
        for at in 0..units.len() {
            let mut hash = begin(tag);
            let rest = units.get(at..).unwrap_or_default();
            for (index, unit) in rest.iter().take(*lengths.end()).enumerate() {
                hash = step(hash, unit.symbol);
                let gram = rest.get(..=index).unwrap_or_default();
                if lengths.contains(&(index + 1)) && wanted(gram) {
                    self.all.push(Seen { feature: end(hash), span: around(gram), value: 1.0 });
                }
            }
        }
    }

    /// Words of a kind that stand in this order, whatever is between them.
    fn pairs(&mut self, tag: u8, kinds: &[Unit]) {
        let kinds: Vec<&Unit> = kinds.iter().filter(|unit| unit.is_kind).take(PAIRED).collect();
        for (index, first) in kinds.iter().enumerate() {
            for second in kinds.iter().skip(index + 1) {
                let span = Span { start: first.span.start, end: second.span.end };
                self.push(tag, [first.symbol, second.symbol], span);
            }
        }
    }

    /// The n-grams of letters inside each word.
    fn letters(&mut self, tag: u8, text: &str, words: &[Unit]) {
        for word in words.iter().filter(|word| word.span.len() > 0) {
            let mut letters = Vec::with_capacity(16);
            letters.push(u64::from(' '));
            letters
                .extend(text.get(word.span.start..word.span.end).unwrap_or_default().chars().map(u64::from));
            letters.push(u64::from(' '));
            for length in 3..=5 {
                for gram in letters.windows(length) {
                    self.weighed(tag, gram.iter().copied(), word.span, PARTIAL);
                }
            }
        }
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
