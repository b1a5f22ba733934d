//! A connection as the HTTP server has it, until it is taken away from it.

use super::handover::Handover;
use actix_web::rt::net::TcpStream;
use std::{
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The connection. Once it is handed over nothing comes from here, and nothing can be written.
pub(super) struct Connection {
    stream: Option<TcpStream>,
    handover: Rc<Handover>,
}

impl Connection {
    pub fn new(stream: TcpStream, handover: Rc<Handover>) -> Self {
        Self { stream: Some(stream), handover }
    }

    /// Where its requests may ask for it.
    pub fn handover(&self) -> &Rc<Handover> {
        &self.handover
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_read(context, into),
            None => Poll::Pending,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_write(context, bytes),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// The server flushes when all that it had to write is written: also the answer behind which the connection is wanted.
    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let connection = &mut *self;
        connection.handover.give(&mut connection.stream);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_shutdown(context),
            None => Poll::Ready(Ok(())),
        }
    }
}
