//! The conference by the carrier's reports, which come late, twice and in any order: an older one never undoes a newer.

use crate::RoomChange;
use std::sync::Arc;

/// How many conferences of one call are remembered.
const MAX_PAST: usize = 8;

/// How many legs of one conference are remembered; the carrier lets in no more at a time.
const MAX_MEMBERS: usize = 250;

/// The conference, by the carrier's reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Room {
    /// The carrier's name of it.
    pub sid: Option<Arc<str>>,
    /// Every leg that was ever in it.
    pub members: Vec<Member>,
    /// Two parties have met in it.
    pub started: bool,
    /// It is over.
    pub ended: bool,
    /// Other conferences of the same name: the carrier makes a new one when the last party has left. Their news may
    /// come after this one's, so each keeps what is known of it. They have no past of their own.
    pub past: Vec<Room>,
}

/// A leg in the conference. Each aspect remembers the count of its newest report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The carrier's name of the leg.
    pub call_sid: Arc<str>,
    /// It is in, by the report of that count.
    pub present: Option<(bool, u32)>,
    /// It is muted, by the report of that count.
    pub muted: Option<(bool, u32)>,
    /// It is on hold, by the report of that count.
    pub held: Option<(bool, u32)>,
}

impl Room {
    /// Whether the leg is in a conference of this name now.
    pub fn has(&self, call_sid: &str) -> bool {
        self.each().any(|room| room.seats(call_sid))
    }

    /// The carrier's name of the conference in which the leg is now.
    pub fn sid_of(&self, call_sid: &str) -> Option<&str> {
        self.each().find(|room| room.seats(call_sid))?.sid.as_deref()
    }

    /// Whether both legs are in the same conference now.
    pub fn has_both(&self, one: &str, other: &str) -> bool {
        self.each().any(|room| room.seats(one) && room.seats(other))
    }

    /// The report tells something newer than what is known.
    pub fn is_news(&self, conference_sid: &str, sequence: u32, change: &RoomChange) -> bool {
        let Some(room) = self.each().find(|room| room.is_named(conference_sid)) else { return true };
        match change {
            RoomChange::Started => !room.started,
            RoomChange::Ended { .. } => !room.ended,
            RoomChange::Joined { call_sid }
            | RoomChange::Left { call_sid }
            | RoomChange::Muted { call_sid, .. }
            | RoomChange::Held { call_sid, .. } => match room.member(call_sid) {
                Some(member) => member.aspect(change).is_none_or(|(_, known)| sequence > known),
                None => room.members.len() < MAX_MEMBERS,
            },
        }
    }

    /// The count of the last report by which the leg is not in that conference, 0 without one; `None` when it is in.
    pub(crate) fn missed_at(&self, conference_sid: &str, call_sid: &str) -> Option<u32> {
        let room = self.each().find(|room| room.is_named(conference_sid));
        match room.and_then(|room| room.member(call_sid)?.present) {
            Some((true, _)) => None,
            Some((false, count)) => Some(count),
            None => Some(0),
        }
    }

    /// The leg is in no conference at present, as is known otherwise; the carrier's next report about it counts.
    pub(crate) fn miss(&mut self, call_sid: &str) {
        for room in
            std::iter::once(&mut self.members).chain(self.past.iter_mut().map(|past| &mut past.members))
        {
            for member in room.iter_mut().filter(|member| &*member.call_sid == call_sid) {
                member.present = member.present.map(|(_, sequence)| (false, sequence));
            }
        }
    }

    /// Takes a report in.
    pub(crate) fn change(&mut self, conference_sid: &str, sequence: u32, change: &RoomChange) {
        if self.is_named(conference_sid) {
            self.take(sequence, change);
        } else if let Some(room) = self.past.iter_mut().find(|room| room.is_named(conference_sid)) {
            room.take(sequence, change);
        } else {
            self.succeed(conference_sid);
            self.take(sequence, change);
        }
    }

    /// A conference that was not heard of before takes the place of the present one.
    fn succeed(&mut self, conference_sid: &str) {
        let mut before = std::mem::take(self);
        self.past = std::mem::take(&mut before.past);
        if before.sid.is_some() {
            self.past.insert(0, before);
            self.past.truncate(MAX_PAST);
        }
        self.sid = Some(conference_sid.into());
    }

    fn take(&mut self, sequence: u32, change: &RoomChange) {
        match change {
            RoomChange::Started => self.started = true,
            RoomChange::Ended { .. } => self.ended = true,
            RoomChange::Joined { call_sid } => {
                self.note(call_sid, |leg| leg.present = Some((true, sequence)))
            }
            RoomChange::Left { call_sid } => self.note(call_sid, |leg| leg.present = Some((false, sequence))),
            RoomChange::Muted { call_sid, muted } => {
                self.note(call_sid, |leg| leg.muted = Some((*muted, sequence)))
            }
            RoomChange::Held { call_sid, held } => {
                self.note(call_sid, |leg| leg.held = Some((*held, sequence)))
            }
        }
    }

    fn note(&mut self, call_sid: &str, what: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.iter_mut().find(|member| &*member.call_sid == call_sid) {
            what(member);
        } else if self.members.len() < MAX_MEMBERS {
            let mut member = Member { call_sid: call_sid.into(), present: None, muted: None, held: None };
            what(&mut member);
            self.members.push(member);
        }
    }

    fn each(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.past)
    }

    fn is_named(&self, conference_sid: &str) -> bool {
        self.sid.as_deref() == Some(conference_sid)
    }

    fn seats(&self, call_sid: &str) -> bool {
        !self.ended && self.member(call_sid).is_some_and(|member| matches!(member.present, Some((true, _))))
    }

    fn member(&self, call_sid: &str) -> Option<&Member> {
        self.members.iter().find(|member| &*member.call_sid == call_sid)
    }
}

impl Member {
    /// What is known of the aspect that a change is about.
    const fn aspect(&self, change: &RoomChange) -> Option<(bool, u32)> {
        match change {
            RoomChange::Muted { .. } => self.muted,
            RoomChange::Held { .. } => self.held,
            _ => self.present,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(call_sid: &str) -> RoomChange {
        RoomChange::Joined { call_sid: call_sid.into() }
    }
    fn left(call_sid: &str) -> RoomChange {
        RoomChange::Left { call_sid: call_sid.into() }
    }

    #[test]
    fn an_older_report_never_undoes_a_newer_one() {
        let mut room = Room::default();
        room.change("CF1", 5, &left("CA1"));
        assert!(!room.is_news("CF1", 1, &joined("CA1")));
        assert!(room.is_news("CF1", 6, &joined("CA1")));
        assert!(
            room.is_news("CF1", 1, &RoomChange::Muted { call_sid: "CA1".into(), muted: true }),
            "another aspect"
        );
        assert!(!room.has("CA1"));
    }

    #[test]
    fn news_of_a_conference_before_does_not_touch_the_present_one() {
        for late_is_known in [true, false] {
            let mut room = Room::default();
            if late_is_known {
                room.change("CF1", 1, &joined("CA-first-agent"));
            }
            room.change("CF2", 1, &joined("CA-agent"));
            room.change("CF2", 2, &joined("CA-customer"));
            room.change("CF1", 2, &left("CA-first-agent"));
            room.change("CF1", 3, &RoomChange::Ended { reason: None });
            assert!(room.has_both("CA-agent", "CA-customer"));
            assert!(!room.has("CA-first-agent"));
        }
    }

    #[test]
    fn a_leg_that_is_heard_of_elsewhere_is_out_until_the_next_report() {
        let mut room = Room::default();
        room.change("CF1", 3, &joined("CA1"));
        room.miss("CA1");
        assert!(!room.has("CA1"));
        assert!(!room.is_news("CF1", 3, &joined("CA1")), "that was before");
        room.change("CF1", 5, &joined("CA1"));
        assert!(room.has("CA1"));
        room.change("CF2", 1, &joined("CA2"));
        room.miss("CA1");
        assert!(room.has("CA2") && !room.has("CA1"), "whichever conference it was in");
    }

    #[test]
    fn two_legs_meet_only_in_the_same_conference() {
        let mut room = Room::default();
        room.change("CF1", 1, &joined("CA1"));
        room.change("CF2", 1, &joined("CA2"));
        assert!(room.has("CA1") && room.has("CA2") && !room.has_both("CA1", "CA2"));
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let mut room = Room::default();
        for number in 0..1000 {
            room.change(&format!("CF{number}"), 1, &joined("CA1"));
            room.change("CF0", 1, &joined(&format!("CA{number}")));
        }
        assert_eq!(room.past.len(), MAX_PAST);
        assert!(
            room.members.len() <= MAX_MEMBERS
                && room.past.iter().all(|past| past.members.len() <= MAX_MEMBERS)
        );
    }
}
