//! A client in a namespace, for whoever sends to it.

use super::{
    ack::{AckError, Answer, Waiting},
    encode::{self, Encoded},
    reason::Reason,
};
use crate::engine::{self, SendError, Sid, Socket};
use actix_web::web::Bytes;
use serde_json::Value;
use std::{
    fmt, iter,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// A client in a namespace. Cheap to clone; it may outlive the client's stay.
pub struct Client<S>(Arc<Inner<S>>);

struct Inner<S> {
    state: S,
    id: Sid,
    namespace: Arc<str>,
    socket: Socket,
    line: Weak<dyn Line<S>>,
    most_acks: usize,
    here: AtomicBool,
    desk: Mutex<Desk>,
}

#[derive(Default)]
struct Desk {
    stage: Stage,
    waiting: Waiting,
}

/// The owner hears that a client came before it hears that it went, on whichever threads that happens.
#[derive(Default)]
enum Stage {
    #[default]
    Arriving,
    Here,
    /// It went while the owner is being told that it came.
    Leaving(Reason),
    Left,
}

/// The connection that a client belongs to.
pub(super) trait Line<S>: Send + Sync {
    /// Sends the client away, with all others of its session or alone.
    fn send_away(&self, client: Sid, all: bool);
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("id", &self.0.id).field("namespace", &self.0.namespace).finish()
    }
}

impl<S> Client<S> {
    pub(super) fn new(
        state: S,
        id: Sid,
        namespace: Arc<str>,
        socket: Socket,
        line: Weak<dyn Line<S>>,
        most_acks: usize,
    ) -> Self {
        let (here, desk) = (AtomicBool::new(true), Mutex::default());
        Self(Arc::new(Inner { state, id, namespace, socket, line, most_acks, here, desk }))
    }

    /// Its id in this namespace, which its own side knows too.
    pub fn id(&self) -> Sid {
        self.0.id
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.0.namespace
    }

    /// What was given when it was let in.
    pub fn state(&self) -> &S {
        &self.0.state
    }

    /// It is still there, as far as is known.
    pub fn is_connected(&self) -> bool {
        self.0.here.load(Ordering::Acquire) && self.0.socket.is_open()
    }

    /// Sends an event that was written for this client's namespace, by [`encode::event`] and its sisters. Never waits.
    ///
    /// # Errors
    /// [`SendError::Full`]: the client does not read fast enough; see [`let_go`](Self::let_go). [`SendError::Closed`]: it is
    /// gone.
    pub fn try_emit(&self, packet: &Encoded) -> Result<(), SendError> {
        if !self.0.here.load(Ordering::Acquire) {
            return Err(SendError::Closed);
        }
        self.0.socket.try_send(&packet.head, &packet.attachments)
    }

    /// Sends an event and waits for its acknowledgement, for so long at most.
    ///
    /// # Errors
    /// It could not be sent, or no acknowledgement came.
    pub async fn emit_with_ack(
        &self,
        name: &str,
        args: &[Value],
        attachments: &[Bytes],
        timeout: Duration,
    ) -> Result<Answer, AckError> {
        let (id, coming) = {
            let mut desk = self.desk();
            if matches!(desk.stage, Stage::Left | Stage::Leaving(_)) {
                return Err(AckError::Gone);
            }
            desk.waiting.ask(self.0.most_acks).ok_or(AckError::TooMany)?
        };
        let _asked = Asked { client: self, id };
        let packet = encode::asking(&self.0.namespace, Some(id), name, args, attachments);
        self.try_emit(&packet).map_err(AckError::Send)?;
        match tokio::time::timeout(timeout, coming).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(AckError::Gone),
            Err(_) => Err(AckError::Late),
        }
    }

    /// Sends the client away, once it has got what waits for it; with `all`, from all namespaces, and its session ends.
    pub fn disconnect(&self, all: bool) {
        if let Some(line) = self.0.line.upgrade() {
            line.send_away(self.0.id, all);
        }
    }

    /// Lets go of a client that does not read: what waits for it is dropped, and its session is over. It is left one last event,
    /// for the case that it still reads.
    pub fn let_go(&self, last: &Encoded) {
        let words = iter::once(&last.head).chain(last.attachments.iter()).cloned().collect();
        self.0.socket.dismiss(engine::Reason::Overrun, words);
    }

    pub(super) fn shared_namespace(&self) -> Arc<str> {
        self.0.namespace.clone()
    }

    pub(super) fn acknowledged(&self, id: u64, answer: Answer) {
        self.desk().waiting.come(id, answer);
    }

    /// From here on nothing is sent to it.
    pub(super) fn silence(&self) {
        self.0.here.store(false, Ordering::Release);
    }

    /// The owner has been told that it came. The reason why it has gone meanwhile, if it has.
    pub(super) fn arrived(&self) -> Option<Reason> {
        let mut desk = self.desk();
        match desk.stage {
            Stage::Leaving(reason) => {
                desk.stage = Stage::Left;
                Some(reason)
            }
            _ => {
                desk.stage = Stage::Here;
                None
            }
        }
    }

    /// It has gone. Whether the owner is to be told now.
    pub(super) fn left(&self, reason: Reason) -> bool {
        self.silence();
        let mut desk = self.desk();
        desk.waiting.end();
        match desk.stage {
            Stage::Here => {
                desk.stage = Stage::Left;
                true
            }
            Stage::Arriving => {
                desk.stage = Stage::Leaving(reason);
                false
            }
            Stage::Leaving(_) | Stage::Left => false,
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An acknowledgement that is being waited for, until it is not.
struct Asked<'a, S> {
    client: &'a Client<S>,
    id: u64,
}

impl<S> Drop for Asked<'_, S> {
    fn drop(&mut self) {
        self.client.desk().waiting.forget(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::{Ack, Encoded};

    #[test]
    fn whoever_fans_out_may_live_on_any_thread() {
        fn can_move<T: Send + Sync>() {}
        can_move::<Client<String>>();
        can_move::<Ack>();
        can_move::<Encoded>();
        fn can_be_awaited_anywhere(client: &Client<String>) -> impl Future + Send {
            client.emit_with_ack("a", &[], &[], Duration::ZERO)
        }
        let _ = can_be_awaited_anywhere;
    }
}
