//! What people said on a call, in the form in which it is searched: letters and digits alone, folded, a line for each time that
//! somebody spoke. Speech recognition writes hardly any punctuation, and nobody remembers it.

use super::search::fold;
use tsunagu_call::{CallRecord, Speaker};

/// Between two lines, so that no search reaches across.
const BORDER: &str = "\n";

/// What somebody searches for among it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase(String);

impl Phrase {
    /// What to look for; nothing when no letter and no digit is asked for.
    pub(crate) fn of(search: &str) -> Option<Self> {
        Some(Self(plain(search))).filter(|phrase| !phrase.0.is_empty())
    }

    /// As it is searched for.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is found in a text made by [`said`].
    pub(crate) fn is_in(&self, said: &str) -> bool {
        said.contains(&self.0)
    }
}

/// What a customer or an agent said on a call that is over. The AI's sentences come from templates: a search for them would find
/// every call.
pub(crate) fn said(record: &CallRecord) -> Option<String> {
    let lines = record.transcript.iter().filter(|line| line.speaker != Speaker::Ai);
    let lines: Vec<_> = lines.map(|line| plain(&line.message)).filter(|line| !line.is_empty()).collect();
    (record.status.is_over() && !lines.is_empty()).then(|| lines.join(BORDER))
}

fn plain(text: &str) -> String {
    let mut plain = fold(text);
    plain.retain(char::is_alphanumeric);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_and_digits_count() {
        let phrase = Phrase::of("三時、ｺﾞﾛ！").unwrap();
        assert_eq!(phrase.as_str(), "三時ごろ");
        assert!(phrase.is_in("じゃあ三時ごろにお願いします"));
        assert_eq!(Phrase::of(" 。？\0"), None);
    }
}
