//! The Calls resource.

use super::{Fields, RestError, new_call, page};
use crate::sandbox::call::{Call, HangupBy, Order, Source};
use crate::sandbox::exchange::{Exchange, NewCall};
use crate::sandbox::webhook::{Method, method_or};
use crate::{CallStatus, Direction};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::{Timestamp, civil::Date};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;

/// Longest `Twiml` parameter, in characters.
const MAX_TWIML: usize = 4_000;
/// How long an update waits for the call to have ended, so that its answer shows it (real time).
const HANGUP_SHOWS_WITHIN: Duration = Duration::from_secs(1);

type Shared = web::Data<Arc<Exchange>>;

/// `POST Calls.json`.
pub async fn create(exchange: Shared, fields: Fields) -> Result<HttpResponse, RestError> {
    let (to, from) = new_call::parties(&exchange, &fields)?;
    let source = source(&fields)?.ok_or_else(|| RestError::bad(21205, "Url parameter is required."))?;
    let new = NewCall {
        progress: new_call::progress(&fields)?,
        timeout: new_call::timeout(&fields)?,
        time_limit: new_call::time_limit(&fields)?,
        detection: new_call::detection(&fields, false)?,
        record: new_call::record(&fields)?,
        send_digits: new_call::send_digits(&fields)?,
        ..NewCall::new(to, from, Direction::OutboundApi, source)
    };
    // Shown before its task runs: a call is answered with `queued` however fast it is dialled.
    let (call, start) = exchange.prepare_call(new);
    let body = show(&exchange, &call);
    start.go(&exchange);
    Ok(HttpResponse::Created().json(body))
}

/// `GET Calls/{sid}.json`.
pub async fn fetch(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, RestError> {
    let call = find(&exchange, &path.1, &request)?;
    Ok(HttpResponse::Ok().json(show(&exchange, &call)))
}

/// `GET Calls.json`.
pub async fn list(exchange: Shared, request: HttpRequest, fields: Fields) -> Result<HttpResponse, RestError> {
    let mut calls = exchange.all_calls();
    let like = |name: &str, of: fn(&Call) -> &str, calls: &mut Vec<Arc<Call>>| {
        if let Some(wanted) = fields.get(name) {
            calls.retain(|call| of(call) == wanted);
        }
    };
    like("To", |call| &call.facts.to, &mut calls);
    like("From", |call| &call.facts.from, &mut calls);
    like("Status", |call| call.rest_status(), &mut calls);
    like("ParentCallSid", |call| call.facts.parent.as_deref().unwrap_or_default(), &mut calls);
    for (name, of) in [
        (
            "StartTime",
            (|call| call.read(|state| state.answered.or(state.started))) as fn(&Call) -> Option<Timestamp>,
        ),
        ("EndTime", |call| call.read(|state| state.ended)),
    ] {
        let range = range(&fields, name)?;
        if range != (Timestamp::MIN, Timestamp::MAX) {
            calls.retain(|call| of(call).is_some_and(|at| range.0 <= at && at < range.1));
        }
    }
    let place = (request.path(), request.query_string());
    let body =
        page::envelope(&fields, place, "calls", &calls, |c| c.sid().to_owned(), |c| show(&exchange, c))?;
    Ok(HttpResponse::Ok().json(body))
}

/// `POST Calls/{sid}.json`: cancel, hang up, redirect, or change where things are reported.
pub async fn update(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let call = find(&exchange, &path.1, &request)?;
    let status = fields.get("Status");
    let (source, progress) = (source(&fields)?, new_call::progress(&fields)?);
    let limit = fields.get("TimeLimit").map(|_| new_call::time_limit(&fields)).transpose()?;
    if !matches!(status, None | Some("canceled" | "completed")) {
        return Err(RestError::bad(20001, "Status must be canceled or completed"));
    }
    if !call.status().is_live() {
        return Err(RestError::not_live());
    }
    if source.is_some() && status.is_none() && call.status() != CallStatus::InProgress {
        return Err(RestError::not_live());
    }
    if let Some(progress) = progress {
        call.write(|state| state.progress = Some(progress));
    }
    if let Some(limit) = limit {
        order(&call, Order::TimeLimit(limit))?;
    }
    match (status, source) {
        (Some("completed"), _) => hang_up(&call, Order::Hangup(HangupBy::Rest)).await?,
        (Some(_), _) if call.status() != CallStatus::InProgress => hang_up(&call, Order::Cancel).await?,
        (None, Some(source)) => order(&call, Order::Redirect(source))?,
        // Canceling a call that has been answered does nothing.
        _ => {}
    }
    Ok(HttpResponse::Ok().json(show(&exchange, &call)))
}

/// `DELETE Calls/{sid}.json`.
pub async fn delete(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, RestError> {
    let call = find(&exchange, &path.1, &request)?;
    if call.status().is_live() {
        return Err(RestError::bad(20009, "Call has not yet completed and cannot be deleted"));
    }
    exchange.delete_call(&call);
    Ok(HttpResponse::NoContent().finish())
}

/// The call with this sid.
pub fn find(exchange: &Exchange, sid: &str, request: &HttpRequest) -> Result<Arc<Call>, RestError> {
    exchange.call(sid).ok_or_else(|| RestError::not_found(request.path()))
}

/// Tells a call's task something; a call that has just ended is not live any more.
pub fn order(call: &Call, order: Order) -> Result<(), RestError> {
    call.orders.try_send(order).map_err(|error| match error {
        TrySendError::Full(_) => RestError::too_many(),
        TrySendError::Closed(_) => RestError::not_live(),
    })
}

async fn hang_up(call: &Call, last: Order) -> Result<(), RestError> {
    let mut progress = call.progress.subscribe();
    order(call, last)?;
    let _ = tokio::time::timeout(HANGUP_SHOWS_WITHIN, progress.wait_for(|status| status.is_final())).await;
    Ok(())
}

/// `Url` or `Twiml`; the former counts if both are there.
fn source(fields: &Fields) -> Result<Option<Source>, RestError> {
    let fallback = fields.url("FallbackUrl", 21205)?;
    let fallback = fallback.map(|url| (url, method_or(fields.get("FallbackMethod"), Method::Post)));
    if let Some(url) = fields.url("Url", 21205)? {
        return Ok(Some(Source::Url {
            url,
            method: method_or(fields.get("Method"), Method::Post),
            fallback,
        }));
    }
    if fields.get("ApplicationSid").is_some() {
        return Err(RestError::bad(21218, "the sandbox has no applications: use Url or Twiml"));
    }
    match fields.get("Twiml") {
        Some(twiml) if twiml.chars().count() > MAX_TWIML => {
            Err(RestError::bad(32018, format!("Twiml must have at most {MAX_TWIML} characters")))
        }
        Some(twiml) => Ok(Some(Source::Inline(twiml.to_owned()))),
        None => Ok(None),
    }
}

/// The moments that `Name`, `Name>` and `Name<` allow: from, and up to but without.
fn range(fields: &Fields, name: &str) -> Result<(Timestamp, Timestamp), RestError> {
    let (mut from, mut to) = (Timestamp::MIN, Timestamp::MAX);
    for (suffix, lower, upper) in [("", true, true), (">", true, false), ("<", false, true)] {
        let Some(text) = fields.get(&format!("{name}{suffix}")) else { continue };
        let (begin, end) = moment(text).ok_or_else(|| {
            RestError::bad(20001, format!("{name} must be a date (YYYY-MM-DD), not {text:?}"))
        })?;
        if lower {
            from = from.max(begin);
        }
        if upper {
            to = to.min(end);
        }
    }
    Ok((from, to))
}

/// A day in UTC, from its beginning to its end, or a single moment.
fn moment(text: &str) -> Option<(Timestamp, Timestamp)> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((at, at));
    }
    let day: Date = text.parse().ok()?;
    let begin = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let end = day.tomorrow().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some((begin, end))
}

fn show(exchange: &Exchange, call: &Call) -> serde_json::Value {
    call.resource(&exchange.config.account_sid, exchange.clock.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_in_utc() {
        let fields = Fields::parse(b"StartTime%3E=2026-04-07&StartTime%3C=2026-04-07").unwrap();
        let (from, to) = range(&fields, "StartTime").unwrap();
        assert_eq!(from.to_string(), "2026-04-07T00:00:00Z");
        assert_eq!(to.to_string(), "2026-04-08T00:00:00Z");
        assert!(range(&Fields::parse(b"EndTime=yesterday").unwrap(), "EndTime").is_err());
    }
}
