//! What denies the words around it: 「断ってるわけではない」, "not that we are busy".

use super::matcher::Match;
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

/// A place where words are denied.
#[derive(Debug)]
pub(super) struct DeniedPlace {
    /// The words that are denied.
    words: Span,
    /// The words that deny.
    by: Span,
}

impl Denial {
    /// The words that deny, those of `after` first.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.after.iter().chain(&self.before).map(String::as_str)
    }

    /// Where words are denied. `said` are the places where words that deny stand, each with its index in
    /// [`Denial::words`], those of one word ascending.
    pub fn places(&self, text: &str, mut said: Vec<(usize, Span)>, matches: &[Match]) -> Vec<DeniedPlace> {
        let mut places: Vec<DeniedPlace> = Vec::new();
        said.sort_by_key(|(word, _)| *word);
        // A word does not begin inside itself.
        said.dedup_by(|(word, by), (last_word, last)| word == last_word && by.start < last.end);
        for (word, by) in said {
            if word < self.after.len() {
                places.extend(self.before_it(text, by, matches));
            } else {
                places.push(self.after_it(text, by));
            }
        }
        places
    }

    fn before_it(&self, text: &str, by: Span, matches: &[Match]) -> Option<DeniedPlace> {
        let head = text.get(..by.start).unwrap_or_default();
        let from = head.char_indices().rev().take(self.reach).last().map_or(by.start, |(index, _)| index);
        let limits = self.until.iter().filter_map(|word| head.rfind(word.as_str()).map(|at| at + word.len()));
        let start = from.max(limits.max().unwrap_or(0));
        let is_said = matches.iter().any(|found| found.spans.iter().any(|span| span.meets(by)));
        let denies = |found: &Match| found.whole().end <= by.start && found.whole().end > start;
        let counts = !is_said || matches.iter().any(denies);
        counts.then_some(DeniedPlace { words: Span { start, end: by.start }, by })
    }

    fn after_it(&self, text: &str, by: Span) -> DeniedPlace {
        let tail = text.get(by.end..).unwrap_or_default();
        let until = self.until.iter().filter_map(|word| tail.find(word.as_str())).min();
        let reach = tail.char_indices().nth(self.reach).map_or(tail.len(), |(index, _)| index);
        let (last, end) = (by.end.saturating_sub(1), by.end + until.unwrap_or(reach));
        DeniedPlace { words: Span { start: last, end }, by: Span { start: by.start, end: last } }
    }
}

impl DeniedPlace {
    /// Whether this match's words are denied. What holds the denying words itself, such as 「担当ではない」, is not.
    pub fn denies(&self, found: &Match) -> bool {
        let last = found.spans.last();
        last.is_some_and(|last| self.words.meets(*last))
            && !found.spans.iter().any(|span| span.meets(self.by))
    }

    /// What to leave out of the wording.
    pub fn whole(&self) -> Span {
        Span { start: self.words.start.min(self.by.start), end: self.words.end.max(self.by.end) }
    }
}
