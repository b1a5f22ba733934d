//! The messages in what comes over a connection. Of one that is not whole yet no more is kept than a frame may have, and nothing
//! between two.

use super::conversation::Heard;
use actix_codec::Decoder;
use actix_http::ws::{Codec, Frame};
use actix_web::web::BytesMut;
use actix_web_actors::ws::{Message, ProtocolError};
use futures_util::Stream;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// The longest head of a frame, in bytes (RFC 6455, 5.2).
const HEAD: usize = 14;

pub(super) struct Frames {
    heard: Heard,
    codec: Codec,
    longest: usize,
    came: BytesMut,
    /// Something came that is no frame: nothing after it is read.
    broken: bool,
}

impl Frames {
    pub fn new(heard: Heard, codec: Codec, longest: usize) -> Self {
        Self { heard, codec, longest, came: BytesMut::new(), broken: false }
    }

    fn next(&mut self) -> Result<Option<Message>, ProtocolError> {
        let frame = self.codec.decode(&mut self.came)?;
        if self.came.is_empty() {
            self.came = BytesMut::new();
        }
        // The length is looked at when all of a frame has come.
        if frame.is_none() && self.came.len() >= self.longest + HEAD {
            return Err(ProtocolError::Overflow);
        }
        frame.map(message).transpose()
    }
}

impl Stream for Frames {
    type Item = Result<Message, ProtocolError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.broken {
            match this.next() {
                Ok(Some(message)) => return Poll::Ready(Some(Ok(message))),
                Ok(None) => {}
                Err(error) => {
                    this.broken = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
            match ready!(Pin::new(&mut this.heard).poll_next(context)) {
                Some(piece) => this.came.extend_from_slice(&piece),
                None => break,
            }
        }
        Poll::Ready(None)
    }
}

fn message(frame: Frame) -> Result<Message, ProtocolError> {
    Ok(match frame {
        Frame::Text(text) => {
            let text = text.try_into().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error));
            Message::Text(text.map_err(ProtocolError::Io)?)
        }
        Frame::Binary(bytes) => Message::Binary(bytes),
        Frame::Continuation(item) => Message::Continuation(item),
        Frame::Ping(bytes) => Message::Ping(bytes),
        Frame::Pong(bytes) => Message::Pong(bytes),
        Frame::Close(reason) => Message::Close(reason),
    })
}
