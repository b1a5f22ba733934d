//! `PUT /{call}/notes`: a person writes about a call, during it or afterwards, and may say what came of it; it replaces what was
//! written before.

use super::filled::FilledCall;
use super::{find, outcome::outcome, show};
use crate::{
    App,
    auth::SignedIn,
    envelope::{Body, Success},
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
    /// What came of the call: of one that is over it is changed at once, of one that lives it counts at its end. 手動終了 and 完了 of
    /// older clients leave it as it is.
    #[schema(value_type = Option<String>, pattern = "^(成功|不在|拒否|要フォロー|失敗|手動終了|完了|success|absent|rejected|follow_up|failed|)$")]
    result: Option<Outcome>,
}

/// Write about a call; it replaces what was written before.
#[utoipa::path(
    put, path = "/{call}/notes", tag = "calls", request_body = WriteNotes,
    responses((status = 200, description = "The call", body = Success<FilledCall<'static>>)),
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

    find::steerable(&app, &who, *call).await?;
    app.board.tell(*call, Input::Note { notes, outcome }).await?;

    let record = find::whole(&app, &who, *call).await?;
    show::shown(&app, &who, record).await
}
