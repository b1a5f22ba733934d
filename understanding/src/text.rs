//! An utterance in one way of writing, with the way back to how it was said.

use std::borrow::Cow;

use super::fold::{Folded, TIME, nfkc};
use super::lexicon::Lexicon;
use super::mend::Mending;
use super::spans::Span;
use super::words::Words;

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
    /// Normalises an utterance, with what was lost of it.
    pub fn normalise<'a>(&self, text: &'a str, mending: Option<&Mending>) -> Text<'a> {
        self.normalised(text, false, mending)
    }

    /// Normalises a text that may be normalised already, with times marked.
    pub fn normalise_again<'a>(&self, text: &'a str) -> Text<'a> {
        self.normalised(text, true, None)
    }

    fn normalised<'a>(&self, text: &'a str, keep_marker: bool, mending: Option<&Mending>) -> Text<'a> {
        let source = nfkc(text, MAX_UTTERANCE_CHARS);
        let folded = Folded::new(&source, self.spaced, keep_marker);
        let folded = match mending {
            Some(mending) => mending.apply(folded),
            None => folded,
        };
        let folded = self.one_writing(folded, true);
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

    /// A part of a normalised text, by itself.
    pub fn part<'a>(&self, part: &str) -> Text<'a> {
        let folded = if self.spaced { format!(" {} ", part.trim()) } else { part.to_owned() };
        let (starts, ends) = (self.openers.after(&folded), self.closers.before(&folded));
        Text { folded, starts, ends, ..Text::default() }
    }

    /// Normalises a text in NFKC, with the way back.
    pub fn fold(&self, source: &str, keep_marker: bool, drop_fillers: bool) -> Folded {
        self.one_writing(Folded::new(source, self.spaced, keep_marker), drop_fillers)
    }

    /// A text as it is written, folded.
    pub fn written(&self, text: &str) -> String {
        Folded::new(&nfkc(text, MAX_UTTERANCE_CHARS), self.spaced, false).text
    }

    fn one_writing(&self, folded: Folded, drop_fillers: bool) -> Folded {
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

    /// The text as it was heard, in NFKC.
    pub fn as_heard(&self) -> &str {
        &self.source
    }

    /// The span of the source that a span of the normalised text comes from.
    pub fn source_span(&self, span: Span) -> Span {
        source_span(&self.origin, span, self.source.len())
    }

    /// The things said one after the other, if there are several: each ends with one of these words. Those that are
    /// denied are left out.
    pub fn parts(&self, joints: &Words, denied: &[Span], most: usize) -> Vec<&str> {
        // A space after the word is not a part of it.
        let end = |span: Span| self.folded.get(..span.end).map_or(span.end, |text| text.trim_end().len());
        let mut cuts: Vec<usize> = joints.find(&self.folded).map(|(_, span)| end(span)).collect();
        if cuts.is_empty() {
            return Vec::new();
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut parts = Vec::new();
        let mut count = 0;
        let mut from = 0;
        for cut in cuts.into_iter().chain([self.folded.len()]) {
            let part = self.folded.get(from..cut).unwrap_or_default().trim();
            if part.chars().count() > 3 {
                let span = Span { start: from, end: cut };
                if !denied.iter().any(|denied| denied.meets(span)) {
                    parts.push(part);
                }
                count += 1;
                from = cut;
            }
        }
        if count < 2 {
            parts.clear();
        }
        parts.truncate(most);
        parts
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.folded.trim().is_empty()
    }
}

fn source_span(origin: &[u32], span: Span, length: usize) -> Span {
    let at = |index: usize| origin.get(index).map_or(length, |origin| (*origin as usize).min(length));
    Span { start: at(span.start), end: at(span.end) }
}
