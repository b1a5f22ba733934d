//! Companies in SQLite.

use super::{SqliteStore, failure::unless_duplicate, row, users};
use crate::{Company, CompanyStore, StoreError, User};
use async_trait::async_trait;
use rusqlite::params;
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
        let body = row::body("company", &company)?;
        self.write(move |writing| {
            users::refuse_if_taken(writing.connection, &first)?;
            let mut insert =
                writing.connection.prepare_cached("INSERT INTO companies (id, body) VALUES (?1, ?2)")?;
            unless_duplicate(insert.execute(params![company.id.bytes(), body]), "company", "_id")?;
            users::add(writing.connection, &first)?;
            Ok(())
        })
        .await
    }

    async fn company(&self, company: CompanyId) -> Result<Option<Company>, StoreError> {
        let query = "SELECT body FROM companies WHERE id = ?1";
        self.read(move |connection| row::find("company", connection, query, [company.bytes()])).await
    }

    async fn companies(&self, after: Option<CompanyId>, limit: u32) -> Result<Vec<Company>, StoreError> {
        self.read(move |connection| {
            // Every id lies behind an empty one.
            let after = after.map_or_else(Vec::new, |after| after.bytes().to_vec());
            let mut find =
                connection.prepare_cached("SELECT body FROM companies WHERE id > ?1 ORDER BY id LIMIT ?2")?;
            row::documents("company", &mut find, params![after, limit])
        })
        .await
    }

    async fn update_company(&self, company: Company) -> Result<(), StoreError> {
        let body = row::body("company", &company)?;
        self.write(move |writing| {
            let mut update =
                writing.connection.prepare_cached("UPDATE companies SET body = ?2 WHERE id = ?1")?;
            match update.execute(params![company.id.bytes(), body])? {
                0 => Err(StoreError::NotFound { what: "company" }.into()),
                _ => Ok(()),
            }
        })
        .await
    }
}
