//! Refresh tokens: 32 random bytes for the client, their hash for the store.

use super::now;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::Rng;
use sha2::{Digest, Sha256};
use tsunagu_call::{DocumentId, UserId};
use tsunagu_store::RefreshToken;

/// How long one is good, in seconds: thirty days.
const GOOD_SECS: u32 = 30 * 24 * 60 * 60;

/// A new one of a family: what the client keeps, and what the store does.
pub(super) fn mint(user: UserId, family: DocumentId) -> (String, RefreshToken) {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let kept = RefreshToken {
        hash: hash(&token),
        user_id: user,
        family,
        epoch: 0,
        expires_at: now().plus_secs(GOOD_SECS),
        spent: false,
        revoked: false,
    };
    (token, kept)
}

/// By what the store knows a token. It needs no salt: what is hashed is random.
pub(super) fn hash(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_not_given_the_token_itself() {
        let (user, family) = (UserId::from_bytes([1; 12]), DocumentId::from_bytes([2; 12]));
        let (token, kept) = mint(user, family);
        assert_eq!(kept.hash, hash(&token));
        assert_ne!(kept.hash, token);
        assert_ne!(mint(user, family).0, token);
    }
}
