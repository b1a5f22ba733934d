//! One line and one measurement for each request. The line names the route's pattern and the call, never the query or the
//! body: there are tokens and what people said in them.

use crate::metrics;
use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use std::time::Duration;
use tokio::time::Instant;
use tracing::{Instrument, Level, Span, field::Empty};

/// Requests that machines send at a high rate; their lines are for those who look for a fault.
const FREQUENT: [&str; 4] = ["/api/twilio", "/health", "/metrics", "/socket.io"];

/// What a request is called, in its log line, in its answer, and by whoever asks us about it. A client or a proxy may name
/// it itself.
pub(crate) const REQUEST_ID: &str = "x-request-id";
/// The longest name that is taken over, in bytes.
const LONGEST_ID: usize = 64;

/// The middleware.
pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let frequent = FREQUENT.iter().any(|path| request.path().starts_with(path));
    let level = if frequent { Level::DEBUG } else { Level::INFO };
    let id = (!frequent).then(|| name(&request));
    let span = trace_of(&request, &method);
    let mut result = next.call(request).instrument(span.clone()).await;
    if let (Ok(response), Some(id)) = (&mut result, &id)
        && let Ok(id) = HeaderValue::from_str(id)
    {
        response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), id);
    }
    let taken = began.elapsed();
    if !span.is_disabled() {
        finish(&span, result.as_ref().ok().map(ServiceResponse::request), status_of(&result));
    }
    match &result {
        Ok(response) => note(level, &method, Some(response.request()), response.status().as_u16(), taken, id),
        Err(error) => {
            note(level, &method, None, error.as_response_error().status_code().as_u16(), taken, id);
        }
    }
    result
}

fn status_of<B>(result: &Result<ServiceResponse<B>, Error>) -> u16 {
    match result {
        Ok(response) => response.status().as_u16(),
        Err(error) => error.as_response_error().status_code().as_u16(),
    }
}

/// The span of a request. Nobody looks for those who ask whether we live.
fn trace_of(request: &ServiceRequest, method: &Method) -> Span {
    if ["/health", "/metrics"].iter().any(|path| request.path().starts_with(path)) {
        return Span::none();
    }
    tracing::trace_span!(
        target: tsunagu_actors::trace::TARGET,
        "request",
        otel.kind = "server",
        http.request.method = %method,
        http.route = Empty,
        http.response.status_code = Empty,
        otel.status_code = Empty,
        callId = Empty,
    )
}

/// What is known of a request once it is answered.
fn finish(span: &Span, request: Option<&HttpRequest>, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
    let Some(request) = request else { return };
    span.record("http.route", request.match_pattern().as_deref().unwrap_or("none"));
    if let Some(call) = request.match_info().get("call") {
        span.record("callId", call);
    }
}

/// The name it came with, or a new one.
fn name(request: &ServiceRequest) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|given| given.to_str().ok());
    let fit = |name: &&str| {
        (1..=LONGEST_ID).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    match given.filter(fit) {
        Some(given) => given.to_owned(),
        None => format!("{:032x}", rand::random::<u128>()),
    }
}

fn note(
    level: Level,
    method: &Method,
    request: Option<&HttpRequest>,
    status: u16,
    taken: Duration,
    id: Option<String>,
) {
    let route = request.and_then(HttpRequest::match_pattern);
    let pattern = route.as_deref().unwrap_or("none");
    let call = request.and_then(|request| request.match_info().get("call"));
    let ms = taken.as_secs_f64() * 1000.0;
    if level == Level::DEBUG {
        tracing::debug!(%method, route = pattern, call, status, ms, "request");
    } else {
        tracing::info!(%method, route = pattern, call, status, ms, id, "request");
    }
    metrics::count(method, route, status, taken);
}
