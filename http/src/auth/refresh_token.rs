//! Refresh tokens: how long they are good, and what the store keeps of them.

use super::{now, one_time};
use tsunagu_call::DocumentId;
use tsunagu_store::{RefreshToken, User};

/// How long one is good, in seconds: thirty days.
const GOOD_SECS: u32 = 30 * 24 * 60 * 60;

/// A new one of a family: what the client keeps, and what the store does.
pub(super) fn mint(user: &User, family: DocumentId) -> (String, RefreshToken) {
    let (token, hash) = one_time::mint();
    let kept = RefreshToken {
        hash,
        user_id: user.id,
        family,
        epoch: user.session_epoch,
        expires_at: now().plus_secs(GOOD_SECS),
        spent: false,
        revoked: false,
    };
    (token, kept)
}
