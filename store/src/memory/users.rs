//! Users in memory.

use super::{Held, MemoryStore, fits, page};
use crate::{Page, Paging, StoreError, User, UserChange, UserFilter, UserStore, normal_email};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, UserId};

const NO_USER: StoreError = StoreError::NotFound { what: "user" };

#[async_trait]
impl UserStore for MemoryStore {
    async fn create_user(&self, user: User) -> Result<(), StoreError> {
        self.with(|held| held.add_user(user))
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
            *stored.ok_or(NO_USER)? = user;
            Ok(())
        })
    }

    async fn list_users(
        &self,
        company: CompanyId,
        filter: UserFilter,
        paging: Paging,
    ) -> Result<Page<User>, StoreError> {
        self.with(|held| {
            let of = |user: &&User| {
                user.company_id == company
                    && fits(&filter.role, Some(&user.role))
                    && fits(&filter.disabled, Some(&user.disabled))
            };
            Ok(page(held.users.values().filter(of).collect(), paging))
        })
    }

    async fn change_user(
        &self,
        company: CompanyId,
        user: UserId,
        change: UserChange,
    ) -> Result<User, StoreError> {
        self.with(|held| {
            let before = held.users.get(&user).filter(|user| user.company_id == company).cloned();
            let before = before.ok_or(NO_USER)?;
            let after = change.apply(before.clone());
            held.refuse_if_email_taken(&after)?;
            let another =
                |other: &User| other.company_id == company && other.id != user && other.is_acting_admin();
            if before.is_acting_admin() && !after.is_acting_admin() && !held.users.values().any(another) {
                return Err(StoreError::LastAdmin);
            }
            if after.session_epoch != before.session_epoch {
                held.sign_out(user);
            }
            held.users.insert(user, after.clone());
            Ok(after)
        })
    }

    async fn change_password(&self, user: UserId, known: &str, hash: String) -> Result<User, StoreError> {
        self.with(|held| {
            let stored = held.users.get_mut(&user).ok_or(NO_USER)?;
            if stored.password_hash != known {
                return Err(StoreError::Changed { what: "user" });
            }
            held.set_password(user, hash).ok_or(NO_USER)
        })
    }
}

impl Held {
    /// Keeps a new user.
    pub(super) fn add_user(&mut self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        self.refuse_if_email_taken(&user)?;
        if self.users.contains_key(&user.id) {
            return Err(StoreError::Duplicate { what: "user", field: "_id" });
        }
        self.users.insert(user.id, user);
        Ok(())
    }

    /// Gives a user a new password, and signs them out everywhere.
    pub(super) fn set_password(&mut self, user: UserId, hash: String) -> Option<User> {
        let stored = self.users.get_mut(&user)?;
        stored.password_hash = hash;
        stored.sign_out();
        let after = stored.clone();
        self.resets.remove(&user);
        self.sign_out(user);
        Some(after)
    }

    fn sign_out(&mut self, user: UserId) {
        let theirs = self.tokens.values_mut().filter(|token| token.user_id == user);
        theirs.for_each(|token| token.revoked = true);
    }

    pub(super) fn refuse_if_email_taken(&self, user: &User) -> Result<(), StoreError> {
        match self.users.values().any(|other| other.email == user.email && other.id != user.id) {
            true => Err(StoreError::Duplicate { what: "user", field: "email" }),
            false => Ok(()),
        }
    }
}
