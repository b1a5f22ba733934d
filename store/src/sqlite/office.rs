//! Companies and users for a person at the machine, also while a server has the file open.
//!
//! Two processes may write to one SQLite file in turn; what a server remembers of it concerns calls and their journals, and
//! those are out of reach here. Each change is a short transaction of its own, for which a server's writer waits.

use super::{
    companies,
    failure::{Failure, named},
    file::Folder,
    users,
};
use crate::{Company, StoreError, User, UserChange, normal_email};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use tsunagu_call::{CompanyId, UserId};

/// How many companies are read at once.
const COMPANIES: u32 = 100;

/// Companies and users in a folder that a server may be using. Every method blocks.
pub struct SqliteOffice {
    connection: Connection,
    /// Where no server runs it is kept from starting meanwhile.
    _folder: Option<Folder>,
}

impl SqliteOffice {
    /// Opens the file in this folder; where nobody else has it, it is made if need be, and its schema brought up to date.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`]; [`StoreError::Invalid`] when a server of an older version has it;
    /// [`StoreError::Open`]; [`StoreError::Corrupt`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, StoreError> {
        match Folder::claim(dir.as_ref()) {
            Ok(folder) => Ok(Self { connection: folder.writer()?, _folder: Some(folder) }),
            Err(StoreError::InUse { path }) => Ok(Self { connection: Folder::guest(&path)?, _folder: None }),
            Err(error) => Err(error),
        }
    }

    /// All companies, in the order of their ids.
    ///
    /// # Errors
    /// As of [`crate::CompanyStore::companies`].
    pub fn companies(&self) -> Result<Vec<Company>, StoreError> {
        let mut all: Vec<Company> = Vec::new();
        loop {
            let page = companies::behind(&self.connection, all.last().map(|last| last.id), COMPANIES)?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// The company's users, in the order of their ids.
    ///
    /// # Errors
    /// As of [`crate::UserStore::users`].
    pub fn users(&self, company: CompanyId) -> Result<Vec<User>, StoreError> {
        Ok(users::of_company(&self.connection, company)?)
    }

    /// A user.
    ///
    /// # Errors
    /// As of [`crate::UserStore::user_by_email`].
    pub fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        Ok(users::by_email(&self.connection, &normal_email(email))?)
    }

    /// Keeps a new user.
    ///
    /// # Errors
    /// As of [`crate::UserStore::create_user`].
    pub fn create_user(&mut self, user: &User) -> Result<(), StoreError> {
        self.write(|connection| users::create_user(connection, user))
    }

    /// Keeps a new company and its first user.
    ///
    /// # Errors
    /// As of [`crate::CompanyStore::found_company`].
    pub fn found_company(&mut self, company: &Company, first: &User) -> Result<(), StoreError> {
        self.write(|connection| companies::found(connection, company, first))
    }

    /// Changes a user.
    ///
    /// # Errors
    /// As of [`crate::UserStore::change_user`].
    pub fn change_user(
        &mut self,
        company: CompanyId,
        user: UserId,
        change: UserChange,
    ) -> Result<User, StoreError> {
        self.write(|connection| users::change_user(connection, company, user, change))
    }

    /// Replaces a user's password.
    ///
    /// # Errors
    /// As of [`crate::UserStore::change_password`].
    pub fn change_password(&mut self, user: &User, hash: &str) -> Result<User, StoreError> {
        self.write(|connection| {
            users::change_password(connection, user.id, &user.password_hash, hash.to_owned())
        })
    }

    fn write<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = transaction.map_err(named)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(named)?;
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CallStore, Spending, SqliteConfig, SqliteStore, TokenStore, UserRole, UserStore,
        conformance::fixture::{self, NOW, OURS, adding, company, id, user},
    };
    use std::sync::Arc;

    fn admin(number: u32) -> User {
        User { role: UserRole::Admin, ..user(number, OURS) }
    }

    #[test]
    fn without_a_server_it_makes_the_file_and_keeps_others_out() {
        let dir = tempfile::tempdir().unwrap();
        let mut office = SqliteOffice::open(dir.path()).unwrap();
        office.found_company(&company(OURS), &admin(1)).unwrap();
        let refused = SqliteStore::open(&SqliteConfig::new(dir.path())).err().unwrap();
        assert!(matches!(refused, StoreError::InUse { .. }), "{refused:?}");
        drop(office);
        let office = SqliteOffice::open(dir.path()).unwrap();
        assert_eq!(office.companies().unwrap(), [company(OURS)]);
        assert_eq!(office.users(OURS).unwrap(), [admin(1)]);
    }

    #[tokio::test]
    async fn beside_a_server_both_write_and_see_what_the_other_wrote() {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap());
        let shared: fixture::Shared = store.clone();
        fixture::open(&shared, 1, 7).await;
        let path = dir.path().to_owned();
        let at_the_desk = tokio::task::spawn_blocking(move || {
            let mut office = SqliteOffice::open(path).unwrap();
            office.found_company(&company(OURS), &admin(1)).unwrap();
            for number in 2..100 {
                office.create_user(&user(number, OURS)).unwrap();
            }
            let taken = office.create_user(&User { id: id(100), ..user(1, OURS) });
            assert!(matches!(taken, Err(StoreError::Duplicate { field: "email", .. })), "{taken:?}");
        });
        for seq in 3..300 {
            store.commit(adding(1, seq, seq)).await.unwrap();
        }
        at_the_desk.await.unwrap();
        assert_eq!(store.users(OURS).await.unwrap().len(), 99);
        assert_eq!(store.journal(id(1), 0, 999).await.unwrap(), fixture::entries(1, 299));
    }

    #[tokio::test]
    async fn who_is_disabled_at_the_machine_is_signed_out_of_the_server() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
        store.create_user(admin(1)).await.unwrap();
        store.create_user(user(2, OURS)).await.unwrap();
        let token = crate::RefreshToken {
            hash: "a".into(),
            user_id: id(2),
            family: id(2),
            epoch: 0,
            expires_at: NOW.plus_secs(60),
            spent: false,
            spent_at: None,
            spent_for: None,
            revoked: false,
        };
        assert!(store.put_refresh_token(token).await.unwrap());
        let disabling = || UserChange { disabled: Some(true), ..UserChange::default() };
        let mut office = SqliteOffice::open(dir.path()).unwrap();
        let admin = office.change_password(&admin(1), "new").unwrap();
        assert_eq!(store.find_user(id(1)).await.unwrap(), Some(admin));
        let user = office.user_by_email("USER2@example.jp").unwrap().unwrap();
        assert!(office.change_user(OURS, user.id, disabling()).unwrap().disabled);
        let last = office.change_user(OURS, id(1), disabling());
        assert!(matches!(last, Err(StoreError::LastAdmin)), "{last:?}");
        assert!(store.find_user(id(2)).await.unwrap().unwrap().disabled);
        assert_eq!(store.spend_refresh_token("a", None, NOW).await.unwrap(), Spending::Void);
    }

    #[test]
    fn a_file_of_another_version_is_left_alone_while_a_server_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let _store = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
        let file = dir.path().join(super::super::file::FILE);
        for (version, newer) in [(99, true), (1, false)] {
            let connection = Connection::open(&file).unwrap();
            connection.pragma_update(None, "user_version", version).unwrap();
            drop(connection);
            let error = SqliteOffice::open(dir.path()).err().unwrap();
            assert_eq!(matches!(error, StoreError::NewerSchema { .. }), newer, "{error:?}");
            assert_eq!(matches!(error, StoreError::Invalid { .. }), !newer, "{error:?}");
        }
    }
}
