//! One leg: the task that drives a call from the queue to its end.
//!
//! `queue → ring → answer → documents → end`. Orders (redirect, hang up, cancel) reach it at any moment: the running
//! verb is a future, and what cancels it is that it is dropped.

use super::call::{ByHand, Call, HangupBy, Order, Source};
use super::casting::Role;
use super::exchange::Exchange;
use super::farewell::Farewell;
use super::fault::HookKind;
use super::interpreter::{self, Ending};
use super::log::Event;
use super::person::Person;
use super::persona::Pickup;
use super::room::Departure;
use super::webhook::{Hook, Method, Notification, Params};
use super::{background::Background, detection, stream};
use crate::{CallStatus, Direction};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Seconds from being dialled to the first ring.
const SETUP: f64 = 0.3;
/// What Twilio adds to every `Timeout`.
const TIMEOUT_BUFFER: f64 = 5.0;

/// A leg that is being driven.
pub struct Leg {
    /// The whole.
    pub exchange: Arc<Exchange>,
    /// The call.
    pub call: Arc<Call>,
    /// Who is on the line.
    pub person: Person,
    /// Requested when a document cannot be had.
    pub fallback: Option<(String, Method)>,
    /// Parameters of synchronous machine detection, for every request from then on.
    pub detected: Params,
    /// What runs beside the documents.
    pub background: Background,
}

/// How the next document begins, or why there is none.
enum Turn {
    Run(Source),
    Over(HangupBy, CallStatus),
}

/// Drives a call to its end.
pub async fn run(
    exchange: Arc<Exchange>,
    call: Arc<Call>,
    source: Source,
    dial_at: Instant,
    mut orders: mpsc::Receiver<Order>,
    by_hand: mpsc::Receiver<ByHand>,
) {
    let role = exchange.casting.ring(call.party());
    if let Some(role) = &role {
        call.write(|state| state.persona = Some(role.persona.name().to_owned()));
    }
    let person = Person::new(role.as_ref(), by_hand, exchange.clock.clone());
    let mut leg = Leg {
        exchange,
        call,
        person,
        fallback: None,
        detected: Params::new(),
        background: Background::default(),
    };
    let connected = match leg.call.facts.direction {
        Direction::Inbound => Ok(source),
        _ => leg.connect(role.as_ref(), source, dial_at, &mut orders).await,
    };
    let (by, status) = match connected {
        Ok(source) => leg.talk(source, role.as_ref(), &mut orders).await,
        Err(end) => end,
    };
    leg.finish(by, status).await;
}

impl Leg {
    /// From the queue to the answer. A redirect that comes meanwhile replaces the source.
    async fn connect(
        &mut self,
        role: Option<&Role>,
        mut source: Source,
        dial_at: Instant,
        orders: &mut mpsc::Receiver<Order>,
    ) -> Result<Source, (HangupBy, CallStatus)> {
        self.wait(dial_at, &mut source, orders).await?;
        self.advance(CallStatus::Initiated);
        self.wait(self.exchange.clock.ahead(SETUP), &mut source, orders).await?;
        let pickup = role.map_or(Pickup::Failed { sip: 404 }, |role| role.persona.pickup(role.seed));
        let patience = self.call.facts.timeout + TIMEOUT_BUFFER;
        match pickup {
            Pickup::Failed { sip } => {
                self.call.write(|state| state.sip = Some(sip));
                return Err((HangupBy::Failure, CallStatus::Failed));
            }
            Pickup::Busy => return Err((HangupBy::Failure, CallStatus::Busy)),
            Pickup::Answer { ring_secs } if ring_secs <= patience => {
                self.advance(CallStatus::Ringing);
                self.wait(self.exchange.clock.ahead(ring_secs), &mut source, orders).await?;
            }
            Pickup::Answer { .. } | Pickup::NoAnswer => {
                self.advance(CallStatus::Ringing);
                self.wait(self.exchange.clock.ahead(patience), &mut source, orders).await?;
                return Err((HangupBy::Failure, CallStatus::NoAnswer));
            }
        }
        self.answer();
        Ok(source)
    }

    /// Waits before the answer, and heeds orders.
    async fn wait(
        &mut self,
        until: Instant,
        source: &mut Source,
        orders: &mut mpsc::Receiver<Order>,
    ) -> Result<(), (HangupBy, CallStatus)> {
        loop {
            tokio::select! {
                biased;
                Some(order) = orders.recv() => match order {
                    Order::Cancel => return Err((HangupBy::Rest, CallStatus::Canceled)),
                    Order::Hangup(by) => return Err((by, CallStatus::Canceled)),
                    Order::Redirect(other) => *source = other,
                    Order::TimeLimit(secs) => self.call.write(|state| state.time_limit = secs),
                    Order::LeaveAt(_) => {}
                },
                () = tokio::time::sleep_until(until) => return Ok(()),
            }
        }
    }

    /// The call is answered: from now on it counts, is recorded, and perhaps has keys sent to it.
    pub fn answer(&mut self) {
        self.advance(CallStatus::InProgress);
        if let Some(plan) = &self.call.facts.record {
            let recording = self.exchange.start_recording(Some(&self.call), None, plan.clone());
            self.call.write(|state| state.recordings.insert(0, recording));
        }
    }

    /// Runs documents until the call is over.
    async fn talk(
        &mut self,
        source: Source,
        role: Option<&Role>,
        orders: &mut mpsc::Receiver<Order>,
    ) -> (HangupBy, CallStatus) {
        let mut turn = Turn::Run(source);
        let mut detection = self.call.facts.detection.clone().zip(role.cloned());
        if self.call.facts.send_digits.is_some() {
            detection = None;
        }
        let mut leave_at: Option<Instant> = None;
        loop {
            let source = match turn {
                Turn::Run(source) => source,
                Turn::Over(by, status) => return (by, status),
            };
            let detection = detection.take();
            let call = self.call.clone();
            let clock = self.exchange.clock.clone();
            let running = async {
                if let Some((ordered, role)) = detection {
                    detection::run(self, &ordered, &role).await;
                }
                interpreter::run(self, source).await
            };
            // On the heap, so that it is gone, and with it its hold on the leg, as soon as this turn is over.
            let mut running = Box::pin(running);
            turn = loop {
                let limit = call.read(|state| state.answered.map(|at| (at, state.time_limit)));
                let limit_at = limit.map(|(answered, limit)| {
                    clock.ahead((limit - super::clock::Clock::between(answered, clock.now())).max(0.0))
                });
                tokio::select! {
                    biased;
                    Some(order) = orders.recv() => match order {
                        Order::Redirect(source) => break Turn::Run(source),
                        Order::Hangup(by) => break Turn::Over(by, hung_up_status(&call)),
                        Order::Cancel if call.status() == CallStatus::Ringing => {
                            break Turn::Over(HangupBy::Rest, CallStatus::Canceled);
                        }
                        Order::Cancel => {}
                        Order::LeaveAt(at) => leave_at = Some(leave_at.map_or(at, |before| before.min(at))),
                        Order::TimeLimit(secs) => call.write(|state| state.time_limit = secs),
                    },
                    () = sleep_until(leave_at) => break Turn::Over(HangupBy::Person, hung_up_status(&call)),
                    () = sleep_until(limit_at) => break Turn::Over(HangupBy::TimeLimit, CallStatus::Completed),
                    ending = &mut running => break match ending {
                        Ending::HungUp(by) => Turn::Over(by, hung_up_status(&call)),
                        Ending::Rejected(status) => Turn::Over(HangupBy::Document, status),
                    },
                }
            };
            drop(running);
            if let Turn::Run(_) = turn {
                self.person.set_free(true);
                self.let_go(Departure::Redirected);
                self.tell_of_redirect();
            }
        }
    }

    /// Takes the call out of its conference, and ends the calls that it has dialled.
    fn let_go(&mut self, why: Departure) {
        let (conference, children) =
            self.call.write(|state| (state.conference.clone(), std::mem::take(&mut state.children)));
        if let Some(conference) = conference.and_then(|(sid, _)| self.exchange.conference(&sid)) {
            conference.leave(&self.exchange, &self.call, why);
        }
        for child in children {
            let _ = child.orders.try_send(Order::Hangup(HangupBy::Parent));
        }
    }

    /// Everything that is due when a call ends.
    async fn finish(&mut self, by: HangupBy, status: CallStatus) {
        let queued = self.call.status() == CallStatus::Queued;
        self.call.journal.add(Event::HungUp { by: by.name() });
        self.advance_silently(status);
        self.let_go(Departure::HungUp);
        let mut recorded = Params::new();
        for (place, recording) in self.call.read(|state| state.recordings.clone()).into_iter().enumerate() {
            let done = self.exchange.finish_recording(&recording, self.call.lane.clone());
            let Some(done) = done.filter(|_| place == 0 && self.call.facts.record.is_some()) else {
                continue;
            };
            let url = done.url(&self.exchange.config.account_sid, &self.exchange.public_url);
            recorded.push(("RecordingUrl".into(), url));
            recorded.push(("RecordingSid".into(), done.sid));
            recorded.push(("RecordingDuration".into(), done.secs.unwrap_or_default().to_string()));
        }
        self.background.stop_all(&self.exchange, &self.call);
        stream::stop_all(&self.call);
        // A call that was given up while still in the queue never was: nobody is told.
        if !queued {
            self.exchange.report_progress(&self.call, recorded);
        }
        // Of interest for inspection and for `CallStatus=completed` in the action's form; its answer is not run.
        let farewell = self.call.write(|state| state.farewell.take());
        self.exchange.call_over(&self.call);
        let now = self.call.read(|state| state.ended).unwrap_or_else(|| self.exchange.clock.now());
        if let Some(hook) = farewell.and_then(|farewell| self.farewell_hook(farewell, false, now)) {
            let outcome = self.exchange.messenger.ask(&hook, &self.call.jar).await;
            self.call.journal.add(Event::webhook("action after hang-up".into(), &hook, &outcome));
        }
    }

    /// The verb that ran when a redirect came may want its action requested; what it answers is not run.
    fn tell_of_redirect(&self) {
        let farewell = self.call.write(|state| state.farewell.take());
        let now = self.exchange.clock.now();
        if let Some(hook) = farewell.and_then(|farewell| self.farewell_hook(farewell, true, now)) {
            let notification = Notification { hook, about: "action after redirect".into() };
            self.call.lane.push(&self.exchange.runtime, notification);
        }
    }

    fn farewell_hook(&self, farewell: Farewell, redirected: bool, now: Timestamp) -> Option<Hook> {
        let mut params = self.call.standard(&self.exchange.config.account_sid);
        params.extend(farewell.form(redirected, now)?);
        Some(Hook { kind: HookKind::Voice, url: farewell.url, method: farewell.method, params })
    }

    fn advance(&self, status: CallStatus) {
        if self.advance_silently(status) {
            self.exchange.report_progress(&self.call, Params::new());
        }
    }

    fn advance_silently(&self, status: CallStatus) -> bool {
        self.call.advance(status, self.exchange.clock.now())
    }
}

/// How a call ends that is ended now: a ringing one was never answered.
fn hung_up_status(call: &Call) -> CallStatus {
    match call.status() {
        CallStatus::InProgress => CallStatus::Completed,
        CallStatus::Ringing if call.facts.direction == Direction::Inbound => CallStatus::NoAnswer,
        _ => CallStatus::Canceled,
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
