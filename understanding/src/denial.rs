//! What denies the words around it: 「断ってるわけではない」, "not that we are busy".

use aho_corasick::BuildError;

use super::spans::Span;
use super::words::Words;

/// What denies the words around it, normalised.
#[derive(Debug)]
pub(super) struct Denial {
    /// Denies what stands before it, up to `reach` characters away; then what denies what stands after it, up to a word
    /// of `until`.
    words: Words,
    /// How many of `words` are the former.
    after: usize,
    /// Ends what is denied.
    until: Vec<String>,
    /// How many characters may stand between the words and what denies them.
    reach: usize,
}

impl Denial {
    /// `after` denies what stands before it, `before` what stands after it.
    pub fn new(
        after: &[String],
        before: &[String],
        until: Vec<String>,
        reach: usize,
    ) -> Result<Self, BuildError> {
        let words = Words::new(after.iter().chain(before).map(String::as_str))?;
        Ok(Denial { words, after: after.len(), until, reach })
    }

    /// The parts of a normalised text that are denied, with the words that deny them; ascending.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut spans: Vec<Span> = self
            .words
            .find(text)
            .map(|(word, Span { start, end })| match word < self.after {
                true => self.before_it(text, start, end),
                false => self.after_it(text, start, end),
            })
            .collect();
        spans.sort_unstable();
        spans.dedup_by(|next, last| {
            let inside = last.end >= next.start;
            last.end = if inside { last.end.max(next.end) } else { last.end };
            inside
        });
        spans
    }

    fn before_it(&self, text: &str, at: usize, end: usize) -> Span {
        let head = text.get(..at).unwrap_or_default();
        let from = head.char_indices().rev().take(self.reach).last().map_or(at, |(index, _)| index);
        let limits = self.until.iter().filter_map(|word| head.rfind(word.as_str()).map(|at| at + word.len()));
        Span { start: from.max(limits.max().unwrap_or(0)), end }
    }

    fn after_it(&self, text: &str, at: usize, end: usize) -> Span {
        let tail = text.get(end..).unwrap_or_default();
        let until = self.until.iter().filter_map(|word| tail.find(word.as_str())).min();
        let reach = tail.char_indices().nth(self.reach).map_or(tail.len(), |(index, _)| index);
        Span { start: at, end: end + until.unwrap_or(reach).min(reach) }
    }
}
