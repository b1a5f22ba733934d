//! `GET /{user}` and `PUT /{user}/status`: one of the team, for supervisors.

use super::{
    shown::ShownMember,
    status::{ChangeStatus, ShownStatus},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Filters, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::UserId;

/// One of the team.
#[utoipa::path(
    get, path = "/{user}", tag = "agents",
    responses((status = 200, description = "With their load at this moment", body = Success<ShownMember>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let found = app.board.ports().store.agent(who.company_id, *user).await?;
    let agent = found.ok_or(ApiError::NotFound("user"))?;
    Ok(envelope::success(StatusCode::OK, ShownMember::from(agent)))
}

/// Say what somebody is doing, and whether they take hand-overs.
#[utoipa::path(
    put, path = "/{user}/status", tag = "agents", request_body = ChangeStatus,
    responses((status = 200, description = "As it is now", body = Success<ShownStatus>)),
)]
pub(super) async fn status(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let change = ChangeStatus::read(body)?;
    let shown = change.carry_out(&app, &who, *user).await?;
    Ok(envelope::success(StatusCode::OK, shown))
}
