//! Imports of customers in MongoDB. Their ids are unique within the company alone, so a document has an id of its own.

use super::{
    MongoStore, form,
    shelf::{Kept, Put},
};
use crate::{CustomerImport, ImportStore, StoreError};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc};
use serde::{Deserialize, Serialize};
use tsunagu_call::{CompanyId, DocumentId, Time};

/// An import as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptImport {
    company_id: CompanyId,
    import_id: DocumentId,
    started_at: Time,
    import: CustomerImport,
}

impl Kept for KeptImport {
    const WHAT: &'static str = "import";
    const COLLECTION: &'static str = "customerimports";
}

impl KeptImport {
    pub(super) const fn of(import: CustomerImport) -> Self {
        let (company_id, import_id, started_at) = (import.company_id, import.id, import.started_at);
        Self { company_id, import_id, started_at, import }
    }

    pub(super) fn import(self) -> CustomerImport {
        self.import
    }

    pub(super) fn which(&self) -> Document {
        of(self.company_id, self.import_id)
    }
}

#[async_trait]
impl ImportStore for MongoStore {
    /// The new one comes first, and says whether it may; then the others are forgotten. After a crash in between the next
    /// import forgets them.
    async fn begin_import(&self, import: CustomerImport, kept: usize, since: Time) -> Result<(), StoreError> {
        let (company, new) = (form::id(import.company_id), form::id(import.id));
        if self.imports.enter(&KeptImport::of(import), Document::new()).await? != Put::Done {
            return Err(StoreError::Duplicate { what: "import", field: "_id" });
        }
        let others = doc! { "companyId": company.clone(), "importId": { "$ne": new } };
        let newest = doc! { "startedAt": -1, "importId": -1 };
        let others = self.imports.all(others, newest, 0).await?;
        let forgotten: Vec<Bson> = others
            .iter()
            .enumerate()
            .filter(|(place, other)| *place >= kept.saturating_sub(1) || other.started_at < since)
            .map(|(_, other)| form::id(other.import_id))
            .collect();
        if !forgotten.is_empty() {
            let which = doc! { "companyId": company, "importId": { "$in": forgotten } };
            self.imports.remove_all(which).await?;
        }
        Ok(())
    }

    async fn note_import(&self, import: CustomerImport) -> Result<(), StoreError> {
        let which = of(import.company_id, import.id);
        let noted = self.imports.change(which, "_id", |kept| {
            *kept = KeptImport::of(import.clone());
            Ok(())
        });
        noted.await.map(|_| ())
    }

    async fn customer_import(
        &self,
        company: CompanyId,
        import: DocumentId,
    ) -> Result<Option<CustomerImport>, StoreError> {
        Ok(self.imports.one(of(company, import)).await?.map(|kept| kept.import))
    }
}

fn of(company: CompanyId, import: DocumentId) -> Document {
    doc! { "companyId": form::id(company), "importId": form::id(import) }
}
