//! The figures of calls: how many there were, how they came out, how long they took, and what became of hand-overs.
//!
//! *a call that is over → its [`Share`] → summed up by hour, agent, status and result where it is kept → a [`CallStatistics`].*
//! A share never changes with what is looked for, so that sums can be kept beside the calls.

use crate::StatisticsFilter;
use jiff::{civil, tz::TimeZone};
use std::{collections::BTreeMap, ops::AddAssign};
use tsunagu_call::{CallRecord, Role, Time, UserId};
use tsunagu_conversation::Outcome;

/// An hour, in milliseconds.
pub(crate) const HOUR: i64 = 3_600_000;

/// The figures of some calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallFigures {
    /// All of them, also those that are not over; everything below is of those that are.
    pub calls: i64,
    /// That were a success (成功).
    pub successful: i64,
    /// That somebody or something answered.
    pub answered: i64,
    /// Seconds from the answer to the end, of all that were answered.
    pub seconds: i64,
    /// In which a human was asked for.
    pub handoffs: i64,
    /// In which a human came to the customer after that.
    pub connected: i64,
    /// Seconds that these customers waited, from the request to the human.
    pub seconds_waited: i64,
}

impl CallFigures {
    /// How long a call that was answered took on average, in whole seconds; 0 without any.
    pub const fn average_seconds(&self) -> i64 {
        average(self.seconds, self.answered)
    }

    /// How long a customer who got a human waited for them on average, in whole seconds; 0 without any.
    pub const fn average_wait(&self) -> i64 {
        average(self.seconds_waited, self.connected)
    }

    /// In how many calls a human was asked for and none came.
    pub const fn missed(&self) -> i64 {
        self.handoffs - self.connected
    }

    /// The same with every sign changed: what takes them away.
    pub(crate) const fn negated(&self) -> Self {
        Self {
            calls: -self.calls,
            successful: -self.successful,
            answered: -self.answered,
            seconds: -self.seconds,
            handoffs: -self.handoffs,
            connected: -self.connected,
            seconds_waited: -self.seconds_waited,
        }
    }
}

impl AddAssign for CallFigures {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.successful += other.successful;
        self.answered += other.answered;
        self.seconds += other.seconds;
        self.handoffs += other.handoffs;
        self.connected += other.connected;
        self.seconds_waited += other.seconds_waited;
    }
}

const fn average(sum: i64, count: i64) -> i64 {
    if count > 0 { (sum + count / 2) / count } else { 0 }
}

/// What a call that is over adds to the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// Seconds from the answer to the end; `None` when nobody answered.
    pub talked: Option<u32>,
    /// What became of the hand-over; `None` when no human was asked for.
    pub handoff: Option<Handoff>,
}

/// What became of a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handoff {
    /// No human came to the customer.
    Missed,
    /// One came after so many seconds.
    Connected(u32),
}

impl Share {
    /// That of a call; `None` while it is not over.
    pub fn of(record: &CallRecord) -> Option<Self> {
        record.status.is_over().then(|| Self {
            talked: record.answered_time.map(|_| record.duration),
            handoff: record.handoff_time.map(|requested| match joined(record) {
                Some(joined) => Handoff::Connected(joined.secs_since(requested)),
                None => Handoff::Missed,
            }),
        })
    }

    /// As figures, of a call with this result.
    pub fn figures(self, result: Option<&str>) -> CallFigures {
        let (connected, seconds_waited) = match self.handoff {
            Some(Handoff::Connected(waited)) => (1, i64::from(waited)),
            _ => (0, 0),
        };
        CallFigures {
            calls: 1,
            successful: is_success(result),
            answered: self.talked.map_or(0, |_| 1),
            seconds: self.talked.map_or(0, i64::from),
            handoffs: self.handoff.map_or(0, |_| 1),
            connected,
            seconds_waited,
        }
    }
}

/// 1 for the result that counts as a success, otherwise 0.
pub(crate) fn is_success(result: Option<&str>) -> i64 {
    i64::from(result == Some(Outcome::Success.call_result()))
}

/// When a human and the customer were together first. The AI leaves a call for a human before the end of it, or with it.
fn joined(record: &CallRecord) -> Option<Time> {
    record.assigned_agent?;
    let left =
        record.participants.iter().find(|party| party.role == Role::Ai).and_then(|party| party.left_at)?;
    record.end_time.is_none_or(|end| left < end).then_some(left)
}

/// Into what the figures are parted.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Grouping {
    /// Not at all.
    #[default]
    Nothing,
    /// By the days of a place.
    Days(TimeZone),
    /// By the hours of a place.
    Hours(TimeZone),
    /// By the agents who had the customers.
    Agents,
}

/// One part of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// The calls that began on this day.
    Day(civil::Date),
    /// The calls that began in the hour from this moment on.
    Hour(Time),
    /// The calls of this agent; `None`: those that no agent had.
    Agent(Option<UserId>),
}

impl Grouping {
    /// Where a call goes.
    pub(crate) fn bucket(&self, started: Time, agent: Option<UserId>) -> Option<Bucket> {
        match self {
            Self::Nothing => None,
            Self::Days(zone) => Some(Bucket::Day(started.timestamp().to_zoned(zone.clone()).date())),
            Self::Hours(zone) => {
                let clock = started.timestamp().to_zoned(zone.clone()).time();
                let since = i64::from(clock.minute()) * 60_000
                    + i64::from(clock.second()) * 1000
                    + i64::from(clock.millisecond());
                Some(Bucket::Hour(started.plus_millis(-since)))
            }
            Self::Agents => Some(Bucket::Agent(agent)),
        }
    }

    /// Where all calls go that began in an hour of UTC; `None` when some go elsewhere than others.
    pub(crate) fn bucket_of_hour(&self, hour: i64) -> Option<Bucket> {
        let first = Time::from_millis(hour.saturating_mul(HOUR));
        let (first, last) = (self.bucket(first, None)?, self.bucket(first.plus_millis(HOUR - 1), None)?);
        (first == last).then_some(first)
    }
}

/// The figures of a company's calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallStatistics {
    /// Of all.
    pub all: CallFigures,
    /// Of those with a result, by it.
    pub results: BTreeMap<String, CallFigures>,
    /// By what was asked for, in its order; what has no calls is absent.
    pub series: BTreeMap<Bucket, CallFigures>,
}

impl CallStatistics {
    /// Adds to all, and to the result.
    pub(crate) fn count(&mut self, result: Option<&str>, figures: CallFigures) {
        self.all += figures;
        if let Some(result) = result {
            match self.results.get_mut(result) {
                Some(sum) => *sum += figures,
                None => drop(self.results.insert(result.to_owned(), figures)),
            }
        }
    }

    /// Adds to a part.
    pub(crate) fn chart(&mut self, bucket: Bucket, figures: CallFigures) {
        *self.series.entry(bucket).or_default() += figures;
    }

    /// Adds one call.
    pub(crate) fn add(&mut self, grouping: &Grouping, call: &Counted<'_>) {
        let figures = match call.share {
            Some(share) => share.figures(call.result),
            None => CallFigures { calls: 1, ..CallFigures::default() },
        };
        self.count(call.result, figures);
        if let Some(bucket) = grouping.bucket(call.started, call.agent) {
            self.chart(bucket, figures);
        }
    }
}

/// What of a call the figures look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub started: Time,
    pub agent: Option<UserId>,
    pub result: Option<&'a str>,
    /// `None` while it is not over.
    pub share: Option<Share>,
}

impl<'a> Counted<'a> {
    pub fn of(record: &'a CallRecord) -> Self {
        Self {
            started: record.start_time,
            agent: record.assigned_agent,
            result: record.call_result.as_deref().filter(|_| record.status.is_over()),
            share: Share::of(record),
        }
    }

    pub fn is_wanted(&self, filter: &StatisticsFilter) -> bool {
        filter.agent.is_none_or(|agent| self.agent == Some(agent))
            && filter.from.is_none_or(|from| from <= self.started)
            && filter.to.is_none_or(|to| self.started < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(change: serde_json::Value) -> CallRecord {
        let mut record = json!({
            "_id": "0001027f80ff090807060504", "companyId": "0001027f80ff090807060505",
            "customerId": "0001027f80ff090807060506", "phoneNumber": "+819012345678", "status": "completed",
            "startTime": "2026-11-26T00:00:00Z", "answeredTime": "2026-11-26T00:00:10Z",
            "endTime": "2026-11-26T00:02:10Z", "duration": 120,
            "participants": [{"role": "ai", "joinedAt": "2026-11-26T00:00:10Z", "leftAt": "2026-11-26T00:02:10Z"}],
        });
        for (key, value) in change.as_object().unwrap() {
            record[key] = value.clone();
        }
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn a_call_that_is_not_over_has_no_share() {
        assert_eq!(Share::of(&record(json!({"status": "human-connected"}))), None);
        assert_eq!(Share::of(&record(json!({}))), Some(Share { talked: Some(120), handoff: None }));
        let unanswered = record(json!({"status": "failed", "answeredTime": null, "duration": 0}));
        assert_eq!(Share::of(&unanswered), Some(Share { talked: None, handoff: None }));
    }

    #[test]
    fn a_hand_over_has_come_about_when_the_ai_left_for_a_human() {
        let handoff = |change: serde_json::Value| {
            let mut wanted =
                json!({"handoffTime": "2026-11-26T00:01:00Z", "assignedAgent": "0001027f80ff090807060507"});
            wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            Share::of(&record(wanted)).unwrap().handoff
        };
        assert_eq!(handoff(json!({})), Some(Handoff::Missed), "the AI was there to the end");
        let left =
            json!([{"role": "ai", "joinedAt": "2026-11-26T00:00:10Z", "leftAt": "2026-11-26T00:01:25Z"}]);
        assert_eq!(handoff(json!({"participants": left})), Some(Handoff::Connected(25)));
        assert_eq!(handoff(json!({"participants": left, "assignedAgent": null})), Some(Handoff::Missed));
        assert_eq!(handoff(json!({"participants": left, "handoffTime": null})), None, "nobody was asked for");
    }

    #[test]
    fn averages_are_whole_seconds_of_those_that_count() {
        let mut figures = CallFigures::default();
        assert_eq!((figures.average_seconds(), figures.average_wait()), (0, 0));
        for talked in [None, Some(10), Some(11)] {
            let handoff = talked.map(Handoff::Connected);
            figures += Share { talked, handoff }.figures(Some("成功"));
        }
        figures += Share { talked: Some(12), handoff: Some(Handoff::Missed) }.figures(Some("不在"));
        assert_eq!((figures.calls, figures.successful, figures.answered), (4, 3, 3));
        assert_eq!((figures.average_seconds(), figures.average_wait(), figures.missed()), (11, 11, 1));
    }

    #[test]
    fn days_and_hours_are_those_of_the_place() {
        let zone = |name| TimeZone::get(name).unwrap();
        let bucket = |grouping: Grouping, at: &str| grouping.bucket(at.parse().unwrap(), None).unwrap();
        let day = |text: &str| Bucket::Day(text.parse().unwrap());
        assert_eq!(bucket(Grouping::Days(zone("Asia/Tokyo")), "2026-11-25T14:59:59.999Z"), day("2026-11-25"));
        assert_eq!(bucket(Grouping::Days(zone("Asia/Tokyo")), "2026-11-25T15:00:00Z"), day("2026-11-26"));
        let hours = Grouping::Hours(zone("Asia/Kolkata"));
        let half = Bucket::Hour("2026-11-25T14:30:00Z".parse().unwrap());
        assert_eq!(bucket(hours.clone(), "2026-11-25T15:29:59.999Z"), half);
        let hour = "2026-11-25T15:00:00Z".parse::<Time>().unwrap().millis() / HOUR;
        assert_eq!(hours.bucket_of_hour(hour), None, "half of it goes elsewhere");
        assert_eq!(Grouping::Days(zone("Asia/Kolkata")).bucket_of_hour(hour), Some(day("2026-11-25")));
        assert_eq!(Grouping::Days(zone("Asia/Tokyo")).bucket_of_hour(hour), Some(day("2026-11-26")));
    }
}
