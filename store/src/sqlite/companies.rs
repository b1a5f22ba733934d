//! Companies in SQLite.

use super::{
    SqliteStore,
    failure::{Failure, unless_duplicate},
    row, users,
};
use crate::{Company, CompanyChange, CompanyStore, StoreError, User};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use tsunagu_call::CompanyId;

#[async_trait]
impl CompanyStore for SqliteStore {
    async fn create_company(&self, company: Company) -> Result<(), StoreError> {
        let body = row::body("company", &company)?;
        self.write(move |writing| {
            let mut insert =
                writing.connection.prepare_cached("INSERT INTO companies (id, body) VALUES (?1, ?2)")?;
            unless_duplicate(insert.execute(params![company.id.bytes(), body]), "company", "_id")?;
            Ok(())
        })
        .await
    }

    async fn found_company(&self, company: Company, first: User) -> Result<(), StoreError> {
        self.write(move |writing| found(writing.connection, &company, &first)).await
    }

    async fn company(&self, company: CompanyId) -> Result<Option<Company>, StoreError> {
        let query = "SELECT body FROM companies WHERE id = ?1";
        self.read(move |connection| row::find("company", connection, query, [company.bytes()])).await
    }

    async fn companies(&self, after: Option<CompanyId>, limit: u32) -> Result<Vec<Company>, StoreError> {
        self.read(move |connection| behind(connection, after, limit)).await
    }

    async fn change_company(&self, id: CompanyId, change: CompanyChange) -> Result<Company, StoreError> {
        self.write(move |writing| {
            let query = "SELECT body FROM companies WHERE id = ?1";
            let stored: Option<Company> = row::find("company", writing.connection, query, [id.bytes()])?;
            let mut company = stored.ok_or(StoreError::NotFound { what: "company" })?;
            company.change(change.clone());
            let mut update =
                writing.connection.prepare_cached("UPDATE companies SET body = ?2 WHERE id = ?1")?;
            update.execute(params![id.bytes(), row::body("company", &company)?])?;
            Ok(company)
        })
        .await
    }
}

/// Keeps a new company and its first user, as [`CompanyStore::found_company`].
pub(super) fn found(connection: &Connection, company: &Company, first: &User) -> Result<(), Failure> {
    users::refuse_if_taken(connection, first)?;
    let body = row::body("company", company)?;
    let mut insert = connection.prepare_cached("INSERT INTO companies (id, body) VALUES (?1, ?2)")?;
    unless_duplicate(insert.execute(params![company.id.bytes(), body]), "company", "_id")?;
    Ok(users::add(connection, first)?)
}

/// Companies in the order of their ids, as [`CompanyStore::companies`].
pub(super) fn behind(
    connection: &Connection,
    after: Option<CompanyId>,
    limit: u32,
) -> Result<Vec<Company>, Failure> {
    // Every id lies behind an empty one.
    let after = after.map_or_else(Vec::new, |after| after.bytes().to_vec());
    let mut find =
        connection.prepare_cached("SELECT body FROM companies WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    row::documents("company", &mut find, params![after, limit])
}
