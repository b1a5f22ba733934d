//! Refresh tokens in MongoDB, each a document that is spent by comparing and setting; password resets stand with the users.

use super::{
    MongoStore, form,
    shelf::{Kept, Put},
};
use crate::{PasswordReset, RefreshToken, Spending, StoreError, TokenStore, User};
use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use tsunagu_call::{DocumentId, Time, UserId};

impl Kept for RefreshToken {
    const WHAT: &'static str = "refresh token";
    const COLLECTION: &'static str = "refreshtokens";
}

#[async_trait]
impl TokenStore for MongoStore {
    /// It is entered first and the family looked at afterwards: see [`MongoStore::revoke`].
    async fn put_refresh_token(&self, token: RefreshToken) -> Result<bool, StoreError> {
        let family = form::id(token.family);
        let entered = self.tokens.enter(&token, Document::new()).await? == Put::Done;
        let revoked = doc! { "family": family, "revoked": true };
        if self.tokens.count(revoked, Some(1)).await? == 0 {
            let there = StoreError::Duplicate { what: "refresh token", field: "_id" };
            return if entered { Ok(true) } else { Err(there) };
        }
        if entered {
            self.tokens.remove(doc! { "_id": token.hash }).await?;
        }
        Ok(false)
    }

    async fn spend_refresh_token(
        &self,
        hash: &str,
        key: Option<&str>,
        now: Time,
    ) -> Result<Spending, StoreError> {
        let spent = self.tokens.change(doc! { "_id": hash }, "_id", |token| Ok(token.spend(key, now)));
        Ok(spent.await?.map_or(Spending::Void, |(_, spending)| spending))
    }

    async fn revoke_token_family(&self, family: DocumentId) -> Result<(), StoreError> {
        self.revoke(doc! { "family": form::id(family) }).await
    }

    async fn revoke_user_tokens(&self, user: UserId) -> Result<(), StoreError> {
        self.revoke(doc! { "userId": form::id(user) }).await
    }

    async fn put_password_reset(&self, reset: PasswordReset) -> Result<(), StoreError> {
        self.keep_reset(reset).await
    }

    async fn password_reset(&self, hash: &str, now: Time) -> Result<Option<PasswordReset>, StoreError> {
        self.reset(hash, now).await
    }

    async fn reset_password(&self, hash: &str, password_hash: String, now: Time) -> Result<User, StoreError> {
        self.spend_reset(hash, &password_hash, now).await
    }

    async fn forget_expired_tokens(&self, now: Time) -> Result<u64, StoreError> {
        let expired = doc! { "expiresAt": { "$lte": form::time(now) } };
        let tokens = self.tokens.remove_all(expired.clone()).await?;
        let invitations = self.invitations.remove_all(expired).await?;
        let reset = doc! { "tsunagu.reset.expiresAt": { "$lte": form::time(now) } };
        let resets = self.users.update_all(reset, doc! { "$unset": { "tsunagu.reset": "" } }).await?;
        Ok(tokens + resets + invitations)
    }
}

impl MongoStore {
    /// Makes tokens void, also one that is entered at this moment. It either is there before the first sweep is over, and the
    /// second one meets it; or whoever enters it looks at the family afterwards, and finds the others void.
    pub(super) async fn revoke(&self, which: Document) -> Result<(), StoreError> {
        let mut which = which;
        which.insert("revoked", doc! { "$ne": true });
        let update = doc! { "$set": { "revoked": true }, "$inc": { "tsunagu.rev": 1_i64 } };
        for _sweep in 0..2 {
            self.tokens.update_all(which.clone(), update.clone()).await?;
        }
        Ok(())
    }
}
