//! Places in a text, and words that may stand at its edges.

use std::collections::BTreeMap;

/// A range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// Whether they have a byte in common.
    pub fn meets(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Its bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// How many words at an edge are passed over, one after the other.
const MAX_EDGES: usize = 8;

/// Words that may stand before or after what is meant, without changing it.
#[derive(Debug, Default)]
pub(super) struct Edges {
    by_first: ByChar,
    by_last: ByChar,
    spaced: bool,
}

/// Words by one of their characters, ascending; those of one character in the order in which they were given.
#[derive(Debug, Default)]
struct ByChar(Vec<(char, Vec<String>)>);

impl ByChar {
    fn new(words: &[String], key: fn(&str) -> Option<char>) -> Self {
        let mut by_char: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for word in words {
            if let Some(char) = key(word) {
                by_char.entry(char).or_default().push(word.clone());
            }
        }
        ByChar(by_char.into_iter().collect())
    }

    fn of(&self, char: Option<char>) -> &[String] {
        let index = char.and_then(|char| self.0.binary_search_by_key(&char, |(char, _)| *char).ok());
        index.and_then(|index| self.0.get(index)).map(|(_, words)| words.as_slice()).unwrap_or_default()
    }
}

impl Edges {
    /// The words must be normalised. Those of spaced languages have a space at either end.
    pub fn new(words: &[String], spaced: bool) -> Self {
        let words: Vec<String> = words.iter().map(|word| word.trim().to_owned()).collect();
        let by_first = ByChar::new(&words, |word| word.chars().next());
        let by_last = ByChar::new(&words, |word| word.chars().next_back());
        Edges { by_first, by_last, spaced }
    }

    /// The places where the text begins: 0, and after each run of these words.
    pub fn after(&self, text: &str) -> Vec<usize> {
        let mut places = vec![0];
        let mut index = 0;
        while let Some(from) = places.get(index).copied().filter(|_| index < MAX_EDGES) {
            let lead = usize::from(self.spaced);
            let rest = text.get(from + lead..).unwrap_or_default();
            let words = self.by_first.of(rest.chars().next()).iter();
            for word in words.filter(|word| rest.starts_with(word.as_str())) {
                let place = from + lead + word.len();
                let edge = !self.spaced || text.get(place..).is_some_and(|text| text.starts_with(' '));
                if edge && !places.contains(&place) {
                    places.push(place);
                }
            }
            index += 1;
        }
        places
    }

    /// The places where the text ends: its length, and before each run of these words.
    pub fn before(&self, text: &str) -> Vec<usize> {
        let mut places = vec![text.len()];
        let mut index = 0;
        while let Some(to) = places.get(index).copied().filter(|_| index < MAX_EDGES) {
            let lead = usize::from(self.spaced);
            let rest = text.get(..to.saturating_sub(lead)).unwrap_or_default();
            let words = self.by_last.of(rest.chars().next_back()).iter();
            for word in words.filter(|word| rest.ends_with(word.as_str())) {
                let place = rest.len() - word.len();
                let edge = !self.spaced || text.get(..place).is_some_and(|text| text.ends_with(' '));
                if edge && !places.contains(&place) {
                    places.push(place);
                }
            }
            index += 1;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// All places that are reached from one by going past any of the words, again and again.
    fn reached(
        from: usize,
        words: &[String],
        past: impl Fn(usize, &str) -> Option<usize>,
    ) -> BTreeSet<usize> {
        let mut places = BTreeSet::from([from]);
        while let Some(place) = places.iter().find_map(|at| {
            words.iter().filter_map(|word| past(*at, word)).find(|place| !places.contains(place))
        }) {
            places.insert(place);
        }
        places
    }

    proptest! {
        #[test]
        fn passes_over_every_word_that_fits(words in prop::collection::vec("[あいう]{1,3}", 0..12), text in "[あいうえ]{0,7}") {
            let edges = Edges::new(&words, false);
            let after = reached(0, &words, |at, word| text[at..].starts_with(word).then(|| at + word.len()));
            let before = reached(text.len(), &words, |at, word| text[..at].ends_with(word).then(|| at - word.len()));
            prop_assert_eq!(edges.after(&text).into_iter().collect::<BTreeSet<_>>(), after);
            prop_assert_eq!(edges.before(&text).into_iter().collect::<BTreeSet<_>>(), before);
        }
    }

    #[test]
    fn passes_over_words_at_the_edges() {
        let edges = Edges::new(&["はい".into(), "ね".into(), "よ".into()], false);
        assert_eq!(edges.after("はいはいx"), vec![0, 6, 12]);
        assert_eq!(edges.before("xよね"), vec![7, 4, 1]);
        let words = Edges::new(&[" yes ".into(), " please ".into()], true);
        assert_eq!(words.after(" yes yes yesterday "), vec![0, 4, 8]);
        assert_eq!(words.before(" hold please "), vec![13, 6]);
    }
}
