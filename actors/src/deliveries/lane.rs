//! The lane of one receiver: what is under way to it, and when to look for more.

use std::collections::HashSet;
use tsunagu_call::{DeliveryId, Time};
use tsunagu_store::Outgoing;

/// How many posts are under way to one receiver at once; to one that took nothing last time, one alone.
const AT_ONCE: usize = 8;
/// How soon a lane looks again at the earliest when nothing of what waits may go yet, in seconds.
const PAUSE_SECS: u32 = 1;
/// After what time a store that failed is asked again, in seconds.
const LATER_SECS: u32 = 10;

/// The lane of one receiver.
#[derive(Debug)]
pub(super) struct Lane {
    under_way: HashSet<DeliveryId>,
    at_once: usize,
    /// The store is being asked.
    fetching: bool,
    /// Something happened meanwhile: it is asked again afterwards.
    again: bool,
    /// When something is due next.
    wake_at: Option<Time>,
}

impl Default for Lane {
    fn default() -> Self {
        Self { under_way: HashSet::new(), at_once: 1, fetching: false, again: false, wake_at: None }
    }
}

impl Lane {
    /// Its time has come.
    pub fn is_due(&self, now: Time) -> bool {
        self.wake_at.is_some_and(|at| at <= now)
    }

    /// Nothing is under way and nothing is expected.
    pub fn is_idle(&self) -> bool {
        self.under_way.is_empty() && !self.fetching && self.wake_at.is_none()
    }

    /// How much to ask the store for, if it is to be asked now: what is under way is still pending there.
    pub fn begin_fetch(&mut self) -> Option<u32> {
        if self.fetching {
            self.again = true;
            return None;
        }
        if self.under_way.len() >= self.at_once {
            return None;
        }
        (self.fetching, self.again, self.wake_at) = (true, false, None);
        u32::try_from(AT_ONCE + self.under_way.len()).ok()
    }

    /// Takes in what is due, and gives what is to be posted now. `next` is when the next of all that waits is due.
    pub fn fetched(
        &mut self,
        due: Vec<Outgoing>,
        next: Option<Time>,
        failing: bool,
        now: Time,
    ) -> Vec<Outgoing> {
        self.fetching = false;
        self.at_once = if failing { 1 } else { AT_ONCE };
        let room = self.at_once.saturating_sub(self.under_way.len());
        let fresh = due.into_iter().filter(|outgoing| !self.under_way.contains(&outgoing.delivery.id));
        let letters: Vec<_> = fresh.take(room).collect();
        self.under_way.extend(letters.iter().map(|outgoing| outgoing.delivery.id));
        // What is under way, and what an earlier one holds back, counts as due: hence the pause.
        self.wake_at = next.map(|at| at.max(now.plus_secs(PAUSE_SECS)));
        letters
    }

    /// Something happened while the store was asked.
    pub const fn wants_more(&self) -> bool {
        self.again
    }

    /// A post is over.
    pub fn over(&mut self, delivery: DeliveryId) {
        self.under_way.remove(&delivery);
    }

    /// Nothing is to be posted any more.
    pub const fn rest(&mut self) {
        (self.fetching, self.again, self.wake_at) = (false, false, None);
    }

    /// The store could not do its part.
    pub const fn try_later(&mut self, now: Time) {
        (self.fetching, self.again, self.wake_at) = (false, false, Some(now.plus_secs(LATER_SECS)));
    }
}
