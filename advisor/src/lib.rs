//! The advisor: a language model behind an OpenAI-compatible endpoint, asked within a time budget or not at all.
//!
//! [`Prompt`](tsunagu_conversation::Prompt) → place and breaker → `POST {url}/chat/completions` →
//! [`Reply`](tsunagu_conversation::Reply)
//!
//! It knows neither calls nor companies, does not say what may be asked, and judges nothing that comes back: that is the
//! conversation's. It never tries twice: whoever waits is on the telephone.

mod advisor;
mod breaker;
mod config;
mod wire;

pub use advisor::{Advisor, AdvisorError};
pub use config::AdvisorConfig;
