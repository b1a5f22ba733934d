//! The words that patterns are made of, all found at once, and what each is for.

use std::fmt;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};

use super::spans::Span;

/// What a piece is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It ends a rule, by the rule's number.
    Ends(u32),
    /// It may be a part of a rule before its end, by the part's number among those of all rules.
    Opens(u32),
    /// It denies the words around it, by its place among those that do.
    Denies(u32),
}

/// The pieces of all patterns of a language.
pub(super) struct Pieces {
    /// None if there are too many; then there are no patterns, and the wording decides alone.
    words: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// The roles of all pieces, those of one in the order in which they were given.
    roles: Vec<Role>,
    /// For each piece where its roles begin, and one more for the end.
    begins: Vec<u32>,
}

impl Pieces {
    /// Compiles words with what they are for; a word may be given more than once. Empty words are passed over.
    pub fn new(words: impl Iterator<Item = (String, Role)>) -> Self {
        let mut words: Vec<(String, Role)> = words.filter(|(word, _)| !word.is_empty()).collect();
        // Roles of the same word stay in their order.
        words.sort_by(|(a, _), (b, _)| a.cmp(b));
        let roles = words.iter().map(|(_, role)| *role).collect();
        let of_words = || words.chunk_by(|(a, _), (b, _)| a == b);
        let ends = of_words().scan(0, |end, of_word| {
            *end += of_word.len() as u32;
            Some(*end)
        });
        let begins = std::iter::once(0).chain(ends).collect();
        // Utterances are too short for a filter to be worth its setting up.
        let builder = CharwiseDoubleArrayAhoCorasickBuilder::new().use_prefilter(false);
        let distinct = of_words().filter_map(<[_]>::first).map(|(word, _)| word);
        Pieces { words: builder.build(distinct).ok(), roles, begins }
    }

    /// Takes each place where a piece stands in a text, also inside others, and what it is for: in the order in which
    /// they end, and of those that end at the same place the longest first.
    pub fn find<'a>(&'a self, text: &str, mut take: impl FnMut(Span, &'a [Role])) {
        let Some(words) = &self.words else { return };
        for found in words.find_overlapping_iter(text) {
            let span = Span { start: found.start(), end: found.end() };
            take(span, self.roles_of(found.value() as usize).unwrap_or_default());
        }
    }

    fn roles_of(&self, piece: usize) -> Option<&[Role]> {
        self.roles.get(*self.begins.get(piece)? as usize..*self.begins.get(piece + 1)? as usize)
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces").field("roles", &self.roles.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_and_tells_what_they_are_for() {
        use Role::{Denies, Ends, Opens};
        let given =
            [("担当", Opens(0)), ("担当者", Ends(1)), ("者", Ends(2)), ("", Ends(3)), ("担当", Denies(0))];
        let pieces = Pieces::new(given.into_iter().map(|(word, role)| (word.to_owned(), role)));
        let mut found = Vec::new();
        pieces.find("担当者は担当", |span, roles| found.push((span.start, span.end, roles.to_vec())));
        let first = (0, 6, vec![Opens(0), Denies(0)]);
        let last = (12, 18, vec![Opens(0), Denies(0)]);
        assert_eq!(found, [first, (0, 9, vec![Ends(1)]), (6, 9, vec![Ends(2)]), last]);
        Pieces::new([].into_iter()).find("担当", |_, _| panic!("there are none"));
    }
}
