//! `POST /{call}/end`: ends a call for everybody on it.

use super::{find, notes::NOTES, outcome::outcome};
use crate::{App, auth::SignedIn, envelope, envelope::Body, error::ApiError};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::{CallId, Input, Status};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    call_id: CallId,
    status: Status,
    duration: u32,
    result: Option<String>,
}

pub(super) async fn end(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let outcome = outcome(&mut body);
    let notes = body.optional_text("notes", NOTES);
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
