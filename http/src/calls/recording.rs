//! `GET` and `HEAD /{call}/recording`: the sound, streamed from the carrier with the server's own credentials. `format` is
//! `wav` or `mp3`; a part is given for a `Range` of bytes, whether or not the carrier gives parts itself.
//!
//! Only the carrier is asked, by the name it gave the recording; an address that was reported is never fetched. Nothing is
//! kept here, and nothing may be kept on the way.

mod part;

use super::find;
use crate::{
    App,
    auth::SignedIn,
    envelope::{Failure, Filters},
    error::ApiError,
};
use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        Method, StatusCode,
        header::{self, ContentEncoding},
    },
    web::{Data, Path},
};
use futures_util::{StreamExt, stream};
use part::{Part, Wanted};
use tokio::sync::{Semaphore, SemaphorePermit};
use tsunagu_call::{CallId, CallRecord, Time};
use tsunagu_carrier::{CarrierError, MediaFormat, MediaRequest, RecordingMedia};

/// How many recordings are listened to at once; each is a connection to the carrier.
const STREAMS: usize = 64;
static PLACES: Semaphore = Semaphore::const_new(STREAMS);
/// How long after a call's end its recording may be on its way, in seconds.
const ON_ITS_WAY_SECS: u32 = 600;

/// The recording, streamed; a part of it for a `Range` of bytes.
#[utoipa::path(
    get, path = "/{call}/recording", tag = "calls",
    params(("format" = Option<String>, Query, pattern = "^(wav|mp3)$"), ("Range" = Option<String>, Header)),
    responses(
        (
            status = 200,
            description = "The sound",
            content((Vec<u8> = "audio/x-wav"), (Vec<u8> = "audio/mpeg")),
        ),
        (
            status = 206,
            description = "The part that was asked for",
            content((Vec<u8> = "audio/x-wav"), (Vec<u8> = "audio/mpeg")),
        ),
        (status = 409, description = "`recording_not_ready`", body = Failure),
        (status = 416, description = "There is no such part", body = Failure),
        (status = 502, description = "The carrier could not give it", body = Failure),
    ),
)]
pub(super) async fn fetch(
    app: Data<App>,
    who: SignedIn,
    call: Path<CallId>,
    request: HttpRequest,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let forms = [("wav", MediaFormat::Wav), ("mp3", MediaFormat::Mp3)];
    let format = filters.word("format", &forms).unwrap_or(MediaFormat::Wav);
    filters.done()?;

    let record = find::head(&app, &who, *call).await?;
    let sid = sid(&app, &record).await?;
    let place = PLACES.try_acquire().map_err(|_| ApiError::overloaded())?;
    let head = request.method() == Method::HEAD;
    let wanted = if head { None } else { Wanted::of(&request) };
    let media = open(&app, &record, sid, format, wanted).await?;
    answer(media, wanted, Shown { call: *call, format, head }, place)
}

/// Where the recording of a call is listened to, once it can be: here, since the carrier wants its credentials for it.
pub(super) fn address(record: &CallRecord) -> Option<String> {
    fetchable(record).map(|_| format!("/api/calls/{}/recording", record.id))
}

/// The carrier's name of a recording that is complete; calls of older servers have one without its state.
fn fetchable(record: &CallRecord) -> Option<&str> {
    let complete = matches!(record.recording_status.as_deref(), None | Some("completed"));
    record.recording_sid.as_deref().filter(|_| complete)
}

/// The carrier's name of a recording that can be fetched.
async fn sid<'a>(app: &App, record: &'a CallRecord) -> Result<&'a str, ApiError> {
    if let Some(sid) = fetchable(record) {
        return Ok(sid);
    }
    match (record.recording_sid.as_deref(), record.recording_status.as_deref()) {
        (_, Some("deleted")) => Err(ApiError::Absent {
            code: "recording_deleted",
            sentence: "the recording was deleted: the time for which recordings are kept is over",
        }),
        (_, Some("absent" | "failed")) => Err(none()),
        (Some(_), _) => Err(not_ready()),
        (None, _) => {
            let recorded = find::creation(app, record.id).await?.is_some_and(|created| created.rules.record);
            Err(if recorded && is_fresh(record, app.board.ports().clock.now()) {
                not_ready()
            } else {
                none()
            })
        }
    }
}

/// The call is not over, or was picked up and has ended so lately that its recording may still come.
fn is_fresh(record: &CallRecord, now: Time) -> bool {
    match record.end_time {
        None => true,
        Some(end) => record.answered_time.is_some() && now < end.plus_secs(ON_ITS_WAY_SECS),
    }
}

fn not_ready() -> ApiError {
    ApiError::Absent {
        code: "recording_not_ready",
        sentence: "the recording is not there yet; it comes shortly after the end of the call",
    }
}

fn none() -> ApiError {
    ApiError::Absent { code: "no_recording", sentence: "there is no recording of this call" }
}

async fn open(
    app: &App,
    record: &CallRecord,
    sid: &str,
    format: MediaFormat,
    wanted: Option<Wanted>,
) -> Result<RecordingMedia, ApiError> {
    let carrier = &app.board.ports().carrier;
    let whole = MediaRequest { sid: sid.to_owned(), format, range: None };
    let part = MediaRequest { range: wanted.map(|wanted| wanted.to_string()), ..whole.clone() };
    match carrier.recording_media(&part).await {
        Err(CarrierError::NotFound { .. }) if is_fresh(record, app.board.ports().clock.now()) => {
            Err(not_ready())
        }
        Err(CarrierError::NotFound { .. }) => Err(none()),
        Err(CarrierError::Rejected { status: 416, .. }) if wanted.is_some() => {
            let length = length(&carrier.recording_media(&whole).await?);
            Err(ApiError::NoSuchRange { length })
        }
        result => Ok(result?),
    }
}

fn length(media: &RecordingMedia) -> Option<u64> {
    media.header("content-length")?.parse().ok()
}

/// What is shown.
struct Shown {
    call: CallId,
    format: MediaFormat,
    /// Its headers alone.
    head: bool,
}

fn answer(
    media: RecordingMedia,
    wanted: Option<Wanted>,
    shown: Shown,
    place: SemaphorePermit<'static>,
) -> Result<HttpResponse, ApiError> {
    let length = length(&media);
    let of_carrier =
        (media.status == 206).then(|| media.header("content-range").map(str::to_owned)).flatten();
    // A carrier that gave the whole of it is as good: the part is cut out here.
    let cut = match (&of_carrier, wanted, length) {
        (None, Some(wanted), Some(length)) => Some(wanted.within(length)?),
        _ => None,
    };
    let range = of_carrier.or_else(|| cut.zip(length).map(|(part, length)| part.content_range(length)));
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = HttpResponse::build(status);
    if let Some(range) = range {
        response.insert_header((header::CONTENT_RANGE, range));
    }
    let name = format!("inline; filename=\"call-{}.{}\"", shown.call, shown.format.extension());
    response
        .insert_header((header::CONTENT_TYPE, kind(&media, shown.format)))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // Sound is compressed already, and parts are counted in its own bytes.
        .insert_header((header::CONTENT_ENCODING, ContentEncoding::Identity));
    let length = cut.map(Part::length).or(length);
    if shown.head {
        let nothing = stream::empty::<Result<_, CarrierError>>();
        return Ok(match length {
            Some(length) => response.body(SizedStream::new(length, nothing)),
            None => response.finish(),
        });
    }
    let body = match cut {
        Some(part) => part.of(media.body).boxed(),
        None => media.body,
    };
    // The place is given back when the last byte is sent, or whoever listened has gone.
    let body = body.map(move |piece| {
        let _held = &place;
        piece
    });
    Ok(match length {
        Some(length) => response.body(SizedStream::new(length, body)),
        None => response.streaming(body),
    })
}

/// The carrier's word for what it is, where that is a sound.
fn kind(media: &RecordingMedia, format: MediaFormat) -> String {
    let said = media.header("content-type").filter(|kind| kind.starts_with("audio/"));
    said.map_or_else(
        || match format {
            MediaFormat::Wav => "audio/x-wav".to_owned(),
            MediaFormat::Mp3 => "audio/mpeg".to_owned(),
        },
        str::to_owned,
    )
}
