//! Refresh tokens in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row,
    writer::Writing,
};
use crate::{RefreshToken, Spending, StoreError, TokenStore};
use async_trait::async_trait;
use rusqlite::params;
use tsunagu_call::{DocumentId, Time, UserId};

const OF_FAMILY: &str = "SELECT body FROM refresh_tokens WHERE family = ?1";
const OF_USER: &str = "SELECT body FROM refresh_tokens WHERE user = ?1";

#[async_trait]
impl TokenStore for SqliteStore {
    async fn put_refresh_token(&self, token: RefreshToken) -> Result<bool, StoreError> {
        self.write(move |writing| {
            if tokens(writing, OF_FAMILY, token.family.bytes())?.iter().any(|relative| relative.revoked) {
                return Ok(false);
            }
            let mut insert = writing.connection.prepare_cached(
                "INSERT INTO refresh_tokens (hash, user, family, expires, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let written = insert.execute(params![
                token.hash,
                token.user_id.bytes(),
                token.family.bytes(),
                token.expires_at.millis(),
                row::body("refresh token", &token)?,
            ]);
            unless_duplicate(written, "refresh token", "_id")?;
            Ok(true)
        })
        .await
    }

    async fn spend_refresh_token(&self, hash: &str, now: Time) -> Result<Spending, StoreError> {
        let hash = hash.to_owned();
        self.write(move |writing| {
            let query = "SELECT body FROM refresh_tokens WHERE hash = ?1";
            let found: Option<RefreshToken> = row::find("refresh token", writing.connection, query, [&hash])?;
            let Some(mut token) = found else { return Ok(Spending::Void) };
            let spending = token.spend(now);
            if matches!(spending, Spending::Fresh(_)) {
                replace(writing, &token)?;
            }
            Ok(spending)
        })
        .await
    }

    async fn revoke_token_family(&self, family: DocumentId) -> Result<(), StoreError> {
        self.write(move |writing| revoke(writing, OF_FAMILY, family.bytes())).await
    }

    async fn revoke_user_tokens(&self, user: UserId) -> Result<(), StoreError> {
        self.write(move |writing| revoke(writing, OF_USER, user.bytes())).await
    }

    async fn forget_expired_tokens(&self, now: Time) -> Result<u64, StoreError> {
        self.write(move |writing| {
            let mut delete =
                writing.connection.prepare_cached("DELETE FROM refresh_tokens WHERE expires <= ?1")?;
            Ok(delete.execute([now.millis()])? as u64)
        })
        .await
    }
}

fn revoke(writing: &Writing<'_>, query: &str, id: [u8; 12]) -> Result<(), Failure> {
    for mut token in tokens(writing, query, id)? {
        token.revoked = true;
        replace(writing, &token)?;
    }
    Ok(())
}

fn tokens(writing: &Writing<'_>, query: &str, id: [u8; 12]) -> Result<Vec<RefreshToken>, Failure> {
    row::documents("refresh token", &mut *writing.connection.prepare_cached(query)?, [id])
}

fn replace(writing: &Writing<'_>, token: &RefreshToken) -> Result<(), Failure> {
    let mut update =
        writing.connection.prepare_cached("UPDATE refresh_tokens SET body = ?2 WHERE hash = ?1")?;
    update.execute(params![token.hash, row::body("refresh token", token)?])?;
    Ok(())
}
