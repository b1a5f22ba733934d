//! One attempt: one request, and what its answer means.

use std::time::Duration;

use actix_web::web::Bytes;
use metrics::{counter, gauge, histogram};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode};
use secrecy::ExposeSecret;
use tokio::time::Instant;
use tracing::Instrument;
use url::Url;

use super::TwilioClient;
use super::answer::Refusal;
use super::client::chain;
use super::form::Form;
use crate::CarrierError;

/// The longest answer that is read. A thousand calls are about a megabyte.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// Under which target spans are told that belong into traces; the call's name stands on the span around this one.
const TRACE: &str = "tsunagu::trace";

/// Counts a request for as long as it waits for its place or its answer, however that ends.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        gauge!("carrier_requests_under_way").increment(1.0);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        gauge!("carrier_requests_under_way").decrement(1.0);
    }
}

/// A request to be sent, perhaps more than once.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Its name in metrics, logs and errors.
    pub(super) operation: &'static str,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) form: Form,
    pub(super) range: Option<String>,
}

impl Request {
    pub(super) fn get(operation: &'static str, url: Url) -> Self {
        Self { operation, method: Method::GET, url, form: Form::default(), range: None }
    }

    pub(super) fn post(operation: &'static str, url: Url, form: Form) -> Self {
        Self { operation, method: Method::POST, url, form, range: None }
    }

    pub(super) fn delete(operation: &'static str, url: Url) -> Self {
        Self { operation, method: Method::DELETE, url, form: Form::default(), range: None }
    }
}

/// Why an attempt brought no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// Not carried out, too many requests.
    RateLimited { retry_after: Option<Duration> },
    /// Not carried out, the request never arrived.
    NotSent(String),
    /// Perhaps carried out: the answer was lost, or says nothing.
    Lost(String),
    /// Answered, and the answer is no.
    Refused(CarrierError),
}

impl Failure {
    /// For a command that is not repeated.
    pub(super) fn into_error(self) -> CarrierError {
        match self {
            Self::RateLimited { retry_after } => CarrierError::RateLimited { retry_after },
            Self::NotSent(detail) => CarrierError::Unavailable { detail },
            Self::Lost(detail) => CarrierError::Ambiguous { detail },
            Self::Refused(error) => error,
        }
    }

    fn outcome(&self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "rate_limited",
            Self::NotSent(_) => "not_sent",
            Self::Lost(_) => "lost",
            Self::Refused(CarrierError::NotFound { .. }) => "not_found",
            Self::Refused(CarrierError::Unauthorized) => "unauthorized",
            Self::Refused(_) => "refused",
        }
    }
}

impl TwilioClient {
    /// Sends a request once and reads the whole answer.
    pub(super) async fn exchange(&self, request: &Request) -> Result<Bytes, Failure> {
        self.measured(request, async {
            let _place = self.place().await?;
            let response = self.send(&self.inner.http, request).await?;
            body(response).await.map_err(Failure::Lost)
        })
        .await
    }

    /// Sends a request once; the body is still to come.
    pub(super) async fn open(&self, request: &Request) -> Result<Response, Failure> {
        self.measured(request, async {
            let _place = self.place().await?;
            self.send(&self.inner.media, request).await
        })
        .await
    }

    async fn measured<T>(
        &self,
        request: &Request,
        attempt: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        let span = tracing::trace_span!(
            target: TRACE,
            "carrier request",
            otel.kind = "client",
            operation = request.operation,
            outcome = tracing::field::Empty,
        );
        let under_way = UnderWay::begin();
        let result = attempt.instrument(span.clone()).await;
        drop(under_way);
        let outcome = result.as_ref().map_or_else(Failure::outcome, |_| "ok");
        span.record("outcome", outcome);
        counter!("carrier_requests_total", "operation" => request.operation, "outcome" => outcome)
            .increment(1);
        histogram!("carrier_request_duration_seconds", "operation" => request.operation)
            .record(begun.elapsed().as_secs_f64());
        match &result {
            Ok(_) => {}
            Err(Failure::NotSent(detail) | Failure::Lost(detail)) => {
                tracing::warn!(operation = request.operation, outcome, detail, "carrier request failed");
            }
            // Not the carrier's words: they may name the customer's number.
            Err(Failure::RateLimited { .. } | Failure::Refused(_)) => {
                tracing::info!(operation = request.operation, outcome, "carrier refused a request");
            }
        }
        result
    }

    async fn place(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Failure> {
        match tokio::time::timeout(self.inner.config.place_timeout, self.inner.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(Failure::NotSent("the client is closed".to_owned())),
            Err(_) => Err(Failure::NotSent("too many requests to the carrier are waiting here".to_owned())),
        }
    }

    async fn send(&self, http: &Client, request: &Request) -> Result<Response, Failure> {
        let config = &self.inner.config;
        let user = config.auth_user.as_ref().unwrap_or(&config.account_sid);
        let mut builder = http
            .request(request.method.clone(), request.url.clone())
            .basic_auth(user, Some(config.auth_secret.expose_secret()))
            .header("Accept", if request.range.is_some() { "*/*" } else { "application/json, */*;q=0.5" });
        if let Some(range) = &request.range {
            builder = builder.header("Range", range);
        }
        if !request.form.is_empty() {
            builder = builder
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(request.form.encoded());
        }
        let response = builder.send().await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                Failure::NotSent(chain(&error))
            } else {
                Failure::Lost(chain(&error))
            }
        })?;
        if response.status().is_success() { Ok(response) } else { Err(refusal(request, response).await) }
    }
}

/// What an answer other than a success means.
async fn refusal(request: &Request, response: Response) -> Failure {
    let status = response.status();
    let twilio_request = header(&response, "twilio-request-id");
    let retry_after = header(&response, RETRY_AFTER.as_str());
    let body = body(response).await.unwrap_or_default();
    let Refusal { code, message } = serde_json::from_slice(&body).unwrap_or_default();
    tracing::debug!(
        operation = request.operation,
        status = status.as_u16(),
        code,
        twilio_request,
        "carrier refused"
    );
    let rejected =
        |message: String| Failure::Refused(CarrierError::Rejected { status: status.as_u16(), code, message });
    match (status, code) {
        (StatusCode::TOO_MANY_REQUESTS, _) => Failure::RateLimited {
            retry_after: retry_after.and_then(|text| text.parse().ok()).map(Duration::from_secs),
        },
        (StatusCode::UNAUTHORIZED, _) | (_, Some(20003)) => Failure::Refused(CarrierError::Unauthorized),
        (StatusCode::NOT_FOUND, _) => {
            let what = request.operation.split('.').next().unwrap_or("resource").to_owned();
            Failure::Refused(CarrierError::NotFound { what })
        }
        (_, Some(21220)) => Failure::Refused(CarrierError::NotInProgress),
        (StatusCode::REQUEST_TIMEOUT, _) => Failure::Lost("the carrier timed out (408)".to_owned()),
        (status, _) if status.is_server_error() => {
            Failure::Lost(format!("the carrier failed ({})", status.as_u16()))
        }
        (status, _) if status.is_redirection() => {
            rejected("it answered with a redirect; is the carrier's URL right?".to_owned())
        }
        _ if message.is_empty() => rejected("no reason given".to_owned()),
        _ => rejected(message),
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The whole body, up to the limit.
async fn body(mut response: Response) -> Result<Bytes, String> {
    let mut whole = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| chain(&error))? {
        if whole.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("the answer is longer than {MAX_ANSWER} bytes"));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(Bytes::from(whole))
}
