//! An invitation as admins see it.

use serde::Serialize;
use tsunagu_call::{DocumentId, Time, UserId};
use tsunagu_store::{Invitation, UserRole};
use utoipa::ToSchema;

/// An invitation that stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvitationView {
    #[serde(rename = "_id")]
    id: DocumentId,
    email: String,
    role: UserRole,
    invited_by: UserId,
    created_at: Time,
    expires_at: Time,
    /// It can be accepted no more.
    expired: bool,
}

impl InvitationView {
    pub(super) fn of(invitation: Invitation, now: Time) -> Self {
        Self {
            expired: !invitation.is_good(now),
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            invited_by: invitation.invited_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }
}
