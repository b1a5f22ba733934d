//! What every REST request passes: who asks, and the weather of the day.

use super::RestError;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::sid;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{ResponseError, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use tokio::time::Instant;

/// The connection, so that it can be closed without an answer.
pub struct Socket(pub socket2::Socket);

/// Lets a request pass, or does not.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let began = Instant::now();
    let exchange = request.app_data::<web::Data<Arc<Exchange>>>().cloned();
    let Some(exchange) = exchange else { return Ok(next.call(request).await?.map_into_left_body()) };
    exchange.counters.rest_request();
    let fate = exchange.weather.rest();
    if fate.refused.is_some() {
        exchange.counters.rest_refused();
    }
    let refused = match fate.refused {
        Some(429) => Some(RestError::too_many()),
        Some(status) => Some(RestError::new(status, 20503, "Service Unavailable")),
        None => authenticate(&exchange, &request).err(),
    };
    let mut response = match refused {
        Some(refused) => request.into_response(refused.error_response()).map_into_right_body(),
        None => next.call(request).await?.map_into_left_body(),
    };
    // Slow is the answer, not the work: who does not wait for it has to find out what was done.
    if !fate.delay.is_zero() {
        tokio::time::sleep(fate.delay).await;
    }
    if fate.answer_lost
        && let Some(Socket(socket)) = response.request().conn_data::<Socket>()
    {
        exchange.counters.rest_answer_lost();
        // The work is done, and nobody will hear of it.
        let _ = socket.shutdown(std::net::Shutdown::Both);
    }
    let duration = format!("{:.3}", began.elapsed().as_secs_f64());
    for (name, value) in [("twilio-request-id", sid::new("RQ")), ("twilio-request-duration", duration)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

fn authenticate(exchange: &Exchange, request: &ServiceRequest) -> Result<(), RestError> {
    let config = &exchange.config;
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (user, password) = header.and_then(basic).ok_or_else(RestError::unauthenticated)?;
    let owner = user == config.account_sid && same(&password, &config.auth_token);
    let key = config.api_keys.iter().any(|(key, secret)| *key == user && same(&password, secret));
    if !owner && !key {
        return Err(RestError::unauthenticated());
    }
    match request.match_info().get("account") {
        Some(account) if account == config.account_sid => Ok(()),
        _ => Err(RestError::not_found(request.path())),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let encoded = header.strip_prefix("Basic ").or_else(|| header.strip_prefix("basic "))?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// Compares in a time that does not depend on where the two differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |acc, (a, b)| acc | (a ^ b)) == 0
}
