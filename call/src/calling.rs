//! The hours of the week in which customers may be rung.

use crate::{Time, routing::WorkingHours};
use jiff::{ToSpan, civil, civil::Weekday, tz::TimeZone};

/// A daily window that is open on some days of the week, by the clock on the company's wall.
#[derive(Debug, Clone, PartialEq)]
pub struct CallingWindow {
    /// The window.
    pub hours: WorkingHours,
    /// On these days; a window across midnight is open on both ends of each of them.
    pub days: Vec<Weekday>,
}

/// A week and a day: in so many days every window that opens at all has opened.
const DAYS_AHEAD: i64 = 8;

impl CallingWindow {
    /// One that never opens.
    pub const fn never() -> Self {
        let hours = WorkingHours { start: civil::Time::MIN, end: civil::Time::MIN, zone: TimeZone::UTC };
        Self { hours, days: Vec::new() }
    }

    /// Whether customers may be rung at this moment.
    pub fn contain(&self, at: Time) -> bool {
        let weekday = at.timestamp().to_zoned(self.hours.zone.clone()).weekday();
        self.days.contains(&weekday) && self.hours.contain(at)
    }

    /// The first moment from this one on at which customers may be rung; `None` when they never may.
    pub fn next(&self, from: Time) -> Option<Time> {
        if self.contain(from) {
            return Some(from);
        }
        let today = from.timestamp().to_zoned(self.hours.zone.clone()).date();
        // The window opens at its start, or with a day that it runs into.
        let openings = [civil::Time::midnight(), self.hours.start];
        (0..DAYS_AHEAD)
            .filter_map(|days| today.checked_add(days.days()).ok())
            .flat_map(|date| openings.map(|opening| date.to_datetime(opening)))
            .filter_map(|opening| opening.to_zoned(self.hours.zone.clone()).ok())
            .map(|opening| Time::from_millis(opening.timestamp().as_millisecond()))
            .find(|opening| *opening > from && self.contain(*opening))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Weekday::{Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};

    fn window(start: &str, end: &str, days: &[Weekday]) -> CallingWindow {
        CallingWindow { hours: WorkingHours::parse(start, end, "Asia/Tokyo").unwrap(), days: days.to_vec() }
    }

    #[track_caller]
    fn check(window: &CallingWindow, from: &str, expected: &str) {
        let from: Time = from.parse().unwrap();
        assert_eq!(window.next(from), Some(expected.parse().unwrap()));
    }

    #[test]
    fn a_time_outside_moves_to_the_next_opening() {
        let week = window("09:00", "18:00", &[Monday, Tuesday, Wednesday, Thursday, Friday]);
        check(&week, "2026-11-20T15:00:00+09:00", "2026-11-20T15:00:00+09:00");
        check(&week, "2026-11-20T08:59:00+09:00", "2026-11-20T09:00:00+09:00");
        check(&week, "2026-11-20T18:00:00+09:00", "2026-11-23T09:00:00+09:00");
        check(&week, "2026-11-21T12:00:00+09:00", "2026-11-23T09:00:00+09:00");
        let fridays = window("09:00", "18:00", &[Friday]);
        check(&fridays, "2026-11-20T18:30:00+09:00", "2026-11-27T09:00:00+09:00");
    }

    #[test]
    fn a_window_across_midnight_opens_twice_a_day() {
        let nights = window("20:00", "02:00", &[Friday, Saturday]);
        check(&nights, "2026-11-20T12:00:00+09:00", "2026-11-20T20:00:00+09:00");
        check(&nights, "2026-11-21T01:00:00+09:00", "2026-11-21T01:00:00+09:00");
        check(&nights, "2026-11-22T01:00:00+09:00", "2026-11-27T00:00:00+09:00");
        let all_day = window("00:00", "00:00", &[Monday]);
        check(&all_day, "2026-11-20T12:00:00+09:00", "2026-11-23T00:00:00+09:00");
    }

    #[test]
    fn a_window_without_days_never_opens() {
        assert_eq!(window("09:00", "18:00", &[]).next(Time::from_millis(0)), None);
    }
}
