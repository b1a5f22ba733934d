//! `PUT /{call}/notes`: a person writes about a call, during it or afterwards; it replaces what was written before.

use super::{find, outcome::outcome, show};
use crate::{App, auth::SignedIn, envelope::Body, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use tsunagu_call::{CallId, Input};

/// The longest notes, in characters.
pub(super) const NOTES: usize = 10_000;

pub(super) async fn write(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let notes = body.text("notes", NOTES);
    let outcome = outcome(&mut body);
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
