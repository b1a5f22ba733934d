//! The sign-up of somebody who was invited: they join the company of the invitation, with its role.

use super::{now, one_time};
use crate::{App, envelope::Body, error::ApiError};
use tsunagu_store::{Company, Invitation, StoreError, User};

/// An invitation that is good, and the company that is joined.
pub(super) struct Invited {
    pub invitation: Invitation,
    pub company: Company,
}

impl Invited {
    /// What the body's `invitation` stands for; `None` where there is none, or where it is refused.
    pub(super) async fn read(app: &App, body: &mut Body) -> Result<Option<Self>, ApiError> {
        const FIELD: &str = "invitation";
        let Some(token) = body.optional_text(FIELD, one_time::LONGEST) else { return Ok(None) };
        let store = &app.board.ports().store;
        let Some(invitation) = store.invitation_by_hash(&one_time::hash(&token), now()).await? else {
            body.refuse(FIELD, VOID);
            return Ok(None);
        };
        let company = store.company(invitation.company_id).await?;
        let company = company.ok_or(ApiError::Internal("an invitation without a company"))?;
        Ok(Some(Self { invitation, company }))
    }

    /// Keeps the new user, who must be the one that was invited.
    pub(super) async fn accept(&self, app: &App, user: User) -> Result<(), ApiError> {
        match app.board.ports().store.accept_invitation(&self.invitation.hash, user, now()).await {
            // Somebody was quicker, or it was revoked.
            Err(StoreError::NotFound { .. }) => Err(ApiError::invalid("invitation", VOID)),
            result => Ok(result?),
        }
    }
}

const VOID: &str = "is no longer good; ask an admin of the company for a new one";
