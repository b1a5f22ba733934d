//! `POST /{call}/supervise`: brings the supervisor who asks onto the line, or lets them take part in another way without
//! ringing again. `DELETE /{call}/supervise`: they leave.

use super::{
    find,
    settled::{done, settled},
    telephone::Telephone,
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
use tsunagu_call::{CallId, CallRecord, Command, Input, Refusal, SupervisionMode, SupervisionRecord, UserId};
use utoipa::ToSchema;

/// How to come onto the line.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct Supervise {
    mode: SupervisionMode,
    /// The telephone to ring; by default the one of their settings.
    #[schema(max_length = 40, format = "phone")]
    phone_number: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Supervising {
    call_id: CallId,
    mode: SupervisionMode,
    call_sid: Option<String>,
    status: &'static str,
}

/// Come onto the line by telephone, or take part in another way without being rung again.
#[utoipa::path(
    post, path = "/{call}/supervise", tag = "calls", request_body = Supervise,
    responses(
        (status = 200, description = "How they take part", body = Success<Supervising>),
        (status = 409, description = "Why not, in one machine word", body = Failure),
        (status = 502, description = "The carrier could not do it", body = Failure),
    ),
)]
pub(super) async fn supervise(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let asked = Supervise {
        mode: body.word("mode", &SupervisionMode::ALL, SupervisionMode::Listen),
        phone_number: body.optional_phone("phoneNumber"),
    };
    body.done()?;

    find::head(&app, &who, *call).await?;
    let telephone = Telephone::of(&app, &who, asked.phone_number).await?;
    let Telephone { number: phone, lang } = telephone;
    app.board.tell(*call, Input::Supervise { by: who.user_id, mode: asked.mode, phone, lang }).await?;

    let record = find::head(&app, &who, *call).await?;
    if let Some(number) = last(&record, who.user_id).map(|one| one.number) {
        let theirs = |command: &Command| match command {
            Command::DialSupervisor { number: of, .. } | Command::SetSupervisor { number: of, .. } => {
                *of == number
            }
            _ => false,
        };
        done(settled(&app, *call, theirs).await?, || Refusal::NotSupervising.into())?;
    }
    answer(&app, &who, *call).await
}

/// Leave the line.
#[utoipa::path(
    delete, path = "/{call}/supervise", tag = "calls",
    responses(
        (status = 200, description = "How they took part", body = Success<Supervising>),
        (status = 409, description = "`not_supervising`", body = Failure),
    ),
)]
pub(super) async fn leave(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
) -> Result<HttpResponse, ApiError> {
    find::head(&app, &who, *call).await?;
    app.board.tell(*call, Input::StopSupervising { by: who.user_id }).await?;
    answer(&app, &who, *call).await
}

async fn answer(app: &App, who: &SignedIn, call: CallId) -> Result<HttpResponse, ApiError> {
    let record = find::head(app, who, call).await?;
    let one = last(&record, who.user_id).ok_or(Refusal::NotSupervising)?;
    let status = match (one.joined_at, one.left_at) {
        (_, Some(_)) => "left",
        (Some(_), None) => "on-the-line",
        (None, None) => "ringing",
    };
    let answer = Supervising { call_id: call, mode: one.mode, call_sid: one.call_sid.clone(), status };
    Ok(envelope::success(StatusCode::OK, answer))
}

/// The last time that this user was rung for the call.
fn last(record: &CallRecord, user: UserId) -> Option<&SupervisionRecord> {
    record.supervision.iter().rfind(|one| one.user_id == user)
}
