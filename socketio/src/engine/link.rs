//! A WebSocket of a session: an actor that does nothing but carry. All that waits goes into one write.
//!
//! State: which session it belongs to, under which number, and what has come of a message in several frames. It has no
//! mail: what is to be sent waits in the session, which outlives this socket when it is jammed or lost.

use super::{
    fragments::Fragments,
    packet::{Frame, Message, Packet},
    reason::Reason,
    refusal::Refusal,
    session::{self, Input},
    socket::Socket,
};
use crate::wire;
use actix::{ActorFuture, prelude::*};
use actix_web::{HttpRequest, HttpResponse, web::Payload};
use actix_web_actors::ws::{self, CloseCode, CloseReason, ProtocolError, WebsocketContext};
use bytestring::ByteString;
use std::{
    pin::Pin,
    task::{self, Poll},
    thread,
};

/// The actor.
struct Link {
    socket: Socket,
    number: session::Link,
    fragments: Fragments,
}

/// Puts the socket under its session.
pub(super) fn start(
    request: &HttpRequest,
    body: Payload,
    socket: Socket,
    number: session::Link,
) -> Result<HttpResponse, Refusal> {
    let limit = socket.max_payload();
    let link = Link { socket, number, fragments: Fragments::default() };
    wire::open(link, request, body, &[], limit).map_err(|_| Refusal::BadRequest)
}

impl Actor for Link {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.spawn(Feed);
    }
}

/// However the socket is lost, the session hears of it; after a panic its heartbeat tells.
impl Drop for Link {
    fn drop(&mut self) {
        if !thread::panicking() {
            let _ = self.socket.step(Input::Gone(self.number));
        }
    }
}

/// Writes what waits, whenever something does.
struct Feed;

impl ActorFuture<Link> for Feed {
    type Output = ();

    fn poll(
        self: Pin<&mut Self>,
        link: &mut Link,
        ctx: &mut WebsocketContext<Link>,
        task: &mut task::Context<'_>,
    ) -> Poll<()> {
        let fed = link.socket.feed(link.number, task, |frame| write(ctx, frame));
        if fed.is_ready() {
            finish(ctx, CloseCode::Normal);
        }
        fed
    }
}

impl StreamHandler<Result<ws::Message, ProtocolError>> for Link {
    fn handle(&mut self, came: Result<ws::Message, ProtocolError>, ctx: &mut Self::Context) {
        match came {
            Ok(ws::Message::Text(text)) => self.text(&text, ctx),
            Ok(ws::Message::Binary(bytes)) => self.packet(Packet::Message(Message::Binary(bytes)), ctx),
            Ok(ws::Message::Continuation(item)) => {
                match self.fragments.take(item, self.socket.max_payload()) {
                    Ok(None) => {}
                    Ok(Some(Message::Text(text))) => self.text(&text, ctx),
                    Ok(Some(binary)) => self.packet(Packet::Message(binary), ctx),
                    Err(error) => {
                        tracing::debug!(session = ?self.socket, %error, "a websocket cannot be read");
                        self.broken(Reason::TransportError, CloseCode::Size, ctx);
                    }
                }
            }
            Ok(ws::Message::Ping(payload)) => ctx.pong(&payload),
            Ok(ws::Message::Pong(_) | ws::Message::Nop) => {}
            Ok(ws::Message::Close(_)) => finish(ctx, CloseCode::Normal),
            Err(error) => {
                tracing::debug!(session = ?self.socket, %error, "a websocket cannot be read");
                let code = if matches!(error, ProtocolError::Overflow) {
                    CloseCode::Size
                } else {
                    CloseCode::Protocol
                };
                self.broken(Reason::TransportError, code, ctx);
            }
        }
    }
}

impl Link {
    fn text(&mut self, text: &ByteString, ctx: &mut WebsocketContext<Self>) {
        match Packet::read(text) {
            Ok(packet) => self.packet(packet, ctx),
            Err(error) => {
                tracing::debug!(session = ?self.socket, %error, "a packet cannot be read");
                self.broken(Reason::ParseError, CloseCode::Normal, ctx);
            }
        }
    }

    fn packet(&mut self, packet: Packet, ctx: &mut WebsocketContext<Self>) {
        let written = self.socket.step(Input::Packet(self.number, packet));
        written.into_iter().flatten().for_each(|frame| write(ctx, frame));
    }

    fn broken(&mut self, reason: Reason, code: CloseCode, ctx: &mut WebsocketContext<Self>) {
        let _ = self.socket.step(Input::Broken(self.number, reason));
        finish(ctx, code);
    }
}

fn write(ctx: &mut WebsocketContext<Link>, frame: Frame) {
    match frame {
        Frame::Text(text) => ctx.text(text),
        Frame::Binary(bytes) => ctx.binary(bytes),
    }
}

fn finish(ctx: &mut WebsocketContext<Link>, code: CloseCode) {
    ctx.close(Some(CloseReason::from(code)));
    ctx.stop();
}
