//! The clock that everything live goes by. It is passed in, so that tests and simulations bring their own.

use jiff::Timestamp;
use std::time::Duration;
use tsunagu_call::Time;

/// Call time: real time, or for simulations a time that runs faster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    anchor: Anchor,
    rate: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Anchor {
    /// Wall time; in a simulation call time and wall time were equal at this moment.
    Wall(Time),
    /// Tokio's time, which tests can pause and advance; it began at this moment.
    Tokio(tokio::time::Instant, Time),
}

impl Clock {
    /// Real time.
    pub const fn real() -> Self {
        Self { anchor: Anchor::Wall(Time::from_millis(0)), rate: 1.0 }
    }

    /// Runs `rate` times as fast as real time since `anchor`. Two programs that are given the same two agree, and one
    /// that is started again goes on where it was. A rate below 1 counts as 1.
    pub const fn simulated(rate: f64, anchor: Time) -> Self {
        Self { anchor: Anchor::Wall(anchor), rate: if rate > 1.0 { rate } else { 1.0 } }
    }

    /// Follows tokio's clock from `start` on, so that a test that pauses it decides how time passes.
    pub fn virtual_from(start: Time) -> Self {
        Self { anchor: Anchor::Tokio(tokio::time::Instant::now(), start), rate: 1.0 }
    }

    /// The present moment of call time.
    pub fn now(&self) -> Time {
        match self.anchor {
            Anchor::Wall(_) if self.rate <= 1.0 => Time::from_millis(Timestamp::now().as_millisecond()),
            Anchor::Wall(anchor) => {
                let passed = Timestamp::now().as_millisecond() - anchor.millis();
                anchor.plus_millis((passed as f64 * self.rate) as i64)
            }
            Anchor::Tokio(began, start) => {
                start.plus_millis(i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX))
            }
        }
    }

    /// The present moment as the rest of the world has it: for what others compare with their own clocks.
    pub fn wall(&self) -> Time {
        match self.anchor {
            Anchor::Wall(_) => Time::from_millis(Timestamp::now().as_millisecond()),
            Anchor::Tokio(..) => self.now(),
        }
    }

    /// How long a timer must run in real time to go off at `at`.
    pub fn until(&self, at: Time) -> Duration {
        at.since(self.now()).div_f64(self.rate)
    }

    /// How long so much call time takes in real time.
    pub fn real_span(&self, call_time: Duration) -> Duration {
        call_time.div_f64(self.rate)
    }

    /// How much call time passes in so much real time.
    pub fn call_span(&self, real: Duration) -> Duration {
        real.mul_f64(self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_virtual_clock_follows_tokio() {
        let start = Time::from_millis(1_000_000);
        let clock = Clock::virtual_from(start);
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), start.plus_secs(90));
        assert_eq!(clock.until(start.plus_secs(100)), Duration::from_secs(10));
        assert_eq!(clock.until(start), Duration::ZERO);
    }

    #[test]
    fn a_simulated_clock_is_ahead_by_its_rate() {
        let anchor = Time::from_millis(Timestamp::now().as_millisecond() - 1000);
        let clock = Clock::simulated(20.0, anchor);
        let ahead = clock.now().since(anchor);
        assert!(ahead >= Duration::from_secs(20) && ahead < Duration::from_secs(60), "{ahead:?}");
        assert_eq!(clock.real_span(Duration::from_secs(20)), Duration::from_secs(1));
        assert_eq!(clock.call_span(Duration::from_secs(1)), Duration::from_secs(20));
    }
}
