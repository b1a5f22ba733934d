//! `PUT /{call}/notes`: a person writes about a call, during it or afterwards, and may say what came of it; it replaces what was
//! written before.

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
use tsunagu_actors::CallError;
use tsunagu_call::{CallId, CallRecord, Event, Input};
use tsunagu_conversation::Outcome;
use tsunagu_store::{Commit, FIRST_SEQ};
use utoipa::ToSchema;

/// The longest notes, in characters.
pub(super) const NOTES: usize = 10_000;

/// What a person writes about a call.
#[derive(ToSchema)]
struct WriteNotes {
    /// An empty one, or null, takes away what was written before.
    #[schema(value_type = Option<String>, required = true, max_length = 10000)]
    notes: String,
    /// What came of the call: of one that is over it is changed at once, of one that lives it counts at its end. 手動終了 and 完了 of
    /// older clients leave it as it is.
    #[schema(value_type = Option<String>, pattern = "^(成功|不在|拒否|要フォロー|失敗|手動終了|完了|success|absent|rejected|follow_up|failed|)$")]
    result: Option<Outcome>,
}

/// Write about a call; it replaces what was written before.
#[utoipa::path(
    put, path = "/{call}/notes", tag = "calls", request_body = WriteNotes,
    responses(
        (status = 200, description = "The call", body = Success<FilledCall<'static>>),
        (status = 409, description = "`call_abandoned`: an older server began it and never ended it", body = Failure),
    ),
)]
pub(super) async fn write(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let WriteNotes { notes, result: outcome } =
        WriteNotes { notes: notes(&mut body), result: outcome(&mut body) };
    body.done()?;

    let record = find::steerable(&app, &who, *call).await?;
    match app.board.tell(*call, Input::Note { notes: notes.clone(), outcome }).await {
        Err(CallError::NotFound) => write_down(&app, record, notes, outcome).await?,
        told => drop(told?),
    }

    let record = find::whole(&app, &who, *call).await?;
    show::shown(&app, &who, record).await
}

/// The notes, which must be given and may be empty.
fn notes(body: &mut Body) -> String {
    let given = body.change_of_text("notes", NOTES);
    if given.is_none() {
        body.require("notes");
    }
    given.flatten().unwrap_or_default()
}

/// Writes on a call that an older server left. It has no journal, so that nothing else can happen to it any more.
async fn write_down(
    app: &App,
    mut record: CallRecord,
    notes: String,
    outcome: Option<Outcome>,
) -> Result<(), ApiError> {
    let ports = app.board.ports();
    if !ports.store.journal(record.id, FIRST_SEQ, 1).await?.is_empty() {
        return Err(CallError::Stale.into());
    }
    if !record.status.is_over() {
        // What is written on one that is not over makes it one that lives.
        let sentence = "this call was never ended by the server that began it, and nobody can go on with it";
        return Err(ApiError::Conflict { code: "call_abandoned", sentence: sentence.to_owned() });
    }
    let (customer, began) = (record.customer_id, record.start_time);
    record.apply(ports.clock.now(), &Event::Noted { notes, outcome });
    let commit = Commit { call: record.id, entries: Vec::new(), record: Some(Box::new(record)) };
    ports.store.commit(commit).await?;
    if let Some(outcome) = outcome {
        ports.store.note_called(customer, began, Some(outcome.call_result().to_owned())).await?;
    }
    Ok(())
}
