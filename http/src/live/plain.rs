//! `GET /ws`: the same events and commands over a plain WebSocket, one JSON object a message, for everybody without Socket.IO.
//!
//! The token comes as a subprotocol beside `tsunagu` (`new WebSocket(url, ["tsunagu", token])`), or in the first message. With
//! it a client that comes back names the last event that it saw, and the calls that it was watching.

mod greeting;

use super::{
    LiveConfig,
    frames::{Frames, ended_line},
    session::Session,
};
use crate::{App, envelope::Failure, error::ApiError};
use actix::prelude::*;
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Payload},
};
use actix_web_actors::ws::{CloseCode, CloseReason, Message as Came, ProtocolError, WebsocketContext};
use greeting::{Greeting, PROTOCOL, token_of};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{rc::Rc, sync::Arc};
use tokio::time::Instant;
use tsunagu_actors::{Arrival, Parting, Published, Screen};
use tsunagu_socketio::wire;

/// How much mail waits for one connection. A screen that is further behind is let go.
const MAILBOX: usize = 1024;
/// The longest message that a client may send, in bytes.
const LONGEST: usize = 64 * 1024;

/// The codes with which connections are closed: 4000 and above are an application's own (RFC 6455, 7.4.2).
const NOT_SIGNED_IN: u16 = 4401;
const TOO_SLOW: u16 = 4408;
const MALFORMED: u16 = 4400;
/// RFC 6455's registry: the server cannot do it just now.
const TRY_AGAIN: u16 = 1013;

/// Opens a connection.
pub(super) async fn open(
    app: Data<App>,
    config: Data<LiveConfig>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, ApiError> {
    let app = app.into_inner();
    // Here and not when it starts, which it may never.
    metrics::gauge!("live_websockets").increment(1.0);
    let mut plain =
        Plain { app: app.clone(), config: config.into_inner(), session: None, seen: Instant::now() };
    // A token that is wrong is refused while HTTP can still say so.
    if let Some(token) = token_of(&request) {
        plain.session = Some(Rc::new(Session::open(&app, token).await?));
    }
    wire::open(plain, &request, body, &[PROTOCOL], LONGEST)
        .map_err(|error| ApiError::malformed(error.to_string()))
}

/// The actor behind a connection.
struct Plain {
    app: Arc<App>,
    config: Arc<LiveConfig>,
    session: Option<Rc<Session>>,
    /// When the client last gave a sign of life.
    seen: Instant,
}

impl Actor for Plain {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX);
        ctx.run_interval(self.config.ping_interval, |plain, ctx| {
            let patience = plain.config.ping_interval + plain.config.ping_timeout;
            if plain.seen.elapsed() > patience { ctx.stop() } else { ctx.ping(b"") }
        });
        match &self.session {
            Some(session) => session.sit(Box::new(PlainScreen(ctx.address())), Arrival::default()),
            None => {
                ctx.run_later(self.config.sign_in_timeout, |plain, ctx| {
                    if plain.session.is_none() {
                        plain.refuse(&ApiError::NotSignedIn, NOT_SIGNED_IN, ctx);
                    }
                });
            }
        }
    }
}

/// However it ends, the seat is given up.
impl Drop for Plain {
    fn drop(&mut self) {
        metrics::gauge!("live_websockets").decrement(1.0);
        if let Some(session) = &self.session {
            session.leave();
        }
    }
}

/// What a client asks.
#[derive(Deserialize)]
struct Asked {
    /// Which command.
    command: String,
    /// With what.
    #[serde(default)]
    data: Value,
    /// Given back with the answer.
    #[serde(default)]
    id: Value,
}

impl StreamHandler<Result<Came, ProtocolError>> for Plain {
    fn handle(&mut self, came: Result<Came, ProtocolError>, ctx: &mut Self::Context) {
        self.seen = Instant::now();
        match came {
            Ok(Came::Text(text)) => self.hear(&text, ctx),
            Ok(Came::Ping(payload)) => ctx.pong(&payload),
            Ok(Came::Pong(_) | Came::Nop) => {}
            Ok(Came::Close(reason)) => {
                ctx.close(reason);
                ctx.stop();
            }
            Ok(Came::Binary(_) | Came::Continuation(_)) => {
                let error = ApiError::malformed("a message must be one frame of text");
                self.refuse(&error, MALFORMED, ctx);
            }
            Err(ProtocolError::Overflow) => self.refuse(&ApiError::TooLarge, CloseCode::Size.into(), ctx),
            Err(error) => {
                let error = ApiError::malformed(error.to_string());
                self.refuse(&error, CloseCode::Protocol.into(), ctx);
            }
        }
    }
}

impl Plain {
    fn hear(&mut self, text: &str, ctx: &mut WebsocketContext<Self>) {
        let Some(session) = self.session.clone() else {
            return self.greet(text, ctx);
        };
        match serde_json::from_str::<Asked>(text) {
            Ok(Asked { command, data, id }) => {
                let answered = async move {
                    let mut answer = session.obey(&command, data).await.unwrap_or_else(|refusal| refusal);
                    if let Value::Object(answer) = &mut answer {
                        answer.insert("answer".to_owned(), id);
                    }
                    answer
                };
                ctx.spawn(answered.into_actor(self).map(|answer, _, ctx| ctx.text(answer.to_string())));
            }
            Err(error) => {
                let error = ApiError::malformed(format!("this is no command: {error}"));
                ctx.text(failed(&error));
            }
        }
    }

    /// The first message names who comes.
    fn greet(&mut self, text: &str, ctx: &mut WebsocketContext<Self>) {
        let greeting = match Greeting::read(text) {
            Ok(greeting) => greeting,
            Err(error) => return self.refuse(&error, MALFORMED, ctx),
        };
        let app = self.app.clone();
        let opened = async move { (Session::open(&app, &greeting.token).await, greeting) };
        #[expect(
            clippy::disallowed_methods,
            reason = "it is the only one, and nothing else is to be heard before that is known"
        )]
        ctx.wait(opened.into_actor(self).map(|(opened, greeting), plain, ctx| match opened {
            Ok(session) => {
                let session = Rc::new(session);
                session.sit(Box::new(PlainScreen(ctx.address())), greeting.arrival);
                plain.session = Some(session);
            }
            Err(ApiError::NotSignedIn) => plain.refuse(&ApiError::NotSignedIn, NOT_SIGNED_IN, ctx),
            // The token may be good: it cannot be looked at just now.
            Err(error) => plain.refuse(&error, TRY_AGAIN, ctx),
        }));
    }

    fn refuse(&self, error: &ApiError, code: u16, ctx: &mut WebsocketContext<Self>) {
        ctx.text(failed(error));
        ctx.close(Some(CloseReason {
            code: CloseCode::Other(code),
            description: Some(error.code().to_owned()),
        }));
        ctx.stop();
    }
}

fn failed(error: &ApiError) -> String {
    let sentence = error.to_string();
    json!(Failure::of(error, &sentence)).to_string()
}

/// An event to be shown.
#[derive(Message)]
#[rtype(result = "()")]
struct Show(Arc<Published>);

impl Handler<Show> for Plain {
    type Result = ();

    fn handle(&mut self, Show(event): Show, ctx: &mut Self::Context) {
        if let Some(frames) = event.encoded(Frames::of) {
            ctx.text(frames.line.clone());
        }
    }
}

/// The connection is to be ended.
#[derive(Message)]
#[rtype(result = "()")]
struct End(Parting);

impl Handler<End> for Plain {
    type Result = ();

    fn handle(&mut self, End(why): End, ctx: &mut Self::Context) {
        let code = match why {
            Parting::TooSlow => CloseCode::Other(TOO_SLOW),
            Parting::SignedOut | Parting::Expired => CloseCode::Other(NOT_SIGNED_IN),
            Parting::ShuttingDown => CloseCode::Restart,
        };
        ctx.text(ended_line(why));
        ctx.close(Some(CloseReason { code, description: Some(why.word().to_owned()) }));
        ctx.stop();
    }
}

/// A connection's screen.
struct PlainScreen(Addr<Plain>);

impl Screen for PlainScreen {
    fn show(&self, event: &Arc<Published>) -> bool {
        self.0.try_send(Show(event.clone())).is_ok()
    }

    fn part(&self, why: Parting) {
        // One message more than the mailbox holds, and the last.
        self.0.do_send(End(why));
    }
}
