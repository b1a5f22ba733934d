//! Health, counters, faults, personas, and customers who ring in.

use crate::Direction;
use crate::sandbox::call::Source;
use crate::sandbox::callback::Subscription;
use crate::sandbox::exchange::{Exchange, NewCall};
use crate::sandbox::fault::Faults;
use crate::sandbox::rest::{RestError, address};
use crate::sandbox::webhook::{Method, method_or};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /health`.
pub async fn health(exchange: web::Data<Arc<Exchange>>) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "status": "ok",
        "account_sid": exchange.config.account_sid,
        "speed": exchange.config.speed,
        "now": exchange.clock.now(),
        "calls_live": exchange.counters.live_calls(),
    }))
}

/// `GET /counters`.
pub async fn counters(exchange: web::Data<Arc<Exchange>>) -> HttpResponse {
    HttpResponse::Ok().json(exchange.counters.json())
}

/// `GET /faults`.
pub async fn faults(exchange: web::Data<Arc<Exchange>>) -> HttpResponse {
    HttpResponse::Ok().json(exchange.weather.faults())
}

/// `PUT /faults`: replaces all of them; what is not named does not happen.
pub async fn set_faults(
    exchange: web::Data<Arc<Exchange>>,
    faults: web::Json<Faults>,
) -> Result<HttpResponse, RestError> {
    if let Some(complaint) = faults.complaint() {
        return Err(RestError::bad(20001, complaint));
    }
    exchange.weather.set(*faults);
    Ok(HttpResponse::Ok().json(exchange.weather.faults()))
}

/// `DELETE /faults`.
pub async fn reset_faults(exchange: web::Data<Arc<Exchange>>) -> HttpResponse {
    exchange.weather.set(Faults::default());
    HttpResponse::Ok().json(exchange.weather.faults())
}

/// `GET /personas`.
pub async fn personas(exchange: web::Data<Arc<Exchange>>) -> HttpResponse {
    let personas: Vec<Value> = exchange
        .casting
        .cast()
        .iter()
        .map(|persona| {
            let numbers: Vec<String> = persona.numbers().iter().map(ToString::to_string).collect();
            let expected: Vec<&str> = persona.expected().iter().map(|outcome| outcome.as_str()).collect();
            json!({
                "name": persona.name(),
                "about": persona.about(),
                "role": format!("{:?}", persona.role()).to_lowercase(),
                "lang": persona.lang(),
                "numbers": numbers,
                "expected": expected,
                "manual": persona.is_manual(),
            })
        })
        .collect();
    HttpResponse::Ok().json(json!({ "personas": personas }))
}

/// Who answers a number from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPersona {
    number: String,
    persona: String,
}

/// `POST /personas`.
pub async fn set_persona(
    exchange: web::Data<Arc<Exchange>>,
    new: web::Json<NewPersona>,
) -> Result<HttpResponse, RestError> {
    let number = address(&new.number).ok_or_else(|| RestError::bad(21211, "number is not valid"))?;
    if !exchange.casting.set(&number, &new.persona) {
        return Err(RestError::bad(20404, format!("there is no persona {:?}", new.persona)));
    }
    Ok(HttpResponse::Ok().json(json!({ "number": number, "persona": new.persona })))
}

/// A customer rings in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    from: String,
    to: String,
    url: String,
    method: Option<String>,
    fallback_url: Option<String>,
    status_callback: Option<String>,
}

/// `POST /inbound`: 201 with the call's sid.
pub async fn inbound(
    exchange: web::Data<Arc<Exchange>>,
    inbound: web::Json<Inbound>,
) -> Result<HttpResponse, RestError> {
    let inbound = inbound.into_inner();
    let from = address(&inbound.from).ok_or_else(|| RestError::bad(21212, "from is not valid"))?;
    let to = address(&inbound.to).ok_or_else(|| RestError::bad(21211, "to is not valid"))?;
    if !inbound.url.starts_with("http://") && !inbound.url.starts_with("https://") {
        return Err(RestError::bad(21205, "url must be absolute"));
    }
    let source = Source::Url {
        url: inbound.url,
        method: method_or(inbound.method.as_deref(), Method::Post),
        fallback: inbound.fallback_url.map(|url| (url, Method::Post)),
    };
    let progress = Subscription::new(inbound.status_callback.as_deref(), None, &[], &["completed"]);
    let new = NewCall { progress, ..NewCall::new(to, from, Direction::Inbound, source) };
    let call = exchange.create_call(new);
    Ok(HttpResponse::Created().json(json!({ "call_sid": call.sid() })))
}
