//! The answer to a handshake, and what it leaves behind.

use super::{
    conversation::{Conversation, Said},
    frames::Frames,
    handover::Handover,
};
use actix::{Actor, AsyncContext, StreamHandler};
use actix_http::ws::Codec;
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    error::Error,
    web::{Bytes, Payload},
};
use actix_web_actors::ws::{Message, ProtocolError, WebsocketContext, handshake_with_protocols};
use futures_util::stream;
use std::{
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// Puts an actor behind a WebSocket; of `protocols` the first is spoken that the client offers, and no frame may be longer than
/// `longest`, in bytes. The actor starts when the answer is written, and is dropped with it when it is not.
///
/// # Errors
/// The request is no handshake of a WebSocket.
pub fn open<A>(
    actor: A,
    request: &HttpRequest,
    body: Payload,
    protocols: &[&str],
    longest: usize,
) -> Result<HttpResponse, Error>
where
    A: Actor<Context = WebsocketContext<A>> + StreamHandler<Result<Message, ProtocolError>>,
{
    let mut answer = handshake_with_protocols(request, protocols)?;
    let codec = Codec::new().max_size(longest);
    let Some(handover) = request.conn_data::<Rc<Handover>>() else {
        return Ok(answer.streaming(WebsocketContext::with_codec(actor, body, codec)));
    };
    let conversation = Conversation::new(body, move |heard| -> Said {
        let frames = Frames::new(heard, codec, longest);
        Box::pin(WebsocketContext::with_factory(stream::pending(), move |ctx| {
            ctx.add_stream(frames);
            actor
        }))
    });
    Ok(answer.body(Behind { handover: handover.clone(), conversation: Some(conversation) }))
}

/// What stands behind the answer's head in place of a body: the wish to have the connection.
struct Behind {
    handover: Rc<Handover>,
    conversation: Option<Conversation>,
}

impl MessageBody for Behind {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    /// Asked for as soon as the head is on its way to be written.
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(conversation) = self.conversation.take() {
            self.handover.ask(conversation);
        }
        Poll::Pending
    }
}
