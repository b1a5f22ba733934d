//! Invitations in SQLite.

use super::{SqliteStore, failure::Failure, row, users};
use crate::{Invitation, InvitationStore, StoreError, User};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use tsunagu_call::{CompanyId, DocumentId, Time};

#[async_trait]
impl InvitationStore for SqliteStore {
    async fn put_invitation(
        &self,
        invitation: Invitation,
        limit: usize,
        now: Time,
    ) -> Result<(), StoreError> {
        let body = row::body("invitation", &invitation)?;
        self.write(move |writing| {
            let connection = writing.connection;
            if users::by_email(connection, &invitation.email)?.is_some() {
                return Err(StoreError::Duplicate { what: "user", field: "email" }.into());
            }
            let company = invitation.company_id.bytes();
            let mut count = connection.prepare_cached(
                "SELECT count(*) FROM invitations WHERE company = ?1 AND email <> ?2 AND expires > ?3",
            )?;
            let others: i64 =
                count.query_row(params![company, invitation.email, now.millis()], |row| row.get(0))?;
            if row::unsigned(others) >= limit as u64 {
                return Err(StoreError::TooMany { what: "invitation", limit }.into());
            }
            let mut forget = connection.prepare_cached(
                "DELETE FROM invitations WHERE company = ?1 AND (email = ?2 OR expires <= ?3)",
            )?;
            forget.execute(params![company, invitation.email, now.millis()])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO invitations (id, company, email, hash, expires, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            insert.execute(params![
                invitation.id.bytes(),
                company,
                invitation.email,
                invitation.hash,
                invitation.expires_at.millis(),
                body,
            ])?;
            Ok(())
        })
        .await
    }

    async fn invitations(&self, company: CompanyId) -> Result<Vec<Invitation>, StoreError> {
        self.read(move |connection| {
            let mut find =
                connection.prepare_cached("SELECT body FROM invitations WHERE company = ?1 ORDER BY id")?;
            row::documents("invitation", &mut find, [company.bytes()])
        })
        .await
    }

    async fn invitation_by_hash(&self, hash: &str, now: Time) -> Result<Option<Invitation>, StoreError> {
        let hash = hash.to_owned();
        self.read(move |connection| good(connection, &hash, now)).await
    }

    async fn revoke_invitation(&self, company: CompanyId, id: DocumentId) -> Result<bool, StoreError> {
        self.write(move |writing| {
            let mut delete = writing
                .connection
                .prepare_cached("DELETE FROM invitations WHERE id = ?1 AND company = ?2")?;
            Ok(delete.execute(params![id.bytes(), company.bytes()])? > 0)
        })
        .await
    }

    async fn accept_invitation(&self, hash: &str, user: User, now: Time) -> Result<(), StoreError> {
        let hash = hash.to_owned();
        self.write(move |writing| {
            let connection = writing.connection;
            let found = good(connection, &hash, now)?;
            let found = found.ok_or(StoreError::NotFound { what: "invitation" })?;
            found.check(&user)?;
            users::refuse_if_taken(connection, &user)?;
            if users::by_id(connection, user.id)?.is_some() {
                return Err(StoreError::Duplicate { what: "user", field: "_id" }.into());
            }
            users::add(connection, &user)?;
            connection
                .prepare_cached("DELETE FROM invitations WHERE id = ?1")?
                .execute([found.id.bytes()])?;
            Ok(())
        })
        .await
    }
}

fn good(connection: &Connection, hash: &str, now: Time) -> Result<Option<Invitation>, Failure> {
    let query = "SELECT body FROM invitations WHERE hash = ?1";
    let found: Option<Invitation> = row::find("invitation", connection, query, [hash])?;
    Ok(found.filter(|invitation| invitation.is_good(now)))
}
