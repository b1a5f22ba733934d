//! The courier: who carries a letter to its receiver. A trait, so that no protocol is spoken here and tests bring their own.

use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// Posts letters.
#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// Posts a letter and waits for the answer, for as long as a receiver may take. No redirect is followed.
    async fn post(&self, letter: Letter) -> Result<Answer, Trouble>;

    /// How long posting a letter takes at the most, from looking its address up to the end of the answer, in real time. After
    /// that it is broken off.
    fn longest(&self) -> Duration;
}

/// What is posted, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Where to.
    pub url: String,
    /// `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    pub headers: [(&'static str, String); 3],
    /// The body.
    pub body: Arc<str>,
}

/// What a receiver answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// After what time it wants to be asked again, if it said so.
    pub retry_after: Option<Duration>,
}

/// Why a receiver did not answer; the words are for the company's admins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Its address is none that may be posted to.
    #[error("the address is refused: {0}")]
    Refused(String),
    /// It took too long.
    #[error("no answer in time")]
    Late,
    /// It could not be reached, or broke off.
    #[error("it could not be reached: {0}")]
    Unreachable(String),
}
