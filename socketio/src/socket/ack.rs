//! Acknowledgements, both ways.

use super::encode;
use crate::engine::{SendError, Socket};
use actix_web::web::Bytes;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::oneshot;

/// An acknowledgement that a client waits for. It is given once, from anywhere, or never.
#[derive(Debug)]
pub struct Ack {
    pub(super) socket: Socket,
    pub(super) namespace: Arc<str>,
    pub(super) id: u64,
}

impl Ack {
    /// Gives it.
    ///
    /// # Errors
    /// Too much waits for the client already, or it is gone.
    pub fn answer(self, args: &[Value]) -> Result<(), SendError> {
        self.answer_with(args, &[])
    }

    /// Gives it with bytes, for which `args` has placeholders.
    ///
    /// # Errors
    /// Too much waits for the client already, or it is gone.
    pub fn answer_with(self, args: &[Value], attachments: &[Bytes]) -> Result<(), SendError> {
        let packet = encode::ack(&self.namespace, self.id, args, attachments);
        self.socket.try_send(&packet.head, &packet.attachments)
    }
}

/// What a client acknowledges with.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The arguments, with placeholders for bytes.
    pub args: Vec<Value>,
    /// The bytes.
    pub attachments: Vec<Bytes>,
}

/// Why a client did not acknowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AckError {
    /// The event could not be sent.
    #[error("the event could not be sent")]
    Send(#[source] SendError),
    /// The client has as many events to acknowledge as it may have.
    #[error("too many events wait for this client's acknowledgement")]
    TooMany,
    /// It did not in time.
    #[error("the client did not acknowledge in time")]
    Late,
    /// It is gone.
    #[error("the client is gone")]
    Gone,
}

/// The acknowledgements that the server waits for from one client.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    next: u64,
    asked: Vec<(u64, oneshot::Sender<Answer>)>,
}

impl Waiting {
    /// One more, unless there are so many already: its id, and where it will come.
    pub(super) fn ask(&mut self, most: usize) -> Option<(u64, oneshot::Receiver<Answer>)> {
        if self.asked.len() >= most {
            return None;
        }
        let id = self.next;
        self.next += 1;
        let (sender, receiver) = oneshot::channel();
        self.asked.push((id, sender));
        Some((id, receiver))
    }

    /// It came. One that nobody waits for changes nothing.
    pub(super) fn come(&mut self, id: u64, answer: Answer) {
        if let Some(place) = self.place(id) {
            let _ = self.asked.swap_remove(place).1.send(answer);
        }
    }

    /// Nobody waits for it any more.
    pub(super) fn forget(&mut self, id: u64) {
        if let Some(place) = self.place(id) {
            self.asked.swap_remove(place);
        }
    }

    /// None comes any more.
    pub(super) fn end(&mut self) {
        self.asked = Vec::new();
    }

    fn place(&self, id: u64) -> Option<usize> {
        self.asked.iter().position(|(of, _)| *of == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_waited_for_by_its_own_id() {
        let mut waiting = Waiting::default();
        let (first, mut one) = waiting.ask(2).unwrap();
        let (second, mut two) = waiting.ask(2).unwrap();
        assert_ne!(first, second);
        assert!(waiting.ask(2).is_none());
        let answer = Answer { args: vec![1.into()], attachments: vec![] };
        waiting.come(second, answer.clone());
        waiting.come(second, Answer { args: vec![], attachments: vec![] });
        assert_eq!(two.try_recv(), Ok(answer));
        assert!(one.try_recv().is_err());
        waiting.forget(first);
        assert!(waiting.ask(1).is_some());
    }
}
