//! Invitations to join a company.

use crate::{Invitation, StoreError, User};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, DocumentId, Time};

/// Invitations to join a company.
#[async_trait]
pub trait InvitationStore {
    /// Keeps a new invitation in the place of an older one for the same e-mail address. A company's invitations that
    /// have expired at `now` are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when there is a user with the e-mail address; [`StoreError::TooMany`] when the company
    /// has `limit` others.
    async fn put_invitation(&self, invitation: Invitation, limit: usize, now: Time)
    -> Result<(), StoreError>;

    /// The company's invitations, in the order of their ids, those included that have expired and are not forgotten.
    async fn invitations(&self, company: CompanyId) -> Result<Vec<Invitation>, StoreError>;

    /// The invitation with this hash, if it is good at `now`; for somebody who has not signed in.
    async fn invitation_by_hash(&self, hash: &str, now: Time) -> Result<Option<Invitation>, StoreError>;

    /// Takes an invitation back; says whether there was one.
    async fn revoke_invitation(&self, company: CompanyId, id: DocumentId) -> Result<bool, StoreError>;

    /// Spends the invitation with this hash and keeps its new user, in one step. Of many who try at once, one succeeds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such invitation is good at `now`; [`StoreError::Invalid`] when the user is not
    /// the one who was invited, with the company, the role and the e-mail address of the invitation;
    /// [`StoreError::Duplicate`] as [`crate::UserStore::create_user`]. The invitation stands then.
    async fn accept_invitation(&self, hash: &str, user: User, now: Time) -> Result<(), StoreError>;
}
