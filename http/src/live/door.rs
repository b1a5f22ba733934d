//! The door for Socket.IO: who is let in, and what they are told and ask for.

use super::{
    frames::{Frames, ended_packet},
    session::Session,
};
use crate::{App, error::ApiError};
use actix_web::{HttpRequest, rt};
use serde_json::{Value, json};
use std::sync::Arc;
use tsunagu_actors::{Arrival, Parting, Published, Screen};
use tsunagu_socketio::socket::{Client, Connect, Event, Handler, Reason, Refused, encode};

/// What older clients look for in a connect error.
const REFUSED: &str = "Authentication error";

/// The door.
pub(super) struct Door(pub Arc<App>);

impl Handler for Door {
    type Guest = ();
    type State = Session;

    fn admit(&self, _: &HttpRequest) -> Option<()> {
        Some(())
    }

    async fn connect(&self, (): &(), connect: Connect) -> Result<Session, Refused> {
        let token = connect.auth.get("token").and_then(Value::as_str).unwrap_or_default();
        Session::open(&self.0, token).await.map_err(|error| refused(&error))
    }

    fn connected(&self, client: &Client<Session>) {
        client.state().sit(Box::new(SocketScreen(client.clone())), Arrival::default());
    }

    fn event(&self, client: &Client<Session>, event: Event) {
        let client = client.clone();
        rt::spawn(async move {
            let Event { name, args, ack, .. } = event;
            let argument = args.into_iter().next().unwrap_or_default();
            let answer = client.state().obey(&name, argument).await;
            // A client that is gone needs neither.
            if name == "request-handoff"
                && let Err(refusal) = &answer
            {
                let told = encode::event("/", "handoff-error", std::slice::from_ref(refusal));
                client.try_emit(&told).ok();
            }
            if let Some(ack) = ack {
                ack.answer(&[answer.unwrap_or_else(|refusal| refusal)]).ok();
            }
        });
    }

    fn disconnected(&self, client: &Client<Session>, reason: Reason) {
        tracing::debug!(client = ?client, reason = reason.as_str(), "a live client has gone");
        client.state().leave();
    }
}

fn refused(error: &ApiError) -> Refused {
    let data = json!({ "code": error.code(), "message": error.to_string() });
    Refused { message: REFUSED.to_owned(), data: Some(data) }
}

/// A client's screen.
struct SocketScreen(Client<Session>);

impl Screen for SocketScreen {
    fn show(&self, event: &Arc<Published>) -> bool {
        event.encoded(Frames::of).is_some_and(|frames| self.0.try_emit(&frames.packet).is_ok())
    }

    fn part(&self, why: Parting) {
        match why {
            Parting::TooSlow => self.0.let_go(&ended_packet(why)),
            // The whole server is closed, in a way that lets clients look for another.
            Parting::ShuttingDown => drop(self.0.try_emit(&ended_packet(why))),
            Parting::SignedOut | Parting::Expired => {
                self.0.try_emit(&ended_packet(why)).ok();
                self.0.disconnect(true);
            }
        }
    }
}
