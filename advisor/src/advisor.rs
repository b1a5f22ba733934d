//! The advisor: asks the model once, within the budget.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Response, StatusCode, redirect};
use secrecy::ExposeSecret;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tsunagu_conversation::{Failure, Prompt, Reply, Tokens};
use url::Url;

use crate::AdvisorConfig;
use crate::breaker::Breaker;
use crate::wire::{Completion, Request};

/// The largest answer that is read.
const MAX_BODY: usize = 64 * 1024;
const USER_AGENT: &str = concat!("tsunagu/", env!("CARGO_PKG_VERSION"));

/// A language model; cheap to clone, clones share connections, places and the breaker.
#[derive(Debug, Clone)]
pub struct Advisor {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: Client,
    url: Url,
    /// Not shown by its own `Debug`.
    authorization: Option<HeaderValue>,
    model: String,
    budget: Duration,
    places: Semaphore,
    breaker: Mutex<Breaker>,
    since: Instant,
}

/// Why the settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum AdvisorError {
    /// The address is none.
    #[error("the language model's address `{0}` is neither http nor https")]
    Url(String),
    /// The key cannot be sent.
    #[error("the language model's key has characters that cannot be sent")]
    Key,
    /// The model has no name.
    #[error("the language model has no name")]
    Name,
    /// A limit is zero.
    #[error("the language model's limits are at least one")]
    Limits,
    /// No client could be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

impl Advisor {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    /// The settings cannot work.
    pub fn new(config: AdvisorConfig) -> Result<Self, AdvisorError> {
        let mut url = Url::parse(&config.url).map_err(|_| AdvisorError::Url(config.url.clone()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(AdvisorError::Url(config.url));
        }
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["chat", "completions"]);
        }
        if config.model.trim().is_empty() {
            return Err(AdvisorError::Name);
        }
        if config.budget.is_zero() || config.max_in_flight == 0 || config.failures == 0 {
            return Err(AdvisorError::Limits);
        }
        let key = config.key.expose_secret();
        let authorization = match key.is_empty() {
            true => None,
            false => {
                let mut value =
                    HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| AdvisorError::Key)?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Err: another thread was quicker, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(config.budget)
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(config.max_in_flight);
        // A model on the same machine is no reason to need its certificates.
        let http = if url.scheme() == "https" { http } else { http.tls_certs_only([]).no_proxy() };
        let inner = Inner {
            http: http.build().map_err(AdvisorError::Client)?,
            url,
            authorization,
            model: config.model,
            budget: config.budget,
            places: Semaphore::new(config.max_in_flight.min(Semaphore::MAX_PERMITS)),
            breaker: Mutex::new(Breaker::new(config.failures, config.pause)),
            since: Instant::now(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether something asked now would be sent: nothing is while the breaker is open, or every place is taken. What comes
    /// then is counted as passed over, whether or not there would have been anything to ask.
    pub fn accepts(&self) -> bool {
        let inner = &*self.inner;
        let full = inner.places.available_permits() == 0;
        let passed_over = match full {
            true => Some("busy"),
            false => (!inner.breaker().would_let_through(inner.since.elapsed())).then_some("paused"),
        };
        passed_over.into_iter().for_each(count);
        passed_over.is_none()
    }

    /// Asks the model, once. Nothing when it is not asked now. Whatever happens, this takes no longer than the budget.
    pub async fn ask(&self, prompt: &Prompt) -> Option<Reply> {
        let inner = &*self.inner;
        let Ok(_place) = inner.places.try_acquire() else {
            count("busy");
            return None;
        };
        if !inner.breaker().lets_through(inner.since.elapsed()) {
            count("paused");
            return None;
        }
        let begun = Instant::now();
        let answer = timeout(inner.budget, inner.send(prompt)).await.unwrap_or(Err(Failure::Late));
        let took = begun.elapsed();
        metrics::histogram!("language_model_seconds").record(took.as_secs_f64());
        count(answer.as_ref().map_or_else(|failure| failure.name(), |_| "answered"));
        inner.judge(&answer);
        let (text, tokens) = match answer {
            Ok((text, tokens)) => (Ok(text), tokens),
            Err(failure) => (Err(failure), None),
        };
        if let Some(Tokens { prompt, completion }) = tokens {
            metrics::counter!("language_model_tokens_total", "direction" => "in").increment(prompt.into());
            metrics::counter!("language_model_tokens_total", "direction" => "out")
                .increment(completion.into());
        }
        let millis = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        Some(Reply { model: inner.model.clone(), millis, tokens, text })
    }
}

type Answer = Result<(String, Option<Tokens>), Failure>;

impl Inner {
    async fn send(&self, prompt: &Prompt) -> Answer {
        let request = self.http.post(self.url.clone()).json(&Request::new(&self.model, prompt));
        let request = match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value.clone()),
            None => request,
        };
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        match response.status() {
            status if status.is_success() => {}
            StatusCode::TOO_MANY_REQUESTS => return Err(Failure::Limited),
            status if status.is_server_error() => return Err(Failure::Broken),
            _ => return Err(Failure::Refused),
        }
        let body = body(&mut response).await?;
        Completion::of(&body).ok_or(Failure::Rubbish)
    }

    /// Tells the breaker how it went.
    fn judge(&self, answer: &Answer) {
        let mut breaker = self.breaker();
        match answer {
            Ok(_) => breaker.worked(),
            Err(failure) => {
                if breaker.failed(self.since.elapsed()) {
                    tracing::warn!(
                        failure = failure.name(),
                        "the language model fails and is not asked for a while"
                    );
                }
            }
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body, if it is not too big.
async fn body(response: &mut Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Failure::TooBig);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failure(error: &reqwest::Error) -> Failure {
    if error.is_timeout() { Failure::Late } else { Failure::Unreachable }
}

fn count(outcome: &'static str) {
    metrics::counter!("language_model_requests_total", "outcome" => outcome).increment(1);
}
