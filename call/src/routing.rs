//! Which agent gets a call: who may be asked, and in which order. Every agent looked at gets a reason.

use crate::{AgentRef, Time, UserId};
use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// An agent as routing sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who, and where they are rung.
    pub agent: AgentRef,
    /// They work with calls today: `available`, not `busy`, `on-call` or `offline`.
    pub available: bool,
    /// Their own switch.
    pub accepts_calls: bool,
    /// When they take calls; absent means always.
    pub hours: Option<WorkingHours>,
    /// Reserved for another call until then.
    pub reserved_until: Option<Time>,
    /// Calls they are on.
    pub live_calls: u32,
    /// 0 to 100; the higher is asked first.
    pub priority: u8,
    /// When they last did something; the longest idle is asked first.
    pub last_activity: Time,
}

/// A daily window in a time zone; it may span midnight.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingHours {
    /// The first minute.
    pub start: civil::Time,
    /// The minute it ends before; equal to `start` means the whole day.
    pub end: civil::Time,
    /// Where the clock hangs.
    pub zone: TimeZone,
}

/// Why a text is no window of working hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A time is not of the form HH:MM.
    #[error("`{0}` is not a time of day such as 09:00")]
    Clock(String),
    /// There is no such time zone.
    #[error("`{0}` is not a time zone of the IANA list such as Asia/Tokyo")]
    Zone(String),
}

impl WorkingHours {
    /// The window written as `09:00`, `18:00`, `Asia/Tokyo`.
    pub fn parse(start: &str, end: &str, zone: &str) -> Result<Self, HoursError> {
        let clock =
            |text: &str| civil::Time::strptime("%H:%M", text).map_err(|_| HoursError::Clock(text.to_owned()));
        Ok(Self {
            start: clock(start)?,
            end: clock(end)?,
            zone: TimeZone::get(zone).map_err(|_| HoursError::Zone(zone.to_owned()))?,
        })
    }

    /// Whether `now` lies in the window.
    pub fn contain(&self, now: Time) -> bool {
        let clock = now.timestamp().to_zoned(self.zone.clone()).time();
        match self.start.cmp(&self.end) {
            std::cmp::Ordering::Less => self.start <= clock && clock < self.end,
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Greater => self.start <= clock || clock < self.end,
        }
    }
}

/// What became of an agent who was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They get the call.
    Chosen,
    /// They could have had it, but another comes first.
    NotFirst,
    /// Another call took them in the same moment.
    TakenMeanwhile,
    /// They have been tried on this call.
    TriedBefore,
    /// They are not `available`.
    NotAvailable,
    /// They switched calls off.
    NotAccepting,
    /// They have no number.
    NoNumber,
    /// It is outside their working hours.
    OutsideHours,
    /// They are reserved for another call.
    Reserved,
}

/// An agent who was looked at, with the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Considered {
    /// The agent.
    pub agent: UserId,
    /// What became of them.
    pub verdict: Verdict,
    /// Calls they were on.
    pub live_calls: u32,
}

/// Those who may be asked, best first, and the verdicts on all others.
pub fn rank(
    candidates: Vec<Candidate>,
    wish: Option<UserId>,
    tried: &[UserId],
    now: Time,
) -> (Vec<Candidate>, Vec<Considered>) {
    let mut eligible = Vec::new();
    let mut passed = Vec::new();
    for candidate in candidates {
        match obstacle(&candidate, tried, now) {
            None => eligible.push(candidate),
            Some(verdict) => passed.push(candidate.considered(verdict)),
        }
    }
    eligible.sort_by_key(|candidate| {
        (
            Some(candidate.agent.id) != wish,
            candidate.live_calls,
            std::cmp::Reverse(candidate.priority),
            candidate.last_activity,
            candidate.agent.id,
        )
    });
    (eligible, passed)
}

impl Candidate {
    /// The verdict on this candidate, to be kept.
    pub fn considered(&self, verdict: Verdict) -> Considered {
        Considered { agent: self.agent.id, verdict, live_calls: self.live_calls }
    }
}

fn obstacle(candidate: &Candidate, tried: &[UserId], now: Time) -> Option<Verdict> {
    let checks = [
        (tried.contains(&candidate.agent.id), Verdict::TriedBefore),
        (candidate.agent.phone.is_empty(), Verdict::NoNumber),
        (!candidate.accepts_calls, Verdict::NotAccepting),
        (candidate.reserved_until.is_some_and(|until| until > now), Verdict::Reserved),
        (!candidate.available, Verdict::NotAvailable),
        (candidate.hours.as_ref().is_some_and(|hours| !hours.contain(now)), Verdict::OutsideHours),
    ];
    checks.into_iter().find_map(|(fails, verdict)| fails.then_some(verdict))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_conversation::Lang;

    fn agent(number: u8) -> Candidate {
        Candidate {
            agent: AgentRef {
                id: UserId::from_bytes([number; 12]),
                name: format!("agent {number}"),
                phone: "+817000000001".into(),
                lang: Lang::JA,
            },
            available: true,
            accepts_calls: true,
            hours: None,
            reserved_until: None,
            live_calls: 0,
            priority: 50,
            last_activity: at("2026-11-20T00:00:00Z"),
        }
    }

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn order(candidates: Vec<Candidate>, wish: Option<u8>) -> Vec<u8> {
        let wish = wish.map(|number| UserId::from_bytes([number; 12]));
        let (eligible, _) = rank(candidates, wish, &[], at("2026-11-20T03:00:00Z"));
        eligible.iter().map(|candidate| candidate.agent.id.bytes()[0]).collect()
    }

    #[test]
    fn fewest_live_calls_then_priority_then_longest_idle() {
        let busy = Candidate { live_calls: 1, priority: 100, ..agent(1) };
        let low = Candidate { priority: 10, ..agent(2) };
        let fresh = Candidate { last_activity: at("2026-11-20T02:00:00Z"), ..agent(3) };
        let idle = Candidate { last_activity: at("2026-11-20T01:00:00Z"), ..agent(4) };
        let all = vec![busy, low, fresh, idle];
        assert_eq!(order(all.clone(), None), [4, 3, 2, 1]);
        assert_eq!(order(all, Some(1)), [1, 4, 3, 2], "the agent who was named comes first");
    }

    #[test]
    fn whoever_is_passed_over_has_a_reason() {
        let now = at("2026-11-20T03:00:00Z");
        let candidates = vec![
            Candidate { available: false, ..agent(1) },
            Candidate { accepts_calls: false, ..agent(2) },
            Candidate { reserved_until: Some(now.plus_secs(1)), ..agent(3) },
            Candidate { reserved_until: Some(now), ..agent(4) },
            Candidate {
                hours: Some(WorkingHours::parse("13:00", "18:00", "Asia/Tokyo").unwrap()),
                ..agent(5)
            },
            agent(6),
            Candidate { agent: AgentRef { phone: String::new(), ..agent(7).agent }, ..agent(7) },
        ];
        let (eligible, passed) = rank(candidates, None, &[UserId::from_bytes([6; 12])], now);
        assert_eq!(eligible.len(), 1, "a reservation that has ended does not count");
        let verdicts: Vec<_> = passed.iter().map(|passed| passed.verdict).collect();
        assert_eq!(
            verdicts,
            [
                Verdict::NotAvailable,
                Verdict::NotAccepting,
                Verdict::Reserved,
                Verdict::OutsideHours,
                Verdict::TriedBefore,
                Verdict::NoNumber
            ]
        );
    }

    #[test]
    fn working_hours_know_midnight_and_time_zones() {
        let day = WorkingHours::parse("09:00", "18:00", "Asia/Tokyo").unwrap();
        assert!(day.contain(at("2026-11-20T00:00:00Z")));
        assert!(!day.contain(at("2026-11-20T09:00:00Z")), "the end is not part of it");
        let night = WorkingHours::parse("22:00", "06:00", "Asia/Tokyo").unwrap();
        assert!(night.contain(at("2026-11-20T13:00:00Z")) && night.contain(at("2026-11-20T20:59:00Z")));
        assert!(!night.contain(at("2026-11-20T21:00:00Z")));
        // New York turns its clocks back on 2026-11-01: 9:00 is 13:00Z the day before, 14:00Z the day after.
        let york = WorkingHours::parse("09:00", "17:00", "America/New_York").unwrap();
        assert!(york.contain(at("2026-10-30T13:00:00Z")) && !york.contain(at("2026-11-02T13:00:00Z")));
    }

    #[test]
    fn hours_that_make_no_sense_are_refused_by_name() {
        let refusal = |start, zone| WorkingHours::parse(start, "18:00", zone).unwrap_err().to_string();
        assert!(refusal("25:00", "Asia/Tokyo").contains("25:00"));
        assert!(refusal("09:00", "Asia/Osaka-shi").contains("Asia/Osaka-shi"));
    }
}
