//! One line and one measurement for each request. The line names the route's pattern and the call, never the query or the
//! body: there are tokens and what people said in them.

use crate::metrics;
use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Level;

/// Requests that machines send at a high rate; their lines are for those who look for a fault.
const FREQUENT: [&str; 3] = ["/api/twilio", "/health", "/metrics"];

/// The middleware.
pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let level =
        if FREQUENT.iter().any(|path| request.path().starts_with(path)) { Level::DEBUG } else { Level::INFO };
    let result = next.call(request).await;
    let taken = began.elapsed();
    match &result {
        Ok(response) => note(level, &method, Some(response.request()), response.status().as_u16(), taken),
        Err(error) => note(level, &method, None, error.as_response_error().status_code().as_u16(), taken),
    }
    result
}

fn note(level: Level, method: &Method, request: Option<&HttpRequest>, status: u16, taken: Duration) {
    let route = request.and_then(HttpRequest::match_pattern);
    let pattern = route.as_deref().unwrap_or("none");
    let call = request.and_then(|request| request.match_info().get("call"));
    let ms = taken.as_secs_f64() * 1000.0;
    if level == Level::DEBUG {
        tracing::debug!(%method, route = pattern, call, status, ms, "request");
    } else {
        tracing::info!(%method, route = pattern, call, status, ms, "request");
    }
    metrics::count(method, route, status, taken);
}
