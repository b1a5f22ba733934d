//! `GET /{call}/events`: the flight recorder, everything that happened, in order. `from` skips the entries before that
//! `seq`, `limit` bounds how many are shown.

use super::find;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Listed},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use tsunagu_call::{CallId, Entry};
use tsunagu_store::{FIRST_SEQ, JOURNAL_PAGE};

/// The highest number that `from` takes: what all stores can count to.
const FROM_MAX: u64 = i64::MAX as u64;

/// The flight recorder: everything that happened on a call, in order.
#[utoipa::path(
    get, path = "/{call}/events", tag = "calls",
    params(
        (
            "from" = Option<u64>,
            Query,
            minimum = 1,
            maximum = 9223372036854775807_i64,
            description = "Skips the entries before this `seq`",
        ),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 10000),
    ),
    responses(
        (
            status = 200,
            description = "Entries of the journal: `seq`, `at` and `event`",
            body = Listed<Vec<Entry>>,
        ),
    ),
)]
pub(super) async fn events(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let from = filters.number("from", FIRST_SEQ..=FROM_MAX, FIRST_SEQ);
    let limit = filters.number("limit", 1..=JOURNAL_PAGE as u64, JOURNAL_PAGE as u64);
    filters.done()?;
    find::head(&app, &who, *call).await?;
    let entries = find::journal(&app, *call, from, usize::try_from(limit).unwrap_or(JOURNAL_PAGE)).await?;
    Ok(envelope::list(&entries))
}
