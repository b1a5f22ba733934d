//! What a sandbox is started with.

use super::fault::Faults;
use super::persona::Cast;
use std::sync::Arc;

/// How fast speech is, in characters a second of call time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Japanese: about 7.
    pub japanese: f64,
    /// Everything else: about 14.
    pub latin: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { japanese: 7.0, latin: 14.0 }
    }
}

impl Pace {
    /// How many seconds of call time it takes to say `text` (SSML already reduced to its words).
    pub fn secs(&self, text: &str) -> f64 {
        let japanese = text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'));
        let rate = if japanese { self.japanese } else { self.latin };
        text.chars().count() as f64 / rate.max(0.1)
    }
}

/// Everything that a sandbox needs to know. The defaults are those of a local demo.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// The one account: `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// Its auth token: the password of REST requests, and the key of webhook signatures.
    pub auth_token: String,
    /// API keys that are accepted as well: (`SK…`, secret).
    pub api_keys: Vec<(String, String)>,
    /// How many times as fast as the wall call time passes (1 to 10,000).
    pub speed: f64,
    /// Since when call time has passed faster than the wall's, so that another program can keep the same time.
    /// `None`: since the start.
    pub anchor: Option<jiff::Timestamp>,
    /// Seed of everything random but the sids: personas' choices and faults.
    pub seed: u64,
    /// Calls a second that are dialled; the rest is queued. `None`: no limit. (Twilio's default: 1.)
    pub cps: Option<f64>,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// Who answers which number.
    pub cast: Arc<Cast>,
    /// How many ended calls, and as many ended conferences, are kept for inspection.
    pub keep_calls: usize,
    /// Numbers that may be used as `From`; when empty, any well-formed number may.
    pub numbers: Vec<String>,
    /// How the sandbox is reached by others, for the links to recordings (`http://host:port`). `None`: the address
    /// that it listens on.
    pub public_url: Option<String>,
    /// How fast speech is.
    pub pace: Pace,
    /// Worker threads of the HTTP server.
    pub workers: usize,
}

impl SandboxConfig {
    /// A sandbox for this account and cast, in real time, without faults or limits.
    pub fn new(account_sid: impl Into<String>, auth_token: impl Into<String>, cast: Arc<Cast>) -> Self {
        Self {
            account_sid: account_sid.into(),
            auth_token: auth_token.into(),
            api_keys: Vec::new(),
            speed: 1.0,
            anchor: None,
            seed: 0,
            cps: None,
            faults: Faults::default(),
            cast,
            keep_calls: 10_000,
            numbers: Vec::new(),
            public_url: None,
            pace: Pace::default(),
            workers: 1,
        }
    }
}
