//! The courier over HTTP: posts once, to an allowed address alone, and reads no more of the answer than it must.

use super::targets::Targets;
use async_trait::async_trait;
use reqwest::{
    Client, Response,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect,
};
use std::{error::Error, time::Duration};
use tsunagu_actors::{Answer, Courier, Letter, Trouble};

const USER_AGENT: &str = concat!("tsunagu-webhooks/", env!("CARGO_PKG_VERSION"));
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How many connections are kept for the next post to one receiver, and how long.
const IDLE_AT_MOST: usize = 4;
const IDLE: Duration = Duration::from_secs(30);
/// How much of an answer is read, in bytes, so that its connection can be used again; a longer one costs its connection.
const ANSWER_BYTES: usize = 4 * 1024;
/// How long the client may take beyond its patience to say that this is at an end.
const SLACK: Duration = Duration::from_secs(1);

/// Posts over HTTP.
#[derive(Debug, Clone)]
pub struct HttpCourier {
    targets: Targets,
    client: Client,
    patience: Duration,
}

/// The courier cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client of webhooks cannot be made")]
pub struct CourierError(#[from] reqwest::Error);

impl HttpCourier {
    /// A courier that posts to these targets, and waits so long for each answer at the most.
    ///
    /// # Errors
    /// The machine's certificates cannot be read.
    pub fn new(targets: Targets, patience: Duration) -> Result<Self, CourierError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Err: another thread was quicker, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = Client::builder()
            .user_agent(USER_AGENT)
            // A proxy would look names up itself, and connect wherever they lead.
            .no_proxy()
            .dns_resolver(targets)
            .redirect(redirect::Policy::none())
            .https_only(!targets.allow_http)
            .connect_timeout(CONNECT)
            .timeout(patience)
            .pool_max_idle_per_host(IDLE_AT_MOST)
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Self { targets, client, patience })
    }
}

#[async_trait]
impl Courier for HttpCourier {
    async fn post(&self, letter: Letter) -> Result<Answer, Trouble> {
        // An address in the place of a name is never looked up, and so is looked at here.
        let url = self.targets.read(&letter.url).map_err(Trouble::Refused)?;
        let mut request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        for (name, value) in letter.headers {
            request = request.header(name, value);
        }
        let response =
            request.body(letter.body.as_bytes().to_vec()).send().await.map_err(|error| told(&error))?;
        let answer = Answer { status: response.status().as_u16(), retry_after: retry_after(&response) };
        finish(response).await;
        Ok(answer)
    }

    /// The client's patience counts from before a name is looked up until the answer was read.
    fn longest(&self) -> Duration {
        self.patience + SLACK
    }
}

/// The seconds of `Retry-After`; a date in its place is passed over.
fn retry_after(response: &Response) -> Option<Duration> {
    let secs = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(secs))
}

/// The status has been told; what the rest says, or whether it comes, changes nothing.
async fn finish(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(part)) = response.chunk().await {
        read += part.len();
        if read > ANSWER_BYTES {
            break;
        }
    }
}

/// The innermost cause: it says most, and does not name the URL, which may hold a secret of the receiver's.
fn told(error: &reqwest::Error) -> Trouble {
    if error.is_timeout() {
        return Trouble::Late;
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    let mut words = "the request failed".to_owned();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    Trouble::Unreachable(words)
}
