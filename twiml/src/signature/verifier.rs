//! Verifying.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::mac::{Key, LENGTH, equal, signed_order};
use super::url::Parts;
use super::{body_hash, candidates};
use crate::webhook::Form;

/// Verifies requests against one or more auth tokens: while a token is being replaced, both are valid.
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<Key>,
}

/// A request as it came in.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The URL as Twilio was given it: the public base URL from the configuration, with the path and query of the request. Never
    /// built from `Host` or `X-Forwarded-…`, which anyone can send.
    pub url: &'a str,
    /// What came with it.
    pub body: Body<'a>,
    /// The header [`X-Twilio-Signature`](super::HEADER), if there is one.
    pub signature: Option<&'a str>,
}

/// What came with a request.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// A POST with `application/x-www-form-urlencoded`.
    Form(&'a Form),
    /// A POST with anything else, such as JSON; the URL must carry its hash.
    Raw(&'a [u8]),
    /// No body: a GET.
    None,
    /// No body: the upgrade to a WebSocket. The URL may be given as `https://` or `wss://`.
    WebSocket,
}

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("the request has no X-Twilio-Signature header")]
    Missing,
    /// The header is empty.
    #[error("the X-Twilio-Signature header is empty")]
    Empty,
    /// The header is not base64 of 20 bytes.
    #[error("the X-Twilio-Signature header is not the base64 of an HMAC-SHA1")]
    Malformed,
    /// The URL to check against is not absolute; a fault in the configuration, not in the request.
    #[error("the URL to verify against is not an absolute URL")]
    Url,
    /// The body is no form, and the URL does not carry its hash.
    #[error("the body is not a form and the URL has no bodySHA256")]
    BodyHashMissing,
    /// The body is not the one whose hash the URL carries.
    #[error("the body does not match the URL's bodySHA256")]
    BodyHashMismatch,
    /// The signature is that of another URL, other parameters, or another token.
    #[error("the signature does not match the request")]
    Mismatch,
}

impl Verifier {
    /// A verifier with the valid auth tokens, the primary one first. Without any, and for an empty token, nothing is believed.
    pub fn new<T: AsRef<str>>(tokens: impl IntoIterator<Item = T>) -> Self {
        let tokens = tokens.into_iter();
        let keys = tokens.filter(|token| !token.as_ref().is_empty()).map(|token| Key::new(token.as_ref()));
        Self { keys: keys.collect() }
    }

    /// Checks that a request comes from Twilio.
    ///
    /// # Errors
    /// When it does not, or when that cannot be told.
    pub fn verify(&self, request: &SignedRequest<'_>) -> Result<(), SignatureError> {
        let signature = decode(request.signature)?;
        let parts = Parts::parse(request.url).ok_or(SignatureError::Url)?;
        let parameters = match request.body {
            Body::Form(form) => signed_order(form),
            Body::Raw(body) => {
                let hash = parts.query_value(body_hash::PARAMETER).ok_or(SignatureError::BodyHashMissing)?;
                if !body_hash::matches(hash, body) {
                    return Err(SignatureError::BodyHashMismatch);
                }
                Vec::new()
            }
            Body::None | Body::WebSocket => Vec::new(),
        };
        let websocket = matches!(request.body, Body::WebSocket);
        let matched = self.keys.iter().any(|key| {
            candidates::any(&parts, websocket, |url| equal(&key.hash(url, &parameters), &signature))
        });
        if matched { Ok(()) } else { Err(SignatureError::Mismatch) }
    }
}

fn decode(header: Option<&str>) -> Result<[u8; LENGTH], SignatureError> {
    let header = header.ok_or(SignatureError::Missing)?;
    if header.is_empty() {
        return Err(SignatureError::Empty);
    }
    // A little longer than the hash, because the decoder asks for whole groups of three bytes.
    let mut bytes = [0; LENGTH + 4];
    match STANDARD.decode_slice(header, &mut bytes) {
        Ok(LENGTH) => bytes.first_chunk().copied().ok_or(SignatureError::Malformed),
        _ => Err(SignatureError::Malformed),
    }
}

/// Never shows the tokens.
impl fmt::Debug for Verifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Verifier").field("tokens", &self.keys.len()).finish_non_exhaustive()
    }
}
