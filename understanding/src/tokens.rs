//! An utterance as a row of units: characters, words, or words of a kind.

use super::classes::Classed;
use super::features::{Feature, hash};
use super::spans::Span;

/// A character, a word, or a word of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// What it is, by its hash.
    pub symbol: Feature,
    /// Where it stands in the normalised text.
    pub span: Span,
    /// Whether it stands for all words of its kind.
    pub is_kind: bool,
}

/// What stands before the first and after the last.
pub(super) const FIRST: Feature = 0x20_0001;
pub(super) const LAST: Feature = 0x20_0002;
/// What stands in place of words that are denied.
pub(super) const DENIED: Feature = 0x20_0003;
/// Added to the kind.
const KIND: Feature = 0xc1a5_5000;

fn edge(symbol: Feature, at: usize) -> Unit {
    Unit { symbol, span: Span { start: at, end: at }, is_kind: false }
}

/// The characters of a part of the text.
pub(super) fn chars(text: &str, within: Span) -> impl Iterator<Item = Unit> {
    let part = text.get(within.start..within.end).unwrap_or_default();
    part.char_indices().map(move |(at, char)| {
        let start = within.start + at;
        Unit {
            symbol: u64::from(u32::from(char)),
            span: Span { start, end: start + char.len_utf8() },
            is_kind: false,
        }
    })
}

/// The words of a part of the text.
pub(super) fn words(text: &str, within: Span) -> impl Iterator<Item = Unit> {
    let part = text.get(within.start..within.end).unwrap_or_default();
    let begin = part.as_ptr() as usize;
    part.split_ascii_whitespace().map(move |word| {
        let start = within.start + (word.as_ptr() as usize - begin);
        Unit { symbol: hash(1, word.chars()), span: Span { start, end: start + word.len() }, is_kind: false }
    })
}

/// Between the marks of beginning and end, and with one unit in place of what is denied. Both ascend.
pub(super) fn framed(units: impl Iterator<Item = Unit>, denied: &[Span]) -> Vec<Unit> {
    let mut framed = Vec::with_capacity(64);
    framed.push(edge(FIRST, 0));
    let mut denied = denied.iter().peekable();
    for unit in units {
        while denied.next_if(|span| span.end <= unit.span.start).is_some() {}
        if denied.peek().is_some_and(|span| span.meets(unit.span)) {
            if framed.last().is_none_or(|last| last.symbol != DENIED) {
                framed.push(Unit { symbol: DENIED, ..unit });
            }
        } else {
            framed.push(unit);
        }
    }
    let end = framed.last().map_or(0, |last| last.span.end);
    framed.push(edge(LAST, end));
    framed
}

/// The units with one for each word of a kind in place of its own.
pub(super) fn kinds(units: &[Unit], classed: &[Classed]) -> Vec<Unit> {
    let mut kinds: Vec<Unit> = Vec::with_capacity(units.len());
    let mut classed = classed.iter().peekable();
    for unit in units {
        while classed.peek().is_some_and(|next| next.span.end <= unit.span.start && unit.symbol != LAST) {
            classed.next();
        }
        match classed.peek() {
            Some(word) if unit.span.meets(word.span) && unit.symbol != DENIED => {
                if kinds.last().is_none_or(|last| last.span != word.span) {
                    kinds.push(Unit { symbol: KIND + u64::from(word.kind), span: word.span, is_kind: true });
                }
            }
            _ => kinds.push(*unit),
        }
    }
    kinds
}
