//! `POST /{call}/recording/pause` and `/resume`: whoever is on the call lets the recording wait while something is said
//! that must not be kept, such as the number of a card.
//!
//! The answer tells what the carrier did: it comes when that is known.

use super::{
    find,
    settled::{done, settled},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::{CallId, Command, Input};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Steered {
    call_id: CallId,
    recording_status: &'static str,
}

/// Let the recording wait.
#[utoipa::path(
    post, path = "/{call}/recording/pause", tag = "calls",
    responses(
        (status = 200, description = "What the carrier did", body = Success<Steered>),
        (status = 409, description = "`not_recorded`, `recording_busy` or `call_over`", body = Failure),
        (status = 502, description = "The carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn pause(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    body.done()?;
    steer(&app, &who, *call, true).await
}

/// Let the recording go on.
#[utoipa::path(
    post, path = "/{call}/recording/resume", tag = "calls",
    responses(
        (status = 200, description = "What the carrier did", body = Success<Steered>),
        (status = 409, description = "`not_recorded`, `recording_busy` or `call_over`", body = Failure),
        (status = 502, description = "The carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn resume(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    body.done()?;
    steer(&app, &who, *call, false).await
}

async fn steer(app: &App, who: &SignedIn, call: CallId, paused: bool) -> Result<HttpResponse, ApiError> {
    find::on_the_line(app, who, call).await?;
    app.board.tell(call, Input::SteerRecording { by: who.user_id, paused }).await?;
    let this =
        |command: &Command| matches!(command, Command::SteerRecording { paused: of, .. } if *of == paused);
    done(settled(app, call, this).await?, || {
        let sentence = "the carrier is not recording this call at this moment".to_owned();
        ApiError::Conflict { code: "not_recorded", sentence }
    })?;
    let recording_status = if paused { "paused" } else { "in-progress" };
    Ok(envelope::success(StatusCode::OK, Steered { call_id: call, recording_status }))
}
