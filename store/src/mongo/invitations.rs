//! Invitations in MongoDB. How many a company may have is carried by places: each takes one of `limit`, and a unique index lets
//! nobody have another's.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, contended},
};
use crate::{Invitation, InvitationStore, StoreError, User};
use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use std::collections::HashSet;
use tsunagu_call::{CompanyId, DocumentId, Time};

impl Kept for Invitation {
    const WHAT: &'static str = "invitation";
    const COLLECTION: &'static str = "invitations";
}

#[async_trait]
impl InvitationStore for MongoStore {
    async fn put_invitation(
        &self,
        invitation: Invitation,
        limit: usize,
        now: Time,
    ) -> Result<(), StoreError> {
        if self.users.count(doc! { "tsunagu.email": &invitation.email }, Some(1)).await? > 0 {
            return Err(StoreError::Duplicate { what: "user", field: "email" });
        }
        let company = form::id(invitation.company_id);
        let expired = doc! { "companyId": company.clone(), "expiresAt": { "$lte": form::time(now) } };
        self.invitations.remove_all(expired).await?;
        for _ in 0..100 {
            let all = self.invitations.all_seen(doc! { "companyId": company.clone() }, doc! { "_id": 1 }, 0);
            let all = all.await?;
            let taken: HashSet<i64> = all
                .iter()
                .filter(|other| other.value.email != invitation.email)
                .map(|other| form::number_at(&other.own, "place"))
                .collect();
            let places = i64::try_from(limit).unwrap_or(i64::MAX);
            let Some(place) = (0..places).find(|place| !taken.contains(place)) else {
                return Err(StoreError::TooMany { what: "invitation", limit });
            };
            for older in all.iter().filter(|other| other.value.email == invitation.email) {
                self.invitations.remove(doc! { "_id": form::id(older.value.id) }).await?;
            }
            if self.invitations.enter(&invitation, doc! { "place": place }).await? == Put::Done {
                return Ok(());
            }
            if self.invitations.count(doc! { "_id": form::id(invitation.id) }, Some(1)).await? > 0 {
                return Err(StoreError::Duplicate { what: "invitation", field: "_id" });
            }
        }
        Err(contended())
    }

    async fn invitations(&self, company: CompanyId) -> Result<Vec<Invitation>, StoreError> {
        self.invitations.all(doc! { "companyId": form::id(company) }, doc! { "_id": 1 }, 0).await
    }

    async fn invitation_by_hash(&self, hash: &str, now: Time) -> Result<Option<Invitation>, StoreError> {
        let found = self.invitations.one(doc! { "hash": hash }).await?;
        Ok(found.filter(|invitation| invitation.is_good(now)))
    }

    async fn revoke_invitation(&self, company: CompanyId, id: DocumentId) -> Result<bool, StoreError> {
        self.invitations.remove(doc! { "_id": form::id(id), "companyId": form::id(company) }).await
    }

    /// It is spent by being removed, which one of many does; then the user is entered. When that is refused it is put back. A
    /// crash in between leaves neither: somebody who was told nothing has to be invited again.
    async fn accept_invitation(&self, hash: &str, user: User, now: Time) -> Result<(), StoreError> {
        const VOID: StoreError = StoreError::NotFound { what: "invitation" };
        let seen = self.invitations.seen(doc! { "hash": hash }).await?.ok_or(VOID)?;
        let found = seen.value;
        if !found.is_good(now) {
            return Err(VOID);
        }
        found.check(&user)?;
        if !self.invitations.remove(doc! { "_id": form::id(found.id), "hash": hash }).await? {
            return Err(VOID);
        }
        let added = self.add_user(user).await;
        if let Err(StoreError::Duplicate { .. }) = &added {
            let place: Document = seen.own.into_iter().filter(|(key, _)| key == "place").collect();
            self.invitations.enter(&found, place).await?;
        }
        added
    }
}
