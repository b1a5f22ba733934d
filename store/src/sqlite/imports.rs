//! Imports of customers in SQLite.

use super::{SqliteStore, row};
use crate::{CustomerImport, ImportStore, StoreError};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use tsunagu_call::{CompanyId, DocumentId, Time};

#[async_trait]
impl ImportStore for SqliteStore {
    async fn begin_import(&self, import: CustomerImport, kept: usize, since: Time) -> Result<(), StoreError> {
        let body = row::body("import", &import)?;
        let others = i64::try_from(kept.saturating_sub(1)).unwrap_or(i64::MAX);
        self.write(move |writing| {
            let connection = writing.connection;
            let (company, id) = (import.company_id.bytes(), import.id.bytes());
            let mut find =
                connection.prepare_cached("SELECT 1 FROM customer_imports WHERE company = ?1 AND id = ?2")?;
            if find.query_row([company, id], |_| Ok(())).optional()?.is_some() {
                return Err(StoreError::Duplicate { what: "import", field: "_id" }.into());
            }
            let mut forget = connection.prepare_cached(
                "DELETE FROM customer_imports WHERE company = ?1 AND (started < ?2 OR id NOT IN \
                 (SELECT id FROM customer_imports WHERE company = ?1 ORDER BY started DESC, id DESC LIMIT ?3))",
            )?;
            forget.execute(params![company, since.millis(), others])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO customer_imports (company, id, started, body) VALUES (?1, ?2, ?3, ?4)",
            )?;
            insert.execute(params![company, id, import.started_at.millis(), body])?;
            Ok(())
        })
        .await
    }

    async fn note_import(&self, import: CustomerImport) -> Result<(), StoreError> {
        let body = row::body("import", &import)?;
        self.write(move |writing| {
            let mut update = writing
                .connection
                .prepare_cached("UPDATE customer_imports SET body = ?3 WHERE company = ?1 AND id = ?2")?;
            update.execute(params![import.company_id.bytes(), import.id.bytes(), body])?;
            Ok(())
        })
        .await
    }

    async fn customer_import(
        &self,
        company: CompanyId,
        import: DocumentId,
    ) -> Result<Option<CustomerImport>, StoreError> {
        self.read(move |connection| {
            let query = "SELECT body FROM customer_imports WHERE company = ?1 AND id = ?2";
            row::find("import", connection, query, [company.bytes(), import.bytes()])
        })
        .await
    }
}
