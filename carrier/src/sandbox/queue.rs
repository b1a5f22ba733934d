//! The rules of one queue, as a state machine without time or network: who waits, in which order, and who takes whom.

use jiff::Timestamp;
use std::collections::VecDeque;

/// Twilio's default for the longest queue.
pub const MAX_WAITING: usize = 1_000;

/// A call that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its sid.
    pub call: String,
    /// Since when.
    pub since: Timestamp,
}

/// A waiting call and the call that takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Who waited longest.
    pub member: Member,
    /// The call that dialled the queue.
    pub taker: String,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Where a call stands in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// 1 for the one who is next.
    pub position: usize,
    /// How many wait.
    pub size: usize,
    /// How many seconds it has waited.
    pub waited: u64,
    /// How many seconds those who wait have waited on average.
    pub average: u64,
}

/// A queue: calls that wait, or calls that wait for one; never both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    waiting: VecDeque<Member>,
    takers: VecDeque<String>,
}

impl Queue {
    /// A call comes to the end of the queue; whoever has dialled it and waited longest takes it at once.
    pub fn enter(&mut self, member: Member) -> Result<Option<Match>, Full> {
        if self.waiting.len() >= MAX_WAITING {
            return Err(Full);
        }
        self.waiting.push_back(member);
        Ok(self.match_up())
    }

    /// A call that was taken in vain comes back to the head of the queue.
    pub fn restore(&mut self, member: Member) -> Option<Match> {
        self.waiting.push_front(member);
        self.match_up()
    }

    /// A call dials the queue.
    pub fn take(&mut self, taker: &str) -> Option<Match> {
        self.takers.push_back(taker.to_owned());
        self.match_up()
    }

    /// A call waits no longer.
    pub fn leave(&mut self, call: &str) {
        self.waiting.retain(|member| member.call != call);
    }

    /// A call that has dialled the queue waits no longer.
    pub fn give_up(&mut self, taker: &str) {
        self.takers.retain(|other| other != taker);
    }

    /// Where a call stands; `None` when it does not wait.
    pub fn standing(&self, call: &str, now: Timestamp) -> Option<Standing> {
        let place = self.waiting.iter().position(|member| member.call == call)?;
        let waited = |member: &Member| now.duration_since(member.since).as_secs_f64().max(0.0);
        let size = self.waiting.len();
        let total: f64 = self.waiting.iter().map(waited).sum();
        Some(Standing {
            position: place + 1,
            size,
            waited: self.waiting.get(place).map_or(0.0, waited).round() as u64,
            average: (total / size as f64).round() as u64,
        })
    }

    /// Nobody is there.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.takers.is_empty()
    }

    fn match_up(&mut self) -> Option<Match> {
        if self.waiting.is_empty() || self.takers.is_empty() {
            return None;
        }
        let (member, taker) = (self.waiting.pop_front()?, self.takers.pop_front()?);
        Some(Match { member, taker })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn member(call: &str, second: i64) -> Member {
        Member { call: call.into(), since: Timestamp::from_second(second).unwrap() }
    }

    fn pair(found: Option<Match>) -> Option<(String, String)> {
        found.map(|found| (found.member.call, found.taker))
    }

    #[test]
    fn the_longest_wait_ends_first() {
        let mut queue = Queue::default();
        queue.enter(member("a", 10)).unwrap();
        queue.enter(member("b", 20)).unwrap();
        let now = Timestamp::from_second(40).unwrap();
        let standing = Standing { position: 2, size: 2, waited: 20, average: 25 };
        assert_eq!(queue.standing("b", now), Some(standing));
        assert_eq!(pair(queue.take("agent")), Some(("a".into(), "agent".into())));
        assert_eq!(queue.standing("b", now).unwrap().position, 1);
        assert_eq!(queue.standing("a", now), None);
    }

    #[test]
    fn who_dialled_an_empty_queue_first_gets_the_first_to_come() {
        let mut queue = Queue::default();
        assert_eq!(queue.take("x"), None);
        assert_eq!(queue.take("y"), None);
        queue.give_up("x");
        assert_eq!(pair(queue.enter(member("a", 0)).unwrap()), Some(("a".into(), "y".into())));
        assert!(queue.is_empty());
    }

    #[test]
    fn who_was_taken_in_vain_is_first_again() {
        let mut queue = Queue::default();
        queue.enter(member("a", 0)).unwrap();
        queue.enter(member("b", 1)).unwrap();
        let taken = queue.take("x").unwrap().member;
        assert_eq!(queue.restore(taken), None);
        assert_eq!(pair(queue.take("y")), Some(("a".into(), "y".into())));
    }

    #[test]
    fn a_full_queue_refuses() {
        let mut queue = Queue::default();
        for number in 0..MAX_WAITING {
            queue.enter(member(&number.to_string(), 0)).unwrap();
        }
        assert_eq!(queue.enter(member("late", 0)), Err(Full));
    }

    proptest! {
        #[test]
        fn nobody_waits_while_somebody_would_take_them(acts in prop::collection::vec((0..4u8, 0..8u8), 0..60)) {
            let mut queue = Queue::default();
            let mut waiting: VecDeque<String> = VecDeque::new();
            for (act, who) in acts {
                let who = who.to_string();
                let found = match act {
                    0 if !waiting.contains(&who) => {
                        waiting.push_back(who.clone());
                        queue.enter(member(&who, 0)).unwrap()
                    }
                    1 => queue.take(&format!("taker {who}")),
                    2 => { queue.leave(&who); waiting.retain(|other| *other != who); None }
                    3 => { queue.give_up(&format!("taker {who}")); None }
                    _ => None,
                };
                if let Some(found) = found {
                    prop_assert_eq!(Some(found.member.call), waiting.pop_front());
                }
                prop_assert!(queue.waiting.is_empty() || queue.takers.is_empty());
                let now = Timestamp::from_second(9).unwrap();
                for (place, call) in waiting.iter().enumerate() {
                    prop_assert_eq!(queue.standing(call, now).unwrap().position, place + 1);
                }
            }
        }
    }
}
