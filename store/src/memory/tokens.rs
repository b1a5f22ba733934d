//! Refresh tokens and password resets in memory.

use super::MemoryStore;
use crate::{PasswordReset, RefreshToken, Spending, StoreError, TokenStore, User};
use async_trait::async_trait;
use tsunagu_call::{DocumentId, Time, UserId};

#[async_trait]
impl TokenStore for MemoryStore {
    async fn put_refresh_token(&self, token: RefreshToken) -> Result<bool, StoreError> {
        self.with(|held| {
            if held.tokens.values().any(|other| other.family == token.family && other.revoked) {
                return Ok(false);
            }
            if held.tokens.contains_key(&token.hash) {
                return Err(StoreError::Duplicate { what: "refresh token", field: "_id" });
            }
            held.tokens.insert(token.hash.clone(), token);
            Ok(true)
        })
    }

    async fn spend_refresh_token(
        &self,
        hash: &str,
        key: Option<&str>,
        now: Time,
    ) -> Result<Spending, StoreError> {
        self.with(|held| Ok(held.tokens.get_mut(hash).map_or(Spending::Void, |token| token.spend(key, now))))
    }

    async fn revoke_token_family(&self, family: DocumentId) -> Result<(), StoreError> {
        self.revoke(|token| token.family == family)
    }

    async fn revoke_user_tokens(&self, user: UserId) -> Result<(), StoreError> {
        self.revoke(|token| token.user_id == user)
    }

    async fn put_password_reset(&self, reset: PasswordReset) -> Result<(), StoreError> {
        self.with(|held| {
            if !held.users.contains_key(&reset.user_id) {
                return Err(StoreError::NotFound { what: "user" });
            }
            held.resets.insert(reset.user_id, reset);
            Ok(())
        })
    }

    async fn password_reset(&self, hash: &str, now: Time) -> Result<Option<PasswordReset>, StoreError> {
        self.with(|held| {
            Ok(held.resets.values().find(|reset| reset.hash == hash && reset.is_good(now)).cloned())
        })
    }

    async fn reset_password(&self, hash: &str, password_hash: String, now: Time) -> Result<User, StoreError> {
        const VOID: StoreError = StoreError::NotFound { what: "password reset" };
        self.with(|held| {
            let reset = held.resets.values().find(|reset| reset.hash == hash && reset.is_good(now));
            let user = reset.ok_or(VOID)?.user_id;
            if held.users.get(&user).is_none_or(|user| user.disabled) {
                return Err(VOID);
            }
            held.set_password(user, password_hash).ok_or(VOID)
        })
    }

    async fn forget_expired_tokens(&self, now: Time) -> Result<u64, StoreError> {
        self.with(|held| {
            let before = held.tokens.len() + held.resets.len() + held.invitations.len();
            held.tokens.retain(|_, token| token.expires_at > now);
            held.resets.retain(|_, reset| reset.is_good(now));
            held.invitations.retain(|_, invitation| invitation.is_good(now));
            Ok((before - held.tokens.len() - held.resets.len() - held.invitations.len()) as u64)
        })
    }
}

impl MemoryStore {
    fn revoke(&self, which: impl Fn(&RefreshToken) -> bool) -> Result<(), StoreError> {
        self.with(|held| {
            held.tokens.values_mut().filter(|token| which(token)).for_each(|token| token.revoked = true);
            Ok(())
        })
    }
}
