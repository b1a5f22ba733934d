//! Refresh tokens and password resets in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row, users,
};
use crate::{PasswordReset, RefreshToken, Spending, StoreError, TokenStore, User};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use tsunagu_call::{DocumentId, Time, UserId};

const OF_FAMILY: &str = "SELECT body FROM refresh_tokens WHERE family = ?1";
const OF_USER: &str = "SELECT body FROM refresh_tokens WHERE user = ?1";

#[async_trait]
impl TokenStore for SqliteStore {
    async fn put_refresh_token(&self, token: RefreshToken) -> Result<bool, StoreError> {
        self.write(move |writing| {
            if tokens(writing.connection, OF_FAMILY, token.family.bytes())?
                .iter()
                .any(|relative| relative.revoked)
            {
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

    async fn spend_refresh_token(
        &self,
        hash: &str,
        key: Option<&str>,
        now: Time,
    ) -> Result<Spending, StoreError> {
        let (hash, key) = (hash.to_owned(), key.map(str::to_owned));
        self.write(move |writing| {
            let query = "SELECT body FROM refresh_tokens WHERE hash = ?1";
            let found: Option<RefreshToken> = row::find("refresh token", writing.connection, query, [&hash])?;
            let Some(mut token) = found else { return Ok(Spending::Void) };
            let spending = token.spend(key.as_deref(), now);
            if matches!(spending, Spending::Fresh(_)) {
                replace(writing.connection, &token)?;
            }
            Ok(spending)
        })
        .await
    }

    async fn revoke_token_family(&self, family: DocumentId) -> Result<(), StoreError> {
        self.write(move |writing| revoke(writing.connection, OF_FAMILY, family.bytes())).await
    }

    async fn revoke_user_tokens(&self, user: UserId) -> Result<(), StoreError> {
        self.write(move |writing| revoke(writing.connection, OF_USER, user.bytes())).await
    }

    async fn put_password_reset(&self, reset: PasswordReset) -> Result<(), StoreError> {
        let body = row::body("password reset", &reset)?;
        self.write(move |writing| {
            if users::by_id(writing.connection, reset.user_id)?.is_none() {
                return Err(StoreError::NotFound { what: "user" }.into());
            }
            let mut put = writing.connection.prepare_cached(
                "INSERT OR REPLACE INTO password_resets (user, hash, expires, body) VALUES (?1, ?2, ?3, ?4)",
            )?;
            put.execute(params![reset.user_id.bytes(), reset.hash, reset.expires_at.millis(), body])?;
            Ok(())
        })
        .await
    }

    async fn password_reset(&self, hash: &str, now: Time) -> Result<Option<PasswordReset>, StoreError> {
        let hash = hash.to_owned();
        self.read(move |connection| good_reset(connection, &hash, now)).await
    }

    async fn reset_password(&self, hash: &str, password_hash: String, now: Time) -> Result<User, StoreError> {
        const VOID: StoreError = StoreError::NotFound { what: "password reset" };
        let hash = hash.to_owned();
        self.write(move |writing| {
            let reset = good_reset(writing.connection, &hash, now)?.ok_or(VOID)?;
            let user = users::by_id(writing.connection, reset.user_id)?.filter(|user| !user.disabled);
            set_password(writing.connection, user.ok_or(VOID)?, password_hash.clone())
        })
        .await
    }

    async fn forget_expired_tokens(&self, now: Time) -> Result<u64, StoreError> {
        self.write(move |writing| {
            let mut forgotten = 0;
            for table in ["refresh_tokens", "password_resets", "invitations"] {
                let mut delete =
                    writing.connection.prepare_cached(&format!("DELETE FROM {table} WHERE expires <= ?1"))?;
                forgotten += delete.execute([now.millis()])? as u64;
            }
            Ok(forgotten)
        })
        .await
    }
}

/// Gives a user a new password, and signs them out everywhere.
pub(super) fn set_password(
    connection: &Connection,
    mut user: User,
    password_hash: String,
) -> Result<User, Failure> {
    user.password_hash = password_hash;
    user.sign_out();
    users::replace(connection, &user)?;
    let mut forget = connection.prepare_cached("DELETE FROM password_resets WHERE user = ?1")?;
    forget.execute([user.id.bytes()])?;
    sign_out(connection, user.id)?;
    Ok(user)
}

/// Makes all refresh tokens of a user void.
pub(super) fn sign_out(connection: &Connection, user: UserId) -> Result<(), Failure> {
    revoke(connection, OF_USER, user.bytes())
}

fn good_reset(connection: &Connection, hash: &str, now: Time) -> Result<Option<PasswordReset>, Failure> {
    let query = "SELECT body FROM password_resets WHERE hash = ?1";
    let found: Option<PasswordReset> = row::find("password reset", connection, query, [hash])?;
    Ok(found.filter(|reset| reset.is_good(now)))
}

fn revoke(connection: &Connection, query: &str, id: [u8; 12]) -> Result<(), Failure> {
    for mut token in tokens(connection, query, id)? {
        token.revoked = true;
        replace(connection, &token)?;
    }
    Ok(())
}

fn tokens(connection: &Connection, query: &str, id: [u8; 12]) -> Result<Vec<RefreshToken>, Failure> {
    row::documents("refresh token", &mut *connection.prepare_cached(query)?, [id])
}

fn replace(connection: &Connection, token: &RefreshToken) -> Result<(), Failure> {
    let mut update = connection.prepare_cached("UPDATE refresh_tokens SET body = ?2 WHERE hash = ?1")?;
    update.execute(params![token.hash, row::body("refresh token", token)?])?;
    Ok(())
}
