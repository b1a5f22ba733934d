//! `POST /{user}/password-reset`: a token with which the user sets a new password once, within a day. It is shown this one
//! time, for the admin to hand over; an older one is void.

use super::show;
use crate::{
    App,
    auth::{SignedIn, now, one_time},
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::{Time, UserId};
use tsunagu_store::PasswordReset;
use utoipa::ToSchema;

/// How long the token is good, in seconds.
const GOOD_SECS: u32 = 24 * 60 * 60;

/// What the admin hands over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Reset {
    user_id: UserId,
    token: String,
    expires_at: Time,
}

/// Let a user set a new password without the old one, once. The token is shown this one time.
#[utoipa::path(
    post, path = "/{user}/password-reset", tag = "users",
    responses(
        (status = 201, description = "What to hand over to the user", body = Success<Reset>),
        (status = 409, description = "`user_disabled`", body = Failure),
    ),
)]
pub(super) async fn reset(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let user = show::find(&app, &who, *user).await?;
    body.done()?;
    if user.disabled {
        let sentence = "this user is disabled; enable them first".into();
        return Err(ApiError::Conflict { code: "user_disabled", sentence });
    }
    let (token, hash) = one_time::mint();
    let expires_at = now().plus_secs(GOOD_SECS);
    let kept = PasswordReset { user_id: user.id, hash, made_by: who.user_id, expires_at };
    app.board.ports().store.put_password_reset(kept).await?;
    tracing::info!(by = %who.user_id, user = %user.id, "password reset allowed");
    Ok(envelope::success(StatusCode::CREATED, Reset { user_id: user.id, token, expires_at }))
}
