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
    /// How many bytes the longest of them has.
    longest: usize,
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
        let longest = until.iter().map(String::len).max().unwrap_or(0);
        Ok(Denial { words, after: after.len(), until, longest, reach })
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
        let near = self.near_before(head, from);
        let limits = self
            .until
            .iter()
            .filter_map(|word| Some(head.len() - near.len() + near.rfind(word.as_str())? + word.len()));
        Span { start: from.max(limits.max().unwrap_or(0)), end }
    }

    fn after_it(&self, text: &str, at: usize, end: usize) -> Span {
        let tail = text.get(end..).unwrap_or_default();
        let reach = tail.char_indices().nth(self.reach).map_or(tail.len(), |(index, _)| index);
        let near = self.near_after(tail, reach);
        let until = self.until.iter().filter_map(|word| near.find(word.as_str())).min();
        Span { start: at, end: end + until.unwrap_or(reach).min(reach) }
    }

    /// The end of what stands before, where a word of `until` may end behind `from`: what is farther away is not looked
    /// at for each denial again.
    fn near_before<'a>(&self, head: &'a str, from: usize) -> &'a str {
        let begin = (from.saturating_sub(self.longest)..=from).find(|at| head.is_char_boundary(*at));
        head.get(begin.unwrap_or(from)..).unwrap_or_default()
    }

    /// The beginning of what stands after, where a word of `until` may begin before `reach`.
    fn near_after<'a>(&self, tail: &'a str, reach: usize) -> &'a str {
        let end = (reach..=reach + self.longest).rev().find(|at| tail.is_char_boundary(*at));
        tail.get(..end.unwrap_or(reach)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REACH: usize = 4;

    fn denial() -> Denial {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Denial::new(&words(&["ではない", "ない"]), &words(&["not "]), words(&["ので", "but"]), REACH).unwrap()
    }

    /// What is denied, found by looking at the whole text for each denial.
    fn by_the_whole(denial: &Denial, text: &str) -> Vec<Span> {
        let mut spans: Vec<Span> = denial
            .words
            .find(text)
            .map(|(word, Span { start, end })| {
                let (head, tail) = (&text[..start], &text[end..]);
                if word < denial.after {
                    let from = head.char_indices().rev().take(REACH).last().map_or(start, |(at, _)| at);
                    let limits = denial.until.iter().filter_map(|word| Some(head.rfind(word)? + word.len()));
                    Span { start: from.max(limits.max().unwrap_or(0)), end }
                } else {
                    let reach = tail.char_indices().nth(REACH).map_or(tail.len(), |(at, _)| at);
                    let until = denial.until.iter().filter_map(|word| tail.find(word)).min();
                    Span { start, end: end + until.unwrap_or(reach).min(reach) }
                }
            })
            .collect();
        spans.sort_unstable();
        let mut merged: Vec<Span> = Vec::new();
        for span in spans {
            match merged.last_mut() {
                Some(last) if last.end >= span.start => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        merged
    }

    proptest! {
        #[test]
        fn what_is_far_away_changes_nothing(parts in prop::collection::vec("ではない|ない|not |ので|but|[あxの ]", 0..40)) {
            let (denial, text) = (denial(), parts.concat());
            prop_assert_eq!(denial.find(&text), by_the_whole(&denial, &text));
        }

        #[test]
        fn a_denial_costs_the_same_in_a_text_of_any_length(text in "[あxのでbut]{0,200}", at in 0..200_usize) {
            let denial = denial();
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            // A few letters of up to four bytes, and a word.
            let most = REACH * 4 + denial.longest;
            let from = text[..at].char_indices().rev().take(REACH).last().map_or(at, |(from, _)| from);
            prop_assert!(denial.near_before(&text[..at], from).len() <= most);
            let reach = text[at..].char_indices().nth(REACH).map_or(text.len() - at, |(reach, _)| reach);
            prop_assert!(denial.near_after(&text[at..], reach).len() <= most);
        }
    }
}
