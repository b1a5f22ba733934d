//! A TwiML document: fetched, checked, read; and what is done when it cannot be had.

use super::{error, speech, warn};
use crate::sandbox::fault::HookKind;
use crate::sandbox::leg::Leg;
use crate::sandbox::log::{Event, Journal};
use crate::sandbox::webhook::{Answer, Hook, Method, Params};
use tsunagu_twiml::{Play, Response, Say, Verb};
use url::Url;

const APOLOGY: &str = "We are sorry, an application error has occurred. Goodbye.";
/// A document to be requested.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// Absolute.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// Beside the standard ones.
    pub params: Params,
}

/// A document that is being run.
#[derive(Debug)]
pub struct Document {
    /// Its verbs.
    pub response: Response,
    /// Where it came from; `None` for TwiML that was passed over REST.
    pub url: Option<Url>,
}

/// Why there is no document.
#[derive(Debug)]
pub struct Failure {
    /// Twilio's error code.
    pub code: u32,
    /// The reason in words.
    pub message: String,
}

impl Document {
    /// A URL as this document means it; empty means the document itself.
    pub fn resolve(&self, url: &str) -> Result<String, Failure> {
        match &self.url {
            Some(base) => base
                .join(url)
                .map(String::from)
                .map_err(|e| Failure { code: 11100, message: format!("{url:?} is no URL: {e}") }),
            None => Url::parse(url).map(String::from).map_err(|_| Failure {
                code: 15004,
                message: format!(
                    "{url:?} must be absolute, since TwiML passed over REST has no URL of its own"
                ),
            }),
        }
    }
}

/// Requests a document, and its fallback if that fails.
pub async fn fetch(leg: &mut Leg, fetch: Fetch) -> Result<Document, Failure> {
    let failed_url = fetch.url.clone();
    let failure = match request(leg, fetch, "twiml").await {
        Ok(document) => return Ok(document),
        Err(failure) => failure,
    };
    let Some((url, method)) = leg.fallback.clone().filter(|(url, _)| *url != failed_url) else {
        return Err(failure);
    };
    error(leg, failure.code, failure.message);
    let params = vec![("ErrorCode".into(), failure.code.to_string()), ("ErrorUrl".into(), failed_url)];
    request(leg, Fetch { url, method, params }, "fallback").await
}

/// Reads TwiML that was passed in a request.
pub fn inline(leg: &Leg, xml: &str) -> Result<Document, Failure> {
    let response = parse(leg, xml)?;
    Ok(Document { response, url: None })
}

/// Tells the caller that the application has failed.
pub async fn apologise(leg: &mut Leg, failure: Failure) {
    error(leg, failure.code, failure.message);
    if leg.call.status() == crate::CallStatus::Ringing {
        leg.answer();
    }
    speech::say(leg, &Say::new(APOLOGY)).await;
}

async fn request(leg: &mut Leg, fetch: Fetch, about: &str) -> Result<Document, Failure> {
    let mut params = leg.call.standard(&leg.exchange.config.account_sid);
    params.extend(leg.detected.iter().cloned());
    params.extend(fetch.params);
    let hook = Hook { kind: HookKind::Voice, url: fetch.url, method: fetch.method, params };
    let mut waiting = Waiting { journal: &leg.call.journal, about, hook: &hook, answered: false };
    let outcome = leg.exchange.messenger.ask(&hook, &leg.call.jar).await;
    waiting.answered = true;
    leg.call.journal.add(Event::webhook(about.to_owned(), &hook, &outcome));
    let answer = outcome.map_err(|failure| {
        leg.exchange.counters.failed();
        Failure { code: failure.code, message: failure.message }
    })?;
    if !(200..300).contains(&answer.status) {
        leg.exchange.counters.failed();
        return Err(Failure { code: 11200, message: format!("{} answered {}", hook.url, answer.status) });
    }
    let mut own =
        Url::parse(&hook.url).map_err(|e| Failure { code: 11100, message: format!("{}: {e}", hook.url) })?;
    own.set_fragment(None);
    // With GET the parameters stand in the requested URL, but not in that of the document.
    let same = own.path() == answer.url.path() && own.host_str() == answer.url.host_str();
    let url = if same { own } else { answer.url.clone() };
    let response = read(leg, answer)?;
    Ok(Document { response, url: Some(url) })
}

/// A webhook whose answer is waited for. The leg may be taken elsewhere, or end, before it comes: then the application may
/// have got what was sent all the same, and that is written down.
struct Waiting<'a> {
    journal: &'a Journal,
    about: &'a str,
    hook: &'a Hook,
    answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.journal.add(Event::given_up(self.about.to_owned(), self.hook));
        }
    }
}

/// What an answer means, by its content type.
fn read(leg: &Leg, answer: Answer) -> Result<Response, Failure> {
    let url = answer.url.to_string();
    let kind = answer.content_type;
    if answer.body.len() > tsunagu_twiml::MAX_BODY {
        return Err(Failure { code: 11750, message: format!("{url} answered more than 64 kB") });
    }
    if kind.starts_with("audio/") {
        let play = Play { url, ..Play::default() };
        return Ok(Response { verbs: vec![Verb::Play(play), Verb::Hangup] });
    }
    let text = String::from_utf8(answer.body).map_err(|_| Failure {
        code: 12100,
        message: format!("{url} answered something that is not UTF-8"),
    })?;
    match kind.as_str() {
        "text/xml" | "application/xml" | "text/html" => parse(leg, &text),
        "text/plain" => Ok(parse(leg, &text)
            .unwrap_or_else(|_| Response { verbs: vec![Verb::Say(Say::new(text)), Verb::Hangup] })),
        other => Err(Failure { code: 12300, message: format!("{url} answered with content type {other:?}") }),
    }
}

fn parse(leg: &Leg, xml: &str) -> Result<Response, Failure> {
    let parsed = Response::parse(xml).map_err(|e| Failure { code: e.code(), message: e.to_string() })?;
    for warning in parsed.warnings {
        warn(leg, warning.code, warning.to_string());
    }
    Ok(parsed.response)
}
