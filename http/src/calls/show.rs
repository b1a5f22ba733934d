//! `GET /{call}`: one call, whole.

use super::{filled::FilledCall, find};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
    people::People,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::{CallId, CallRecord};

/// One call, whole.
#[utoipa::path(
    get, path = "/{call}", tag = "calls",
    responses((status = 200, description = "The call", body = Success<FilledCall<'static>>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let record = find::whole(&app, &who, *call).await?;
    shown(&app, &who, record).await
}

/// The answer that shows a call.
pub(super) async fn shown(app: &App, who: &SignedIn, record: CallRecord) -> Result<HttpResponse, ApiError> {
    let records = [record];
    let people = People::of(app, who.company_id, &records).await?;
    let [record] = &records;
    Ok(envelope::success(StatusCode::OK, FilledCall::new(record, &people)))
}
