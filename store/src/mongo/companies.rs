//! Companies in MongoDB.

use super::{
    MongoStore, form,
    shelf::{Kept, Put},
};
use crate::{Company, CompanyChange, CompanyStore, StoreError, User};
use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use tsunagu_call::CompanyId;

impl Kept for Company {
    const WHAT: &'static str = "company";
    const COLLECTION: &'static str = "companies";
}

#[async_trait]
impl CompanyStore for MongoStore {
    async fn create_company(&self, company: Company) -> Result<(), StoreError> {
        match self.companies.enter(&company, Document::new()).await? {
            Put::Done => Ok(()),
            Put::Taken | Put::Moved => Err(StoreError::Duplicate { what: "company", field: "_id" }),
        }
    }

    /// The company comes first: one without anybody, which is what a crash in between leaves, is seen by nobody and stands in
    /// nobody's way, while a user without a company would keep their e-mail address for ever.
    async fn found_company(&self, company: Company, first: User) -> Result<(), StoreError> {
        let id = company.id;
        self.create_company(company).await?;
        let founded = self.add_user(first).await;
        // What could not be seen to have failed may be there: then the company stays.
        if let Err(StoreError::Duplicate { .. }) = &founded {
            self.companies.remove(doc! { "_id": form::id(id) }).await?;
        }
        founded
    }

    async fn company(&self, company: CompanyId) -> Result<Option<Company>, StoreError> {
        self.companies.one(doc! { "_id": form::id(company) }).await
    }

    async fn companies(&self, after: Option<CompanyId>, limit: u32) -> Result<Vec<Company>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let which = after.map_or_else(Document::new, |after| doc! { "_id": { "$gt": form::id(after) } });
        self.companies.all(which, doc! { "_id": 1 }, limit).await
    }

    async fn change_company(&self, id: CompanyId, change: CompanyChange) -> Result<Company, StoreError> {
        let changed = self.companies.change(doc! { "_id": form::id(id) }, "_id", |company| {
            company.change(change.clone());
            Ok(())
        });
        changed.await?.map(|(company, ())| company).ok_or(StoreError::NotFound { what: "company" })
    }
}
