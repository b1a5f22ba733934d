//! Invitations in memory.

use super::MemoryStore;
use crate::{Invitation, InvitationStore, StoreError, User};
use async_trait::async_trait;
use tsunagu_call::{CompanyId, DocumentId, Time};

#[async_trait]
impl InvitationStore for MemoryStore {
    async fn put_invitation(
        &self,
        invitation: Invitation,
        limit: usize,
        now: Time,
    ) -> Result<(), StoreError> {
        self.with(|held| {
            if held.users.values().any(|user| user.email == invitation.email) {
                return Err(StoreError::Duplicate { what: "user", field: "email" });
            }
            let company = invitation.company_id;
            let stays = |other: &Invitation| {
                other.company_id != company || (other.email != invitation.email && other.is_good(now))
            };
            let others = held.invitations.values().filter(|other| other.company_id == company);
            if others.filter(|other| stays(other)).count() >= limit {
                return Err(StoreError::TooMany { what: "invitation", limit });
            }
            held.invitations.retain(|_, other| stays(other));
            held.invitations.insert(invitation.id, invitation);
            Ok(())
        })
    }

    async fn invitations(&self, company: CompanyId) -> Result<Vec<Invitation>, StoreError> {
        self.with(|held| {
            let theirs = held.invitations.values().filter(|invitation| invitation.company_id == company);
            Ok(theirs.cloned().collect())
        })
    }

    async fn invitation_by_hash(&self, hash: &str, now: Time) -> Result<Option<Invitation>, StoreError> {
        self.with(|held| {
            let mut good = held.invitations.values().filter(|invitation| invitation.is_good(now));
            Ok(good.find(|invitation| invitation.hash == hash).cloned())
        })
    }

    async fn revoke_invitation(&self, company: CompanyId, id: DocumentId) -> Result<bool, StoreError> {
        self.with(|held| {
            let theirs = held.invitations.get(&id).is_some_and(|found| found.company_id == company);
            Ok(theirs && held.invitations.remove(&id).is_some())
        })
    }

    async fn accept_invitation(&self, hash: &str, user: User, now: Time) -> Result<(), StoreError> {
        self.with(|held| {
            let mut good = held.invitations.values().filter(|invitation| invitation.is_good(now));
            let found = good.find(|invitation| invitation.hash == hash);
            let found = found.ok_or(StoreError::NotFound { what: "invitation" })?;
            found.check(&user)?;
            let id = found.id;
            held.add_user(user)?;
            held.invitations.remove(&id);
            Ok(())
        })
    }
}
