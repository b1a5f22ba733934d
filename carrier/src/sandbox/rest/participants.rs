//! The Participants resource.

use super::conferences::{announce, find, find_live};
use super::{Fields, RestError, new_call, page};
use crate::CallStatus;
use crate::Direction;
use crate::sandbox::call::{Call, ConferencePlan, Source, Terms};
use crate::sandbox::callback::Subscription;
use crate::sandbox::clock::rfc2822;
use crate::sandbox::conference::Conference;
use crate::sandbox::exchange::{Exchange, NewCall};
use crate::sandbox::room::{Refusal, Seat, SeatChange};
use crate::sandbox::sid;
use crate::sandbox::webhook::{Method, method_or};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use std::sync::Arc;

type Shared = web::Data<Arc<Exchange>>;

/// `POST Conferences/{sid or name}/Participants.json`: rings somebody for a conference, which is created when the
/// name has no live one.
pub async fn create(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let (to, from) = new_call::parties(&exchange, &fields)?;
    let coaching = coaching(&fields)?.flatten();
    let seat = Seat {
        label: fields.raw("Label").map(str::to_owned),
        muted: fields.flag("Muted")?.unwrap_or(false),
        coaching,
        start_on_enter: fields.flag("StartConferenceOnEnter")?.unwrap_or(true),
        end_on_exit: fields.flag("EndConferenceOnExit")?.unwrap_or(false),
        joined: false,
        ..Seat::new(String::new())
    };
    let wait = fields.url("WaitUrl", 21205)?;
    let wait = wait.map(|url| (url, method_or(fields.get("WaitMethod"), Method::Post)));
    let mut new = NewCall {
        progress: new_call::progress(&fields)?,
        timeout: new_call::timeout(&fields)?,
        time_limit: new_call::time_limit(&fields)?,
        detection: new_call::detection(&fields, true)?,
        record: new_call::record(&fields)?,
        send_digits: new_call::send_digits(&fields)?,
        ..NewCall::new(to, from, Direction::OutboundApi, Source::Inline(String::new()))
    };
    let terms = terms(&fields)?;
    let conference = match sid::is("CF", &path.1) {
        true => find_live(&exchange, &path.1, &request)?,
        false => exchange.open(&path.1, &terms),
    };
    let plan = ConferencePlan {
        name: conference.name.clone(),
        sid: Some(conference.sid.clone()),
        seat: seat.clone(),
        wait,
        terms,
    };
    new.source = Source::Conference(Box::new(plan));
    let (call, start) = exchange.prepare_call(new);
    let seat = Seat { call: call.sid().to_owned(), ..seat };
    if let Err(refusal) = conference.admit(&exchange, &call, seat.clone()) {
        exchange.delete_call(&call);
        if conference.snapshot().seats.is_empty() {
            conference.end(&exchange);
        }
        return Err(match refusal {
            Refusal::Over => RestError::not_found(request.path()),
            refusal => refusal.into(),
        });
    }
    let body = show(&exchange, &conference, &seat, &call);
    start.go(&exchange);
    Ok(HttpResponse::Created().json(body))
}

/// `GET Conferences/{sid}/Participants.json`: those who are there; nobody when it is over.
pub async fn list(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let conference = find(&exchange, &path.1, &request)?;
    let (muted, hold, coaching) = (fields.flag("Muted")?, fields.flag("Hold")?, fields.flag("Coaching")?);
    let mut seats = conference.snapshot().seats;
    seats.retain(|(seat, _)| {
        muted.is_none_or(|muted| muted == seat.muted)
            && hold.is_none_or(|hold| hold == seat.hold)
            && coaching.is_none_or(|coaching| coaching == seat.coaching.is_some())
    });
    let place = (request.path(), request.query_string());
    let body = page::envelope(
        &fields,
        place,
        "participants",
        &seats,
        |(seat, _)| seat.call.clone(),
        |(seat, call)| show(&exchange, &conference, seat, call),
    )?;
    Ok(HttpResponse::Ok().json(body))
}

/// `GET Conferences/{sid}/Participants/{call or label}.json`.
pub async fn fetch(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, RestError> {
    let (conference, seat, call) = member(&exchange, &path, &request)?;
    Ok(HttpResponse::Ok().json(show(&exchange, &conference, &seat, &call)))
}

/// `POST Conferences/{sid}/Participants/{call or label}.json`.
pub async fn update(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let (conference, _, call) = member(&exchange, &path, &request)?;
    let hold_document = fields.url("HoldUrl", 21205)?;
    let hold_document = hold_document.map(|url| (url, method_or(fields.get("HoldMethod"), Method::Get)));
    let announcement = fields.url("AnnounceUrl", 21205)?;
    let change = SeatChange {
        muted: fields.flag("Muted")?,
        hold: fields.flag("Hold")?,
        end_on_exit: fields.flag("EndConferenceOnExit")?,
        coaching: coaching(&fields)?,
        other: fields.flag("BeepOnExit")?.is_some() || fields.url("WaitUrl", 21205)?.is_some(),
    };
    if !conference.change(&exchange, &call, &change, hold_document)? {
        return Err(RestError::not_found(request.path()));
    }
    if let Some(url) = announcement {
        let method = method_or(fields.get("AnnounceMethod"), Method::Post);
        announce(exchange.get_ref(), &conference, Some(call.sid().to_owned()), url, method);
    }
    let (seat, call) = conference.member(call.sid()).ok_or_else(|| RestError::not_found(request.path()))?;
    Ok(HttpResponse::Ok().json(show(&exchange, &conference, &seat, &call)))
}

/// `DELETE Conferences/{sid}/Participants/{call or label}.json`: out of the conference; the leg goes on.
pub async fn delete(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, RestError> {
    let (conference, _, call) = member(&exchange, &path, &request)?;
    match conference.kick(&exchange, &call) {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(RestError::not_found(request.path())),
    }
}

fn member(
    exchange: &Exchange,
    path: &(String, String, String),
    request: &HttpRequest,
) -> Result<(Arc<Conference>, Seat, Arc<Call>), RestError> {
    let conference = find_live(exchange, &path.1, request)?;
    let (seat, call) = conference.member(&path.2).ok_or_else(|| RestError::not_found(request.path()))?;
    Ok((conference, seat, call))
}

/// Whom the participant coaches; the outer `None` when nothing is said of it.
fn coaching(fields: &Fields) -> Result<Option<Option<String>>, RestError> {
    let coached = fields.get("CallSidToCoach").map(str::to_owned);
    match (fields.flag("Coaching")?, coached) {
        (Some(false), _) => Ok(Some(None)),
        (Some(true), None) => Err(RestError::bad(13240, "CallSidToCoach is required when Coaching is true")),
        (_, Some(coached)) => Ok(Some(Some(coached))),
        (None, None) => Ok(None),
    }
}

fn terms(fields: &Fields) -> Result<Terms, RestError> {
    let events = fields.url("ConferenceStatusCallback", 21609)?;
    let recording = fields.url("ConferenceRecordingStatusCallback", 21609)?;
    Ok(Terms {
        events: Subscription::new(
            events.as_deref(),
            fields.get("ConferenceStatusCallbackMethod"),
            &fields.all("ConferenceStatusCallbackEvent"),
            &["start", "end"],
        ),
        record: match fields.get("ConferenceRecord") {
            None | Some("false" | "do-not-record") => false,
            Some("true" | "record-from-start") => true,
            Some(other) => return Err(RestError::bad(20001, format!("ConferenceRecord is {other:?}"))),
        },
        recording: Subscription::new(
            recording.as_deref(),
            fields.get("ConferenceRecordingStatusCallbackMethod"),
            &fields.all("ConferenceRecordingStatusCallbackEvent"),
            &["completed"],
        ),
        max_participants: fields.number("MaxParticipants", 2, 250)?.unwrap_or(250) as usize,
        region: fields.get("Region").unwrap_or("us1").to_owned(),
    })
}

fn show(exchange: &Exchange, conference: &Conference, seat: &Seat, call: &Call) -> Value {
    let account = &exchange.config.account_sid;
    let status = match (seat.joined, call.status()) {
        (true, _) => "connected",
        (false, CallStatus::Queued) => "queued",
        (false, CallStatus::Initiated) => "connecting",
        (false, CallStatus::Ringing) => "ringing",
        (false, CallStatus::InProgress) => "connected",
        (false, CallStatus::Completed) => "complete",
        (false, _) => "failed",
    };
    let (updated, queue_ms) = call.read(|state| (state.updated, state.queue_ms));
    let sid = &conference.sid;
    json!({
        "account_sid": account,
        "call_sid": seat.call,
        "label": seat.label,
        "call_sid_to_coach": seat.coaching,
        "coaching": seat.coaching.is_some(),
        "conference_sid": sid,
        "date_created": rfc2822(call.facts.created),
        "date_updated": rfc2822(updated),
        "end_conference_on_exit": seat.end_on_exit,
        "muted": seat.muted,
        "hold": seat.hold,
        "start_conference_on_enter": seat.start_on_enter,
        "status": status,
        "queue_time": queue_ms.to_string(),
        "uri": format!("/2010-04-01/Accounts/{account}/Conferences/{sid}/Participants/{}.json", seat.call),
    })
}
