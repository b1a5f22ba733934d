//! When a campaign may ring: within all of its windows at once, the company's and its own.

use crate::{CallingWindow, Time};

/// So many openings are looked at; two windows of a week open less often than that in the days they look ahead.
const OPENINGS: u32 = 128;

/// Whether customers may be rung at this moment. Without a window they may at any time.
pub fn may_ring(windows: &[CallingWindow], at: Time) -> bool {
    windows.iter().all(|window| window.contain(at))
}

/// The first moment from this one on at which all windows are open; `None` when they never are.
pub fn next_opening(windows: &[CallingWindow], from: Time) -> Option<Time> {
    let mut at = from;
    for _ in 0..OPENINGS {
        if may_ring(windows, at) {
            return Some(at);
        }
        for window in windows {
            at = window.next(at)?;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::WorkingHours;
    use jiff::civil::Weekday::{self, Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};
    use proptest::prelude::*;

    fn window(start: &str, end: &str, days: &[Weekday]) -> CallingWindow {
        CallingWindow { hours: WorkingHours::parse(start, end, "Asia/Tokyo").unwrap(), days: days.to_vec() }
    }

    fn company() -> CallingWindow {
        window("09:00", "18:00", &[Monday, Tuesday, Wednesday, Thursday, Friday])
    }

    #[test]
    fn a_campaigns_hours_only_narrow_the_companys() {
        let both = [company(), window("16:00", "20:00", &[Friday, Saturday])];
        let next = |from: &str| next_opening(&both, from.parse().unwrap()).map(|at| at.to_string());
        assert_eq!(next("2026-11-18T10:00:00+09:00").as_deref(), Some("2026-11-20T07:00:00.000Z"));
        assert_eq!(next("2026-11-20T17:59:00+09:00").as_deref(), Some("2026-11-20T08:59:00.000Z"));
        assert_eq!(next("2026-11-20T18:00:00+09:00").as_deref(), Some("2026-11-27T07:00:00.000Z"));
        assert_eq!(next_opening(&[], Time::from_millis(7)), Some(Time::from_millis(7)));
    }

    #[test]
    fn hours_without_a_minute_in_common_never_open() {
        let never = [company(), window("18:00", "20:00", &[Monday])];
        assert_eq!(next_opening(&never, Time::from_millis(0)), None);
        assert_eq!(
            next_opening(&[company(), window("09:00", "18:00", &[Saturday])], Time::from_millis(0)),
            None
        );
    }

    proptest! {
        /// Where the next opening is told, all windows are open, and a minute before they were not.
        #[test]
        fn the_next_opening_is_open_and_the_first(
            minutes in 0_i64..20_160, start in 0_u8..24, hours in 1_u8..24, day in 0_usize..5,
        ) {
            let end = (start + hours) % 24;
            let days = [Monday, Tuesday, Wednesday, Thursday, Friday];
            let own = window(&format!("{start:02}:00"), &format!("{end:02}:00"), &days[day..=day]);
            let both = [company(), own];
            let from = "2026-11-16T00:00:00+09:00".parse::<Time>().unwrap().plus_millis(minutes * 60_000);
            if let Some(next) = next_opening(&both, from) {
                prop_assert!(next >= from && may_ring(&both, next));
                prop_assert!(next == from || !may_ring(&both, next.plus_millis(-60_000)));
            } else {
                let week = (0..20_160).map(|minute| from.plus_millis(minute * 60_000));
                prop_assert!(week.into_iter().all(|at| !may_ring(&both, at)));
            }
        }
    }
}
