//! Companies in SQLite.

use super::{SqliteStore, failure::unless_duplicate, row};
use crate::{Company, CompanyChange, CompanyStore, StoreError};
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
