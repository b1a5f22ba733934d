//! The answer that is still to come to something already handed in.

use crate::StoreError;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::oneshot;

/// The answer to something already handed in. Dropping it does not take back what was handed in.
#[derive(Debug)]
#[must_use = "it says whether what was handed in was written"]
pub struct Receipt<T>(State<T>);

/// The other end: whoever does the work answers here. Dropped without an answer it tells that the store is gone.
#[derive(Debug)]
pub struct Reply<T>(oneshot::Sender<Result<T, StoreError>>);

#[derive(Debug)]
enum State<T> {
    Ready(Option<Result<T, StoreError>>),
    Waiting(oneshot::Receiver<Result<T, StoreError>>),
}

impl<T> Receipt<T> {
    /// An answer that is known at once.
    pub const fn ready(answer: Result<T, StoreError>) -> Self {
        Self(State::Ready(Some(answer)))
    }

    /// An answer to come, and where to give it.
    pub fn pending() -> (Reply<T>, Self) {
        let (reply, answer) = oneshot::channel();
        (Reply(reply), Self(State::Waiting(answer)))
    }
}

impl<T> Reply<T> {
    /// Answers. Nobody may be listening any more; that is no concern of the one who did the work.
    pub fn send(self, answer: Result<T, StoreError>) {
        drop(self.0.send(answer));
    }
}

impl<T: Unpin> Future for Receipt<T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(answer) => Poll::Ready(answer.take().unwrap_or(Err(StoreError::closed()))),
            State::Waiting(answer) => {
                Pin::new(answer).poll(cx).map(|answer| answer.unwrap_or_else(|_| Err(StoreError::closed())))
            }
        }
    }
}
