//! One allowance for each of many keys, in bounded memory whoever tries whatever.

use super::Rate;
use crate::error::ApiError;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock, Reference},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::keyed::HashMapStateStore,
};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How many keys are kept. One that has its whole allowance again is forgotten when there are as many.
const KEYS: usize = 65_536;
/// Into how many the keys are thrown together while there are too many.
const CROWD: u64 = 1_024;
/// How often those that have their whole allowance again are looked for, since that looks at all.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// The allowances of many keys, which are hashes. With too many keys at once those with the same remainder share one
/// allowance: who floods it with keys gains nothing, and shuts nobody out for good.
pub(super) struct Limiter<C: Clock = DefaultClock> {
    name: &'static str,
    limiter: RateLimiter<u64, HashMapStateStore<u64>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    keys: usize,
    swept: Mutex<Option<C::Instant>>,
}

impl Limiter {
    /// By this rate; the name is for the metrics.
    pub(super) fn new(name: &'static str, rate: Rate) -> Self {
        Self::with(name, rate, DefaultClock::default(), KEYS)
    }
}

impl<C: Clock + Clone> Limiter<C> {
    fn with(name: &'static str, rate: Rate, clock: C, keys: usize) -> Self {
        let one = (HOUR / rate.per_hour.get()).max(Duration::from_nanos(1));
        // `None` is for a pause of nothing, which there is not.
        let quota = Quota::with_period(one).unwrap_or(Quota::per_hour(rate.per_hour)).allow_burst(rate.burst);
        let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Self { name, limiter, clock, keys, swept: Mutex::new(None) }
    }

    /// Takes one try from a key's allowance.
    pub(super) fn check(&self, key: u64) -> Result<(), ApiError> {
        let key = if self.is_full() { key % CROWD } else { key };
        self.limiter.check_key(&key).map_err(|until| {
            metrics::counter!("sign_in_tries_refused_total", "limit" => self.name).increment(1);
            let wait = until.wait_time_from(self.clock.now());
            let secs = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            ApiError::TooManyTries { retry_secs: u32::try_from(secs.max(1)).unwrap_or(u32::MAX) }
        })
    }

    fn is_full(&self) -> bool {
        if self.limiter.len() < self.keys {
            return false;
        }
        let now = self.clock.now();
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.is_none_or(|swept| now.duration_since(swept) >= Nanos::from(BETWEEN_SWEEPS)) {
            *swept = Some(now);
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        drop(swept);
        self.limiter.len() >= self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn limiter(burst: u32, per_hour: u32, keys: usize) -> (Limiter<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limiter::with("test", Rate::new(burst, per_hour), clock.clone(), keys), clock)
    }

    fn retry(result: Result<(), ApiError>) -> Option<u32> {
        result.err().and_then(|error| error.retry_secs())
    }

    #[test]
    fn an_allowance_grows_back_one_by_one() {
        let (limiter, clock) = limiter(2, 60, 10);
        assert_eq!([retry(limiter.check(7)), retry(limiter.check(7))], [None, None]);
        assert_eq!(retry(limiter.check(7)), Some(60));
        assert_eq!(retry(limiter.check(8)), None);
        clock.advance(Duration::from_millis(30_500));
        assert_eq!(retry(limiter.check(7)), Some(30));
        clock.advance(Duration::from_millis(29_500));
        assert_eq!([retry(limiter.check(7)), retry(limiter.check(7))], [None, Some(60)]);
    }

    #[test]
    fn a_flood_of_keys_does_not_grow_the_memory() {
        let (limiter, clock) = limiter(1, 60, 100);
        let passed = (0..50_000_u64).filter(|key| limiter.check(key << 32 | key).is_ok()).count();
        assert!(limiter.limiter.len() <= 100 + CROWD as usize, "{}", limiter.limiter.len());
        assert!(passed <= 100 + CROWD as usize, "{passed}");
        clock.advance(Duration::from_secs(120));
        assert!(limiter.check(1 << 40).is_ok(), "the flood is over");
        assert_eq!(limiter.limiter.len(), 1);
    }
}
