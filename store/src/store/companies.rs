//! Companies and their users.

use crate::{Company, CompanyChange, Page, Paging, StoreError, User, UserChange, UserFilter};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, UserId};

/// Companies.
#[async_trait]
pub trait CompanyStore {
    /// Keeps a new company.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when its id is taken.
    async fn create_company(&self, company: Company) -> Result<(), StoreError>;

    /// Keeps a new company and its first user, in one step.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] as of the company's id, or as [`UserStore::create_user`].
    async fn found_company(&self, company: Company, first: User) -> Result<(), StoreError>;

    /// A company.
    async fn company(&self, company: CompanyId) -> Result<Option<Company>, StoreError>;

    /// At most `limit` companies in the order of their ids, those behind `after`; for the machine.
    async fn companies(&self, after: Option<CompanyId>, limit: u32) -> Result<Vec<Company>, StoreError>;

    /// Changes a company, and gives it back as it is then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn change_company(&self, company: CompanyId, change: CompanyChange) -> Result<Company, StoreError>;
}

/// Users. Their e-mail addresses are kept and looked up in the form of [`crate::normal_email`].
#[async_trait]
pub trait UserStore {
    /// Keeps a new user.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the e-mail address (in any company) or the id is taken.
    async fn create_user(&self, user: User) -> Result<(), StoreError>;

    /// A user of the company.
    async fn user(&self, company: CompanyId, user: UserId) -> Result<Option<User>, StoreError>;

    /// A user, for sign-in.
    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError>;

    /// A user, for the machine.
    async fn find_user(&self, user: UserId) -> Result<Option<User>, StoreError>;

    /// The company's users, in the order of their ids.
    async fn users(&self, company: CompanyId) -> Result<Vec<User>, StoreError>;

    /// Replaces a user.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such user; [`StoreError::Duplicate`] when the new e-mail
    /// address is taken.
    async fn update_user(&self, user: User) -> Result<(), StoreError>;

    /// One page of the company's users, in the order of their ids.
    async fn list_users(
        &self,
        company: CompanyId,
        filter: UserFilter,
        paging: Paging,
    ) -> Result<Page<User>, StoreError>;

    /// Changes a user, and gives them as they are then. Whoever is disabled by it is signed out everywhere.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the company has no such user; [`StoreError::Duplicate`] when the new e-mail address
    /// is taken; [`StoreError::LastAdmin`] when nobody would be left who looks after the company's users, whoever else
    /// is being changed at the same time.
    async fn change_user(
        &self,
        company: CompanyId,
        user: UserId,
        change: UserChange,
    ) -> Result<User, StoreError>;

    /// Replaces the hash of a user's password, if it is `known`, and signs them out everywhere. Gives the user as they
    /// are then. A password reset that stands is void.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Changed`] when the hash is another one.
    async fn change_password(&self, user: UserId, known: &str, hash: String) -> Result<User, StoreError>;
}
