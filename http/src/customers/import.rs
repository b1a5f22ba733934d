//! `POST /import`: takes over a list of customers, a CSV file uploaded as the field `file`.
//!
//! upload, piece by piece → [`reading`] on a thread that may take its time → the store, some hundred rows in one step. One piece
//! is in hand at a time, so memory is bounded whatever the file; nothing of a bad row is kept but its error. What has been
//! taken over stays when the upload breaks off: the same file again finishes it, since known numbers are updated.

mod columns;
mod entry;
mod reading;
mod report;

pub(super) use report::ShownReport;

use super::imports::Running;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Failure, Filters, Success},
    error::ApiError,
    limits,
};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes, Data, Payload},
};
use entry::Frame;
use futures_util::StreamExt;
use jiff::tz::TimeZone;
use reading::{Found, Reading, Unreadable};
use serde::Serialize;
use tokio::time::timeout;
use tsunagu_actors::fresh;
use tsunagu_call::DocumentId;
use tsunagu_store::{CustomerImport, Entered, ImportReport, ImportState, RowError};
use utoipa::ToSchema;

/// The field of the upload that holds the file.
const FILE: &str = "file";
/// How many rows the store takes in one step.
const BATCH: usize = 256;

/// What came of an import.
#[derive(Serialize, ToSchema)]
struct Imported {
    #[serde(rename = "_id")]
    id: DocumentId,
    #[serde(flatten)]
    report: ShownReport,
}

/// An upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body, which is read as it comes")]
struct Upload {
    /// CSV in UTF-8 or Shift_JIS, at most 64 MiB. Its first row names the columns, in English or Japanese.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Take over a list of customers. Known numbers are updated; a bad row is told and stops no good one.
#[utoipa::path(
    post, path = "/import", tag = "customers",
    params((
        "id" = Option<DocumentId>,
        Query,
        pattern = "^[0-9a-fA-F]{24}$",
        description = "By which `GET /imports/{import}` tells meanwhile how far it has come; one is made up otherwise",
    )),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "What came of it", body = Success<Imported>),
        (status = 409, description = "`import_running`, `import_id_in_use`", body = Failure),
    ),
)]
pub(super) async fn import(
    app: Data<App>,
    who: SignedIn,
    request: HttpRequest,
    mut filters: Filters,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let clock = &app.board.ports().clock;
    let now = clock.now();
    let id = filters.id("id").unwrap_or_else(|| fresh(now));
    filters.done()?;
    let total_bytes = acceptable(&request)?;

    let company =
        app.board.ports().store.company(who.company_id).await?.ok_or(ApiError::NotFound("company"))?;
    let zone = TimeZone::get(&company.settings.timezone).unwrap_or(TimeZone::UTC);
    let frame = Frame { company: who.company_id, zone, now };
    let import = CustomerImport {
        id,
        company_id: who.company_id,
        state: ImportState::Running,
        bytes: 0,
        total_bytes,
        report: ImportReport::default(),
        started_at: now,
        seen_at: now,
        finished_at: None,
    };
    let running = app.imports.begin(&app.board.ports().store, import, *clock).await?;
    let mut upload = Multipart::new(request.headers(), payload);
    let mut file = file_of(&mut upload).await?;
    take_over(&app, &who, &running, Reading::new(frame), &mut file).await?;
    let report = running.done().await.report;
    let ImportReport { imported, updated, skipped, .. } = report;
    tracing::info!(company = %who.company_id, import = %id, imported, updated, skipped, "customers imported");
    Ok(envelope::success(StatusCode::OK, Imported { id, report: report.into() }))
}

/// Whether the body is an upload that is not too long; and how long it is, where it says so.
fn acceptable(request: &HttpRequest) -> Result<Option<u64>, ApiError> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    if !kind.starts_with("multipart/form-data") || !kind.contains("boundary=") {
        return Err(ApiError::NoUpload);
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    // The upload's own lines are around the file.
    let most = limits::IMPORT_FILE + limits::JSON_BODY as u64;
    if length.is_some_and(|length| length > most) { Err(ApiError::TooLarge) } else { Ok(length) }
}

/// The file of an upload; fields before it are passed over.
async fn file_of(upload: &mut Multipart) -> Result<Field, ApiError> {
    while let Some(field) = patiently(upload.next()).await? {
        let mut field = field.map_err(|error| broken(&error))?;
        if field.name() == Some(FILE) {
            return Ok(field);
        }
        let mut length = 0;
        while let Some(piece) = patiently(field.next()).await? {
            length += piece.map_err(|error| broken(&error))?.len();
            if length > limits::JSON_BODY {
                return Err(ApiError::TooLarge);
            }
        }
    }
    Err(ApiError::invalid(FILE, "is required: the CSV file"))
}

/// Takes over the customers of a file.
async fn take_over(
    app: &App,
    who: &SignedIn,
    running: &Running,
    mut reading: Reading,
    file: &mut Field,
) -> Result<(), ApiError> {
    loop {
        let piece = match patiently(file.next()).await? {
            Some(piece) => Some(piece.map_err(|error| broken(&error))?),
            None => None,
        };
        let (is_last, length) = (piece.is_none(), piece.as_ref().map_or(0, Bytes::len) as u64);
        let bytes = running.note(|import| {
            import.bytes += length;
            import.bytes
        });
        if bytes > limits::IMPORT_FILE {
            return Err(ApiError::TooLarge);
        }
        let (read, found) = web::block(move || {
            let found = match piece {
                Some(piece) => reading.push(&piece),
                None => reading.finish(),
            };
            (reading, found)
        })
        .await?;
        reading = read;
        let found = found.map_err(|reason: Unreadable| ApiError::invalid(FILE, reason.to_string()))?;
        running.note(|import| import.report.encoding = reading.encoding().map(str::to_owned));
        enter(app, who, running, found).await?;
        running.keep_now_and_then().await;
        if is_last {
            return Ok(());
        }
    }
}

async fn enter(app: &App, who: &SignedIn, running: &Running, found: Found) -> Result<(), ApiError> {
    running.note(|import| {
        found.wrong.into_iter().for_each(|errors| import.report.skip(errors, limits::IMPORT_ERRORS));
    });
    let mut entries = found.entries.into_iter().peekable();
    while entries.peek().is_some() {
        let (rows, batch): (Vec<u64>, Vec<_>) = entries.by_ref().take(BATCH).unzip();
        let entered = app.board.ports().store.enter_customers(who.company_id, batch).await?;
        running.note(|import| {
            let report = &mut import.report;
            for (row, entered) in rows.into_iter().zip(entered) {
                match entered {
                    Entered::Created => report.imported += 1,
                    Entered::Updated => report.updated += 1,
                    Entered::Nameless => {
                        let message = "is required for a number that is not known yet".to_owned();
                        let error = RowError { row, field: "name".to_owned(), message };
                        report.skip(vec![error], limits::IMPORT_ERRORS);
                    }
                }
            }
        });
    }
    Ok(())
}

/// Waits for the client, but not for ever.
async fn patiently<T>(next: impl Future<Output = T>) -> Result<T, ApiError> {
    let waited = timeout(limits::UPLOAD_STALL, next).await;
    waited.map_err(|_| ApiError::Slow)
}

fn broken(error: &MultipartError) -> ApiError {
    tracing::debug!(%error, "upload broken");
    ApiError::malformed(format!("the upload cannot be read: {error}"))
}
