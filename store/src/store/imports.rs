//! Imports of customers: what is remembered of them.

use crate::{CustomerImport, StoreError};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, DocumentId, Time};

/// What is remembered of imports of customers.
#[async_trait]
pub trait ImportStore {
    /// Keeps an import that begins. Those of the company that began before `since` are forgotten, and the oldest beyond
    /// `kept` with it.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the company has had one of this id that is not forgotten; nothing is forgotten then.
    async fn begin_import(&self, import: CustomerImport, kept: usize, since: Time) -> Result<(), StoreError>;

    /// Keeps how far an import has come. Of one that is forgotten nothing is kept.
    async fn note_import(&self, import: CustomerImport) -> Result<(), StoreError>;

    /// A company's import.
    async fn customer_import(
        &self,
        company: CompanyId,
        import: DocumentId,
    ) -> Result<Option<CustomerImport>, StoreError>;
}
