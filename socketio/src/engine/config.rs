//! What a server goes by.

use super::{heartbeat::Rhythm, origin::Origins, outbox::Bounds, session::Rules};
use std::time::Duration;

/// The longest time that anything may be given: longer ones are mistakes, and would not fit a clock for ever.
const LONGEST: Duration = Duration::from_secs(86_400);

/// What a server goes by. The defaults are those of the reference server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it is mounted: begins and ends with a slash.
    pub path: String,
    /// From the opening, and from each answer, to the next ping.
    pub ping_interval: Duration,
    /// From a ping to the end of a silent session.
    pub ping_timeout: Duration,
    /// How long a WebSocket may take to become a session's transport.
    pub upgrade_timeout: Duration,
    /// The longest body or message that a client may send, in bytes.
    pub max_payload: usize,
    /// How much may wait for one client.
    pub queue: Bounds,
    /// How many sessions there may be.
    pub sessions: usize,
    /// Whose pages may open sessions.
    pub origins: Origins,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: "/engine.io/".to_owned(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            max_payload: 1_000_000,
            queue: Bounds { packets: 1024, bytes: 1 << 20 },
            sessions: 100_000,
            origins: Origins::Same,
        }
    }
}

/// Why a server cannot go by a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The path must begin and end with a slash, and name something.
    #[error("the path must begin and end with a slash and must not be the root")]
    Path,
    /// A time is nothing, or longer than a day.
    #[error("a time must be more than nothing and a day at most")]
    Time,
    /// A bound lets nothing through.
    #[error("a bound must let something through")]
    Bound,
    /// A namespace does not begin with a slash, or has a comma.
    #[error("a namespace must begin with a slash and have no comma")]
    Namespace,
}

impl Config {
    /// Whether a server can go by it.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.path.len() < 3 || !self.path.starts_with('/') || !self.path.ends_with('/') {
            return Err(ConfigError::Path);
        }
        let times = [self.ping_interval, self.ping_timeout, self.upgrade_timeout];
        times.into_iter().try_for_each(check_time)?;
        let bounds = [self.max_payload, self.queue.packets, self.queue.bytes, self.sessions];
        bounds.into_iter().try_for_each(check_bound)
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules {
            rhythm: Rhythm { interval: self.ping_interval, timeout: self.ping_timeout },
            upgrade_timeout: self.upgrade_timeout,
            bounds: self.queue,
        }
    }
}

pub(crate) fn check_time(time: Duration) -> Result<(), ConfigError> {
    if time.is_zero() || time > LONGEST { Err(ConfigError::Time) } else { Ok(()) }
}

pub(crate) fn check_bound(bound: usize) -> Result<(), ConfigError> {
    if bound == 0 { Err(ConfigError::Bound) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused() {
        let check = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            config.check()
        };
        assert_eq!(check(|_| {}), Ok(()));
        assert_eq!(check(|config| config.path = "/engine.io".into()), Err(ConfigError::Path));
        assert_eq!(check(|config| config.path = "/".into()), Err(ConfigError::Path));
        assert_eq!(check(|config| config.ping_interval = Duration::ZERO), Err(ConfigError::Time));
        assert_eq!(check(|config| config.ping_timeout = Duration::MAX), Err(ConfigError::Time));
        assert_eq!(check(|config| config.queue.packets = 0), Err(ConfigError::Bound));
    }
}
