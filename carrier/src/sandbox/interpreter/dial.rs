//! `<Dial>`: other telephones, one after another or all at once, or a conference.

use super::document::Document;
use super::{Ending, Next, bridge, conference, dequeue, go_to, note};
use crate::Direction;
use crate::sandbox::call::{Call, Detection, HangupBy, Order, RecordPlan, Source};
use crate::sandbox::callback::Subscription;
use crate::sandbox::exchange::NewCall;
use crate::sandbox::farewell::Farewell;
use crate::sandbox::leg::Leg;
use crate::sandbox::webhook::{Method, Params};
use futures_util::future::select_all;
use std::sync::Arc;
use tsunagu_twiml::{self as twiml, Dial, DialRecord, DialTarget, Endpoint, MachineDetection};

/// How a Dial to telephones came out.
struct Outcome {
    status: &'static str,
    call: Option<Arc<Call>>,
    bridged: bool,
    recording_url: Option<String>,
}

/// Runs a Dial.
pub async fn run(leg: &mut Leg, document: &Document, dial: &Dial) -> Next {
    let outcome = match &dial.target {
        DialTarget::Conference(noun) => {
            // Whoever hangs up in a conference still has the action requested, as Twilio does.
            farewell(leg, document, dial, "answered");
            match conference::dial(leg, document, dial, noun).await {
                Ok(status) => Outcome { status, call: None, bridged: false, recording_url: None },
                Err(next) => return next,
            }
        }
        DialTarget::Endpoints(endpoints) => {
            note(leg, "Dial", &names(endpoints).join(", "));
            farewell(leg, document, dial, "completed");
            match endpoints_of(leg, document, dial, endpoints).await {
                Some(outcome) => outcome,
                None => return Next::End(Ending::HungUp(HangupBy::Person)),
            }
        }
        DialTarget::Queue(queue) => {
            note(leg, "Dial", &format!("Queue {}", queue.name));
            return dequeue::dial(leg, document, dial, queue).await;
        }
    };
    leg.call.write(|state| state.farewell = None);
    let Some(action) = &dial.action else { return Next::Verb };
    let now = leg.exchange.clock.now();
    let mut params: Params = vec![("DialCallStatus".into(), outcome.status.into())];
    if let Some(call) = &outcome.call {
        params.push(("DialCallSid".into(), call.sid().to_owned()));
        params.push(("DialCallDuration".into(), call.duration(now).to_string()));
        params.push(("DialBridged".into(), outcome.bridged.to_string()));
    }
    if let Some(url) = outcome.recording_url {
        params.push(("RecordingUrl".into(), url));
    }
    go_to(leg, document, Some(action), dial.method, params).await
}

/// What is requested when the call ends inside the Dial.
pub fn farewell(leg: &Leg, document: &Document, dial: &Dial, status: &str) {
    let Some(url) = dial.action.as_ref().and_then(|url| document.resolve(url).ok()) else { return };
    let params = vec![("DialCallStatus".to_owned(), status.to_owned())];
    let farewell = Farewell::new(url, dial.method, params);
    leg.call.write(|state| state.farewell = Some(farewell));
}

/// Rings telephones until one is joined with the caller, and that is over. `None`: the caller's person hung up.
async fn endpoints_of(
    leg: &mut Leg,
    document: &Document,
    dial: &Dial,
    endpoints: &[Endpoint],
) -> Option<Outcome> {
    let rounds: Vec<&[Endpoint]> = match dial.sequential {
        Some(true) => endpoints.chunks(1).collect(),
        _ => vec![endpoints],
    };
    let mut last = Outcome { status: "failed", call: None, bridged: false, recording_url: None };
    for round in rounds {
        let children: Vec<Arc<Call>> =
            round.iter().map(|endpoint| ring(leg, document, dial, endpoint)).collect();
        leg.call.write(|state| state.children.extend(children.iter().cloned()));
        let winner = first_ready(&children).await;
        for child in &children {
            if winner.as_ref().is_none_or(|winner| winner.sid() != child.sid()) {
                let _ = child.orders.try_send(Order::Hangup(HangupBy::Parent));
            }
        }
        match winner {
            Some(child) => return talk(leg, dial, child, document).await,
            None => {
                let call = children.into_iter().next();
                let status = call.as_ref().map_or("failed", |call| call.status().as_str());
                last = Outcome { status, call, bridged: false, recording_url: None };
            }
        }
    }
    Some(last)
}

/// The talk of a Dial with whoever was reached, recorded if it asks for it: how it ended, and where the recording is.
pub async fn converse(
    leg: &mut Leg,
    dial: &Dial,
    document: &Document,
    other: &Arc<Call>,
    parted: impl Future<Output = ()>,
) -> (bridge::Exit, Option<String>) {
    let recording =
        recorded(dial, document).map(|plan| leg.exchange.start_recording(Some(&leg.call), None, plan));
    let limit = f64::from(dial.time_limit.unwrap_or(14_400));
    let star = dial.hangup_on_star == Some(true);
    let exit = bridge::talk(leg, other, limit, star, parted).await;
    let recording_url = recording.and_then(|sid| {
        let done = leg.exchange.finish_recording(&sid, leg.call.lane.clone())?;
        Some(done.url(&leg.exchange.config.account_sid, &leg.exchange.public_url))
    });
    (exit, recording_url)
}

async fn talk(leg: &mut Leg, dial: &Dial, child: Arc<Call>, document: &Document) -> Option<Outcome> {
    let (exit, recording_url) = converse(leg, dial, document, &child, bridge::hung_up(&child)).await;
    let _ = child.orders.try_send(Order::Hangup(HangupBy::Parent));
    match exit {
        bridge::Exit::PersonLeft => None,
        bridge::Exit::Over => {
            let mut progress = child.progress.subscribe();
            let _ = progress.wait_for(|status| status.is_final()).await;
            Some(Outcome { status: "completed", call: Some(child), bridged: true, recording_url })
        }
    }
}

/// The first telephone that is ready to be joined; `None` when all have failed.
async fn first_ready(children: &[Arc<Call>]) -> Option<Arc<Call>> {
    let mut waiting: Vec<_> = children
        .iter()
        .map(|child| {
            Box::pin(async move {
                let (mut ready, mut progress) = (child.ready.subscribe(), child.progress.subscribe());
                tokio::select! {
                    biased;
                    Ok(_) = ready.wait_for(|ready| *ready) => Some(child.clone()),
                    _ = progress.wait_for(|status| status.is_final()) => None,
                }
            })
        })
        .collect();
    while !waiting.is_empty() {
        let (ready, _, rest) = select_all(waiting).await;
        if ready.is_some() {
            return ready;
        }
        waiting = rest;
    }
    None
}

fn ring(leg: &Leg, document: &Document, dial: &Dial, endpoint: &Endpoint) -> Arc<Call> {
    let url = |url: &Option<String>| url.as_ref().and_then(|url| document.resolve(url).ok());
    let post = |method: &Option<Method>| method.unwrap_or(Method::Post);
    let words =
        |events: &[twiml::CallProgressEvent]| events.iter().map(ToString::to_string).collect::<Vec<_>>();
    let detect = |mode: &Option<MachineDetection>, to: &Option<String>, method, secs: Option<u32>| {
        mode.as_ref().zip(url(to)).map(|(mode, to)| Detection {
            to_message_end: *mode == MachineDetection::DetectMessageEnd,
            callback: Some((to, post(method))),
            timeout: f64::from(secs.unwrap_or(30)),
        })
    };
    let (to, whisper, callback, method, events, send_digits, detection) = match endpoint {
        Endpoint::Number(n) => (
            n.number.clone(),
            url(&n.url).map(|url| (url, post(&n.method))),
            url(&n.status_callback),
            n.status_callback_method,
            words(&n.status_callback_event),
            n.send_digits.clone(),
            detect(
                &n.machine_detection,
                &n.amd_status_callback,
                &n.amd_status_callback_method,
                n.machine_detection_timeout,
            ),
        ),
        Endpoint::Client(c) => (
            format!("client:{}", c.identity),
            url(&c.url).map(|url| (url, post(&c.method))),
            url(&c.status_callback),
            c.status_callback_method,
            words(&c.status_callback_event),
            None,
            None,
        ),
        Endpoint::Sip(s) => (
            s.uri.clone(),
            url(&s.url).map(|url| (url, post(&s.method))),
            url(&s.status_callback),
            s.status_callback_method,
            words(&s.status_callback_event),
            None,
            detect(
                &s.machine_detection,
                &s.amd_status_callback,
                &s.amd_status_callback_method,
                s.machine_detection_timeout,
            ),
        ),
    };
    let from = dial.caller_id.clone().unwrap_or_else(|| leg.call.facts.from.clone());
    let progress =
        Subscription::new(callback.as_deref(), method.map(Method::as_str), &events, &["completed"]);
    let new = NewCall {
        parent: Some(leg.call.sid().to_owned()),
        progress,
        timeout: f64::from(dial.timeout.unwrap_or(30)),
        detection,
        send_digits,
        ..NewCall::new(to, from, Direction::OutboundDial, Source::Bridge { whisper })
    };
    leg.exchange.create_call(new)
}

fn recorded(dial: &Dial, document: &Document) -> Option<RecordPlan> {
    let mode = dial.record.filter(|mode| *mode != DialRecord::DoNotRecord)?;
    let dual = matches!(mode, DialRecord::RecordFromAnswerDual | DialRecord::RecordFromRingingDual);
    let events: Vec<String> = dial.recording_status_callback_event.iter().map(ToString::to_string).collect();
    let url = dial.recording_status_callback.as_ref().and_then(|url| document.resolve(url).ok());
    let method = dial.recording_status_callback_method.map(Method::as_str);
    Some(RecordPlan {
        channels: if dual { 2 } else { 1 },
        track: dial.recording_track.map_or("both", |track| track.as_str()).to_owned(),
        source: "DialVerb",
        callback: Subscription::new(url.as_deref(), method, &events, &["completed"]),
    })
}

fn names(endpoints: &[Endpoint]) -> Vec<String> {
    endpoints
        .iter()
        .map(|endpoint| match endpoint {
            Endpoint::Number(number) => number.number.clone(),
            Endpoint::Client(client) => format!("client:{}", client.identity),
            Endpoint::Sip(sip) => sip.uri.clone(),
        })
        .collect()
}
