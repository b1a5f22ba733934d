//! A period that a query names: moments, or days by the company's clock.

use jiff::{
    civil,
    tz::{Disambiguation, TimeZone},
};
use tsunagu_call::Time;

/// The first moment of a period that begins so.
pub(super) fn beginning(text: &str, zone: &TimeZone) -> Option<Time> {
    moment(text).or_else(|| first_of(day(text)?, zone))
}

/// The first moment behind a period that ends so; a day is within it, and so is a moment.
pub(super) fn end(text: &str, zone: &TimeZone) -> Option<Time> {
    let behind = moment(text).map(|moment| moment.plus_millis(1));
    behind.or_else(|| first_of(day(text)?.tomorrow().ok()?, zone))
}

fn moment(text: &str) -> Option<Time> {
    text.parse().ok()
}

fn day(text: &str) -> Option<civil::Date> {
    civil::Date::strptime("%Y-%m-%d", text).ok()
}

fn first_of(day: civil::Date, zone: &TimeZone) -> Option<Time> {
    let midnight = zone.to_ambiguous_zoned(day.at(0, 0, 0, 0));
    let first = midnight.disambiguate(Disambiguation::Compatible).ok()?;
    Some(Time::from_millis(first.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_companys_and_whole() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let at = |text: &str| text.parse().ok();
        assert_eq!(beginning("2026-11-20", &zone), at("2026-11-19T15:00:00Z"));
        assert_eq!(end("2026-11-20", &zone), at("2026-11-20T15:00:00Z"));
        assert_eq!(beginning("2026-11-20T09:00:00+09:00", &zone), at("2026-11-20T00:00:00Z"));
        assert_eq!(end("2026-11-20T00:00:00.000Z", &zone), at("2026-11-20T00:00:00.001Z"));
        for text in ["", "today", "2026-13-01", "20261120"] {
            assert_eq!((beginning(text, &zone), end(text, &zone)), (None, None), "{text}");
        }
    }
}
