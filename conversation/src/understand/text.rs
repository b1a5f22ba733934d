//! An utterance in one way of writing, with the way back to how it was said.

use std::borrow::Cow;

use super::fold::{Folded, TIME, nfkc};
use super::lexicon::Lexicon;
use super::spans::Span;

/// Only so many characters of an utterance are read: about a minute of speech. It bounds the work.
pub const MAX_UTTERANCE_CHARS: usize = 400;

/// A normalised utterance.
#[derive(Debug, Clone, Default)]
pub(super) struct Text<'a> {
    /// The text that patterns and classifier look at. Times are [`TIME`].
    pub folded: String,
    /// The places in `folded` where an utterance begins if one passes over its first interjections.
    pub starts: Vec<usize>,
    /// The places where it ends if one passes over its last particles and courtesies.
    pub ends: Vec<usize>,
    /// The times in it, as spans of `source`.
    pub times: Vec<Span>,
    source: Cow<'a, str>,
    origin: Vec<u32>,
}

impl Lexicon {
    /// Normalises an utterance.
    pub fn normalise<'a>(&self, text: &'a str) -> Text<'a> {
        let source = nfkc(text, MAX_UTTERANCE_CHARS);
        let folded = self.fold(&source, false, true);
        let mut text = Text { source, ..Text::default() };
        let times = self.times(&folded.text);
        text.times = times.iter().map(|span| source_span(&folded.origin, *span, text.source.len())).collect();
        let mut marker = [0; 4];
        let marker: &str = TIME.encode_utf8(&mut marker);
        let Folded { text: folded, origin } =
            folded.replace(times.iter().map(|span| (span.start..span.end, marker)));
        text.starts = self.openers.after(&folded);
        text.ends = self.closers.before(&folded);
        (text.folded, text.origin) = (folded, origin);
        text
    }

    /// Normalises words of a pattern: as [`Lexicon::fold`], without the way back. There are many of them, and most
    /// are written as they are needed.
    pub fn fold_words(&self, source: &str) -> String {
        let folded = Folded::new(source, self.spaced, true);
        let as_it_is = !folded.text.contains('ー') && !self.forms.changes(&folded.text);
        if as_it_is { folded.text } else { self.fold(source, true, false).text }
    }

    /// Normalises a text in NFKC, with the way back.
    pub fn fold(&self, source: &str, keep_marker: bool, drop_fillers: bool) -> Folded {
        let folded = Folded::new(source, self.spaced, keep_marker);
        // Long forms are known by their mark.
        let drawn = folded.text.contains('ー');
        let folded = if drawn { self.long_forms.apply(folded).drop_long_vowels() } else { folded };
        let folded = self.forms.apply(folded);
        if drop_fillers { self.fillers.apply(folded) } else { folded }
    }
}

impl Text<'_> {
    /// What was said at a span of the source.
    pub fn said(&self, span: Span) -> &str {
        self.source.get(span.start..span.end).unwrap_or_default().trim()
    }

    /// The span of the source that a span of the normalised text comes from.
    pub fn source_span(&self, span: Span) -> Span {
        source_span(&self.origin, span, self.source.len())
    }

    /// The normalised text without those spans; none if there is nothing to leave out.
    pub fn without(&self, spans: &[Span]) -> Option<String> {
        if spans.is_empty() {
            return None;
        }
        let kept = self.folded.char_indices().filter(|(at, _)| !spans.iter().any(|span| span.holds(*at)));
        Some(kept.map(|(_, char)| char).collect())
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.folded.trim().is_empty()
    }
}

fn source_span(origin: &[u32], span: Span, length: usize) -> Span {
    let at = |index: usize| origin.get(index).map_or(length, |origin| *origin as usize);
    Span { start: at(span.start), end: at(span.end) }
}
