//! Users in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row, tokens,
};
use crate::{Page, Paging, StoreError, User, UserChange, UserFilter, UserRole, UserStore, normal_email};
use async_trait::async_trait;
use rusqlite::{Connection, params, types::Value};
use tsunagu_call::{CompanyId, UserId};

const NO_USER: StoreError = StoreError::NotFound { what: "user" };
const BY_ID: &str = "SELECT body FROM users WHERE id = ?1";

#[async_trait]
impl UserStore for SqliteStore {
    async fn create_user(&self, user: User) -> Result<(), StoreError> {
        self.write(move |writing| create_user(writing.connection, &user)).await
    }

    async fn user(&self, company: CompanyId, user: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.find_user(user).await?.filter(|found| found.company_id == company))
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let email = normal_email(email);
        self.read(move |connection| by_email(connection, &email)).await
    }

    async fn find_user(&self, user: UserId) -> Result<Option<User>, StoreError> {
        self.read(move |connection| by_id(connection, user)).await
    }

    async fn users(&self, company: CompanyId) -> Result<Vec<User>, StoreError> {
        self.read(move |connection| of_company(connection, company)).await
    }

    async fn update_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        self.write(move |writing| replace(writing.connection, &user)).await
    }

    async fn list_users(
        &self,
        company: CompanyId,
        filter: UserFilter,
        paging: Paging,
    ) -> Result<Page<User>, StoreError> {
        let (conditions, values) = row::all_of([
            ("company = ?", Some(Value::from(company.bytes().to_vec()))),
            (ROLE_IS, filter.role.map(|role| Value::from(role.as_str().to_owned()))),
            (DISABLED_IS, filter.disabled.map(Value::from)),
        ]);
        self.read(move |connection| {
            let list = row::List { table: "users", conditions, values, order: "id" };
            row::page("user", connection, &list, paging)
        })
        .await
    }

    async fn change_user(
        &self,
        company: CompanyId,
        user: UserId,
        change: UserChange,
    ) -> Result<User, StoreError> {
        self.write(move |writing| change_user(writing.connection, company, user, change.clone())).await
    }

    async fn change_password(&self, user: UserId, known: &str, hash: String) -> Result<User, StoreError> {
        let known = known.to_owned();
        self.write(move |writing| change_password(writing.connection, user, &known, hash.clone())).await
    }
}

/// An older document says `user` for an agent, or nothing.
const ROLE_IS: &str = "replace(coalesce(json_extract(body, '$.role'), 'agent'), 'user', 'agent') = ?";
const DISABLED_IS: &str = "coalesce(json_extract(body, '$.disabled'), 0) = ?";

/// Refuses a user whose e-mail address is somebody else's.
pub(super) fn refuse_if_taken(connection: &Connection, user: &User) -> Result<(), Failure> {
    match by_email(connection, &normal_email(&user.email))? {
        Some(other) if other.id != user.id => {
            Err(StoreError::Duplicate { what: "user", field: "email" }.into())
        }
        _ => Ok(()),
    }
}

/// Keeps a new user, as [`UserStore::create_user`].
pub(super) fn create_user(connection: &Connection, user: &User) -> Result<(), Failure> {
    refuse_if_taken(connection, user)?;
    unless_duplicate(add(connection, user), "user", "_id")
}

/// Changes a user, as [`UserStore::change_user`].
pub(super) fn change_user(
    connection: &Connection,
    company: CompanyId,
    user: UserId,
    change: UserChange,
) -> Result<User, Failure> {
    let before = by_id(connection, user)?.filter(|user| user.company_id == company).ok_or(NO_USER)?;
    let after = change.apply(before.clone());
    if before.is_acting_admin() && !after.is_acting_admin() && !has_another_admin(connection, &after)? {
        return Err(StoreError::LastAdmin.into());
    }
    replace(connection, &after)?;
    if after.session_epoch != before.session_epoch {
        tokens::sign_out(connection, user)?;
    }
    Ok(after)
}

/// Replaces a user's password, as [`UserStore::change_password`].
pub(super) fn change_password(
    connection: &Connection,
    user: UserId,
    known: &str,
    hash: String,
) -> Result<User, Failure> {
    let stored = by_id(connection, user)?.ok_or(NO_USER)?;
    if stored.password_hash != known {
        return Err(StoreError::Changed { what: "user" }.into());
    }
    tokens::set_password(connection, stored, hash)
}

/// The company's users, in the order of their ids.
pub(super) fn of_company(connection: &Connection, company: CompanyId) -> Result<Vec<User>, Failure> {
    let mut find = connection.prepare_cached("SELECT body FROM users WHERE company = ?1 ORDER BY id")?;
    row::documents("user", &mut find, [company.bytes()])
}

/// Writes a new user.
pub(super) fn add(connection: &Connection, user: &User) -> rusqlite::Result<()> {
    let user = User { email: normal_email(&user.email), ..user.clone() };
    let body = serde_json::to_string(&user)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let mut insert =
        connection.prepare_cached("INSERT INTO users (id, company, email, body) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![user.id.bytes(), user.company_id.bytes(), user.email, body])?;
    Ok(())
}

/// Puts a user in the place of what was known of them.
pub(super) fn replace(connection: &Connection, user: &User) -> Result<(), Failure> {
    refuse_if_taken(connection, user)?;
    let mut update =
        connection.prepare_cached("UPDATE users SET email = ?3, body = ?4 WHERE id = ?1 AND company = ?2")?;
    let body = row::body("user", user)?;
    match update.execute(params![user.id.bytes(), user.company_id.bytes(), user.email, body])? {
        0 => Err(NO_USER.into()),
        _ => Ok(()),
    }
}

/// A user.
pub(super) fn by_id(connection: &Connection, user: UserId) -> Result<Option<User>, Failure> {
    row::find("user", connection, BY_ID, [user.bytes()])
}

/// A user with an e-mail address in its normal form.
pub(super) fn by_email(connection: &Connection, email: &str) -> Result<Option<User>, Failure> {
    row::find("user", connection, "SELECT body FROM users WHERE email = ?1", [email])
}

fn has_another_admin(connection: &Connection, user: &User) -> Result<bool, Failure> {
    let mut find = connection.prepare_cached(&format!(
        "SELECT EXISTS (SELECT 1 FROM users WHERE company = ? AND id <> ? AND {ROLE_IS} AND {DISABLED_IS})"
    ))?;
    let values = params![user.company_id.bytes(), user.id.bytes(), UserRole::Admin.as_str(), false];
    Ok(find.query_row(values, |row| row.get(0))?)
}
