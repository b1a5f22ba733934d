//! What is spoken on a connection once it stands alone: what comes is handed to the actor, and what the actor says is written.
//! Nothing is kept for what may come: a connection on which nothing happens has no buffer.

use actix_web::{
    Error,
    rt::net::TcpStream,
    web::{Bytes, BytesMut, Payload},
};
use futures_util::Stream;
use std::{
    cell::RefCell,
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// How much is read at once, in bytes.
const PIECE: usize = 8 * 1024;
/// How much a client may have sent before it was answered, in bytes; as much as the server reads ahead. It must not send anything
/// (RFC 6455, 4.1), and no client in use does.
const AHEAD: usize = 32 * 1024;
/// How long a client may take to read what is written at once. The system gives up on one that reads nothing; this is for one that
/// reads a little again and again.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a client may take to close its side, after ours is closed.
const LINGER: Duration = Duration::from_secs(1);

/// What an actor says, framed.
pub(super) type Said = Pin<Box<dyn Stream<Item = Result<Bytes, Error>>>>;

/// A conversation that is to be begun.
pub(super) struct Conversation {
    /// What the client sent ahead of the answer.
    ahead: Payload,
    begin: Box<dyn FnOnce(Heard) -> Said>,
}

impl Conversation {
    pub fn new(ahead: Payload, begin: impl FnOnce(Heard) -> Said + 'static) -> Self {
        Self { ahead, begin: Box::new(begin) }
    }

    /// Holds it, to its end.
    pub async fn hold(self, stream: TcpStream) {
        let Self { mut ahead, begin } = self;
        let first = poll_fn(|context| Poll::Ready(read_ahead(&mut ahead, context))).await;
        drop(ahead);
        if first.len() >= AHEAD {
            tracing::debug!("a websocket's client did not wait for its answer");
            return;
        }
        let stream = Rc::new(RefCell::new(stream));
        let mut said = begin(Heard { first: first.freeze(), stream: stream.clone() });
        let (mut rest, mut late) = (Bytes::new(), None);
        let whole = poll_fn(|context| speak(&mut said, &mut rest, &mut late, &stream, context)).await;
        drop((said, rest));
        if let (true, Some(stream)) = (whole, Rc::into_inner(stream)) {
            close(stream.into_inner()).await;
        }
    }
}

/// Nothing more comes: the server that read it is gone.
fn read_ahead(ahead: &mut Payload, context: &mut Context<'_>) -> BytesMut {
    let mut read = BytesMut::new();
    while let Poll::Ready(Some(Ok(piece))) = Pin::new(&mut *ahead).poll_next(context) {
        read.extend_from_slice(&piece);
    }
    read
}

/// Writes what is said, one thing after the other; nobody is asked for the next before the last is written. Whether all was
/// written when it ended.
fn speak(
    said: &mut Said,
    rest: &mut Bytes,
    late: &mut Option<Pin<Box<Sleep>>>,
    stream: &RefCell<TcpStream>,
    context: &mut Context<'_>,
) -> Poll<bool> {
    loop {
        while !rest.is_empty() {
            let Poll::Ready(written) = Pin::new(&mut *stream.borrow_mut()).poll_write(context, rest) else {
                let late = late.get_or_insert_with(|| Box::pin(tokio::time::sleep(PATIENCE)));
                return late.as_mut().poll(context).map(|()| false);
            };
            match written {
                Ok(written) if written > 0 => drop(rest.split_to(written.min(rest.len()))),
                Ok(_) | Err(_) => return Poll::Ready(false),
            }
        }
        // An empty rest still has all of its memory.
        *rest = Bytes::new();
        *late = None;
        match ready!(said.as_mut().poll_next(context)) {
            Some(Ok(bytes)) => *rest = bytes,
            Some(Err(error)) => {
                tracing::debug!(%error, "a websocket cannot be written");
                return Poll::Ready(true);
            }
            None => return Poll::Ready(true),
        }
    }
}

/// Closes our side, and waits a moment for the other: what is still on its way to us would otherwise have the last words lost
/// that are on their way to the client.
async fn close(mut stream: TcpStream) {
    if poll_fn(|context| Pin::new(&mut stream).poll_shutdown(context)).await.is_err() {
        return;
    }
    let end = poll_fn(|context| {
        let mut space = [MaybeUninit::uninit(); PIECE];
        loop {
            let mut piece = ReadBuf::uninit(&mut space);
            let read = ready!(Pin::new(&mut stream).poll_read(context, &mut piece));
            if read.is_err() || piece.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    });
    let _ = tokio::time::timeout(LINGER, end).await;
}

/// What comes over a connection.
pub(super) struct Heard {
    first: Bytes,
    stream: Rc<RefCell<TcpStream>>,
}

impl Stream for Heard {
    type Item = Bytes;

    /// A connection that cannot be read is at its end.
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(std::mem::take(&mut self.first)));
        }
        let mut space = [MaybeUninit::uninit(); PIECE];
        let mut piece = ReadBuf::uninit(&mut space);
        let read = ready!(Pin::new(&mut *self.stream.borrow_mut()).poll_read(context, &mut piece));
        if read.is_err() || piece.filled().is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Bytes::copy_from_slice(piece.filled())))
    }
}
