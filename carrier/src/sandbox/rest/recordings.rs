//! The Recordings resource: of a call, of a conference, of the account; and their sound.

use super::{Fields, RestError, calls, conferences, new_call, page};
use crate::CallStatus;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::recording::Recording;
use crate::sandbox::wav;
use crate::sandbox::webhook::{CookieJar, Lane};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use std::sync::Arc;

type Shared = web::Data<Arc<Exchange>>;

/// `POST Calls/{sid}/Recordings.json`.
pub async fn start(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let call = calls::find(&exchange, &path.1, &request)?;
    let plan = new_call::record_plan(&fields, "StartCallRecordingAPI", "mono")?;
    if call.status() != CallStatus::InProgress {
        let message = "Requested resource is not eligible for recording";
        return Err(RestError::bad(21220, message));
    }
    let sid = exchange.start_recording(Some(&call), None, plan);
    // It ends with the call, if nobody ends it before.
    call.write(|state| state.recordings.push(sid.clone()));
    Ok(HttpResponse::Created().json(show(&exchange, &by_sid(&exchange, &sid, &request)?)))
}

/// `GET Recordings.json`.
pub async fn list(exchange: Shared, request: HttpRequest, fields: Fields) -> Result<HttpResponse, RestError> {
    let call = fields.get("CallSid").map(str::to_owned);
    let conference = fields.get("ConferenceSid").map(str::to_owned);
    listed(&exchange, &request, &fields, |recording| {
        (call.is_none() || recording.call == call)
            && (conference.is_none() || recording.conference == conference)
    })
}

/// `GET Calls/{sid}/Recordings.json`.
pub async fn list_of_call(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    calls::find(&exchange, &path.1, &request)?;
    listed(&exchange, &request, &fields, |recording| recording.call.as_ref() == Some(&path.1))
}

/// `GET Conferences/{sid}/Recordings.json`.
pub async fn list_of_conference(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    conferences::find(&exchange, &path.1, &request)?;
    listed(&exchange, &request, &fields, |recording| recording.conference.as_ref() == Some(&path.1))
}

/// `GET Recordings/{sid}.json`.
pub async fn fetch(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, RestError> {
    Ok(HttpResponse::Ok().json(show(&exchange, &by_sid(&exchange, &path.1, &request)?)))
}

/// `GET …/{sid}/Recordings/{sid}.json`.
pub async fn fetch_nested(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, RestError> {
    let recording = nested(&exchange, &path, &request)?;
    Ok(HttpResponse::Ok().json(show(&exchange, &recording)))
}

/// `DELETE Recordings/{sid}.json`.
pub async fn delete(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, RestError> {
    remove(&exchange, &by_sid(&exchange, &path.1, &request)?)
}

/// `DELETE …/{sid}/Recordings/{sid}.json`.
pub async fn delete_nested(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, RestError> {
    remove(&exchange, &nested(&exchange, &path, &request)?)
}

/// `POST Calls/{sid}/Recordings/{sid or Twilio.CURRENT}.json`.
pub async fn update_of_call(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let call = calls::find(&exchange, &path.1, &request)?;
    changed(&exchange, &nested(&exchange, &path, &request)?, &fields, call.lane.clone(), &request)
}

/// `POST Conferences/{sid}/Recordings/{sid or Twilio.CURRENT}.json`.
pub async fn update_of_conference(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let conference = conferences::find(&exchange, &path.1, &request)?;
    let recording = nested(&exchange, &path, &request)?;
    let jar = Arc::new(CookieJar::default());
    let lane = Lane::new(exchange.messenger.clone(), jar, conference.journal.clone());
    changed(&exchange, &recording, &fields, lane, &request)
}

/// `GET Recordings/{sid}`, `{sid}.wav`, `{sid}.mp3`. The sandbox knows WAV alone, and says so.
pub async fn media(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, RestError> {
    let fields = Fields::parse(request.query_string().as_bytes())?;
    let name = path.1.as_str();
    let sid = name.strip_suffix(".wav").or_else(|| name.strip_suffix(".mp3")).unwrap_or(name);
    let recording = by_sid(&exchange, sid, &request)?;
    let secs = recording
        .secs
        .filter(|_| recording.status == "completed")
        .ok_or_else(|| RestError::not_found(request.path()))?;
    let channels = match fields.get("RequestedChannels") {
        Some("2") => 2,
        Some("1") => 1,
        _ => recording.plan.channels,
    };
    let sound = wav::tones(u32::try_from(secs).unwrap_or(u32::MAX), channels);
    Ok(HttpResponse::Ok().content_type("audio/x-wav").body(sound))
}

fn changed(
    exchange: &Arc<Exchange>,
    recording: &Recording,
    fields: &Fields,
    lane: Arc<Lane>,
    request: &HttpRequest,
) -> Result<HttpResponse, RestError> {
    if !recording.is_live() {
        return Err(RestError::bad(21220, "Recording is not in-progress"));
    }
    let skip = fields.get("PauseBehavior") == Some("skip");
    let now = exchange.clock.now();
    match fields.get("Status") {
        Some("paused") => {
            exchange.change_recording(&recording.sid, |recording| recording.pause(skip, now));
        }
        Some("in-progress") => {
            exchange.change_recording(&recording.sid, |recording| recording.resume(now));
        }
        Some("stopped") => {
            exchange.finish_recording(&recording.sid, lane);
        }
        _ => return Err(RestError::bad(20001, "Status must be paused, in-progress or stopped")),
    }
    Ok(HttpResponse::Ok().json(show(exchange, &by_sid(exchange, &recording.sid, request)?)))
}

fn remove(exchange: &Exchange, recording: &Recording) -> Result<HttpResponse, RestError> {
    if recording.is_live() {
        return Err(RestError::bad(20009, "Recording is still in progress and cannot be deleted"));
    }
    exchange.delete_recording(&recording.sid);
    Ok(HttpResponse::NoContent().finish())
}

fn listed(
    exchange: &Exchange,
    request: &HttpRequest,
    fields: &Fields,
    keep: impl Fn(&Recording) -> bool,
) -> Result<HttpResponse, RestError> {
    let mut recordings = exchange.all_recordings();
    recordings.retain(keep);
    let place = (request.path(), request.query_string());
    let id = |recording: &Recording| recording.sid.clone();
    let body = page::envelope(fields, place, "recordings", &recordings, id, |r| show(exchange, r))?;
    Ok(HttpResponse::Ok().json(body))
}

fn by_sid(exchange: &Exchange, sid: &str, request: &HttpRequest) -> Result<Recording, RestError> {
    exchange
        .change_recording(sid, |recording| recording.clone())
        .ok_or_else(|| RestError::not_found(request.path()))
}

/// A recording of this call or conference; `Twilio.CURRENT` is the newest that is being made.
fn nested(
    exchange: &Exchange,
    (_, owner, sid): &(String, String, String),
    request: &HttpRequest,
) -> Result<Recording, RestError> {
    let owned = |recording: &Recording| {
        recording.call.as_ref() == Some(owner) || recording.conference.as_ref() == Some(owner)
    };
    let wanted = |recording: &Recording| match sid.as_str() {
        "Twilio.CURRENT" => recording.is_live(),
        sid => recording.sid == sid,
    };
    exchange
        .all_recordings()
        .into_iter()
        .find(|recording| owned(recording) && wanted(recording))
        .ok_or_else(|| RestError::not_found(request.path()))
}

fn show(exchange: &Exchange, recording: &Recording) -> Value {
    recording.resource(&exchange.config.account_sid, &exchange.public_url)
}
