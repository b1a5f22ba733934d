//! An invitation: somebody may join a company, with a role that an admin chose.

use super::{User, UserRole, normal_email};
use crate::StoreError;
use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{CompanyId, DocumentId, Time, UserId};

/// An invitation that stands: one that was accepted or revoked is gone. A company has one for an e-mail address at most.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// The invitation.
    #[serde(rename = "_id")]
    pub id: DocumentId,
    /// Which company is joined.
    pub company_id: CompanyId,
    /// Who is invited, in the form of [`crate::normal_email`].
    pub email: String,
    /// What they may do there.
    pub role: UserRole,
    /// A hash of the token that was given out, in a form of the caller's choice; never shown.
    pub hash: String,
    /// Which admin invites.
    pub invited_by: UserId,
    /// Since when.
    pub created_at: Time,
    /// From this moment on it is good for nothing.
    pub expires_at: Time,
}

impl Invitation {
    /// Whether it can be accepted at `now`.
    pub fn is_good(&self, now: Time) -> bool {
        now < self.expires_at
    }

    /// Refuses a user who is not the one who was invited.
    pub(crate) fn check(&self, user: &User) -> Result<(), StoreError> {
        let same = self.company_id == user.company_id
            && self.role == user.role
            && self.email == normal_email(&user.email);
        if same { Ok(()) } else { Err(StoreError::Invalid { reason: "somebody else was invited" }) }
    }
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation")
            .field("id", &self.id)
            .field("company_id", &self.company_id)
            .field("role", &self.role)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
