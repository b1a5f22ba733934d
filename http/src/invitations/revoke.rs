//! `DELETE /{invitation}`: takes an invitation back; its token is good no more.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::DocumentId;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
struct Revoked {
    #[serde(rename = "_id")]
    id: DocumentId,
    revoked: bool,
}

/// Take an invitation back.
#[utoipa::path(
    delete, path = "/{invitation}", tag = "invitations",
    responses((status = 200, description = "Its token is good no more", body = Success<Revoked>)),
)]
pub(super) async fn revoke(
    app: Data<App>,
    who: SignedIn,
    invitation: Path<DocumentId>,
) -> Result<HttpResponse, ApiError> {
    let id = *invitation;
    if !app.board.ports().store.revoke_invitation(who.company_id, id).await? {
        return Err(ApiError::NotFound("invitation"));
    }
    tracing::info!(by = %who.user_id, invitation = %id, "invitation revoked");
    Ok(envelope::success(StatusCode::OK, Revoked { id, revoked: true }))
}
