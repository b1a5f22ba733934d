//! Tokens that are good once: 32 random bytes for whoever gets them, their hash for the store.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::Rng;
use sha2::{Digest, Sha256};

/// More characters than this are no token of ours.
pub(crate) const LONGEST: usize = 200;

/// A new one, and its hash.
pub(crate) fn mint() -> (String, String) {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash(&token);
    (token, hash)
}

/// By what the store knows a token. It needs no salt: what is hashed is random.
pub(crate) fn hash(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_its_hash_and_never_comes_twice() {
        let (token, kept) = mint();
        assert_eq!((kept.as_str(), token.len()), (hash(&token).as_str(), 43));
        assert_ne!(kept, token);
        assert_ne!(mint().0, token);
    }
}
