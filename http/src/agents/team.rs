//! `GET /`: the whole team with what each is doing and how many calls are theirs, for supervisors.

use super::shown::ShownMember;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Listed},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};

/// The team, with its load at this moment.
#[utoipa::path(
    get, path = "", tag = "agents",
    responses((status = 200, description = "Everybody of the company", body = Listed<Vec<ShownMember>>)),
)]
pub(super) async fn team(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let team = app.board.ports().store.team(who.company_id).await?;
    let shown: Vec<ShownMember> = team.into_iter().map(Into::into).collect();
    Ok(envelope::list(&shown))
}
