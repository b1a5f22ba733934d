//! `<Enqueue>`: waiting in a queue. The sandbox has nobody who takes calls out of one: it ends by `<Leave>` in the
//! wait document, by a redirect, or by hanging up.

use super::document::{self, Document, Fetch};
use super::{Ending, Next, error, go_to, note};
use crate::sandbox::call::HangupBy;
use crate::sandbox::clock::Clock;
use crate::sandbox::leg::Leg;
use crate::sandbox::sid;
use crate::sandbox::webhook::{Method, Params};
use tsunagu_twiml::{Enqueue, Verb};

/// A wait document is requested again when it runs out; not more often than this.
const MAX_ROUNDS: usize = 10_000;
/// Shortest time between two requests of the wait document, in seconds.
const MIN_ROUND: f64 = 1.0;

/// Runs an Enqueue.
pub async fn run(leg: &mut Leg, document: &Document, enqueue: &Enqueue) -> Next {
    note(leg, "Enqueue", &enqueue.name);
    let (queue, began) = (sid::new("QU"), leg.exchange.clock.now());
    let wait = enqueue.wait_url.as_deref().filter(|url| !url.is_empty());
    let result = match wait.map(|url| document.resolve(url)) {
        None => std::future::pending().await,
        Some(Ok(url)) => {
            let method = enqueue.wait_url_method.unwrap_or(Method::Post);
            match wait_in_line(leg, &queue, url, method).await {
                Ok(result) => result,
                Err(ending) => return Next::End(ending),
            }
        }
        Some(Err(failure)) => {
            error(leg, failure.code, failure.message);
            "error"
        }
    };
    let Some(action) = &enqueue.action else { return Next::Verb };
    let waited = Clock::between(began, leg.exchange.clock.now()).round();
    let params = vec![
        ("QueueResult".into(), result.to_owned()),
        ("QueueSid".into(), queue),
        ("QueueTime".into(), waited.to_string()),
    ];
    go_to(leg, document, Some(action), enqueue.method, params).await
}

async fn wait_in_line(
    leg: &mut Leg,
    queue: &str,
    url: String,
    method: Method,
) -> Result<&'static str, Ending> {
    let began = leg.exchange.clock.now();
    let mut fetch = Fetch { url: url.clone(), method, params: Params::new() };
    for _ in 0..MAX_ROUNDS {
        let round = leg.exchange.clock.ahead(MIN_ROUND);
        let waited = Clock::between(began, leg.exchange.clock.now()).round();
        for (key, value) in [
            ("QueuePosition", "1".to_owned()),
            ("QueueSid", queue.to_owned()),
            ("QueueTime", waited.to_string()),
            ("AvgQueueTime", waited.to_string()),
            ("CurrentQueueSize", "1".to_owned()),
            ("MaxQueueSize", "100".to_owned()),
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
