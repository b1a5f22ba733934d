//! What a server goes by.

use super::assembler::Limits;
use crate::engine::{self, ConfigError, check_bound, check_time};
use std::time::Duration;

/// What a server goes by. The defaults are those of the reference server.
#[derive(Debug, Clone)]
pub struct Config {
    /// The sessions underneath.
    pub engine: engine::Config,
    /// How long a session may be without a client in a namespace, and how long letting one in may take.
    pub connect_timeout: Duration,
    /// The namespaces that clients may ask for.
    pub namespaces: Vec<String>,
    /// How much may belong to one packet.
    pub attachments: Limits,
    /// How many acknowledgements may be waited for from one client.
    pub acks: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            engine: engine::Config { path: "/socket.io/".to_owned(), ..engine::Config::default() },
            connect_timeout: Duration::from_secs(45),
            namespaces: vec!["/".to_owned()],
            attachments: Limits { attachments: 10, bytes: 4_000_000 },
            acks: 64,
        }
    }
}

impl Config {
    /// Whether a server can go by it.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.engine.check()?;
        check_time(self.connect_timeout)?;
        check_bound(self.attachments.attachments)?;
        check_bound(self.attachments.bytes)?;
        check_bound(self.acks)?;
        let valid = |name: &String| name.starts_with('/') && !name.contains(',');
        if self.namespaces.iter().all(valid) { Ok(()) } else { Err(ConfigError::Namespace) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_one_that_packets_can_name() {
        let with = |name: &str| Config { namespaces: vec![name.into()], ..Config::default() }.check();
        assert_eq!(with("/desk"), Ok(()));
        assert_eq!(with("desk"), Err(ConfigError::Namespace));
        assert_eq!(with("/a,b"), Err(ConfigError::Namespace));
    }
}
