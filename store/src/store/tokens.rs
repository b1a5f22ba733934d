//! Refresh tokens and password resets.

use crate::{PasswordReset, RefreshToken, Spending, StoreError, User};
use async_trait::async_trait;
use tsunagu_call::{DocumentId, Time, UserId};

/// Refresh tokens and password resets.
#[async_trait]
pub trait TokenStore {
    /// Keeps a new token; says whether it is good, which it is not when its family was revoked meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when there is one with the same hash, of a family that is good.
    async fn put_refresh_token(&self, token: RefreshToken) -> Result<bool, StoreError>;

    /// Spends a token, for a request that the hash of a key may name. Of many who try the same one at once, one gets it fresh.
    async fn spend_refresh_token(
        &self,
        hash: &str,
        key: Option<&str>,
        now: Time,
    ) -> Result<Spending, StoreError>;

    /// Makes all tokens of a sign-in void, those to come included.
    async fn revoke_token_family(&self, family: DocumentId) -> Result<(), StoreError>;

    /// Makes all tokens of a user void.
    async fn revoke_user_tokens(&self, user: UserId) -> Result<(), StoreError>;

    /// Keeps a password reset in the place of an older one of the same user.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such user.
    async fn put_password_reset(&self, reset: PasswordReset) -> Result<(), StoreError>;

    /// The password reset with this hash, if it is good at `now`.
    async fn password_reset(&self, hash: &str, now: Time) -> Result<Option<PasswordReset>, StoreError>;

    /// Spends the password reset with this hash: replaces the hash of its user's password and signs them out
    /// everywhere, in one step. Gives the user as they are then. Of many who try at once, one succeeds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such reset is good at `now`, or its user may no longer sign in.
    async fn reset_password(&self, hash: &str, password_hash: String, now: Time) -> Result<User, StoreError>;

    /// Forgets the refresh tokens, password resets and invitations that have expired, and says how many.
    async fn forget_expired_tokens(&self, now: Time) -> Result<u64, StoreError>;
}
