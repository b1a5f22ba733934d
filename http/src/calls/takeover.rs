//! `POST /{call}/takeover`: the supervisor who asks becomes the call's agent: by a hand-over where the AI has the customer,
//! in the agent's place where a human has.

use super::{find, settled::settled, telephone::Telephone};
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
use tsunagu_call::{CallId, CallRecord, Command, Input, Settlement, Status};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TakingOver {
    call_id: CallId,
    status: Status,
    call_sid: Option<String>,
}

/// Become the agent of a call.
#[utoipa::path(
    post, path = "/{call}/takeover", tag = "calls",
    responses(
        (status = 200, description = "They are being rung", body = Success<TakingOver>),
        (status = 409, description = "Why not, in one machine word", body = Failure),
        (status = 502, description = "The carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn take_over(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    body.done()?;
    find::head(&app, &who, *call).await?;
    // An agent is rung at the number of their settings alone.
    Telephone::of(&app, &who, None).await?;
    let profile = app.board.ports().store.agent(who.company_id, who.user_id).await?;
    let now = app.board.ports().clock.now();
    if profile.and_then(|profile| profile.status).is_some_and(|status| status.is_taken_from(*call, now)) {
        return Err(taken());
    }
    app.board.tell(*call, Input::TakeOver { by: who.user_id }).await?;

    let record = find::head(&app, &who, *call).await?;
    let call_sid = if record.status == Status::HumanConnected {
        from_agent(&app, &who, *call).await?
    } else {
        match app.board.await_agent(*call).await {
            // It is under way; the leg's name comes later.
            Err(error) if error.is_open() => {
                let taking_over = TakingOver { call_id: *call, status: record.status, call_sid: None };
                return Ok(envelope::success(StatusCode::OK, taking_over));
            }
            leg => leg?,
        }
    };
    let status = find::head(&app, &who, *call).await?.status;
    Ok(envelope::success(StatusCode::OK, TakingOver { call_id: *call, status, call_sid }))
}

/// The leg on which the supervisor is, or is rung.
async fn from_agent(app: &App, who: &SignedIn, call: CallId) -> Result<Option<String>, ApiError> {
    let claims =
        |command: &Command| matches!(command, Command::ClaimAgent { agent } if *agent == who.user_id);
    match settled(app, call, claims).await? {
        Settlement::NobodyFree { .. } => return Err(taken()),
        Settlement::Refused { .. } => return Err(ApiError::overloaded()),
        _ => {}
    }
    let Some(number) = theirs(&find::head(app, who, call).await?, who).map(|(number, _)| number) else {
        return Ok(None);
    };
    let dials =
        |command: &Command| matches!(command, Command::DialSupervisor { number: of, .. } if *of == number);
    if let Settlement::Refused { message, .. } = settled(app, call, dials).await? {
        return Err(ApiError::Carrier(message.into()));
    }
    Ok(theirs(&find::head(app, who, call).await?, who).and_then(|(_, call_sid)| call_sid))
}

/// The number of their last supervision, and the name of its leg.
fn theirs(record: &CallRecord, who: &SignedIn) -> Option<(u32, Option<String>)> {
    let last = record.supervision.iter().rfind(|one| one.user_id == who.user_id)?;
    Some((last.number, last.call_sid.clone()))
}

/// Another call has them.
fn taken() -> ApiError {
    let sentence = "another call has you, or is about to; end that one first".to_owned();
    ApiError::Conflict { code: "supervisor_busy", sentence }
}
