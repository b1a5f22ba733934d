//! The breaker: after failures in a row nothing is asked for a while, and then one is let through to see.

use std::time::Duration;

/// A breaker; it is told the time.
#[derive(Debug)]
pub(crate) struct Breaker {
    failures: u32,
    pause: Duration,
    failed: u32,
    /// Until then nothing is asked, as time since the beginning.
    closed_from: Duration,
}

impl Breaker {
    pub const fn new(failures: u32, pause: Duration) -> Self {
        Self { failures, pause, failed: 0, closed_from: Duration::ZERO }
    }

    /// Whether something may be asked now. Whoever is let through to see keeps the others out meanwhile.
    pub fn lets_through(&mut self, now: Duration) -> bool {
        if self.failed < self.failures {
            return true;
        }
        let over = now >= self.closed_from;
        if over {
            self.closed_from = now + self.pause;
        }
        over
    }

    /// Whether [`lets_through`](Self::lets_through) would say so, without counting as one who is let through.
    pub fn would_let_through(&self, now: Duration) -> bool {
        self.failed < self.failures || now >= self.closed_from
    }

    /// It answered.
    pub const fn worked(&mut self) {
        self.failed = 0;
    }

    /// It did not answer as it should. True when this is what opens the breaker.
    pub fn failed(&mut self, now: Duration) -> bool {
        self.failed = self.failed.saturating_add(1);
        if self.failed >= self.failures {
            self.closed_from = now + self.pause;
        }
        self.failed == self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn after_failures_in_a_row_it_waits_and_then_lets_one_through() {
        let mut breaker = Breaker::new(3, secs(10));
        assert!(!breaker.failed(secs(0)) && !breaker.failed(secs(0)));
        assert!(breaker.lets_through(secs(1)));
        assert!(breaker.failed(secs(1)));
        assert!(!breaker.lets_through(secs(10)) && !breaker.would_let_through(secs(10)));
        assert!(breaker.would_let_through(secs(11)) && breaker.lets_through(secs(11)));
        assert!(!breaker.lets_through(secs(12)), "one is enough to see");
        breaker.failed(secs(13));
        assert!(!breaker.lets_through(secs(22)) && breaker.lets_through(secs(23)));
        breaker.worked();
        assert!(breaker.lets_through(secs(23)) && breaker.lets_through(secs(23)));
    }

    #[test]
    fn what_works_in_between_starts_the_count_again() {
        let mut breaker = Breaker::new(2, secs(10));
        breaker.failed(secs(0));
        breaker.worked();
        breaker.failed(secs(0));
        assert!(breaker.lets_through(secs(0)));
    }
}
