//! Long polling: a GET that waits for what is to be sent, and a POST that brings what a client has to say.

use super::{packet::Frame, payload, reason::Reason, refusal::Refusal, session::Input, socket::Socket};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType},
    mime,
    web::Payload,
};
use bytestring::ByteString;
use std::{future::poll_fn, thread};

/// Nothing of this may be kept on the way.
const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// A GET that waits. When its client goes away first, the session cannot know what was read, and ends.
struct Waiting<'a> {
    socket: &'a Socket,
    answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.answered && !thread::panicking() {
            let _ = self.socket.step(Input::PollGone);
        }
    }
}

/// Answers a GET once there is something to answer; the heartbeat sees to it that there is, in one interval at most.
pub(super) async fn poll(socket: &Socket) -> Result<HttpResponse, Refusal> {
    socket.step(Input::Poll)?;
    let mut waiting = Waiting { socket, answered: false };
    let frames = poll_fn(|context| socket.poll(context)).await;
    waiting.answered = true;
    Ok(answer(&frames?))
}

fn answer(frames: &[Frame]) -> HttpResponse {
    let text = ContentType(mime::TEXT_PLAIN_UTF_8);
    HttpResponse::Ok().content_type(text).insert_header(NO_STORE).body(payload::write(frames))
}

/// A POST that is being read. When its client goes away first, the session ends.
struct Posting<'a> {
    socket: &'a Socket,
    done: bool,
}

impl Posting<'_> {
    fn done(mut self) {
        self.done = true;
        let _ = self.socket.step(Input::PostDone);
    }

    fn broken(mut self, reason: Reason) {
        self.done = true;
        let _ = self.socket.step(Input::PostBroken(reason));
    }
}

impl Drop for Posting<'_> {
    fn drop(&mut self) {
        if !self.done && !thread::panicking() {
            let _ = self.socket.step(Input::PostBroken(Reason::TransportError));
        }
    }
}

/// Takes what a POST brings.
pub(super) async fn post(
    request: &HttpRequest,
    body: Payload,
    socket: &Socket,
) -> Result<HttpResponse, Refusal> {
    socket.step(Input::Post)?;
    let posting = Posting { socket, done: false };
    let binary = request.headers().get(header::CONTENT_TYPE);
    if binary.is_some_and(|kind| kind.as_bytes() == b"application/octet-stream") {
        posting.broken(Reason::TransportError);
        return Err(Refusal::BadRequest);
    }
    let (limit, patience) = (socket.max_payload(), socket.patience());
    let body = match tokio::time::timeout(patience, body.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => body,
        // The reference server, too, lets the session live.
        Ok(Err(_)) => {
            posting.done();
            return Err(Refusal::TooLarge);
        }
        Ok(Ok(Err(_))) | Err(_) => {
            posting.broken(Reason::TransportError);
            return Err(Refusal::BadRequest);
        }
    };
    let Ok(body) = ByteString::try_from(body) else {
        posting.broken(Reason::ParseError);
        return Err(Refusal::BadRequest);
    };
    for packet in payload::read(&body) {
        match packet {
            Ok(packet) => drop(socket.step(Input::Posted(packet))),
            Err(error) => {
                tracing::debug!(session = ?socket, %error, "a payload cannot be read");
                posting.broken(Reason::ParseError);
                return Err(Refusal::BadRequest);
            }
        }
    }
    posting.done();
    // Some browsers would offer plain text for download.
    Ok(HttpResponse::Ok().content_type(ContentType::html()).insert_header(NO_STORE).body("ok"))
}
