//! The client: what it is made of, and where each command goes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use reqwest::{Client, redirect};
use tokio::sync::Semaphore;
use url::Url;

use super::TwilioConfig;
use crate::{
    CallInfo, CallQuery, Carrier, CarrierError, ConferenceInfo, ConferenceQuery, MediaRequest, NewCall,
    NewParticipant, ParticipantInfo, ParticipantUpdate, RecordingCommand, RecordingInfo, RecordingMedia,
    RecordingSource,
};

/// Redirects that a recording's sound may be behind.
const MAX_MEDIA_REDIRECTS: usize = 5;
/// How many of our latest calls are remembered, so that none is taken for a lost one.
const MAX_KNOWN_CALLS: usize = 1024;
const USER_AGENT: &str = concat!("tsunagu/", env!("CARGO_PKG_VERSION"));

/// A carrier reached over Twilio's REST API. Cheap to clone; clones share connections and limits.
#[derive(Debug, Clone)]
pub struct TwilioClient {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) config: TwilioConfig,
    pub(super) base: Url,
    /// Follows no redirect: a command that is moved elsewhere is not to be turned into something else.
    pub(super) http: Client,
    pub(super) media: Client,
    pub(super) places: Semaphore,
    known_calls: Mutex<VecDeque<String>>,
}

impl TwilioClient {
    /// Prepares a client; nothing is sent yet. [`CarrierError::Settings`] if the settings cannot work.
    pub fn new(config: TwilioConfig) -> Result<Self, CarrierError> {
        let settings = |detail: String| CarrierError::Settings { detail };
        let base = Url::parse(&config.base_url)
            .map_err(|error| settings(format!("the carrier's URL `{}`: {error}", config.base_url)))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(settings(format!(
                "the carrier's URL `{}` is neither http nor https",
                config.base_url
            )));
        }
        if config.account_sid.is_empty() {
            return Err(settings("the account sid is empty".to_owned()));
        }
        if config.max_in_flight == 0 || config.attempts == 0 || config.creates == 0 {
            return Err(settings("max_in_flight, attempts and creates are at least one".to_owned()));
        }
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Err: another thread was quicker, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let secure = base.scheme() == "https";
        let http = builder(&config, secure)
            .timeout(config.request_timeout)
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| settings(format!("the HTTP client: {}", chain(&error))))?;
        let media = builder(&config, secure)
            .read_timeout(config.media_pause_timeout)
            .redirect(within_the_carrier(&base))
            .build()
            .map_err(|error| settings(format!("the HTTP client: {}", chain(&error))))?;
        let places = Semaphore::new(config.max_in_flight.min(Semaphore::MAX_PERMITS));
        let known_calls = Mutex::new(VecDeque::new());
        Ok(Self { inner: Arc::new(Inner { config, base, http, media, places, known_calls }) })
    }

    /// The URL of a resource of the account; the last segment gets its `ending`.
    pub(super) fn resource(&self, segments: &[&str], ending: &str) -> Url {
        let mut url = self.inner.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["2010-04-01", "Accounts", &self.inner.config.account_sid]);
            if let Some((last, first)) = segments.split_last() {
                path.extend(first).push(&format!("{last}{ending}"));
            }
        }
        url
    }

    /// Remembers a call as ours and accounted for.
    pub(super) fn remember(&self, call_sid: &str) {
        self.claim(call_sid);
    }

    /// Remembers a call unless somebody else has; `false` if somebody has.
    pub(super) fn claim(&self, call_sid: &str) -> bool {
        let mut known = self.inner.known_calls.lock().unwrap_or_else(PoisonError::into_inner);
        if known.iter().any(|sid| sid == call_sid) {
            return false;
        }
        if known.len() >= MAX_KNOWN_CALLS {
            known.pop_front();
        }
        known.push_back(call_sid.to_owned());
        true
    }
}

/// A recording's sound may lie at another address of the carrier, and is not fetched from anybody else's.
fn within_the_carrier(base: &Url) -> redirect::Policy {
    let base = base.clone();
    redirect::Policy::custom(move |attempt| {
        let near = attempt.previous().len() <= MAX_MEDIA_REDIRECTS;
        if near && is_the_carriers(&base, attempt.url()) { attempt.follow() } else { attempt.stop() }
    })
}

/// The very host of the carrier's URL; for Twilio also its other hosts and those of its content network, over TLS.
fn is_the_carriers(base: &Url, url: &Url) -> bool {
    let under = |url: &Url, domain: &str| {
        url.host_str().and_then(|host| host.strip_suffix(domain)).is_some_and(|sub| sub.ends_with('.'))
    };
    let same = base.origin() == url.origin();
    let twilio = under(base, "twilio.com") && (under(url, "twilio.com") || under(url, "twiliocdn.com"));
    same || (twilio && url.scheme() == "https")
}

fn builder(config: &TwilioConfig, secure: bool) -> reqwest::ClientBuilder {
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(config.connect_timeout)
        .pool_max_idle_per_host(config.max_idle_connections);
    // A sandbox without TLS is no reason to need the machine's certificates.
    if secure { builder } else { builder.tls_certs_only([]).no_proxy() }
}

/// An error with what caused it; reqwest's own sentence leaves that out, and names the URL, which holds the account.
pub(super) fn chain(error: &reqwest::Error) -> String {
    let mut parts = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        parts.push(cause.to_string());
        source = cause.source();
    }
    if parts.is_empty() {
        let kind = if error.is_timeout() { "timed out" } else { "failed" };
        return kind.to_owned();
    }
    parts.join(": ")
}

#[async_trait]
impl Carrier for TwilioClient {
    async fn create_call(&self, call: &NewCall) -> Result<CallInfo, CarrierError> {
        self.call_create(call).await
    }

    async fn redirect_call(&self, call_sid: &str, url: &str) -> Result<CallInfo, CarrierError> {
        self.call_redirect(call_sid, url).await
    }

    async fn hang_up(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        self.call_end(call_sid, "call.hang_up", "completed").await
    }

    async fn cancel(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        self.call_end(call_sid, "call.cancel", "canceled").await
    }

    async fn fetch_call(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        self.call_fetch(call_sid).await
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallInfo>, CarrierError> {
        self.call_list(query).await
    }

    async fn create_participant(
        &self,
        conference: &str,
        participant: &NewParticipant,
    ) -> Result<ParticipantInfo, CarrierError> {
        self.participant_create(conference, participant).await
    }

    async fn update_participant(
        &self,
        conference_sid: &str,
        participant: &str,
        update: &ParticipantUpdate,
    ) -> Result<ParticipantInfo, CarrierError> {
        self.participant_update(conference_sid, participant, update).await
    }

    async fn remove_participant(&self, conference_sid: &str, participant: &str) -> Result<(), CarrierError> {
        self.participant_remove(conference_sid, participant).await
    }

    async fn participants(&self, conference_sid: &str) -> Result<Vec<ParticipantInfo>, CarrierError> {
        self.participant_list(conference_sid).await
    }

    async fn fetch_conference(&self, conference_sid: &str) -> Result<ConferenceInfo, CarrierError> {
        self.conference_fetch(conference_sid).await
    }

    async fn find_conferences(&self, query: &ConferenceQuery) -> Result<Vec<ConferenceInfo>, CarrierError> {
        self.conference_list(query).await
    }

    async fn end_conference(&self, conference_sid: &str) -> Result<ConferenceInfo, CarrierError> {
        self.conference_end(conference_sid).await
    }

    async fn announce(&self, conference_sid: &str, url: &str) -> Result<ConferenceInfo, CarrierError> {
        self.conference_announce(conference_sid, url).await
    }

    async fn recordings(&self, of: &RecordingSource) -> Result<Vec<RecordingInfo>, CarrierError> {
        self.recording_list(of).await
    }

    async fn update_recording(
        &self,
        of: &RecordingSource,
        recording_sid: &str,
        command: RecordingCommand,
    ) -> Result<RecordingInfo, CarrierError> {
        self.recording_update(of, recording_sid, command).await
    }

    async fn delete_recording(&self, recording_sid: &str) -> Result<(), CarrierError> {
        self.recording_delete(recording_sid).await
    }

    async fn recording_media(&self, request: &MediaRequest) -> Result<RecordingMedia, CarrierError> {
        self.recording_fetch(request).await
    }

    async fn check(&self) -> Result<(), CarrierError> {
        self.account_check().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_fetched_from_the_carrier_alone() {
        let is =
            |base: &str, url: &str| is_the_carriers(&Url::parse(base).unwrap(), &Url::parse(url).unwrap());
        assert!(is("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/y"));
        assert!(is("https://api.twilio.com", "https://api.twilio.com/y"));
        assert!(is("https://api.twilio.com", "https://media.twiliocdn.com/y"));
        for url in [
            "http://api.twilio.com/y",
            "https://eviltwilio.com/y",
            "https://twilio.com.example.jp/y",
            "https://s3.amazonaws.com/y",
            "http://169.254.169.254/",
        ] {
            assert!(!is("https://api.twilio.com", url), "{url}");
        }
        assert!(!is("http://127.0.0.1:8080", "http://127.0.0.1:9090/"));
        assert!(!is("https://carrier.example.jp", "https://api.twilio.com/"));
    }
}
