//! `bodySHA256`: how a body that is no form comes under the signature.

use sha2::{Digest, Sha256};

use super::mac::equal;

/// The parameter of the query that carries the hash.
pub(super) const PARAMETER: &str = "bodySHA256";

/// SHA-256 of a body in lower-case hex.
pub(super) fn hex(body: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    Sha256::digest(body).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Whether `value` is the hash of `body`; hex digits may be in either case.
pub(super) fn matches(value: &str, body: &[u8]) -> bool {
    equal(value.to_ascii_lowercase().as_bytes(), hex(body).as_bytes())
}
