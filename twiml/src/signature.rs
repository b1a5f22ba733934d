//! `X-Twilio-Signature`: proof that a request comes from Twilio.
//!
//! The signature is base64 of HMAC-SHA1, keyed with the account's primary auth token, over the URL and, for a form, its
//! parameters sorted. Neither time nor a nonce is in it, so a request can be replayed: deduplicate by
//! `I-Twilio-Idempotency-Token` or by sequence numbers.
//!
//! Source: <https://www.twilio.com/docs/usage/security> and the published test vectors of Twilio's own libraries.

mod body_hash;
mod candidates;
mod mac;
mod signer;
mod url;
mod verifier;

pub use signer::Signer;
pub use verifier::{Body, SignatureError, SignedRequest, Verifier};

/// The header in which the signature comes; on a WebSocket upgrade it may be in lower case.
pub const HEADER: &str = "X-Twilio-Signature";

#[cfg(test)]
mod tests;
