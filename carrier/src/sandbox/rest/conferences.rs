//! The Conferences resource, and the account's own.

use super::{Fields, RestError, page};
use crate::sandbox::clock::rfc2822;
use crate::sandbox::conference::Conference;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::interpreter::hear_document;
use crate::sandbox::room::RoomStatus;
use crate::sandbox::webhook::{Method, method_or};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use std::sync::Arc;

type Shared = web::Data<Arc<Exchange>>;

/// `GET Conferences.json`.
pub async fn list(exchange: Shared, request: HttpRequest, fields: Fields) -> Result<HttpResponse, RestError> {
    let mut conferences = exchange.all_conferences();
    if let Some(name) = fields.get("FriendlyName") {
        conferences.retain(|conference| conference.name == name);
    }
    if let Some(status) = fields.get("Status") {
        conferences.retain(|conference| conference.status().name() == status);
    }
    for (name, keep) in [
        ("DateCreated", (|on, wanted| on == wanted) as fn(&str, &str) -> bool),
        ("DateCreated>", |on, wanted| on >= wanted),
        ("DateCreated<", |on, wanted| on <= wanted),
    ] {
        if let Some(day) = fields.get(name) {
            conferences.retain(|c| keep(&c.created.strftime("%Y-%m-%d").to_string(), day));
        }
    }
    let place = (request.path(), request.query_string());
    let account = &exchange.config.account_sid;
    let body = page::envelope(
        &fields,
        place,
        "conferences",
        &conferences,
        |conference| conference.sid.clone(),
        |conference| conference.resource(account),
    )?;
    Ok(HttpResponse::Ok().json(body))
}

/// `GET Conferences/{sid}.json`.
pub async fn fetch(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, RestError> {
    let conference = find(&exchange, &path.1, &request)?;
    Ok(HttpResponse::Ok().json(conference.resource(&exchange.config.account_sid)))
}

/// `POST Conferences/{sid}.json`: end it, or announce something in it.
pub async fn update(
    exchange: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, RestError> {
    let conference = find_live(&exchange, &path.1, &request)?;
    match fields.get("Status") {
        Some("completed") => conference.end(&exchange),
        Some(_) => return Err(RestError::bad(20001, "Status must be completed")),
        None => {}
    }
    if let Some(url) = fields.url("AnnounceUrl", 21205)? {
        let method = method_or(fields.get("AnnounceMethod"), Method::Post);
        announce(exchange.get_ref(), &conference, None, url, method);
    }
    Ok(HttpResponse::Ok().json(conference.resource(&exchange.config.account_sid)))
}

/// `GET /2010-04-01/Accounts/{sid}.json`.
pub async fn account(exchange: Shared) -> HttpResponse {
    let sid = &exchange.config.account_sid;
    let now = rfc2822(exchange.clock.now());
    HttpResponse::Ok().json(json!({
        "sid": sid,
        "owner_account_sid": sid,
        "friendly_name": "Sandbox",
        "status": "active",
        "type": "Full",
        "date_created": now,
        "date_updated": now,
        "uri": format!("/2010-04-01/Accounts/{sid}.json"),
        "subresource_uris": {
            "calls": format!("/2010-04-01/Accounts/{sid}/Calls.json"),
            "conferences": format!("/2010-04-01/Accounts/{sid}/Conferences.json"),
            "recordings": format!("/2010-04-01/Accounts/{sid}/Recordings.json"),
        },
    }))
}

/// Lets one member, or all, hear a document.
pub fn announce(
    exchange: &Arc<Exchange>,
    conference: &Arc<Conference>,
    to: Option<String>,
    url: String,
    method: Method,
) {
    let (exchange, conference) = (exchange.clone(), conference.clone());
    let runtime = exchange.runtime.clone();
    runtime.spawn(async move {
        let seats = conference.snapshot().seats;
        let mine = |call: &str| to.as_deref().is_none_or(|to| to == call);
        let listeners: Vec<_> = seats
            .into_iter()
            .filter(|(seat, _)| seat.joined && mine(&seat.call))
            .map(|(_, call)| call)
            .collect();
        let heard = hear_document(&exchange, &listeners, (url.clone(), method), "announcement").await;
        let failed = heard.err().map(|(code, message)| format!("{code} {message}"));
        conference.announced(&exchange, to.as_deref(), &url, failed);
    });
}

/// The conference with this sid.
pub fn find(exchange: &Exchange, sid: &str, request: &HttpRequest) -> Result<Arc<Conference>, RestError> {
    exchange.conference(sid).ok_or_else(|| RestError::not_found(request.path()))
}

/// The same, if it is not over.
pub fn find_live(
    exchange: &Exchange,
    sid: &str,
    request: &HttpRequest,
) -> Result<Arc<Conference>, RestError> {
    find(exchange, sid, request).and_then(|conference| match conference.status() == RoomStatus::Completed {
        true => Err(RestError::not_found(request.path())),
        false => Ok(conference),
    })
}
