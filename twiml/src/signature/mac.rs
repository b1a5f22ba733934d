//! The keyed hash, fed piece by piece.

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use crate::webhook::Form;

/// The length of a signature before base64.
pub(super) const LENGTH: usize = 20;

/// The length of a block of SHA-1.
const BLOCK: usize = 64;

/// HMAC-SHA1 with its key absorbed; cloning it is cheaper than keying anew.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha1>);

impl Key {
    pub(super) fn new(token: &str) -> Self {
        // HMAC's own rule for its key: hashed when longer than a block, then filled up with zeros.
        let hashed = Sha1::digest(token.as_bytes());
        let key = if token.len() > BLOCK { hashed.as_slice() } else { token.as_bytes() };
        let mut block = [0; BLOCK];
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        Self(Hmac::new(&block.into()))
    }

    pub(super) fn hash<'a>(
        &self,
        url: impl IntoIterator<Item = &'a str>,
        parameters: &[(&str, &str)],
    ) -> [u8; LENGTH] {
        let mut hash = self.0.clone();
        for piece in url {
            hash.update(piece.as_bytes());
        }
        for (name, value) in parameters {
            hash.update(name.as_bytes());
            hash.update(value.as_bytes());
        }
        hash.finalize().into_bytes().into()
    }
}

/// The parameters as they are signed: sorted by name and then by value, byte by byte, equal ones once.
pub(super) fn signed_order(form: &Form) -> Vec<(&str, &str)> {
    let mut parameters: Vec<_> = form.iter().collect();
    parameters.sort_unstable();
    parameters.dedup();
    parameters
}

/// Compares in a time that does not depend on where the two differ.
pub(super) fn equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
