//! Who of a company is here: who has a connection, and who has been gone for too long to count as here.

use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use tsunagu_call::UserId;

/// The people of a company who are here, or were a moment ago.
#[derive(Debug, Default)]
pub(super) struct Attendance {
    people: HashMap<UserId, Person>,
}

#[derive(Debug, Default)]
struct Person {
    connections: usize,
    gone_since: Option<Instant>,
}

impl Attendance {
    /// Somebody has connected. Says whether it is their only connection.
    pub fn enters(&mut self, user: UserId) -> bool {
        let person = self.people.entry(user).or_default();
        person.connections += 1;
        person.gone_since = None;
        person.connections == 1
    }

    /// They have a connection.
    pub fn is_here(&self, user: UserId) -> bool {
        self.people.get(&user).is_some_and(|person| person.connections > 0)
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
        self.people.retain(|_, person| person.connections > 0 || person.gone_since.is_some());
        named
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
        assert_eq!((here.enters(ANNA), here.enters(ANNA)), (true, false));
        here.leaves(ANNA, now);
        assert!(here.is_here(ANNA));
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
        assert!(!here.is_here(ANNA));
        assert!(here.enters(ANNA), "their only one again");
        assert_eq!(here.gone(GRACE, now + GRACE * 9), []);
    }
}
