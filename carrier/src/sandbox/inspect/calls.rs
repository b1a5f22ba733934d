//! Calls as the inspection API shows them, and the person on a leg played by hand.

use crate::CallStatus;
use crate::sandbox::call::{ByHand, Call, HangupBy, Order};
use crate::sandbox::exchange::Exchange;
use crate::sandbox::rest::{RestError, page};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc::error::TrySendError;

/// Longest text that may be said by hand, in characters.
const MAX_TEXT: usize = 4_096;

/// What a list may be narrowed to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    status: Option<String>,
    to: Option<String>,
    from: Option<String>,
    live: Option<bool>,
    limit: Option<usize>,
}

/// `GET /calls`: newest first, at most 1,000.
pub async fn list(exchange: web::Data<Arc<Exchange>>, query: web::Query<ListQuery>) -> HttpResponse {
    let calls: Vec<Value> = exchange
        .all_calls()
        .iter()
        .filter(|call| query.status.as_deref().is_none_or(|status| call.status().as_str() == status))
        .filter(|call| query.to.as_ref().is_none_or(|to| &call.facts.to == to))
        .filter(|call| query.from.as_ref().is_none_or(|from| &call.facts.from == from))
        .filter(|call| query.live.is_none_or(|live| call.status().is_live() == live))
        .take(query.limit.unwrap_or(page::MAX_PAGE_SIZE).min(page::MAX_PAGE_SIZE))
        .map(|call| summary(&exchange, call))
        .collect();
    HttpResponse::Ok().json(json!({ "calls": calls }))
}

/// `GET /calls/{sid}`: one call with its whole log.
pub async fn one(
    exchange: web::Data<Arc<Exchange>>,
    sid: web::Path<String>,
) -> Result<HttpResponse, RestError> {
    let call = find(&exchange, &sid)?;
    let mut body = summary(&exchange, &call);
    if let Some(body) = body.as_object_mut() {
        body.insert("log".into(), json!(call.journal.entries()));
    }
    Ok(HttpResponse::Ok().json(body))
}

/// What a person says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    text: String,
}

/// `POST /calls/{sid}/say`.
pub async fn say(
    exchange: web::Data<Arc<Exchange>>,
    sid: web::Path<String>,
    words: web::Json<Words>,
) -> Result<HttpResponse, RestError> {
    let text = words.into_inner().text;
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
        return Err(RestError::bad(20001, format!("text must have 1 to {MAX_TEXT} characters")));
    }
    do_by_hand(&exchange, &sid, ByHand::Say(text))
}

/// What a person presses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    digits: String,
}

/// `POST /calls/{sid}/press`.
pub async fn press(
    exchange: web::Data<Arc<Exchange>>,
    sid: web::Path<String>,
    keys: web::Json<Keys>,
) -> Result<HttpResponse, RestError> {
    let digits = keys.into_inner().digits;
    let sound = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#' | 'A'..='D');
    if digits.is_empty() || digits.len() > 32 || !digits.chars().all(sound) {
        return Err(RestError::bad(20001, "digits must be 1 to 32 of 0-9, A-D, * and #"));
    }
    do_by_hand(&exchange, &sid, ByHand::Press(digits))
}

/// `POST /calls/{sid}/hangup`: the person hangs up.
pub async fn hangup(
    exchange: web::Data<Arc<Exchange>>,
    sid: web::Path<String>,
) -> Result<HttpResponse, RestError> {
    let call = live(&exchange, &sid)?;
    match call.orders.try_send(Order::Hangup(HangupBy::Person)) {
        Ok(()) => Ok(HttpResponse::Accepted().json(json!({ "call_sid": call.sid() }))),
        Err(TrySendError::Full(_)) => Err(RestError::too_many()),
        Err(TrySendError::Closed(_)) => Err(RestError::not_live()),
    }
}

fn do_by_hand(exchange: &Exchange, sid: &str, act: ByHand) -> Result<HttpResponse, RestError> {
    let call = live(exchange, sid)?;
    match call.by_hand.try_send(act) {
        Ok(()) => Ok(HttpResponse::Accepted().json(json!({ "call_sid": call.sid() }))),
        Err(TrySendError::Full(_)) => Err(RestError::too_many()),
        Err(TrySendError::Closed(_)) => Err(RestError::not_live()),
    }
}

fn live(exchange: &Exchange, sid: &str) -> Result<Arc<Call>, RestError> {
    let call = find(exchange, sid)?;
    match call.status() {
        CallStatus::InProgress => Ok(call),
        CallStatus::Ringing => Ok(call),
        _ => Err(RestError::not_live()),
    }
}

fn find(exchange: &Exchange, sid: &str) -> Result<Arc<Call>, RestError> {
    exchange.call(sid).ok_or_else(|| RestError::not_found(&format!("/sandbox/v1/calls/{sid}")))
}

fn summary(exchange: &Exchange, call: &Call) -> Value {
    let facts = &call.facts;
    let duration = call.duration(exchange.clock.now());
    call.read(|state| {
        json!({
            "sid": facts.sid,
            "to": facts.to,
            "from": facts.from,
            "direction": facts.direction.as_str(),
            "parent_call_sid": facts.parent,
            "persona": state.persona,
            "status": state.status.as_str(),
            "answered_by": state.answered_by,
            "sip_response_code": state.sip,
            "created_at": facts.created,
            "started_at": state.started,
            "answered_at": state.answered,
            "ended_at": state.ended,
            "duration_secs": duration,
            "conference": state.conference.as_ref().map(|(sid, name)| json!({ "sid": sid, "name": name })),
        })
    })
}
