//! Users in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row,
};
use crate::{StoreError, User, UserStore, normal_email};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use tsunagu_call::{CompanyId, UserId};

#[async_trait]
impl UserStore for SqliteStore {
    async fn create_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        let body = row::body("user", &user)?;
        self.write(move |writing| {
            refuse_if_taken(writing.connection, &user)?;
            let mut insert = writing
                .connection
                .prepare_cached("INSERT INTO users (id, company, email, body) VALUES (?1, ?2, ?3, ?4)")?;
            let written = insert.execute(params![user.id.bytes(), user.company_id.bytes(), user.email, body]);
            unless_duplicate(written, "user", "_id")?;
            Ok(())
        })
        .await
    }

    async fn user(&self, company: CompanyId, user: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.find_user(user).await?.filter(|found| found.company_id == company))
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let email = normal_email(email);
        self.read(move |connection| by_email(connection, &email)).await
    }

    async fn find_user(&self, user: UserId) -> Result<Option<User>, StoreError> {
        let query = "SELECT body FROM users WHERE id = ?1";
        self.read(move |connection| row::find("user", connection, query, [user.bytes()])).await
    }

    async fn users(&self, company: CompanyId) -> Result<Vec<User>, StoreError> {
        self.read(move |connection| {
            let mut find =
                connection.prepare_cached("SELECT body FROM users WHERE company = ?1 ORDER BY id")?;
            row::documents("user", &mut find, [company.bytes()])
        })
        .await
    }

    async fn update_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        self.write(move |writing| replace(writing.connection, &user)).await
    }
}

/// Puts a user in the place of what was known of them.
pub(super) fn replace(connection: &Connection, user: &User) -> Result<(), Failure> {
    refuse_if_taken(connection, user)?;
    let mut update =
        connection.prepare_cached("UPDATE users SET email = ?3, body = ?4 WHERE id = ?1 AND company = ?2")?;
    let body = row::body("user", user)?;
    match update.execute(params![user.id.bytes(), user.company_id.bytes(), user.email, body])? {
        0 => Err(StoreError::NotFound { what: "user" }.into()),
        _ => Ok(()),
    }
}

fn refuse_if_taken(connection: &Connection, user: &User) -> Result<(), Failure> {
    match by_email(connection, &user.email)? {
        Some(other) if other.id != user.id => {
            Err(StoreError::Duplicate { what: "user", field: "email" }.into())
        }
        _ => Ok(()),
    }
}

fn by_email(connection: &Connection, email: &str) -> Result<Option<User>, Failure> {
    row::find("user", connection, "SELECT body FROM users WHERE email = ?1", [email])
}
