//! Runs TwiML on a leg: document after document, verb after verb, until the call is over.
//!
//! Nothing here heeds a redirect or a hang-up from outside: the leg drops the running future, wherever it stands.

mod bridge;
mod conference;
mod connect;
mod dequeue;
mod dial;
mod document;
mod gather;
mod music;
mod queue;
mod record;
mod relay;
mod speech;
mod stream;

pub use music::hear_document;

use super::call::{HangupBy, Source};
use super::leg::Leg;
use super::log::Event;
use super::webhook::{Method, Params};
use crate::{CallStatus, Direction};
use document::{Document, Fetch};
use tsunagu_twiml::{RejectReason, Verb};

/// A call that runs through more documents than this without an end has its program caught in a loop.
const MAX_DOCUMENTS: usize = 10_000;

/// How a leg's TwiML came to its end.
#[derive(Debug)]
pub enum Ending {
    /// The call is hung up.
    HungUp(HangupBy),
    /// An inbound call was rejected, and ends with this status.
    Rejected(CallStatus),
}

/// Where control goes after a verb.
enum Next {
    /// To the verb below.
    Verb,
    /// To another document.
    Document(Fetch),
    /// Nowhere: the call is over.
    End(Ending),
}

/// Runs a leg's instructions from `source` on.
pub async fn run(leg: &mut Leg, source: Source) -> Ending {
    let mut document = match source {
        Source::Conference(plan) => {
            return match conference::enter(leg, &plan, f64::INFINITY).await {
                conference::Exit::PersonLeft => Ending::HungUp(HangupBy::Person),
                // A participant that was added over REST has no further verb.
                _ => Ending::HungUp(HangupBy::Document),
            };
        }
        Source::Bridge { whisper } => return bridge::callee(leg, whisper).await,
        Source::Url { url, method, fallback } => {
            leg.fallback = fallback;
            document::fetch(leg, Fetch { url, method, params: Params::new() }).await
        }
        Source::Inline(xml) => document::inline(leg, &xml),
    };
    for _ in 0..MAX_DOCUMENTS {
        let next = match document {
            Ok(ready) => run_document(leg, &ready).await,
            Err(failure) => {
                document::apologise(leg, failure).await;
                return Ending::HungUp(HangupBy::Failure);
            }
        };
        match next {
            Next::Document(fetch) => document = document::fetch(leg, fetch).await,
            Next::End(ending) => return ending,
            Next::Verb => return Ending::HungUp(HangupBy::Document),
        }
    }
    error(leg, 12400, format!("more than {MAX_DOCUMENTS} documents in one call"));
    Ending::HungUp(HangupBy::Failure)
}

/// Runs the verbs of one document; `Next::Verb` means that it has run out.
async fn run_document(leg: &mut Leg, document: &Document) -> Next {
    for (place, verb) in document.response.verbs.iter().enumerate() {
        if let Some(refused) = reject(leg, verb, place) {
            return refused;
        }
        if answers(verb) && leg.call.status() == CallStatus::Ringing {
            // Before a Pause that comes first Twilio waits without answering.
            leg.answer();
        }
        match run_verb(leg, document, verb).await {
            Next::Verb => {}
            next => return next,
        }
    }
    Next::Verb
}

async fn run_verb(leg: &mut Leg, document: &Document, verb: &Verb) -> Next {
    match verb {
        Verb::Say(say) => {
            note(leg, "Say", "");
            speech::say(leg, say).await;
        }
        Verb::Play(play) => {
            note(leg, "Play", &play.url);
            speech::play(leg, play).await;
        }
        Verb::Pause(pause) => {
            note(leg, "Pause", "");
            leg.exchange.clock.sleep(f64::from(pause.length.unwrap_or(1))).await;
            if leg.call.status() == CallStatus::Ringing {
                leg.answer();
            }
        }
        Verb::Gather(gather) => return gather::run(leg, document, gather).await,
        Verb::Redirect(redirect) => {
            note(leg, "Redirect", &redirect.url);
            return go_to(leg, document, Some(&redirect.url), redirect.method, Params::new()).await;
        }
        Verb::Hangup => {
            note(leg, "Hangup", "");
            return Next::End(Ending::HungUp(HangupBy::Document));
        }
        Verb::Reject(_) => warn(leg, 12200, "<Reject> after the answer has no effect".into()),
        Verb::Record(record) => return record::run(leg, document, record).await,
        Verb::Dial(dial) => return dial::run(leg, document, dial).await,
        Verb::Connect(connect) => return connect::run(leg, document, connect).await,
        Verb::Start(start) => {
            note(leg, "Start", "");
            let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
            leg.background.start(&exchange, &call, document.url.as_ref(), start);
            if let Some(action) = &start.action {
                return go_to(leg, document, Some(action), start.method, Params::new()).await;
            }
        }
        Verb::Stop(stop) => {
            note(leg, "Stop", "");
            let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
            leg.background.stop(&exchange, &call, stop);
        }
        Verb::Enqueue(enqueue) => return queue::run(leg, document, enqueue).await,
        Verb::Leave => warn(leg, 14201, "<Leave> outside a queue has no effect".into()),
        Verb::Refer(_) => error(leg, 13801, "<Refer> works on SIP calls only".into()),
    }
    Next::Verb
}

/// An inbound call that is rejected by its first verb is never answered.
fn reject(leg: &mut Leg, verb: &Verb, place: usize) -> Option<Next> {
    let Verb::Reject(reject) = verb else { return None };
    let ringing = leg.call.facts.direction == Direction::Inbound && leg.call.status() == CallStatus::Ringing;
    if !ringing || place > 0 {
        return None;
    }
    note(leg, "Reject", reject.reason.map_or("rejected", RejectReason::as_str));
    let status = match reject.reason {
        Some(RejectReason::Busy) => CallStatus::Busy,
        _ => CallStatus::NoAnswer,
    };
    Some(Next::End(Ending::Rejected(status)))
}

/// Whether this verb picks up a call that still rings.
fn answers(verb: &Verb) -> bool {
    !matches!(verb, Verb::Pause(_) | Verb::Redirect(_) | Verb::Reject(_) | Verb::Start(_) | Verb::Stop(_))
}

/// Goes on with `url` (empty or none: the present document), or ends the call when that cannot be told.
async fn go_to(
    leg: &mut Leg,
    document: &Document,
    url: Option<&str>,
    method: Option<Method>,
    params: Params,
) -> Next {
    match document.resolve(url.unwrap_or_default()) {
        Ok(url) => Next::Document(Fetch { url, method: method.unwrap_or(Method::Post), params }),
        Err(failure) => {
            document::apologise(leg, failure).await;
            Next::End(Ending::HungUp(HangupBy::Failure))
        }
    }
}

fn note(leg: &Leg, name: &'static str, detail: &str) {
    leg.call.journal.add(Event::Verb { name, detail: detail.chars().take(200).collect() });
}

fn warn(leg: &Leg, code: u32, message: String) {
    leg.exchange.counters.warned();
    leg.call.journal.add(Event::Warning { code, message });
}

fn error(leg: &Leg, code: u32, message: String) {
    leg.exchange.counters.erred();
    leg.call.journal.add(Event::Error { code, message });
}
