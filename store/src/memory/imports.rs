//! Imports of customers in memory.

use super::MemoryStore;
use crate::{CustomerImport, ImportStore, StoreError};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, DocumentId, Time};

#[async_trait]
impl ImportStore for MemoryStore {
    async fn begin_import(&self, import: CustomerImport, kept: usize, since: Time) -> Result<(), StoreError> {
        self.with(|held| {
            let company = import.company_id;
            if held.imports.contains_key(&(company, import.id)) {
                return Err(StoreError::Duplicate { what: "import", field: "_id" });
            }
            held.imports.retain(|(of, _), other| *of != company || other.started_at >= since);
            let theirs = held.imports.values().filter(|other| other.company_id == company);
            let mut theirs: Vec<_> = theirs.map(|other| (other.started_at, other.id)).collect();
            theirs.sort_unstable();
            let beyond = (theirs.len() + 1).saturating_sub(kept);
            for (_, id) in theirs.into_iter().take(beyond) {
                held.imports.remove(&(company, id));
            }
            held.imports.insert((company, import.id), import);
            Ok(())
        })
    }

    async fn note_import(&self, import: CustomerImport) -> Result<(), StoreError> {
        self.with(|held| {
            if let Some(kept) = held.imports.get_mut(&(import.company_id, import.id)) {
                *kept = import;
            }
            Ok(())
        })
    }

    async fn customer_import(
        &self,
        company: CompanyId,
        import: DocumentId,
    ) -> Result<Option<CustomerImport>, StoreError> {
        self.with(|held| Ok(held.imports.get(&(company, import)).cloned()))
    }
}
