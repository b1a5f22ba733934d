//! Where the model is, and how long it may take.

use std::time::Duration;

use secrecy::SecretString;

/// Settings of an [`Advisor`](crate::Advisor).
#[derive(Debug, Clone)]
pub struct AdvisorConfig {
    /// The address that `/chat/completions` is added to, such as `https://api.openai.com/v1`.
    pub url: String,
    /// Sent as a bearer token; none when empty.
    pub key: SecretString,
    /// The model's name, as the endpoint has it.
    pub model: String,
    /// How long an answer may take, the connection included.
    pub budget: Duration,
    /// Requests on their way at once, at most; at least one. Further ones are not asked.
    pub max_in_flight: usize,
    /// After so many failures in a row nothing is asked for a while; at least one.
    pub failures: u32,
    /// For how long.
    pub pause: Duration,
}
