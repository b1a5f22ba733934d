//! The pace: how soon the line takes another call.

use crate::Time;

/// The slowest pace, in calls per second.
const SLOWEST: f64 = 0.01;

/// A line that takes so many calls per second. What is put on it sooner queues up, as it does at the carrier, and whoever
/// waits for a clear line lets it run off first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pacer {
    interval_millis: i64,
    clear_at: Time,
}

impl Pacer {
    /// A line of this pace. What was put on it before `now` is not known: it counts as having just taken a call.
    pub fn new(calls_per_second: f64, now: Time) -> Self {
        let interval_millis = interval(calls_per_second);
        Self { interval_millis, clear_at: now.plus_millis(interval_millis) }
    }

    /// Changes the pace of what comes from now on.
    pub fn set_pace(&mut self, calls_per_second: f64) {
        self.interval_millis = interval(calls_per_second);
    }

    /// A call was put on the line.
    pub fn note(&mut self, now: Time) {
        self.clear_at = self.clear_at.max(now).plus_millis(self.interval_millis);
    }

    /// From when on the line takes the next call at once.
    pub const fn clear_at(&self) -> Time {
        self.clear_at
    }
}

/// Whole milliseconds from one call to the next, never fewer than the pace allows.
fn interval(calls_per_second: f64) -> i64 {
    (1000.0 / calls_per_second.max(SLOWEST)).ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However long whoever waits for a clear line dawdles, no window of a second holds more calls than the pace.
        #[test]
        fn no_second_holds_more_than_the_pace(
            pace in 0.1_f64..20.0,
            dawdles in prop::collection::vec(0_i64..3000, 1..100),
        ) {
            let mut pacer = Pacer::new(pace, Time::from_millis(0));
            let mut rung = Vec::new();
            for dawdle in dawdles {
                let at = pacer.clear_at().plus_millis(dawdle);
                pacer.note(at);
                rung.push(at.millis());
            }
            for from in &rung {
                let within = rung.iter().filter(|at| (*from..from + 1000).contains(*at)).count();
                prop_assert!(within as f64 <= pace.ceil(), "{within} calls in a second at {pace}");
            }
        }
    }

    #[test]
    fn what_others_put_on_the_line_runs_off_first() {
        let mut pacer = Pacer::new(1.0, Time::from_millis(0));
        assert_eq!(pacer.clear_at().millis(), 1000, "what was before is not known");
        for _ in 0..3 {
            pacer.note(Time::from_millis(5000));
        }
        assert_eq!(pacer.clear_at().millis(), 8000);
    }
}
