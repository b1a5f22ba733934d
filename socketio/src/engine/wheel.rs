//! When which session is to be looked after next. One entry for a session, and none that must be found and removed: a
//! session knows for when it is entered, and an entry for another time is void.

use super::sid::Sid;
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    time::Duration,
};

/// The entries, the earliest first.
#[derive(Debug, Default)]
pub(super) struct Wheel(BinaryHeap<Reverse<Entry>>);

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    at: Duration,
    id: Sid,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Wheel {
    /// Enters a session. Whether it is now the first.
    pub(super) fn enter(&mut self, at: Duration, id: Sid) -> bool {
        let first = self.next().is_none_or(|next| at < next);
        self.0.push(Reverse(Entry { at, id }));
        first
    }

    /// When the first is due.
    pub(super) fn next(&self) -> Option<Duration> {
        self.0.peek().map(|entry| entry.0.at)
    }

    /// Takes out one that is due, and for when it was entered.
    pub(super) fn take(&mut self, now: Duration) -> Option<(Duration, Sid)> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse(entry)| (entry.at, entry.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first() {
        let at = Duration::from_secs;
        let (early, late) = (Sid::from_bits([1; 15]), Sid::from_bits([2; 15]));
        let mut wheel = Wheel::default();
        assert!(wheel.enter(at(5), late));
        assert!(wheel.enter(at(2), early));
        assert!(!wheel.enter(at(7), early));
        assert_eq!(wheel.take(at(1)), None);
        assert_eq!(wheel.take(at(9)), Some((at(2), early)));
        assert_eq!(wheel.take(at(5)), Some((at(5), late)));
        assert_eq!(wheel.next(), Some(at(7)));
    }
}
