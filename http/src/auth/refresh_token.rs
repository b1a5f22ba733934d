//! Refresh tokens: how long they are good, what comes after one, and what the store keeps of them.

use super::{now, one_time};
use tsunagu_call::{DocumentId, Time};
use tsunagu_store::{RefreshToken, User};

/// How long one is good, in seconds: thirty days.
const GOOD_SECS: u32 = 30 * 24 * 60 * 60;

/// For so long after it was spent one may come again with the key of the request that spent it, in seconds: the answer was
/// lost, with a page that was reloaded, a network that broke or a server that went down.
const GRACE_SECS: u32 = 120;

/// What the store keeps of one of a family.
pub(super) fn kept(token: &str, user: &User, family: DocumentId) -> RefreshToken {
    RefreshToken {
        hash: one_time::hash(token),
        user_id: user.id,
        family,
        epoch: user.session_epoch,
        expires_at: now().plus_secs(GOOD_SECS),
        spent: false,
        spent_at: None,
        spent_for: None,
        revoked: false,
    }
}

/// Whether one that was spent comes again with the request that spent it, which the hash of a key names.
pub(super) fn is_repeated(spent: &RefreshToken, key: Option<&str>, now: Time) -> bool {
    key.is_some()
        && key == spent.spent_for.as_deref()
        && spent.spent_at.is_some_and(|first| now < first.plus_secs(GRACE_SECS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_that_spent_one_may_come_again_for_a_while() {
        let user = serde_json::json!({
            "_id": "0001027f80ff090807060504", "companyId": "0001027f80ff090807060505", "email": "a@b.jp",
            "passwordHash": "x", "sessionEpoch": 3
        });
        let user: User = serde_json::from_value(user).unwrap();
        let mut token = kept("a", &user, DocumentId::from_bytes([9; 12]));
        let first = now();
        assert!(!is_repeated(&token, Some("key"), first), "one that was spent under an earlier build");
        token.spend(Some("key"), first);
        let later = first.plus_secs(GRACE_SECS - 1);
        token.spend(Some("other"), later);
        assert!(is_repeated(&token, Some("key"), later));
        assert!(!is_repeated(&token, Some("other"), later) && !is_repeated(&token, None, later));
        assert!(!is_repeated(&token, Some("key"), first.plus_secs(GRACE_SECS)));
        let mut nameless = kept("b", &user, DocumentId::from_bytes([9; 12]));
        nameless.spend(None, first);
        assert!(!is_repeated(&nameless, None, first), "a request without a key is nobody's");
    }
}
