//! `<Connect><ConversationRelay>`: the person on the leg talks with the program in text. The sandbox speaks the
//! program's words at its speaking pace, and understands the person's without mistakes.

mod session;
mod settings;

use super::document::Document;
use super::{Next, error, go_to, note};
use crate::sandbox::farewell::{Farewell, seconds};
use crate::sandbox::leg::Leg;
use crate::sandbox::sid;
use crate::sandbox::webhook::Params;
use crate::sandbox::websocket;
use session::{Outcome, Session};
use settings::Settings;
use tsunagu_twiml::{Connect, ConversationRelay};

/// The WebSocket did not come about.
const NOT_CONNECTED: u32 = 64102;

/// Runs a Connect with a ConversationRelay.
pub async fn run(leg: &mut Leg, document: &Document, connect: &Connect, noun: &ConversationRelay) -> Next {
    note(leg, "Connect", &format!("ConversationRelay {}", noun.url));
    let (sid, began) = (sid::new("VX"), leg.exchange.clock.now());
    if let Some(Ok(url)) = connect.action.as_ref().map(|url| document.resolve(url)) {
        let params =
            vec![("SessionId".to_owned(), sid.clone()), ("SessionStatus".to_owned(), "completed".to_owned())];
        let mut farewell = Farewell::new(url, connect.method, params);
        farewell.counted = Some(("SessionDuration", began));
        leg.call.write(|state| state.farewell = Some(farewell));
    }
    let outcome = match websocket::open(&leg.exchange, &noun.url, document.url.as_ref()).await {
        Ok(socket) => Session::new(leg, socket, Settings::of(noun)).run(&sid).await,
        Err(error) => Outcome::Failed { code: NOT_CONNECTED, message: error.message },
    };
    leg.person.set_free(true);
    leg.call.write(|state| state.farewell = None);
    let mut params: Params =
        vec![("SessionId".into(), sid), ("SessionDuration".into(), seconds(began, leg.exchange.clock.now()))];
    let mut add = |key: &str, value: String| params.push((key.to_owned(), value));
    match outcome {
        Outcome::Ended { handoff } => {
            add("SessionStatus", "ended".into());
            handoff.into_iter().for_each(|data| add("HandoffData", data));
        }
        Outcome::Failed { code, message } => {
            add("SessionStatus", "failed".into());
            add("ErrorCode", code.to_string());
            add("ErrorMessage", message.clone());
            error(leg, code, message);
        }
    }
    match &connect.action {
        Some(action) => go_to(leg, document, Some(action), connect.method, params).await,
        None => Next::Verb,
    }
}
