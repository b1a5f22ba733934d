//! What those hear who wait, are on hold or are announced something to: documents of Play, Say, Pause and Redirect.

use super::document::Document;
use super::speech;
use crate::sandbox::call::Call;
use crate::sandbox::exchange::Exchange;
use crate::sandbox::fault::HookKind;
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::webhook::{Hook, Method, Params};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tsunagu_twiml::{Response, Verb};
use url::Url;

/// A wait document that redirects more often than this is caught in a loop that takes no time.
const MAX_DOCUMENTS: usize = 1_000;

/// The music in a leg's ear: one document at a time, or silence.
pub struct Music {
    document: Option<(String, Method)>,
    playing: Option<BoxFuture<'static, ()>>,
}

impl Music {
    /// No music.
    pub fn silence() -> Self {
        Self { document: None, playing: None }
    }

    /// Plays this document from now on; goes on undisturbed if it is the same.
    pub fn play(&mut self, leg: &Leg, document: Option<(String, Method)>) {
        if document == self.document {
            return;
        }
        self.document = document;
        self.playing = self.document.clone().map(|document| {
            let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
            let playing: BoxFuture<'static, ()> = Box::pin(async move {
                if let Err((code, message)) =
                    hear_document(&exchange, std::slice::from_ref(&call), document, "music").await
                {
                    exchange.counters.erred();
                    call.journal.add(Event::Error { code, message });
                }
            });
            playing
        });
    }

    /// Comes when the music ends; what follows is silence. Never comes in silence.
    pub async fn over(&mut self) {
        match &mut self.playing {
            Some(playing) => playing.await,
            None => std::future::pending().await,
        }
        self.playing = None;
    }
}

/// Legs hear a document from its beginning to its end; it is requested once, in the name of the first. An error is
/// Twilio's code and a sentence.
pub async fn hear_document(
    exchange: &Arc<Exchange>,
    listeners: &[Arc<Call>],
    document: (String, Method),
    source: &'static str,
) -> Result<(), (u32, String)> {
    hear(exchange, listeners, document, source, &Params::new()).await
}

/// The same, with more parameters in its requests.
pub async fn hear(
    exchange: &Arc<Exchange>,
    listeners: &[Arc<Call>],
    (mut url, mut method): (String, Method),
    source: &'static str,
    extra: &Params,
) -> Result<(), (u32, String)> {
    let Some(first) = listeners.first() else { return Ok(()) };
    for _ in 0..MAX_DOCUMENTS {
        let document = fetch(exchange, first, url, method, extra).await?;
        let mut next = None;
        for verb in &document.response.verbs {
            match verb {
                Verb::Say(say) => {
                    for _ in 0..speech::loops(say.loops) {
                        let secs = speech::say_secs(exchange, say);
                        speech::utter_to(exchange, listeners, &say.plain_text(), source, secs).await;
                    }
                }
                Verb::Play(play) => {
                    for _ in 0..speech::loops(play.loops) {
                        speech::utter_to(exchange, listeners, &play.url, source, speech::PLAY_SECS).await;
                    }
                }
                Verb::Pause(pause) => exchange.clock.sleep(f64::from(pause.length.unwrap_or(1))).await,
                Verb::Redirect(redirect) => {
                    next = Some((redirect.url.clone(), redirect.method.unwrap_or(Method::Post)));
                    break;
                }
                _ => return Err((13238, "only Play, Say, Pause and Redirect are heard here".into())),
            }
        }
        let Some((target, target_method)) = next else { return Ok(()) };
        url = document.resolve(&target).map_err(|failure| (failure.code, failure.message))?;
        method = target_method;
    }
    Err((13233, format!("more than {MAX_DOCUMENTS} redirects without an end")))
}

async fn fetch(
    exchange: &Arc<Exchange>,
    call: &Arc<Call>,
    url: String,
    method: Method,
    extra: &Params,
) -> Result<Document, (u32, String)> {
    let mut params = call.standard(&exchange.config.account_sid);
    params.extend(extra.iter().cloned());
    let own = Url::parse(&url).map_err(|e| (11100, format!("{url}: {e}")))?;
    let hook = Hook { kind: HookKind::Music, url, method, params };
    let outcome = exchange.messenger.ask(&hook, &call.jar).await;
    call.journal.add(Event::webhook("music".to_owned(), &hook, &outcome));
    let answer = outcome.map_err(|failure| (failure.code, failure.message))?;
    if !(200..300).contains(&answer.status) {
        return Err((11200, format!("{} answered {}", hook.url, answer.status)));
    }
    if answer.content_type.starts_with("audio/") {
        let play = tsunagu_twiml::Play { url: hook.url, ..Default::default() };
        return Ok(Document { response: Response { verbs: vec![Verb::Play(play)] }, url: Some(own) });
    }
    let text = String::from_utf8(answer.body).map_err(|_| (12100, "the document is not UTF-8".to_owned()))?;
    let parsed = Response::parse(&text).map_err(|e| (e.code(), e.to_string()))?;
    for warning in parsed.warnings {
        call.journal.add(Event::Warning { code: warning.code, message: warning.to_string() });
    }
    Ok(Document { response: parsed.response, url: Some(own) })
}
