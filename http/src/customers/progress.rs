//! `GET /imports/{import}`: how far an import has come, or what came of it.

use super::import::ShownReport;
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
use tsunagu_store::{CustomerImport, ImportState};
use utoipa::ToSchema;

/// How far an import has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownProgress {
    #[serde(rename = "_id")]
    id: DocumentId,
    state: ImportState,
    /// How many bytes of the file have come.
    bytes: u64,
    /// How many the whole upload has, where the client said so.
    total_bytes: Option<u64>,
    #[serde(flatten)]
    report: ShownReport,
    started_at: Time,
    finished_at: Option<Time>,
}

/// How far an import has come, or what came of it. A company's last twenty are remembered, for thirty days.
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
    if let Some(running) = app.imports.running(who.company_id, *import) {
        return Ok(envelope::success(StatusCode::OK, ShownProgress::from(running)));
    }
    let ports = app.board.ports();
    let found = ports.store.customer_import(who.company_id, *import).await?;
    let told = found.ok_or(ApiError::NotFound("import"))?.as_told(ports.clock.now());
    Ok(envelope::success(StatusCode::OK, ShownProgress::from(told)))
}

impl From<CustomerImport> for ShownProgress {
    fn from(import: CustomerImport) -> Self {
        let CustomerImport { id, state, bytes, total_bytes, report, started_at, finished_at, .. } = import;
        Self { id, state, bytes, total_bytes, report: report.into(), started_at, finished_at }
    }
}
