//! `PUT /{call}/transcript`: a client adds what it heard, such as the agent's words.

use super::find;
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
use tsunagu_call::{CallId, Input, MAX_TRANSCRIPT_LINES, Refusal, Speaker};
use utoipa::ToSchema;

/// The longest line, in characters.
const MESSAGE: usize = 2000;

/// What was said.
#[derive(ToSchema)]
struct AddLine {
    speaker: Speaker,
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    message: String,
    /// How sure the recogniser was.
    #[schema(minimum = 0, maximum = 1)]
    confidence: Option<f32>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Added {
    call_id: CallId,
    transcript_length: usize,
}

/// Add a line to the transcript.
#[utoipa::path(
    put, path = "/{call}/transcript", tag = "calls", request_body = AddLine,
    responses(
        (status = 200, description = "It was added", body = Success<Added>),
        (status = 409, description = "`call_over` or `transcript_full`", body = Failure),
    ),
)]
pub(super) async fn add(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let AddLine { speaker, message, confidence } = AddLine {
        speaker: speaker(&mut body),
        message: body.text("message", MESSAGE),
        confidence: body.optional_share("confidence"),
    };
    body.done()?;

    let record = find::steerable(&app, &who, *call).await?;
    if record.status.is_over() {
        return Err(Refusal::Over.into());
    }
    if record.transcript.len() >= MAX_TRANSCRIPT_LINES {
        let sentence = format!("the transcript has {MAX_TRANSCRIPT_LINES} lines already and takes no more");
        return Err(ApiError::Conflict { code: "transcript_full", sentence });
    }
    app.board.tell(*call, Input::Spoke { speaker, message, confidence }).await?;

    let record = find::whole(&app, &who, *call).await?;
    let answer = Added { call_id: *call, transcript_length: record.transcript.len() };
    Ok(envelope::success(StatusCode::OK, answer))
}

fn speaker(body: &mut Body) -> Speaker {
    match body.text("speaker", 100).as_str() {
        "ai" => Speaker::Ai,
        "customer" => Speaker::Customer,
        "agent" => Speaker::Agent,
        other => {
            if !other.is_empty() {
                body.refuse("speaker", "must be one of ai, customer, agent");
            }
            Speaker::Agent
        }
    }
}
