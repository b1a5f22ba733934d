//! `GET /imports/{import}`: how far an import has come, for as long as this process remembers it.

use super::{
    import::{Report, ShownReport},
    imports::{Progress, State},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;
use tsunagu_call::{DocumentId, Time};
use utoipa::ToSchema;

/// How far an import has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownProgress {
    #[serde(rename = "_id")]
    id: DocumentId,
    state: State,
    /// How many bytes of the file have come.
    bytes: u64,
    /// How many the whole upload has, where the client said so.
    total_bytes: Option<u64>,
    #[serde(flatten)]
    report: ShownReport,
    started_at: Time,
    finished_at: Option<Time>,
}

/// How far an import has come, for as long as the server remembers it.
#[utoipa::path(
    get, path = "/imports/{import}", tag = "customers",
    responses((status = 200, description = "So far", body = Success<ShownProgress>)),
)]
pub(super) async fn progress(
    app: Data<App>,
    who: SignedIn,
    import: Path<DocumentId>,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let found = app.imports.progress(who.company_id, *import);
    let progress = found.ok_or(ApiError::NotFound("import"))?;
    Ok(envelope::success(StatusCode::OK, ShownProgress::from(progress)))
}

impl From<Progress> for ShownProgress {
    fn from(progress: Progress) -> Self {
        let Progress { id, state, bytes, total_bytes, report, started_at, finished_at } = progress;
        let report: Report = report;
        Self { id, state, bytes, total_bytes, report: report.into(), started_at, finished_at }
    }
}
