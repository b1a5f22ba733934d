//! Answering machine detection: its result, in time, to whom it is due.

use super::call::{Call, Detection};
use super::callback;
use super::casting::Role;
use super::exchange::Exchange;
use super::leg::Leg;
use super::log::Event;
use crate::AnsweredBy;
use std::sync::Arc;

/// Runs detection: beside the call when it has a callback, and before everything else when it has none.
pub async fn run(leg: &mut Leg, ordered: &Detection, role: &Role) {
    let (answered_by, secs) = role.persona.answered_by();
    let (answered_by, secs) = match secs <= ordered.timeout {
        true => (name(answered_by, ordered.to_message_end), secs),
        false => ("unknown", ordered.timeout),
    };
    let millis = (secs * 1_000.0) as u64;
    match ordered.callback.clone() {
        Some(target) => {
            let (exchange, call) = (leg.exchange.clone(), leg.call.clone());
            leg.exchange.runtime.spawn(async move {
                exchange.clock.sleep(secs).await;
                if call.status().is_live() {
                    found(&exchange, &call, answered_by, millis);
                    let account = &exchange.config.account_sid;
                    let notification = callback::detection(&call, account, target, answered_by, millis);
                    call.lane.push(&exchange.runtime, notification);
                }
            });
        }
        None => {
            leg.exchange.clock.sleep(secs).await;
            found(&leg.exchange, &leg.call, answered_by, millis);
            leg.detected = vec![
                ("AnsweredBy".into(), answered_by.into()),
                ("MachineDetectionDuration".into(), millis.to_string()),
            ];
        }
    }
}

fn found(exchange: &Arc<Exchange>, call: &Call, answered_by: &'static str, millis: u64) {
    call.write(|state| {
        state.answered_by = Some(answered_by);
        state.updated = exchange.clock.now();
    });
    call.journal.add(Event::Amd { answered_by: answered_by.into(), millis });
}

/// `Enable` cannot hear the end of a message; `DetectMessageEnd` always does.
fn name(answered_by: AnsweredBy, to_message_end: bool) -> &'static str {
    match (answered_by.is_machine() && answered_by != AnsweredBy::Fax, to_message_end) {
        (true, false) => AnsweredBy::MachineStart.as_str(),
        (true, true) if answered_by == AnsweredBy::MachineStart => AnsweredBy::MachineEndOther.as_str(),
        _ => answered_by.as_str(),
    }
}
