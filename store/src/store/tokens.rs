//! Refresh tokens.

use crate::{RefreshToken, Spending, StoreError};
use async_trait::async_trait;
use tsunagu_call::{DocumentId, Time, UserId};

/// Refresh tokens.
#[async_trait]
pub trait TokenStore {
    /// Keeps a new token; says whether it is good, which it is not when its family was revoked meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when there is one with the same hash.
    async fn put_refresh_token(&self, token: RefreshToken) -> Result<bool, StoreError>;

    /// Spends a token. Of many who try the same one at once, one gets it fresh.
    async fn spend_refresh_token(&self, hash: &str, now: Time) -> Result<Spending, StoreError>;

    /// Makes all tokens of a sign-in void, those to come included.
    async fn revoke_token_family(&self, family: DocumentId) -> Result<(), StoreError>;

    /// Makes all tokens of a user void.
    async fn revoke_user_tokens(&self, user: UserId) -> Result<(), StoreError>;

    /// Forgets the tokens that have expired, and says how many.
    async fn forget_expired_tokens(&self, now: Time) -> Result<u64, StoreError>;
}
