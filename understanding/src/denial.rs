//! What denies the words around it: 「断ってるわけではない」, "not that we are busy".

use super::spans::Span;

/// What denies the words around it, normalised.
#[derive(Debug, Default)]
pub(super) struct Denial {
    /// Denies what stands before it, up to `reach` characters away.
    pub after: Vec<String>,
    /// Denies what stands after it, up to a word of `until`.
    pub before: Vec<String>,
    /// Ends what `before` denies, and what `after` reaches back over.
    pub until: Vec<String>,
    /// How many characters may stand between the words and what denies them.
    pub reach: usize,
}

impl Denial {
    /// The parts of a normalised text that are denied, with the words that deny them; ascending.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        for word in &self.after {
            spans.extend(
                text.match_indices(word.as_str()).map(|(at, _)| self.before_it(text, at, at + word.len())),
            );
        }
        for word in &self.before {
            spans.extend(
                text.match_indices(word.as_str()).map(|(at, _)| self.after_it(text, at, at + word.len())),
            );
        }
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
