//! `<Enqueue>`: waiting in a queue until somebody dials it, until `<Leave>`, a redirect, or the end of the call.

use super::document::{self, Document, Fetch};
use super::{Ending, Next, bridge, error, go_to, note};
use crate::sandbox::call::{Call, HangupBy};
use crate::sandbox::farewell::{Farewell, seconds};
use crate::sandbox::leg::Leg;
use crate::sandbox::queue::MAX_WAITING;
use crate::sandbox::queues::{Place, Refusal, Taken};
use crate::sandbox::webhook::{Method, Params};
use tokio::sync::oneshot;
use tsunagu_twiml::{Enqueue, Verb};

/// A wait document is requested again when it runs out; not more often than this.
const MAX_ROUNDS: usize = 10_000;
/// Shortest time between two requests of the wait document, in seconds.
const MIN_ROUND: f64 = 1.0;

/// How a call came out of its queue.
struct Left {
    result: &'static str,
    /// The queue, and how long the call was in it, if it was in it.
    queue: Option<(String, String)>,
}

/// Runs an Enqueue.
pub async fn run(leg: &mut Leg, document: &Document, enqueue: &Enqueue) -> Next {
    note(leg, "Enqueue", &enqueue.name);
    let left = match enqueue.workflow_sid {
        Some(_) => {
            error(leg, 14220, "the sandbox carrier has no TaskRouter".into());
            Left { result: "error", queue: None }
        }
        None => match line_up(leg, document, enqueue).await {
            Ok(left) => left,
            Err(ending) => return Next::End(ending),
        },
    };
    leg.call.write(|state| state.farewell = None);
    let Some(action) = &enqueue.action else { return Next::Verb };
    go_to(leg, document, Some(action), enqueue.method, form(left.result, left.queue)).await
}

fn form(result: &str, queue: Option<(String, String)>) -> Params {
    let mut params = vec![("QueueResult".to_owned(), result.to_owned())];
    if let Some((sid, time)) = queue {
        params.push(("QueueSid".into(), sid));
        params.push(("QueueTime".into(), time));
    }
    params
}

/// Waits, is taken, talks. A call whose taker goes before they could talk is first in the queue again.
async fn line_up(leg: &mut Leg, document: &Document, enqueue: &Enqueue) -> Result<Left, Ending> {
    let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
    let began = exchange.clock.now();
    let mut entered = exchange.queues.enter(&enqueue.name, &call, began);
    loop {
        let (place, taken) = match entered {
            Ok(entered) => entered,
            Err(Refusal::Full) => return Ok(Left { result: "queue-full", queue: None }),
            Err(Refusal::TooMany) => return Ok(Left { result: "system-error", queue: None }),
        };
        let sid = place.sid.clone();
        set_farewell(leg, document, enqueue, |farewell| {
            farewell.params = with_queue("hangup", &sid);
            farewell.redirected = Some(with_queue("redirected", &sid));
            farewell.counted = Some(("QueueTime", began));
        });
        let result = wait(leg, document, enqueue, &place, taken).await?;
        let taken = match result {
            Waited::Out(result) => {
                let time = seconds(began, exchange.clock.now());
                return Ok(Left { result, queue: Some((sid, time)) });
            }
            Waited::Taken(taken) => taken,
        };
        drop(place);
        let time = taken.waited.clone();
        if ready(leg, &sid, &taken).await? {
            set_farewell(leg, document, enqueue, |farewell| {
                farewell.params = form("bridged", Some((sid.clone(), time.clone())));
                farewell.redirected =
                    Some(form("redirected-from-bridged", Some((sid.clone(), time.clone()))));
            });
            let Taken { by, bond, .. } = taken;
            return match bridge::talk(leg, &by, f64::INFINITY, false, bond.parted()).await {
                bridge::Exit::Over => Ok(Left { result: "bridged", queue: Some((sid, time)) }),
                bridge::Exit::PersonLeft => Err(Ending::HungUp(HangupBy::Person)),
            };
        }
        entered = exchange.queues.restore(&enqueue.name, &call, taken.member, exchange.clock.now());
    }
}

fn with_queue(result: &str, sid: &str) -> Params {
    vec![("QueueResult".into(), result.into()), ("QueueSid".into(), sid.into())]
}

fn set_farewell(leg: &Leg, document: &Document, enqueue: &Enqueue, fill: impl FnOnce(&mut Farewell)) {
    let Some(Ok(url)) = enqueue.action.as_ref().map(|url| document.resolve(url)) else { return };
    let mut farewell = Farewell::new(url, enqueue.method, Params::new());
    fill(&mut farewell);
    leg.call.write(|state| state.farewell = Some(farewell));
}

/// How the wait came to its end.
enum Waited {
    /// Without anybody.
    Out(&'static str),
    /// Somebody has dialled the queue.
    Taken(Taken),
}

async fn wait(
    leg: &mut Leg,
    document: &Document,
    enqueue: &Enqueue,
    place: &Place,
    taken: oneshot::Receiver<Taken>,
) -> Result<Waited, Ending> {
    let wait = enqueue.wait_url.as_deref().filter(|url| !url.is_empty());
    let waiting = async {
        match wait.map(|url| document.resolve(url)) {
            // Music of Twilio's own, or silence.
            None => std::future::pending().await,
            Some(Ok(url)) => {
                let method = enqueue.wait_url_method.unwrap_or(Method::Post);
                wait_in_line(leg, place, url, method).await
            }
            Some(Err(failure)) => {
                error(leg, failure.code, failure.message);
                Ok("error")
            }
        }
    };
    tokio::select! {
        biased;
        Ok(taken) = taken => Ok(Waited::Taken(taken)),
        result = waiting => result.map(Waited::Out),
    }
}

/// What a waiting call that was taken hears before both talk. False when the other side has gone meanwhile.
async fn ready(leg: &mut Leg, queue: &str, taken: &Taken) -> Result<bool, Ending> {
    if let Some((url, method)) = taken.whisper.clone() {
        let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
        let extra = whispered(queue, &taken.waited, &taken.by);
        let heard = async {
            let listeners = std::slice::from_ref(&call);
            super::music::hear(&exchange, listeners, (url, method), "whisper", &extra).await
        };
        let heard = tokio::select! {
            biased;
            () = taken.bond.parted() => return Ok(false),
            heard = heard => heard,
        };
        if let Err((code, message)) = heard {
            // They are joined all the same: whoever waits has waited long enough.
            error(leg, code, message);
        }
    }
    taken.bond.get_ready();
    Ok(taken.bond.other_ready().await)
}

fn whispered(queue: &str, time: &str, by: &Call) -> Params {
    vec![
        ("QueueSid".into(), queue.into()),
        ("QueueTime".into(), time.into()),
        ("DequeingCallSid".into(), by.sid().into()),
    ]
}

async fn wait_in_line(
    leg: &mut Leg,
    place: &Place,
    url: String,
    method: Method,
) -> Result<&'static str, Ending> {
    let mut fetch = Fetch { url: url.clone(), method, params: Params::new() };
    for _ in 0..MAX_ROUNDS {
        let round = leg.exchange.clock.ahead(MIN_ROUND);
        let now = leg.exchange.clock.now();
        // Whoever has just been taken is told so in a moment.
        let Some(standing) = place.standing(now) else { std::future::pending().await };
        for (key, value) in [
            ("QueuePosition", standing.position.to_string()),
            ("QueueSid", place.sid.clone()),
            ("QueueTime", standing.waited.to_string()),
            ("AvgQueueTime", standing.average.to_string()),
            ("CurrentQueueSize", standing.size.to_string()),
            ("MaxQueueSize", MAX_WAITING.to_string()),
        ] {
            fetch.params.push((key.into(), value));
        }
        let ready = match document::fetch(leg, fetch).await {
            Ok(ready) => ready,
            Err(failure) => {
                error(leg, failure.code, failure.message);
                return Ok("error");
            }
        };
        let mut next = None;
        for verb in &ready.response.verbs {
            match verb {
                Verb::Leave => return Ok("leave"),
                Verb::Hangup => return Err(Ending::HungUp(HangupBy::Document)),
                Verb::Redirect(redirect) => {
                    next = ready.resolve(&redirect.url).ok().map(|url| Fetch {
                        url,
                        method: redirect.method.unwrap_or(Method::Post),
                        params: Params::new(),
                    });
                    break;
                }
                Verb::Say(_) | Verb::Play(_) | Verb::Pause(_) | Verb::Gather(_) => {
                    match Box::pin(super::run_verb(leg, &ready, verb)).await {
                        Next::Verb => {}
                        Next::Document(fetch) => {
                            next = Some(fetch);
                            break;
                        }
                        Next::End(ending) => return Err(ending),
                    }
                }
                _ => error(leg, 14212, "this verb does not belong in a wait document".into()),
            }
        }
        tokio::time::sleep_until(round).await;
        fetch = next.unwrap_or_else(|| Fetch { url: url.clone(), method, params: Params::new() });
    }
    Ok("system-error")
}
