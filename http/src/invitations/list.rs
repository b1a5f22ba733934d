//! `GET /`: the company's invitations that stand, oldest first. What was accepted or revoked is gone; what has expired is
//! still shown for a while.

use super::view::InvitationView;
use crate::{
    App,
    auth::{SignedIn, now},
    envelope,
    envelope::Filters,
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::UserRole;

pub(super) async fn list(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    who.must_be(UserRole::Admin)?;
    filters.done()?;
    let (found, now) = (app.board.ports().store.invitations(who.company_id).await?, now());
    let shown: Vec<_> = found.into_iter().map(|invitation| InvitationView::of(invitation, now)).collect();
    Ok(envelope::list(&shown))
}
