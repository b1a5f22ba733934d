//! Where the carrier is, who we are there, and how patient we are.

use std::time::Duration;

use secrecy::SecretString;

/// Settings of a [`TwilioClient`](super::TwilioClient).
#[derive(Debug, Clone)]
pub struct TwilioConfig {
    /// Such as `https://api.twilio.com`; `http` for a sandbox. A path is kept as a prefix.
    pub base_url: String,
    /// The account, `AC…`.
    pub account_sid: String,
    /// Who signs in: an API key's sid, `SK…`. `None`: the account itself.
    pub auth_user: Option<String>,
    /// The account's auth token, or the API key's secret.
    pub auth_secret: SecretString,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait for an answer, the connection included. A shorter one makes lost answers likelier.
    pub request_timeout: Duration,
    /// The longest pause within a recording's sound.
    pub media_pause_timeout: Duration,
    /// Requests on their way at once, at most. Twilio limits an account's concurrent requests.
    pub max_in_flight: usize,
    /// The longest wait for one of those places.
    pub place_timeout: Duration,
    /// Idle connections kept, at most.
    pub max_idle_connections: usize,
    /// Attempts at one request, the first included; at least one.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles each time, and a random part of up to half is taken off.
    pub backoff_first: Duration,
    /// The longest wait between two attempts, whatever the carrier asks for.
    pub backoff_most: Duration,
    /// How often a lost create is looked for before it counts as not done.
    pub lookups: u32,
    /// The wait before the first look; it doubles each time. A carrier's lists lag behind.
    pub lookup_first: Duration,
    /// How often a create is sent in all; at least one.
    pub creates: u32,
    /// How far the carrier's clock may be behind ours.
    pub clock_skew: Duration,
    /// How often something that is not found is asked for again: a new call may take a moment to be known.
    pub not_found_retries: u32,
    /// The wait before that.
    pub not_found_wait: Duration,
}

impl TwilioConfig {
    /// An account at a carrier, with the usual patience.
    pub fn new(
        base_url: impl Into<String>,
        account_sid: impl Into<String>,
        auth_token: impl Into<SecretString>,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            account_sid: account_sid.into(),
            auth_user: None,
            auth_secret: auth_token.into(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(15),
            media_pause_timeout: Duration::from_secs(30),
            max_in_flight: 64,
            place_timeout: Duration::from_secs(10),
            max_idle_connections: 16,
            attempts: 4,
            backoff_first: Duration::from_millis(300),
            backoff_most: Duration::from_secs(8),
            lookups: 4,
            lookup_first: Duration::from_millis(500),
            creates: 2,
            clock_skew: Duration::from_secs(5),
            not_found_retries: 2,
            not_found_wait: Duration::from_millis(250),
        }
    }
}
