//! `PATCH /{call}/participants/{leg}`: mutes somebody in the conference or puts them on hold, or the contrary.
//! `DELETE /{call}/participants/{leg}`: takes somebody out of it.
//!
//! The agent who has the customer may do the former to the customer; a supervisor both to anybody. The customer is taken out
//! of a call by its end alone.

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
use tsunagu_store::UserRole;
use utoipa::ToSchema;

/// What to change; at least one of both.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct ChangeParticipant {
    muted: Option<bool>,
    on_hold: Option<bool>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Changed {
    call_id: CallId,
    call_sid: String,
    muted: bool,
    on_hold: bool,
}

/// Mute somebody in the conference or put them on hold, or the contrary.
#[utoipa::path(
    patch, path = "/{call}/participants/{leg}", tag = "calls",
    params(("leg" = String, Path, pattern = "^[A-Za-z0-9]{2,64}$", description = "The carrier's name of a leg (`callSid`)")),
    request_body = ChangeParticipant,
    responses(
        (status = 200, description = "As they are now", body = Success<Changed>),
        (status = 409, description = "Why not, in one machine word", body = Failure),
        (status = 502, description = "The carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    path: Path<(CallId, String)>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let ChangeParticipant { muted, on_hold: held } =
        ChangeParticipant { muted: body.optional_flag("muted"), on_hold: body.optional_flag("onHold") };
    body.done()?;

    let (call, leg) = path.into_inner();
    let record = find::on_the_line(&app, &who, call).await?;
    if !who.is_at_least(UserRole::Supervisor) && record.twilio_call_sid.as_deref() != Some(leg.as_str()) {
        return Err(ApiError::Forbidden);
    }
    if muted.is_none() && held.is_none() {
        return Err(ApiError::invalid("", "say what is to change: muted, onHold or both"));
    }
    app.board
        .tell(call, Input::SetParticipant { by: who.user_id, call_sid: leg.clone(), muted, held })
        .await?;
    let this =
        |command: &Command| matches!(command, Command::SetParticipant { call_sid, .. } if *call_sid == leg);
    done(settled(&app, call, this).await?, || ApiError::NotFound("participant"))?;

    let record = find::head(&app, &who, call).await?;
    let party = record.participants.iter().rfind(|party| party.call_sid.as_deref() == Some(leg.as_str()));
    // The carrier has done it; its report may be on the way still.
    let changed = Changed {
        call_id: call,
        muted: muted.unwrap_or_else(|| party.is_some_and(|party| party.muted)),
        on_hold: held.unwrap_or_else(|| party.is_some_and(|party| party.on_hold)),
        call_sid: leg,
    };
    Ok(envelope::success(StatusCode::OK, changed))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Removed {
    call_id: CallId,
    call_sid: String,
}

/// Take somebody out of the conference.
#[utoipa::path(
    delete, path = "/{call}/participants/{leg}", tag = "calls",
    params(("leg" = String, Path, pattern = "^[A-Za-z0-9]{2,64}$", description = "The carrier's name of a leg (`callSid`)")),
    responses(
        (status = 200, description = "They are out of it", body = Success<Removed>),
        (status = 409, description = "Why not, in one machine word", body = Failure),
        (status = 502, description = "The carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn remove(
    app: Data<App>,
    who: SignedIn,
    path: Path<(CallId, String)>,
) -> Result<HttpResponse, ApiError> {
    let (call, leg) = path.into_inner();
    find::head(&app, &who, call).await?;
    app.board.tell(call, Input::RemoveParticipant { by: who.user_id, call_sid: leg.clone() }).await?;
    let this = |command: &Command| match command {
        Command::RemoveParticipant { call_sid, .. } | Command::HangUp { call_sid, .. } => *call_sid == leg,
        _ => false,
    };
    done(settled(&app, call, this).await?, || ApiError::NotFound("participant"))?;
    Ok(envelope::success(StatusCode::OK, Removed { call_id: call, call_sid: leg }))
}
