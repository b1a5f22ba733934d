//! Signing, as Twilio does it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::body_hash;
use super::mac::{Key, signed_order};
use super::url::Parts;
use crate::webhook::Form;

/// Signs requests as Twilio does. A URL is signed without user, password and fragment; over https also without its port; and
/// with `'` in the query as `%27`. Else it is signed as it is written.
#[derive(Clone)]
pub struct Signer {
    key: Key,
}

impl Signer {
    /// A signer with an account's auth token.
    pub fn new(token: &str) -> Self {
        Self { key: Key::new(token) }
    }

    /// The signature of a POST with a form.
    pub fn sign(&self, url: &str, form: &Form) -> String {
        self.encode(url, &signed_order(form))
    }

    /// The signature of a request without a body: a GET, whose parameters are in the URL, or a WebSocket upgrade (`wss://`).
    pub fn sign_url(&self, url: &str) -> String {
        self.encode(url, &[])
    }

    /// The URL to request for a body that is no form, with `bodySHA256` added to its query, and the signature.
    pub fn sign_body(&self, url: &str, body: &[u8]) -> (String, String) {
        let (main, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let separator = match main.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        let url = format!("{main}{separator}{}={}{fragment}", body_hash::PARAMETER, body_hash::hex(body));
        let signature = self.sign_url(&url);
        (url, signature)
    }

    fn encode(&self, url: &str, parameters: &[(&str, &str)]) -> String {
        let hash = match Parts::parse(url) {
            Some(parts) => {
                let port = if parts.is_https() { "" } else { parts.port };
                let query = parts.query.replace('\'', "%27");
                self.key.hash([parts.scheme, "://", parts.host, port, parts.path, &query], parameters)
            }
            None => self.key.hash([url], parameters),
        };
        STANDARD.encode(hash)
    }
}

/// Never shows the token.
impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Signer").finish_non_exhaustive()
    }
}
