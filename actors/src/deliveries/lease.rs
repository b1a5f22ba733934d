//! How long one attempt may take, part by part, and so for how long one who posts has a delivery where nodes share the store. After
//! that another posts it: nobody does while this one is still at it, however slow receiver and store are.

use crate::Clock;
use std::time::Duration;

/// How long claiming may take, in real time. A claim that is confirmed later is not used.
pub(super) const CLAIMING: Duration = Duration::from_secs(10);
/// How long noting what came of it may take, with all further tries, in real time. What is not noted by then is posted again.
pub(super) const NOTING: Duration = Duration::from_secs(60);
/// What nodes' clocks may differ by, and a busy node be late.
const MARGIN: Duration = Duration::from_secs(10);

/// For how long a delivery is claimed, in call time, by one who posts within so much real time.
pub(super) fn lease(posting: Duration, clock: &Clock) -> Duration {
    clock.call_span(CLAIMING + posting + NOTING + MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_call::Time;

    #[test]
    fn it_lasts_longer_than_an_attempt_at_whatever_rate_the_clock_runs() {
        let secs = Duration::from_secs;
        for (posting, rate, expected) in [(secs(16), 1.0, 96), (secs(61), 1.0, 141), (secs(16), 20.0, 1920)] {
            let clock = Clock::simulated(rate, Time::from_millis(0));
            assert_eq!(lease(posting, &clock), secs(expected));
            assert!(clock.real_span(lease(posting, &clock)) > CLAIMING + posting + NOTING);
        }
    }
}
