//! `GET /{user}`: one of the company's users.

use super::view::UserView;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::UserId;
use tsunagu_store::User;

/// One of the company's users.
#[utoipa::path(
    get, path = "/{user}", tag = "users",
    responses((status = 200, description = "The user", body = Success<UserView>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let found = find(&app, &who, *user).await?;
    Ok(envelope::success(StatusCode::OK, UserView::from(found)))
}

/// A user of the company of whoever asks.
pub(super) async fn find(app: &App, who: &SignedIn, user: UserId) -> Result<User, ApiError> {
    app.board.ports().store.user(who.company_id, user).await?.ok_or(ApiError::NotFound("user"))
}
