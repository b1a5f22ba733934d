//! `startDate` and `endDate`: from when to when, both included. A date is the whole day by the clock on the company's wall,
//! a time is that moment.

use super::Filters;
use jiff::{civil::Date, tz::TimeZone};
use tsunagu_call::Time;
use utoipa::IntoParams;

/// The longest text that stands for a date or a time, in characters.
const LONGEST: usize = 40;

/// From when to when.
#[derive(IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Period::read` reads")]
pub(crate) struct PeriodQuery {
    /// A date (`2026-11-26`: from the beginning of this day in the company's time zone) or an RFC 3339 time, included.
    #[param(max_length = 40, format = "day-or-time", example = "2026-11-26")]
    start_date: Option<String>,
    /// A date (to the end of this day) or a time, included; not before `startDate`.
    #[param(max_length = 40, format = "day-or-time", example = "2026-11-26")]
    end_date: Option<String>,
}

/// A stretch of time, open where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Period {
    /// The first moment.
    pub from: Option<Time>,
    /// The moment after the last.
    pub to: Option<Time>,
}

impl Period {
    /// What `startDate` and `endDate` say.
    pub(crate) fn read(filters: &mut Filters, zone: &TimeZone) -> Self {
        let from = bound(filters, "startDate", zone).map(|(first, _)| first);
        let to = bound(filters, "endDate", zone).map(|(_, behind)| behind);
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            filters.refuse("endDate", "lies before startDate");
        }
        Self { from, to }
    }

    /// It has both ends, and is no longer than so many days.
    pub(crate) fn is_within(self, days: i64) -> bool {
        const DAY: i64 = 24 * 3_600_000;
        self.from
            .zip(self.to)
            .is_some_and(|(from, to)| to.millis().saturating_sub(from.millis()) <= days * DAY)
    }
}

/// The first moment that is meant, and the one behind the last.
fn bound(filters: &mut Filters, name: &str, zone: &TimeZone) -> Option<(Time, Time)> {
    let text = filters.text(name, LONGEST)?;
    let bound = parse(&text, zone);
    if bound.is_none() {
        filters.refuse(
            name,
            "must be a date such as 2026-11-26, or an RFC 3339 time such as 2026-11-26T09:00:00+09:00 (a + is written \
             %2B in an address)",
        );
    }
    bound
}

fn parse(text: &str, zone: &TimeZone) -> Option<(Time, Time)> {
    if let Ok(time) = text.parse::<Time>() {
        return Some((time, time.plus_millis(1)));
    }
    // Civil dates take more forms than those that are told.
    let is_date = text.len() == 10 && text.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-');
    let date: Date = text.parse().ok().filter(|_| is_date)?;
    let midnight = |date: Date| {
        let zoned = date.to_zoned(zone.clone()).ok()?;
        Some(Time::from_millis(zoned.timestamp().as_millisecond()))
    };
    Some((midnight(date)?, midnight(date.tomorrow().ok()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, zone: &str, expected: Option<(&str, &str)>) {
        let expected =
            expected.map(|(from, to)| (from.parse::<Time>().unwrap(), to.parse::<Time>().unwrap()));
        assert_eq!(parse(text, &TimeZone::get(zone).unwrap()), expected, "{text}");
    }

    #[test]
    fn a_date_is_the_companys_day() {
        check("2026-11-26", "Asia/Tokyo", Some(("2026-11-25T15:00:00Z", "2026-11-26T15:00:00Z")));
        check("2026-11-26", "UTC", Some(("2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z")));
        // The clocks are put forward: the day has 23 hours.
        check("2026-03-08", "America/New_York", Some(("2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")));
    }

    #[test]
    fn a_time_is_that_moment() {
        let moment = Some(("2026-11-26T00:00:00Z", "2026-11-26T00:00:00.001Z"));
        check("2026-11-26T09:00:00+09:00", "UTC", moment);
        check("2026-11-26T00:00:00.000Z", "Asia/Tokyo", moment);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "today",
            "2026-13-01",
            "2026-11-26T09:00:00",
            "20261126",
            "2026-W48-4",
            "-000001-01",
            "9999-12-31",
        ] {
            check(text, "Asia/Tokyo", None);
        }
    }
}
