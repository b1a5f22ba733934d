//! The sandbox's clock: call time, which runs `speed` times as fast as the wall's.

use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// Call time. Everything that the sandbox reports (dates, durations) is read from it, and everything that takes time
/// on a call (ringing, speaking, waiting for an answer) is slept on it.
#[derive(Debug, Clone)]
pub struct Clock {
    started: Timestamp,
    origin: Instant,
    speed: f64,
}

impl Clock {
    /// A clock that starts at `started` and runs `speed` times as fast as real time (1 to 10,000).
    pub fn new(started: Timestamp, speed: f64) -> Self {
        let speed = if speed.is_finite() { speed.clamp(1.0, 10_000.0) } else { 1.0 };
        Self { started, origin: Instant::now(), speed }
    }

    /// The same clock, had it run at its speed since `anchor`.
    #[must_use]
    pub fn since(mut self, anchor: Timestamp) -> Self {
        let ahead = Self::between(anchor, self.started) * self.speed;
        let ahead = jiff::SignedDuration::try_from_secs_f64(ahead).unwrap_or_default();
        self.started = anchor.checked_add(ahead).unwrap_or(self.started);
        self
    }

    /// The present moment in call time.
    pub fn now(&self) -> Timestamp {
        let elapsed = self.origin.elapsed().as_secs_f64() * self.speed;
        let elapsed = jiff::SignedDuration::try_from_secs_f64(elapsed).unwrap_or_default();
        self.started.checked_add(elapsed).unwrap_or(self.started)
    }

    /// How long `secs` seconds of call time really last.
    pub fn real(&self, secs: f64) -> Duration {
        let secs = if secs.is_finite() { secs.clamp(0.0, 172_800.0) } else { 0.0 };
        Duration::from_secs_f64(secs / self.speed)
    }

    /// The real instant that lies `secs` seconds of call time ahead.
    pub fn ahead(&self, secs: f64) -> Instant {
        Instant::now() + self.real(secs)
    }

    /// Sleeps for `secs` seconds of call time.
    pub async fn sleep(&self, secs: f64) {
        tokio::time::sleep(self.real(secs)).await;
    }

    /// Seconds of call time from `earlier` to `later`, never negative.
    pub fn between(earlier: Timestamp, later: Timestamp) -> f64 {
        later.duration_since(earlier).as_secs_f64().max(0.0)
    }
}

/// A date as Twilio's REST answers and voice callbacks write it: RFC 2822 in UTC.
pub fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_rfc_2822() {
        let at: Timestamp = "2026-04-07T01:02:03.9Z".parse().unwrap();
        assert_eq!(rfc2822(at), "Tue, 07 Apr 2026 01:02:03 +0000");
    }

    #[tokio::test]
    async fn call_time_runs_faster_than_the_wall() {
        let start: Timestamp = "2026-04-07T00:00:00Z".parse().unwrap();
        let clock = Clock::new(start, 60.0);
        assert_eq!(clock.real(120.0), Duration::from_secs(2));
        assert_eq!(clock.real(f64::NAN), Duration::ZERO);
        clock.sleep(3.0).await;
        assert!(Clock::between(start, clock.now()) >= 3.0);
    }
}
