//! Two legs joined: the callee's whisper, and the talk.

use super::document::{self, Document, Fetch};
use super::{Ending, Next, error, run_document};
use crate::CallStatus;
use crate::sandbox::call::{Call, HangupBy};
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::person::Input;
use crate::sandbox::webhook::{Method, Params};
use std::sync::Arc;
use tokio::time::Instant;
use tsunagu_twiml::Verb;

/// How a talk came to its end.
pub enum Exit {
    /// The other side, the limit or `*` ended it.
    Over,
    /// This side's person hung up.
    PersonLeft,
}

/// The dialled leg: the whisper, if there is one, and then the talk with the one who dialled.
pub async fn callee(leg: &mut Leg, whisper: Option<(String, Method)>) -> Ending {
    if let Some((url, method)) = whisper {
        let mut next = Next::Document(Fetch { url, method, params: Params::new() });
        while let Next::Document(fetch) = next {
            next = match document::fetch(leg, fetch).await {
                Ok(mut ready) => {
                    without_dial(leg, &mut ready);
                    run_document(leg, &ready).await
                }
                Err(failure) => {
                    document::apologise(leg, failure).await;
                    return Ending::HungUp(HangupBy::Failure);
                }
            };
        }
        if let Next::End(ending) = next {
            return ending;
        }
    }
    let parent = leg.call.facts.parent.as_deref().and_then(|sid| leg.exchange.call(sid));
    leg.call.ready.send_replace(true);
    match parent {
        Some(parent) => match talk(leg, &parent, f64::INFINITY, false, hung_up(&parent)).await {
            Exit::Over => Ending::HungUp(HangupBy::Parent),
            Exit::PersonLeft => Ending::HungUp(HangupBy::Person),
        },
        None => Ending::HungUp(HangupBy::Parent),
    }
}

/// Comes when a call is over.
pub async fn hung_up(call: &Call) {
    let _ = call.progress.subscribe().wait_for(|status: &CallStatus| status.is_final()).await;
}

/// Talks with `other` until they have `parted`, or this side has had enough.
pub async fn talk(
    leg: &mut Leg,
    other: &Arc<Call>,
    limit: f64,
    star: bool,
    parted: impl Future<Output = ()>,
) -> Exit {
    let clock = leg.exchange.clock.clone();
    let limit_at = limit.is_finite().then(|| clock.ahead(limit));
    let (in_company, _) = leg.person.patience();
    let leave_at = in_company.map(|secs| clock.ahead(secs));
    let mut parted = std::pin::pin!(parted);
    loop {
        leg.person.converse();
        tokio::select! {
            biased;
            () = &mut parted => return Exit::Over,
            () = sleep_until(limit_at) => return Exit::Over,
            () = sleep_until(leave_at) => return Exit::PersonLeft,
            input = leg.person.next_input() => match input {
                Input::Speech { text, confidence } => {
                    let secs = leg.exchange.config.pace.secs(&text);
                    leg.call.journal.add(Event::SaidBy { text: text.clone(), confidence });
                    let heard = Event::HeardBy { text, source: "bridge", interrupted: false };
                    other.journal.add(heard);
                    leg.person.converse();
                    leg.person.postpone(clock.real(secs));
                }
                Input::Keys(digits) => {
                    let ends = star && digits.contains('*');
                    leg.call.journal.add(Event::Dtmf { digits });
                    if ends {
                        return Exit::Over;
                    }
                }
            },
        }
    }
}

fn without_dial(leg: &Leg, document: &mut Document) {
    let before = document.response.verbs.len();
    document.response.verbs.retain(|verb| !matches!(verb, Verb::Dial(_)));
    if document.response.verbs.len() < before {
        error(leg, 13201, "<Dial> is not allowed in a document that the called party hears".into());
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
