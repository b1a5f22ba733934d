//! When an agent may be rung: a daily window by the clock of a place.

use crate::Time;
use jiff::{civil, tz::TimeZone};

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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
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
