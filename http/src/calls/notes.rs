//! `PUT /{call}/notes`: a person writes about a call, during it or afterwards; it replaces what was written before.

use super::filled::FilledCall;
use super::{find, outcome::outcome, show};
use crate::{
    App,
    auth::SignedIn,
    envelope::{Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use tsunagu_call::{CallId, Input};
use tsunagu_conversation::Outcome;
use utoipa::ToSchema;

/// The longest notes, in characters.
pub(super) const NOTES: usize = 10_000;

/// What a person writes about a call.
#[derive(ToSchema)]
struct WriteNotes {
    #[schema(min_length = 1, max_length = 10000, pattern = "\\S")]
    notes: String,
    /// Must be what the call came to: that is decided by its end.
    #[schema(value_type = Option<String>, pattern = "^(成功|不在|拒否|要フォロー|失敗|手動終了|完了|success|absent|rejected|follow_up|failed|)$")]
    result: Option<Outcome>,
}

/// Write about a call; it replaces what was written before.
#[utoipa::path(
    put, path = "/{call}/notes", tag = "calls", request_body = WriteNotes,
    responses(
        (status = 200, description = "The call", body = Success<FilledCall<'static>>),
        (status = 409, description = "`result_fixed`", body = Failure),
    ),
)]
pub(super) async fn write(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let WriteNotes { notes, result: outcome } =
        WriteNotes { notes: body.text("notes", NOTES), result: outcome(&mut body) };
    body.done()?;

    let record = find::steerable(&app, &who, *call).await?;
    if outcome.is_some() && outcome != record.outcome {
        let sentence =
            "what came of a call is decided by its end; end it with this result instead".to_owned();
        return Err(ApiError::Conflict { code: "result_fixed", sentence });
    }
    app.board.tell(*call, Input::Note { notes }).await?;

    let record = find::whole(&app, &who, *call).await?;
    show::shown(&app, &who, record).await
}
