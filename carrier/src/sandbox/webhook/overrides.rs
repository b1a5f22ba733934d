//! Connection overrides: what the fragment of a webhook's URL asks for.

use super::{Answer, HookFailure};
use std::time::Duration;

/// Timeouts and retries of one webhook, from its URL's fragment (`#rc=3&rp=ct,5xx`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrides {
    /// `ct`: connect timeout, 100 to 10,000 ms.
    pub connect: Duration,
    /// `rt`: read timeout, 100 to 15,000 ms.
    pub read: Duration,
    /// `tt`: total, 100 to 15,000 ms.
    pub total: Duration,
    /// `rc`: retries, 0 to 5.
    pub retries: u32,
    policy: Policy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Policy {
    connect: bool,
    read: bool,
    client_errors: bool,
    server_errors: bool,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(5_000),
            read: Duration::from_millis(15_000),
            total: Duration::from_millis(15_000),
            retries: 1,
            policy: Policy { connect: true, ..Policy::default() },
        }
    }
}

impl Overrides {
    /// Reads a fragment. Keys that are not overrides are somebody else's and are left alone.
    pub fn of(fragment: &str) -> Result<Self, String> {
        let mut overrides = Self::default();
        for pair in fragment.split('&') {
            let Some((key, value)) = pair.split_once('=') else { continue };
            let millis = |max: u64| match value.parse::<u64>() {
                Ok(ms) if (100..=max).contains(&ms) => Ok(Duration::from_millis(ms)),
                _ => Err(format!("{key}={value} (100 to {max} ms)")),
            };
            match key {
                "ct" => overrides.connect = millis(10_000)?,
                "rt" => overrides.read = millis(15_000)?,
                "tt" => overrides.total = millis(15_000)?,
                "rc" => {
                    overrides.retries = match value.parse() {
                        Ok(count @ 0..=5) => count,
                        _ => return Err(format!("rc={value} (0 to 5)")),
                    }
                }
                "rp" => overrides.policy = Policy::of(value)?,
                _ => {}
            }
        }
        Ok(overrides)
    }

    /// Whether this outcome is tried again, if retries are left.
    pub fn retries_on(&self, outcome: &Result<Answer, HookFailure>) -> bool {
        match outcome {
            Err(failure) if failure.unconnected => self.policy.connect,
            Err(failure) => self.policy.read && matches!(failure.code, 11203 | 11205),
            Ok(answer) => match answer.status {
                400..=499 => self.policy.client_errors,
                500..=599 => self.policy.server_errors,
                _ => false,
            },
        }
    }
}

impl Policy {
    fn of(list: &str) -> Result<Self, String> {
        let mut policy = Self::default();
        for word in list.replace("%2C", ",").replace("%2c", ",").split(',') {
            match word {
                "ct" => policy.connect = true,
                "rt" => policy.read = true,
                "4xx" => policy.client_errors = true,
                "5xx" => policy.server_errors = true,
                "all" => {
                    policy = Self { connect: true, read: true, client_errors: true, server_errors: true }
                }
                other => return Err(format!("rp={other} (4xx, 5xx, ct, rt, all)")),
            }
        }
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(code: u32, unconnected: bool) -> Result<Answer, HookFailure> {
        Err(HookFailure { code, message: String::new(), unconnected })
    }

    #[test]
    fn by_default_only_connecting_is_tried_again() {
        let overrides = Overrides::of("").unwrap();
        assert_eq!(overrides.retries, 1);
        assert!(overrides.retries_on(&failed(11202, true)));
        assert!(!overrides.retries_on(&failed(11203, false)));
    }

    #[test]
    fn the_fragment_overrides() {
        let overrides = Overrides::of("rc=3&rp=ct,rt,5xx&ct=200&e=tokyo").unwrap();
        assert_eq!((overrides.retries, overrides.connect.as_millis()), (3, 200));
        assert!(overrides.retries_on(&failed(11203, false)));
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for bad in ["rc=6", "ct=99", "rt=15001", "rp=3xx", "tt=x"] {
            assert!(Overrides::of(bad).is_err(), "{bad}");
        }
    }
}
