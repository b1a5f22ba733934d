//! Faults on request: what goes wrong, how often, from a seeded generator so that a run can be repeated.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Which family a webhook belongs to; faults are set for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    /// A request for TwiML: voice URL, `action`, fallback, whisper. Never lost, since Twilio waits for its answer.
    Voice,
    /// Call progress.
    Status,
    /// Conference events.
    Conference,
    /// Recording and transcription progress.
    Recording,
    /// The state of media streams.
    Stream,
    /// Answering machine detection.
    Amd,
    /// Partial speech results of a Gather.
    Partial,
    /// Documents for those who wait or are on hold, and announcements. Never lost.
    Music,
}

impl HookKind {
    /// Every kind, in the order of the settings.
    pub const ALL: [HookKind; 8] = [
        HookKind::Voice,
        HookKind::Status,
        HookKind::Conference,
        HookKind::Recording,
        HookKind::Stream,
        HookKind::Amd,
        HookKind::Partial,
        HookKind::Music,
    ];

    /// Whether Twilio may lose a webhook of this kind: only those whose answer it does not need.
    pub fn may_be_lost(self) -> bool {
        !matches!(self, HookKind::Voice | HookKind::Music)
    }
}

/// How webhooks of one kind misbehave. Rates lie from 0 (never) to 1 (always).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HookFaults {
    /// Not sent at all. Has no effect on kinds that Twilio never loses.
    pub drop: f64,
    /// Sent twice, with the same idempotency token.
    pub duplicate: f64,
    /// Held back until the next one of the same call or conference has been sent.
    pub reorder: f64,
    /// Shortest delay before sending, in real milliseconds (at most 15,000).
    pub delay_min_ms: u64,
    /// Longest delay before sending, in real milliseconds (at most 15,000).
    pub delay_max_ms: u64,
}

/// How the REST API misbehaves. Rates lie from 0 (never) to 1 (always).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestFaults {
    /// Refused with 429 and code 20429, before anything is done.
    pub too_many: f64,
    /// Once a 429 has been given, how many requests after it get one as well.
    pub too_many_burst: u32,
    /// Refused with 503 and code 20503, before anything is done.
    pub unavailable: f64,
    /// Done, but the connection is closed without an answer.
    pub answer_lost: f64,
    /// Shortest time between the work and its answer, in real milliseconds (at most 60,000).
    pub delay_min_ms: u64,
    /// Longest time between the work and its answer, in real milliseconds (at most 60,000).
    pub delay_max_ms: u64,
}

/// All faults of a sandbox; by default there are none.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Requests for TwiML.
    pub voice: HookFaults,
    /// Call progress.
    pub status: HookFaults,
    /// Conference events.
    pub conference: HookFaults,
    /// Recording and transcription progress.
    pub recording: HookFaults,
    /// The state of media streams.
    pub stream: HookFaults,
    /// Answering machine detection.
    pub amd: HookFaults,
    /// Partial speech results.
    pub partial: HookFaults,
    /// Wait, hold and announcement documents.
    pub music: HookFaults,
    /// The REST API.
    pub rest: RestFaults,
}

impl Faults {
    fn of(&self, kind: HookKind) -> HookFaults {
        match kind {
            HookKind::Voice => self.voice,
            HookKind::Status => self.status,
            HookKind::Conference => self.conference,
            HookKind::Recording => self.recording,
            HookKind::Stream => self.stream,
            HookKind::Amd => self.amd,
            HookKind::Partial => self.partial,
            HookKind::Music => self.music,
        }
    }

    /// The first setting that is out of its range, in words.
    pub fn complaint(&self) -> Option<String> {
        let rate = |name: String, value: f64| {
            (!(0.0..=1.0).contains(&value)).then(|| format!("{name} is {value}, but a rate lies from 0 to 1"))
        };
        let range = |name: String, min: u64, max: u64, limit: u64| {
            (min > limit || max > limit || (max > 0 && min > max))
                .then(|| format!("{name} is {min} to {max} ms, but must rise and end at {limit} ms"))
        };
        let hooks = HookKind::ALL.iter().find_map(|&kind| {
            let faults = self.of(kind);
            rate(format!("{kind:?} drop"), faults.drop)
                .or_else(|| rate(format!("{kind:?} duplicate"), faults.duplicate))
                .or_else(|| rate(format!("{kind:?} reorder"), faults.reorder))
                .or_else(|| {
                    range(format!("{kind:?} delay"), faults.delay_min_ms, faults.delay_max_ms, 15_000)
                })
        });
        hooks
            .or_else(|| rate("rest too_many".into(), self.rest.too_many))
            .or_else(|| rate("rest unavailable".into(), self.rest.unavailable))
            .or_else(|| rate("rest answer_lost".into(), self.rest.answer_lost))
            .or_else(|| range("rest delay".into(), self.rest.delay_min_ms, self.rest.delay_max_ms, 60_000))
    }
}

/// What happens to one webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HookFate {
    /// It is never sent.
    pub dropped: bool,
    /// It is sent twice.
    pub doubled: bool,
    /// It waits for its successor.
    pub held: bool,
    /// It waits this long (real time).
    pub delay: Duration,
}

/// What happens to one REST request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RestFate {
    /// Refused with this status before anything is done.
    pub refused: Option<u16>,
    /// Done, but not answered.
    pub answer_lost: bool,
    /// Answered after this long (real time).
    pub delay: Duration,
}

/// Decides each webhook's and each request's fate.
#[derive(Debug)]
pub struct Weather {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    faults: Faults,
    rng: StdRng,
    burst_left: u32,
}

impl Weather {
    /// The given faults, drawn from the given seed.
    pub fn new(faults: Faults, seed: u64) -> Self {
        Self { inner: Mutex::new(Inner { faults, rng: StdRng::seed_from_u64(seed), burst_left: 0 }) }
    }

    /// The faults in force.
    pub fn faults(&self) -> Faults {
        self.locked(|inner| inner.faults)
    }

    /// Replaces all faults.
    pub fn set(&self, faults: Faults) {
        self.locked(|inner| {
            inner.faults = faults;
            inner.burst_left = 0;
        });
    }

    /// Draws the fate of a webhook.
    pub fn hook(&self, kind: HookKind) -> HookFate {
        self.locked(|inner| {
            let faults = inner.faults.of(kind);
            if faults == HookFaults::default() {
                return HookFate::default();
            }
            let losable = kind.may_be_lost();
            HookFate {
                dropped: inner.happens(faults.drop) && losable,
                doubled: inner.happens(faults.duplicate),
                held: inner.happens(faults.reorder) && losable,
                delay: inner.delay(faults.delay_min_ms, faults.delay_max_ms),
            }
        })
    }

    /// Draws the fate of a REST request.
    pub fn rest(&self) -> RestFate {
        self.locked(|inner| {
            let faults = inner.faults.rest;
            if faults == RestFaults::default() {
                return RestFate::default();
            }
            let refused = if inner.burst_left > 0 {
                inner.burst_left -= 1;
                Some(429)
            } else if inner.happens(faults.too_many) {
                inner.burst_left = faults.too_many_burst;
                Some(429)
            } else {
                inner.happens(faults.unavailable).then_some(503)
            };
            RestFate {
                refused,
                answer_lost: inner.happens(faults.answer_lost),
                delay: inner.delay(faults.delay_min_ms, faults.delay_max_ms),
            }
        })
    }

    fn locked<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn happens(&mut self, rate: f64) -> bool {
        rate > 0.0 && self.rng.random::<f64>() < rate
    }

    fn delay(&mut self, min: u64, max: u64) -> Duration {
        match max > min {
            true => Duration::from_millis(self.rng.random_range(min..=max)),
            false => Duration::from_millis(min),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twiml_requests_are_never_lost() {
        let all = HookFaults { drop: 1.0, duplicate: 1.0, reorder: 1.0, ..HookFaults::default() };
        let weather = Weather::new(Faults { voice: all, status: all, ..Faults::default() }, 7);
        assert_eq!(weather.hook(HookKind::Voice), HookFate { doubled: true, ..HookFate::default() });
        assert!(weather.hook(HookKind::Status).dropped);
    }

    #[test]
    fn the_same_seed_gives_the_same_fates() {
        let faults = Faults { status: HookFaults { drop: 0.3, ..Default::default() }, ..Faults::default() };
        let draw = |seed| {
            let weather = Weather::new(faults, seed);
            (0..64).map(|_| weather.hook(HookKind::Status).dropped).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn a_burst_of_429_has_its_length() {
        let rest = RestFaults { too_many: 1.0, too_many_burst: 2, ..Default::default() };
        let weather = Weather::new(Faults { rest, ..Faults::default() }, 1);
        assert_eq!(weather.rest().refused, Some(429));
        weather.locked(|inner| inner.faults.rest.too_many = 0.0);
        assert_eq!([429, 429].map(Some), [weather.rest().refused, weather.rest().refused]);
        assert_eq!(weather.rest().refused, None);
    }

    #[test]
    fn rates_out_of_range_are_named() {
        let faults = Faults { amd: HookFaults { drop: 1.5, ..Default::default() }, ..Faults::default() };
        assert!(faults.complaint().unwrap().starts_with("Amd drop is 1.5"));
        assert_eq!(Faults::default().complaint(), None);
    }
}
