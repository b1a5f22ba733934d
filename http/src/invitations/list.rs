//! `GET /`: the company's invitations that stand, oldest first. What was accepted or revoked is gone; what has expired is
//! still shown for a while.

use super::view::InvitationView;
use crate::{
    App,
    auth::{SignedIn, now},
    envelope::{self, Filters, Listed},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};

/// The company's invitations that stand.
#[utoipa::path(
    get, path = "", tag = "invitations",
    responses((status = 200, description = "All of them", body = Listed<Vec<InvitationView>>)),
)]
pub(super) async fn list(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let (found, now) = (app.board.ports().store.invitations(who.company_id).await?, now());
    let shown: Vec<_> = found.into_iter().map(|invitation| InvitationView::of(invitation, now)).collect();
    Ok(envelope::list(&shown))
}
