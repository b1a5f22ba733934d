//! What every REST request passes: who asks, and the weather of the day.

use super::RestError;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::sid;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// The connection, so that it can be closed without an answer.
pub struct Socket(pub socket2::Socket);

/// Lets a request pass, or does not.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let exchange = request.app_data::<web::Data<Arc<Exchange>>>().cloned();
    let Some(exchange) = exchange else { return next.call(request).await };
    exchange.counters.rest_request();
    let fate = exchange.weather.rest();
    if !fate.delay.is_zero() {
        tokio::time::sleep(fate.delay).await;
    }
    match fate.refused {
        Some(429) => {
            exchange.counters.rest_refused();
            return Err(RestError::too_many().into());
        }
        Some(status) => {
            exchange.counters.rest_refused();
            return Err(RestError::new(status, 20503, "Service Unavailable").into());
        }
        None => {}
    }
    authenticate(&exchange, &request)?;
    let mut response = next.call(request).await?;
    if fate.answer_lost
        && let Some(Socket(socket)) = response.request().conn_data::<Socket>()
    {
        exchange.counters.rest_answer_lost();
        // The work is done, and nobody will hear of it.
        let _ = socket.shutdown(std::net::Shutdown::Both);
    }
    let request_id = HeaderValue::from_str(&sid::new("RQ"));
    let headers = response.headers_mut();
    if let Ok(request_id) = request_id {
        headers.insert(HeaderName::from_static("twilio-request-id"), request_id);
    }
    headers.insert(HeaderName::from_static("twilio-concurrent-requests"), HeaderValue::from_static("1"));
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
