//! Places in a text, and words that may stand at its edges.

/// A range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// Whether the byte lies in it.
    pub fn holds(self, at: usize) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the other lies in it.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

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
    words: Vec<String>,
    spaced: bool,
}

impl Edges {
    /// The words must be normalised. Those of spaced languages have a space at either end.
    pub fn new(words: Vec<String>, spaced: bool) -> Self {
        let words = words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
        Edges { words: words.collect(), spaced }
    }

    /// The places where the text begins: 0, and after each run of these words.
    pub fn after(&self, text: &str) -> Vec<usize> {
        let mut places = vec![0];
        let mut index = 0;
        while let Some(from) = places.get(index).copied().filter(|_| index < MAX_EDGES) {
            let lead = usize::from(self.spaced);
            let rest = text.get(from + lead..).unwrap_or_default();
            for word in self.words.iter().filter(|word| rest.starts_with(word.as_str())) {
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
            for word in self.words.iter().filter(|word| rest.ends_with(word.as_str())) {
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
    use super::*;

    #[test]
    fn passes_over_words_at_the_edges() {
        let edges = Edges::new(vec!["はい".into(), "ね".into(), "よ".into()], false);
        assert_eq!(edges.after("はいはいx"), vec![0, 6, 12]);
        assert_eq!(edges.before("xよね"), vec![7, 4, 1]);
        let words = Edges::new(vec![" yes ".into(), " please ".into()], true);
        assert_eq!(words.after(" yes yes yesterday "), vec![0, 4, 8]);
        assert_eq!(words.before(" hold please "), vec![13, 6]);
    }
}
