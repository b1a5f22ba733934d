//! Webhooks as Twilio sends them: form-encoded, signed, with retries, redirects and cookies.

mod cookies;
mod lane;
mod overrides;

pub use cookies::CookieJar;
pub use lane::{Lane, Notification};
pub use overrides::Overrides;
pub use tsunagu_twiml::Method;

use super::fault::{HookKind, Weather};
use super::inspect::Counters;
use super::{SandboxError, sid};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tsunagu_twiml::{MAX_BODY, signature::Signer, webhook::Form};
use url::Url;

/// Idle connections are given up before a server does so, which would race with the next webhook.
const IDLE: Duration = Duration::from_secs(2);
/// How long the first retry waits; each further one waits twice as long. Twilio does not say how long it waits.
const RETRY_PAUSE: Duration = Duration::from_millis(250);
const MAX_REDIRECTS: usize = 10;
/// Twilio gives up on any webhook after this long, whatever the URL's overrides say.
const HARD_CAP: Duration = Duration::from_secs(15);
/// Clients are kept by connect timeout; this many different ones at most.
const MAX_CLIENTS: usize = 16;

/// How a webhook is sent when a REST parameter says so: GET or POST in any case, or else the default.
pub fn method_or(text: Option<&str>, otherwise: Method) -> Method {
    match text {
        Some(text) if text.eq_ignore_ascii_case("GET") => Method::Get,
        Some(text) if text.eq_ignore_ascii_case("POST") => Method::Post,
        _ => otherwise,
    }
}

/// Form parameters in the order in which they are sent.
pub type Params = Vec<(String, String)>;

/// One logical webhook.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Its family, for faults and counters.
    pub kind: HookKind,
    /// The absolute URL, connection overrides in its fragment included.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// What is sent.
    pub params: Params,
}

/// What the application answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status of the last request.
    pub status: u16,
    /// `Content-Type` without its parameters, lower case; empty when there is none.
    pub content_type: String,
    /// The body, at most 64 kB and one byte.
    pub body: Vec<u8>,
    /// The URL that gave it, after redirects, without fragment.
    pub url: Url,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookFailure {
    /// Twilio's error code (11xxx).
    pub code: u32,
    /// The reason in words.
    pub message: String,
    /// Nothing was sent, since no connection came about.
    pub unconnected: bool,
}

impl HookFailure {
    fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), unconnected: false }
    }
}

/// Sends webhooks.
pub struct Messenger {
    signer: Signer,
    weather: Arc<Weather>,
    counters: Arc<Counters>,
    clients: Mutex<HashMap<u64, reqwest::Client>>,
}

impl Messenger {
    /// A messenger that signs with the account's auth token.
    pub fn new(
        auth_token: &str,
        weather: Arc<Weather>,
        counters: Arc<Counters>,
    ) -> Result<Self, SandboxError> {
        // Fails when the process has a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let messenger =
            Self { signer: Signer::new(auth_token), weather, counters, clients: Mutex::default() };
        messenger.client(Overrides::default().connect)?;
        Ok(messenger)
    }

    /// The signature of the upgrade to a WebSocket at `url` (`wss://`).
    pub fn sign_upgrade(&self, url: &str) -> String {
        self.signer.sign_url(url)
    }

    /// Sends a webhook whose answer matters, and waits for the answer.
    pub async fn ask(self: &Arc<Self>, hook: &Hook, jar: &Arc<CookieJar>) -> Result<Answer, HookFailure> {
        let fate = self.weather.hook(hook.kind);
        let token = sid::token();
        self.counters.sent(hook.kind);
        if !fate.delay.is_zero() {
            self.counters.delayed();
            tokio::time::sleep(fate.delay).await;
        }
        if fate.doubled {
            self.counters.doubled();
            let (twin, hook, jar, token) = (self.clone(), hook.clone(), jar.clone(), token.clone());
            tokio::spawn(async move { twin.attempts(&hook, &jar, &token).await });
        }
        self.attempts(hook, jar, &token).await
    }

    /// Sends one webhook, with the retries that its URL asks for, all under one token.
    pub async fn attempts(&self, hook: &Hook, jar: &CookieJar, token: &str) -> Result<Answer, HookFailure> {
        let url = Url::parse(&hook.url).map_err(|e| HookFailure::new(11100, format!("{}: {e}", hook.url)))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(HookFailure::new(11100, format!("{} is no http or https URL", hook.url)));
        }
        if url.host_str().is_some_and(|host| host.contains('_')) {
            return Err(HookFailure::new(11210, "host names with an underscore are refused"));
        }
        let overrides = Overrides::of(url.fragment().unwrap_or_default())
            .map_err(|reason| HookFailure::new(11242, format!("bad connection override: {reason}")))?;
        let all = async {
            let mut left = overrides.retries;
            let mut pause = RETRY_PAUSE;
            loop {
                let outcome = self.follow(hook, &url, &overrides, jar, token).await;
                if left == 0 || !overrides.retries_on(&outcome) {
                    return outcome;
                }
                left -= 1;
                self.counters.retried();
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        };
        match tokio::time::timeout(overrides.total.min(HARD_CAP), all).await {
            Ok(outcome) => outcome,
            Err(_) => Err(HookFailure::new(11203, "no answer within the total time allowed")),
        }
    }

    async fn follow(
        &self,
        hook: &Hook,
        url: &Url,
        overrides: &Overrides,
        jar: &CookieJar,
        token: &str,
    ) -> Result<Answer, HookFailure> {
        let client =
            self.client(overrides.connect).map_err(|error| HookFailure::new(11200, error.to_string()))?;
        let mut url = url.clone();
        url.set_fragment(None);
        let mut method = hook.method;
        if method == Method::Get && !hook.params.is_empty() {
            url.query_pairs_mut().extend_pairs(&hook.params);
        }
        for _ in 0..=MAX_REDIRECTS {
            let form = (method == Method::Post).then(|| form(&hook.params));
            let answer = self.request(&client, &url, form.as_ref(), overrides, jar, token).await?;
            match answer {
                Reply::Redirect(target) => {
                    // What follows a redirect is a GET without a form, so that Digits and the like are lost.
                    url = target;
                    method = Method::Get;
                }
                Reply::Answer(answer) => return Ok(answer),
            }
        }
        Err(HookFailure::new(11215, "too many redirects"))
    }

    async fn request(
        &self,
        client: &reqwest::Client,
        url: &Url,
        form: Option<&Form>,
        overrides: &Overrides,
        jar: &CookieJar,
        token: &str,
    ) -> Result<Reply, HookFailure> {
        let (mut request, signature) = match form {
            None => (client.get(url.clone()), self.signer.sign_url(url.as_str())),
            Some(form) => {
                let request = client
                    .post(url.clone())
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
                    .body(form.to_body());
                (request, self.signer.sign(url.as_str(), form))
            }
        };
        request = request
            .timeout(overrides.connect + overrides.read)
            .header(USER_AGENT, "TwilioProxy/1.1")
            .header(ACCEPT, "*/*")
            .header(tsunagu_twiml::signature::HEADER, signature)
            .header("I-Twilio-Idempotency-Token", token);
        if let Some(cookies) = jar.header(url) {
            request = request.header(COOKIE, cookies);
        }
        let mut response = request.send().await.map_err(explain)?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            jar.store(url, cookie.to_str().unwrap_or_default());
        }
        let header = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let status = response.status();
        if let (true, Some(location)) = (status.is_redirection(), header(LOCATION)) {
            let target =
                url.join(&location).map_err(|e| HookFailure::new(11100, format!("{location}: {e}")))?;
            return Ok(Reply::Redirect(target));
        }
        let content_type = header(CONTENT_TYPE).unwrap_or_default();
        let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut body = Vec::new();
        while body.len() <= MAX_BODY {
            match response.chunk().await.map_err(explain)? {
                Some(chunk) => body.extend_from_slice(&chunk),
                None => break,
            }
        }
        body.truncate(MAX_BODY + 1);
        Ok(Reply::Answer(Answer { status: status.as_u16(), content_type, body, url: url.clone() }))
    }

    fn client(&self, connect: Duration) -> Result<reqwest::Client, SandboxError> {
        let key = connect.as_millis() as u64;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let client = reqwest::Client::builder()
            .connect_timeout(connect)
            .pool_idle_timeout(IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(SandboxError::Client)?;
        if clients.len() < MAX_CLIENTS {
            clients.insert(key, client.clone());
        }
        Ok(client)
    }
}

enum Reply {
    Answer(Answer),
    Redirect(Url),
}

fn form(params: &[(String, String)]) -> Form {
    params.iter().fold(Form::default(), |form, (key, value)| form.with(key, value))
}

fn explain(error: reqwest::Error) -> HookFailure {
    use std::error::Error;
    let cause = error.source().map(|e| format!(": {e}")).unwrap_or_default();
    let (code, unconnected) = match (error.is_connect(), error.is_timeout()) {
        (true, true) => (11201, true),
        (true, false) => (11202, true),
        (false, true) => (11203, false),
        (false, false) => (11205, false),
    };
    let error = error.without_url();
    HookFailure { code, message: format!("{error}{cause}"), unconnected }
}
