//! TwiML, Twilio's webhooks and Twilio's request signatures, as typed values.
//!
//! ```text
//! webhook bytes ─ Form ─ signature::Verifier ─ webhook::* ─▶ (your program) ─▶ Response ─ to_xml ─▶ TwiML
//! ```
//!
//! Both sides of the wire are here: an application reads webhooks and writes TwiML, a simulator of Twilio writes
//! webhooks and reads TwiML. The crate is pure: it opens no socket, reads no clock and draws no random number; it does
//! not fetch URLs, does not execute verbs, and knows nothing of JSON or of Twilio's REST API.

#[macro_use]
mod keyword;
#[macro_use]
mod attribute;
mod check;
mod element;
mod error;
mod response;
mod warning;
mod xml;

pub mod signature;
pub mod verb;
pub mod webhook;

pub use error::Error;
pub use response::{MAX_BODY, Parsed, Response};
pub use verb::*;
pub use warning::{MAX_WARNINGS, Warning};
