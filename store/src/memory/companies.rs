//! Companies and users in memory.

use super::{Held, MemoryStore};
use crate::{Company, CompanyChange, CompanyStore, StoreError, User, UserStore, normal_email};
use async_trait::async_trait;
use std::collections::btree_map::Entry;
use tsunagu_call::{CompanyId, UserId};

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

#[async_trait]
impl UserStore for MemoryStore {
    async fn create_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        self.with(|held| {
            held.refuse_if_email_taken(&user)?;
            if held.users.contains_key(&user.id) {
                return Err(StoreError::Duplicate { what: "user", field: "_id" });
            }
            held.users.insert(user.id, user);
            Ok(())
        })
    }

    async fn user(&self, company: CompanyId, user: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.find_user(user).await?.filter(|found| found.company_id == company))
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let email = normal_email(email);
        self.with(|held| Ok(held.users.values().find(|user| user.email == email).cloned()))
    }

    async fn find_user(&self, user: UserId) -> Result<Option<User>, StoreError> {
        self.with(|held| Ok(held.users.get(&user).cloned()))
    }

    async fn users(&self, company: CompanyId) -> Result<Vec<User>, StoreError> {
        self.with(|held| Ok(held.users.values().filter(|user| user.company_id == company).cloned().collect()))
    }

    async fn update_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        self.with(|held| {
            held.refuse_if_email_taken(&user)?;
            let stored = held.users.get_mut(&user.id).filter(|stored| stored.company_id == user.company_id);
            *stored.ok_or(StoreError::NotFound { what: "user" })? = user;
            Ok(())
        })
    }
}

impl Held {
    fn refuse_if_email_taken(&self, user: &User) -> Result<(), StoreError> {
        match self.users.values().any(|other| other.email == user.email && other.id != user.id) {
            true => Err(StoreError::Duplicate { what: "user", field: "email" }),
            false => Ok(()),
        }
    }
}
