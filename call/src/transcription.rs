//! The transcript of the human part, as the carrier's recogniser tells it: numbered lines, twice and late at times.

use std::{collections::BTreeSet, sync::Arc};

/// How many numbers are remembered; one that is older than all of them has long been told.
const MAX_REMEMBERED: usize = 64;

/// Which lines of the carrier's transcription have been told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transcription {
    sid: Option<Arc<str>>,
    /// In order; at most [`MAX_REMEMBERED`] of them.
    told: BTreeSet<u32>,
}

impl Transcription {
    /// This line has not been told yet. Lines of one speaker come in order, those of two do not; and each is a request of
    /// its own, which may be overtaken.
    pub fn is_news(&self, sid: &str, sequence: u32) -> bool {
        let known = self.sid.as_deref() == Some(sid);
        let forgotten =
            self.told.len() >= MAX_REMEMBERED && self.told.first().is_some_and(|first| sequence < *first);
        !known || !(forgotten || self.told.contains(&sequence))
    }

    /// The line was told.
    pub(crate) fn tell(&mut self, sid: &str, sequence: u32) {
        if self.sid.as_deref() != Some(sid) {
            *self = Self { sid: Some(sid.into()), told: BTreeSet::new() };
        }
        self.told.insert(sequence);
        if self.told.len() > MAX_REMEMBERED {
            self.told.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_counts_once_in_whatever_order() {
        let mut transcription = Transcription::default();
        for sequence in [2, 5, 3] {
            assert!(transcription.is_news("GT1", sequence));
            transcription.tell("GT1", sequence);
            assert!(!transcription.is_news("GT1", sequence));
        }
        assert!(transcription.is_news("GT1", 4) && transcription.is_news("GT2", 2));
        transcription.tell("GT2", 1);
        assert!(transcription.is_news("GT2", 2));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_what_is_forgotten_is_no_news() {
        let mut transcription = Transcription::default();
        for sequence in 1..=200 {
            transcription.tell("GT1", sequence);
        }
        assert_eq!(transcription.told.len(), MAX_REMEMBERED);
        assert!(!transcription.is_news("GT1", 1) && !transcription.is_news("GT1", 200));
        assert!(transcription.is_news("GT1", 201));
    }
}
