//! Who of a company is here: who has a connection, and who has been gone for too long to count as here.

use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use tsunagu_call::UserId;
use tsunagu_store::Availability;

/// The people of a company who are here, or were a moment ago.
#[derive(Debug, Default)]
pub(super) struct Attendance {
    people: HashMap<UserId, Person>,
}

#[derive(Debug, Default)]
struct Person {
    connections: usize,
    gone_since: Option<Instant>,
    /// What they were doing when they were taken for gone.
    was: Option<Availability>,
}

impl Attendance {
    /// Somebody has connected. Gives what they were doing before they were taken for gone.
    pub fn enters(&mut self, user: UserId) -> Option<Availability> {
        let person = self.people.entry(user).or_default();
        person.connections += 1;
        person.gone_since = None;
        person.was.take()
    }

    /// Who has a connection.
    pub fn present(&self) -> impl Iterator<Item = UserId> {
        self.people.iter().filter(|(_, person)| person.connections > 0).map(|(user, _)| *user)
    }

    /// Whose last connection went a moment ago.
    pub fn awaited(&self) -> impl Iterator<Item = UserId> {
        self.people.iter().filter(|(_, person)| person.gone_since.is_some()).map(|(user, _)| *user)
    }

    /// One of somebody's connections has gone.
    pub fn leaves(&mut self, user: UserId, now: Instant) {
        if let Some(person) = self.people.get_mut(&user) {
            person.connections = person.connections.saturating_sub(1);
            if person.connections == 0 {
                person.gone_since = Some(now);
            }
        }
    }

    /// Those whose last connection has been gone for that long; each is named once.
    pub fn gone(&mut self, grace: Duration, now: Instant) -> Vec<UserId> {
        let gone =
            |person: &Person| person.gone_since.is_some_and(|since| now.duration_since(since) >= grace);
        let named = self.people.iter_mut().filter(|(_, person)| gone(person)).map(|(user, person)| {
            person.gone_since = None;
            *user
        });
        let named: Vec<_> = named.collect();
        self.people.retain(|user, person| {
            person.connections > 0
                || person.gone_since.is_some()
                || person.was.is_some()
                || named.contains(user)
        });
        named
    }

    /// Somebody was taken for gone while they were doing this. Gives it back when they are here again already.
    pub fn taken_for_gone(&mut self, user: UserId, was: Availability) -> Option<Availability> {
        let person = self.people.entry(user).or_default();
        if person.connections > 0 {
            return Some(was);
        }
        person.was = Some(was);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: UserId = UserId::from_bytes([1; 12]);
    const GRACE: Duration = Duration::from_secs(15);

    #[test]
    fn with_two_tabs_the_last_one_counts() {
        let (mut here, now) = (Attendance::default(), Instant::now());
        assert_eq!((here.enters(ANNA), here.enters(ANNA)), (None, None));
        here.leaves(ANNA, now);
        assert_eq!(here.gone(GRACE, now + GRACE), []);
        here.leaves(ANNA, now + GRACE);
        assert_eq!(here.gone(GRACE, now + GRACE), []);
        assert_eq!(here.gone(GRACE, now + GRACE * 2), [ANNA]);
        assert_eq!(here.gone(GRACE, now + GRACE * 3), [], "once");
    }

    #[test]
    fn a_short_break_is_nobodys_business() {
        let (mut here, now) = (Attendance::default(), Instant::now());
        here.enters(ANNA);
        here.leaves(ANNA, now);
        assert_eq!(here.enters(ANNA), None);
        assert_eq!(here.gone(GRACE, now + GRACE * 9), []);
    }

    #[test]
    fn who_comes_back_does_what_they_did() {
        let (mut here, now) = (Attendance::default(), Instant::now());
        here.enters(ANNA);
        here.leaves(ANNA, now);
        assert_eq!(here.gone(GRACE, now + GRACE), [ANNA]);
        assert_eq!(here.taken_for_gone(ANNA, Availability::Busy), None);
        assert_eq!(here.gone(GRACE, now + GRACE * 2), [], "and it is not forgotten");
        assert_eq!(here.enters(ANNA), Some(Availability::Busy));
        assert_eq!(
            here.taken_for_gone(ANNA, Availability::Available),
            Some(Availability::Available),
            "they were quicker"
        );
    }
}
