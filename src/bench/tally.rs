//! What came of the turns: how many, how long they took, how many failed.

use hdrhistogram::Histogram;
use serde::Serialize;
use std::time::Duration;

/// The longest time that is told apart, in nanoseconds: a minute.
const LONGEST: u64 = 60_000_000_000;
/// Times are kept to three digits.
const DIGITS: u8 = 3;

/// Counts turns.
#[derive(Debug, Default)]
pub struct Tally {
    /// Turns that were as they should be.
    pub turns: u64,
    /// Turns that were not.
    pub failed: u64,
    /// What was wrong with the first of them.
    pub first_failure: Option<String>,
    /// How long the good ones took, in nanoseconds.
    times: Option<Histogram<u64>>,
}

/// How long turns took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Half of them took no longer.
    pub p50_ms: f64,
    /// 90 % of them.
    pub p90_ms: f64,
    /// 99 % of them.
    pub p99_ms: f64,
    /// 99.9 % of them.
    pub p999_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Tally {
    /// A turn was as it should be.
    pub fn turned(&mut self, time: Duration) {
        self.turns += 1;
        self.time(time);
    }

    /// A turn was not.
    pub fn failed(&mut self, error: &anyhow::Error) {
        self.failed += 1;
        self.first_failure.get_or_insert_with(|| format!("{error:#}"));
    }

    /// A turn that nobody could wait for took this long at least.
    pub fn abandoned(&mut self, time: Duration) {
        self.failed(&anyhow::anyhow!("the server is too slow for this rate"));
        self.time(time);
    }

    fn time(&mut self, time: Duration) {
        if self.times.is_none() {
            self.times = Histogram::new_with_max(LONGEST, DIGITS).ok();
        }
        if let Some(times) = &mut self.times {
            times.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(LONGEST));
        }
    }

    /// How long they took.
    pub fn times(&self) -> Times {
        let ms = |nanos: u64| nanos as f64 / 1e6;
        let at = |quantile| self.times.as_ref().map_or(0.0, |times| ms(times.value_at_quantile(quantile)));
        Times {
            p50_ms: at(0.5),
            p90_ms: at(0.9),
            p99_ms: at(0.99),
            p999_ms: at(0.999),
            max_ms: self.times.as_ref().map_or(0.0, |times| ms(times.max())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_milliseconds() {
        let mut tally = Tally::default();
        for ms in 1..=1000 {
            tally.turned(Duration::from_millis(ms));
        }
        let times = tally.times();
        assert!((times.p50_ms - 500.0).abs() < 1.0 && (times.p99_ms - 990.0).abs() < 2.0, "{times:?}");
        assert!((times.max_ms - 1000.0).abs() < 1.0);
    }

    #[test]
    fn what_was_given_up_counts_as_slow_and_as_failed() {
        let mut tally = Tally::default();
        tally.turned(Duration::from_millis(1));
        tally.abandoned(Duration::from_secs(9));
        assert_eq!((tally.turns, tally.failed), (1, 1));
        assert!(tally.times().max_ms > 8_900.0 && tally.first_failure.is_some());
        assert_eq!(Tally::default().times().p99_ms, 0.0);
    }
}
