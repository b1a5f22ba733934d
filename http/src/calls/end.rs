//! `POST /{call}/end`: ends a call for everybody on it.

use super::{find, notes::NOTES, outcome::outcome};
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
use tsunagu_call::{CallId, Input, Status};
use tsunagu_conversation::Outcome;
use utoipa::ToSchema;

/// What came of it.
#[derive(ToSchema)]
struct End {
    /// By default what happened on the call decides; `手動終了` and `完了` of older clients mean the same.
    #[schema(value_type = Option<String>, pattern = "^(成功|不在|拒否|要フォロー|失敗|手動終了|完了|success|absent|rejected|follow_up|failed|)$")]
    result: Option<Outcome>,
    #[schema(max_length = 10000)]
    notes: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Ended {
    call_id: CallId,
    status: Status,
    duration: u32,
    result: Option<String>,
}

/// End a call for everybody on it.
#[utoipa::path(
    post, path = "/{call}/end", tag = "calls", request_body = Option<End>,
    responses(
        (status = 200, description = "It ends", body = Success<Ended>),
        (status = 409, description = "`call_over`", body = Failure),
    ),
)]
pub(super) async fn end(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let End { result: outcome, notes } =
        End { result: outcome(&mut body), notes: body.optional_text("notes", NOTES) };
    body.done()?;

    find::steerable(&app, &who, *call).await?;
    app.board.tell(*call, Input::RequestEnd { outcome, notes }).await?;

    let record = find::head(&app, &who, *call).await?;
    let answer = Ended {
        call_id: *call,
        status: record.status,
        duration: record.duration,
        result: record.call_result,
    };
    Ok(envelope::success(StatusCode::OK, answer))
}
