//! How often a request is sent, and when.

use std::time::Duration;

use metrics::counter;

use super::TwilioClient;
use super::exchange::{Failure, Request};
use crate::CarrierError;

/// Whether a request may be sent again when it is not known whether it was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Reads, and commands that say how things shall be: twice is once.
    Freely,
    /// Commands that would happen a second time.
    OnlyIfNotDone,
}

/// What came of a request.
pub(super) struct Tried<T> {
    pub(super) result: Result<T, CarrierError>,
    /// An earlier attempt may have been carried out: what now says "there is nothing to do" may mean "done".
    pub(super) maybe_done: bool,
}

impl TwilioClient {
    /// Makes attempts until one is answered, within the limits.
    ///
    /// Too many requests and failed connections are always tried again: nothing was done. A lost answer is, if the
    /// request may be repeated. A refusal is final.
    pub(super) async fn attempts<T, F>(
        &self,
        operation: &'static str,
        repeat: Repeat,
        attempt: impl Fn() -> F,
    ) -> Tried<T>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let config = &self.inner.config;
        let mut maybe_done = false;
        let mut number = 0;
        loop {
            number += 1;
            let failure = match attempt().await {
                Ok(answer) => return Tried { result: Ok(answer), maybe_done },
                Err(failure) => failure,
            };
            let asked_to_wait = match &failure {
                Failure::RateLimited { retry_after } => *retry_after,
                Failure::NotSent(_) => None,
                Failure::Lost(_) if repeat == Repeat::Freely => {
                    maybe_done = true;
                    None
                }
                Failure::Lost(_) | Failure::Refused(_) => {
                    return Tried { result: Err(failure.into_error()), maybe_done };
                }
            };
            if number >= config.attempts {
                let error = failure.into_error();
                // A last attempt that surely did nothing does not undo an earlier one that may have.
                let result = match error {
                    error if maybe_done && !error.is_ambiguous() => {
                        Err(CarrierError::Ambiguous { detail: error.to_string() })
                    }
                    error => Err(error),
                };
                return Tried { result, maybe_done };
            }
            counter!("carrier_retries_total", "operation" => operation).increment(1);
            tokio::time::sleep(self.pause(number, asked_to_wait)).await;
        }
    }

    /// Sends a request that is answered with JSON, or with nothing.
    pub(super) async fn request(&self, request: &Request, repeat: Repeat) -> Tried<actix_web::web::Bytes> {
        self.attempts(request.operation, repeat, || self.exchange(request)).await
    }

    /// The same, about something that may be so new that the carrier does not yet find it everywhere.
    pub(super) async fn request_of_new(
        &self,
        request: &Request,
        repeat: Repeat,
    ) -> Tried<actix_web::web::Bytes> {
        let mut maybe_done = false;
        for _ in 0..self.inner.config.not_found_retries {
            let tried = self.request(request, repeat).await;
            maybe_done |= tried.maybe_done;
            if !matches!(tried.result, Err(CarrierError::NotFound { .. })) {
                return Tried { maybe_done, ..tried };
            }
            tokio::time::sleep(self.inner.config.not_found_wait).await;
        }
        let tried = self.request(request, repeat).await;
        Tried { maybe_done: maybe_done | tried.maybe_done, ..tried }
    }

    /// The wait after an attempt: doubled each time, a random part of up to half taken off, and not shorter than
    /// the carrier asked for, unless that is longer than we are willing to wait.
    fn pause(&self, attempt: u32, asked_to_wait: Option<Duration>) -> Duration {
        let config = &self.inner.config;
        let doubled = config.backoff_first.saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let jittered = doubled.min(config.backoff_most).mul_f64(1.0 - rand::random::<f64>() / 2.0);
        jittered.max(asked_to_wait.unwrap_or_default()).min(config.backoff_most)
    }
}
