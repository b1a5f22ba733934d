//! `<Dial><Queue>`: the caller who has waited longest in a queue, or the first to come into it.

use super::document::Document;
use super::{Ending, Next, bridge, dial, error, go_to};
use crate::sandbox::call::HangupBy;
use crate::sandbox::farewell::{Farewell, seconds};
use crate::sandbox::leg::Leg;
use crate::sandbox::queues::Caught;
use crate::sandbox::webhook::{Method, Params};
use tsunagu_twiml::{Dial, Queue};

/// What Twilio adds to every `timeout`.
const TIMEOUT_BUFFER: f64 = 5.0;

/// Runs a Dial with a Queue.
pub async fn dial(leg: &mut Leg, document: &Document, dial: &Dial, noun: &Queue) -> Next {
    dial::farewell(leg, document, dial, "canceled");
    let patience = leg.exchange.clock.ahead(f64::from(dial.timeout.unwrap_or(30)) + TIMEOUT_BUFFER);
    let whisper = noun.url.as_ref().and_then(|url| document.resolve(url).ok());
    let whisper = whisper.map(|url| (url, noun.method.unwrap_or(Method::Post)));
    let mut params = status("failed");
    loop {
        let Some(mut search) =
            leg.exchange.queues.search(&noun.name, &leg.call, whisper.clone(), leg.exchange.clock.now())
        else {
            error(leg, 14212, format!("there is no queue {:?}", noun.name));
            break;
        };
        params = status("no-answer");
        params.push(("QueueSid".into(), search.sid.clone()));
        let Ok(found) = tokio::time::timeout_at(patience, &mut search.found).await else {
            // Nobody came in time.
            break;
        };
        let ready = match found {
            Ok(caught) => caught.bond.other_ready().await.then_some(caught),
            Err(_) => None,
        };
        // Whoever has gone before they could be joined is followed by the next one.
        let Some(caught) = ready else { continue };
        match talk(leg, document, dial, &search.sid, caught).await {
            Some(told) => {
                params = told;
                break;
            }
            None => return Next::End(Ending::HungUp(HangupBy::Person)),
        }
    }
    leg.call.write(|state| state.farewell = None);
    match &dial.action {
        Some(action) => go_to(leg, document, Some(action), dial.method, params).await,
        None => Next::Verb,
    }
}

fn status(status: &str) -> Params {
    vec![("DialCallStatus".into(), status.into())]
}

/// Talks with whoever was in the queue; what the action is told of it. `None`: the person on this leg hung up.
async fn talk(
    leg: &mut Leg,
    document: &Document,
    dial: &Dial,
    queue: &str,
    caught: Caught,
) -> Option<Params> {
    let Caught { call, waited, bond } = caught;
    let clock = leg.exchange.clock.clone();
    let began = clock.now();
    let mut params = status("completed");
    let mut add = |key: &str, value: &str| params.push((key.to_owned(), value.to_owned()));
    add("DialCallSid", call.sid());
    add("DialBridged", "true");
    add("QueueSid", queue);
    add("DequeueResult", "bridged");
    add("DequeuedCallSid", call.sid());
    add("DequeuedCallQueueTime", &waited);
    if let Some(Ok(url)) = dial.action.as_ref().map(|url| document.resolve(url)) {
        let mut farewell = Farewell::new(url, dial.method, params.clone());
        farewell.counted = Some(("DialCallDuration", began));
        leg.call.write(|state| state.farewell = Some(farewell));
    }
    bond.get_ready();
    let (exit, recording) = dial::converse(leg, dial, document, &call, bond.parted()).await;
    if let bridge::Exit::PersonLeft = exit {
        return None;
    }
    let lasted = seconds(began, clock.now());
    params.push(("DialCallDuration".into(), lasted.clone()));
    params.push(("DequeuedCallDuration".into(), lasted));
    params.extend(recording.map(|url| ("RecordingUrl".to_owned(), url)));
    Some(params)
}
