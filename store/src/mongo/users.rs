//! Users in MongoDB. A password reset stands in its user's document, so that it is spent by the write that sets the password.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, Seen, contended},
};
use crate::{Page, Paging, PasswordReset, StoreError, User, UserChange, UserFilter, UserStore, normal_email};
use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc};
use tsunagu_call::{CompanyId, Time, UserId};

pub(super) const NO_USER: StoreError = StoreError::NotFound { what: "user" };
const NO_RESET: StoreError = StoreError::NotFound { what: "password reset" };

impl Kept for User {
    const WHAT: &'static str = "user";
    const COLLECTION: &'static str = "users";
    const RENAMED: &'static [(&'static str, &'static str)] = &[("password", "passwordHash")];

    fn own(&self) -> Document {
        doc! { "email": normal_email(&self.email) }
    }
}

#[async_trait]
impl UserStore for MongoStore {
    async fn create_user(&self, user: User) -> Result<(), StoreError> {
        self.add_user(user).await
    }

    async fn user(&self, company: CompanyId, user: UserId) -> Result<Option<User>, StoreError> {
        self.users.one(member(company, user)).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        self.users.one(doc! { "tsunagu.email": normal_email(email) }).await
    }

    async fn find_user(&self, user: UserId) -> Result<Option<User>, StoreError> {
        self.users.one(doc! { "_id": form::id(user) }).await
    }

    async fn users(&self, company: CompanyId) -> Result<Vec<User>, StoreError> {
        self.users.all(doc! { "companyId": form::id(company) }, doc! { "_id": 1 }, 0).await
    }

    async fn update_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        let updated = self.users.change(member(user.company_id, user.id), "email", |stored| {
            stored.clone_from(&user);
            Ok(())
        });
        updated.await?.map(|_| ()).ok_or(NO_USER)
    }

    async fn list_users(
        &self,
        company: CompanyId,
        filter: UserFilter,
        paging: Paging,
    ) -> Result<Page<User>, StoreError> {
        let mut which = doc! { "companyId": form::id(company) };
        if let Some(role) = filter.role {
            // Older documents say `user`, or nothing.
            which.insert(
                "role",
                match role {
                    crate::UserRole::Agent => doc! { "$in": ["agent", "user", Bson::Null] }.into(),
                    role => Bson::from(role.as_str()),
                },
            );
        }
        if let Some(disabled) = filter.disabled {
            which.insert("disabled", if disabled { Bson::from(true) } else { doc! { "$ne": true }.into() });
        }
        self.users.page(which, doc! { "_id": 1 }, paging).await
    }

    async fn change_user(
        &self,
        company: CompanyId,
        user: UserId,
        change: UserChange,
    ) -> Result<User, StoreError> {
        let (before, after) = loop {
            let seen = self.member_seen(company, user).await?;
            let after = change.clone().apply(seen.value.clone());
            if seen.value.is_acting_admin() && !after.is_acting_admin() {
                break self.step_down(company, user, &change).await?;
            }
            match self.users.replace(&seen, &after, Document::new()).await? {
                Put::Done => break (seen.value, after),
                Put::Taken => return Err(StoreError::Duplicate { what: "user", field: "email" }),
                Put::Moved => {}
            }
        };
        if after.session_epoch != before.session_epoch {
            self.revoke(doc! { "userId": form::id(user) }).await?;
        }
        if after.disabled && !before.disabled {
            self.touch_status(user).await?;
        }
        Ok(after)
    }

    async fn change_password(&self, user: UserId, known: &str, hash: String) -> Result<User, StoreError> {
        let which = doc! { "_id": form::id(user) };
        let set = self.set_password(which, &hash, |user, _| match user.password_hash == known {
            true => Ok(()),
            false => Err(StoreError::Changed { what: "user" }),
        });
        set.await?.ok_or(NO_USER)
    }
}

impl MongoStore {
    pub(super) async fn member_seen(
        &self,
        company: CompanyId,
        user: UserId,
    ) -> Result<Seen<User>, StoreError> {
        self.users.seen(member(company, user)).await?.ok_or(NO_USER)
    }

    /// Keeps a new user.
    pub(super) async fn add_user(&self, mut user: User) -> Result<(), StoreError> {
        user.email = normal_email(&user.email);
        if self.users.enter(&user, Document::new()).await? == Put::Done {
            return Ok(());
        }
        let same_email = self.users.count(doc! { "tsunagu.email": &user.email }, Some(1)).await? > 0;
        Err(StoreError::Duplicate { what: "user", field: if same_email { "email" } else { "_id" } })
    }

    /// Keeps a password reset in the place of an older one.
    pub(super) async fn keep_reset(&self, reset: PasswordReset) -> Result<(), StoreError> {
        let kept = form::document("password reset", &reset)?;
        loop {
            let which = doc! { "_id": form::id(reset.user_id) };
            let seen = self.users.seen(which).await?.ok_or(NO_USER)?;
            match self.users.replace(&seen, &seen.value, doc! { "reset": kept.clone() }).await? {
                Put::Done => return Ok(()),
                Put::Taken => return Err(StoreError::Duplicate { what: "password reset", field: "hash" }),
                Put::Moved => {}
            }
        }
    }

    /// The password reset with this hash, if it is good.
    pub(super) async fn reset(&self, hash: &str, now: Time) -> Result<Option<PasswordReset>, StoreError> {
        let seen = self.users.seen(doc! { "tsunagu.reset.hash": hash }).await?;
        let Some(seen) = seen else { return Ok(None) };
        Ok(reset_of(&seen.own)?.filter(|reset| reset.hash == hash && reset.is_good(now)))
    }

    /// Spends a password reset.
    pub(super) async fn spend_reset(
        &self,
        hash: &str,
        password_hash: &str,
        now: Time,
    ) -> Result<User, StoreError> {
        let set = self.set_password(doc! { "tsunagu.reset.hash": hash }, password_hash, |user, own| {
            let good = reset_of(own)?.is_some_and(|reset| reset.hash == hash && reset.is_good(now));
            if good && !user.disabled { Ok(()) } else { Err(NO_RESET) }
        });
        set.await?.ok_or(NO_RESET)
    }

    /// Gives a user a new password, if they are as wanted, and signs them out everywhere. A reset that stands is void.
    async fn set_password(
        &self,
        which: Document,
        hash: &str,
        check: impl Fn(&User, &Document) -> Result<(), StoreError>,
    ) -> Result<Option<User>, StoreError> {
        for _ in 0..100 {
            let Some(seen) = self.users.seen(which.clone()).await? else { return Ok(None) };
            check(&seen.value, &seen.own)?;
            let mut user = seen.value.clone();
            hash.clone_into(&mut user.password_hash);
            user.sign_out();
            if self.users.replace(&seen, &user, doc! { "reset": Bson::Null }).await? == Put::Done {
                self.revoke(doc! { "userId": form::id(user.id) }).await?;
                return Ok(Some(user));
            }
        }
        Err(contended())
    }
}

fn member(company: CompanyId, user: UserId) -> Document {
    doc! { "_id": form::id(user), "companyId": form::id(company) }
}

pub(super) fn reset_of(own: &Document) -> Result<Option<PasswordReset>, StoreError> {
    own.get_document("reset").ok().map(|reset| form::value("password reset", reset.clone())).transpose()
}
