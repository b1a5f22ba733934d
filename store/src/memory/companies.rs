//! Companies in memory.

use super::MemoryStore;
use crate::{Company, CompanyChange, CompanyStore, StoreError, User};
use async_trait::async_trait;
use std::collections::btree_map::Entry;
use tsunagu_call::CompanyId;

#[async_trait]
impl CompanyStore for MemoryStore {
    async fn create_company(&self, company: Company) -> Result<(), StoreError> {
        self.with(|held| match held.companies.entry(company.id) {
            Entry::Occupied(_) => Err(StoreError::Duplicate { what: "company", field: "_id" }),
            Entry::Vacant(place) => {
                place.insert(company);
                Ok(())
            }
        })
    }

    async fn found_company(&self, company: Company, first: User) -> Result<(), StoreError> {
        self.with(|held| match held.companies.contains_key(&company.id) {
            true => Err(StoreError::Duplicate { what: "company", field: "_id" }),
            false => {
                held.add_user(first)?;
                held.companies.insert(company.id, company);
                Ok(())
            }
        })
    }

    async fn company(&self, company: CompanyId) -> Result<Option<Company>, StoreError> {
        self.with(|held| Ok(held.companies.get(&company).cloned()))
    }

    async fn companies(&self, after: Option<CompanyId>, limit: u32) -> Result<Vec<Company>, StoreError> {
        self.with(|held| {
            let behind =
                held.companies.values().filter(|company| after.is_none_or(|after| company.id > after));
            Ok(behind.take(limit as usize).cloned().collect())
        })
    }

    async fn change_company(&self, id: CompanyId, change: CompanyChange) -> Result<Company, StoreError> {
        self.with(|held| {
            let company = held.companies.get_mut(&id).ok_or(StoreError::NotFound { what: "company" })?;
            company.change(change);
            Ok(company.clone())
        })
    }
}
