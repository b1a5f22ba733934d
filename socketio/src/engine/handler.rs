//! The layer above: what an owner of sessions provides.

use super::{packet::Message, reason::Reason, socket::Socket};
use actix_web::HttpRequest;
use std::{sync::Arc, time::Duration};

/// Who decides which sessions open, and takes them.
pub trait Handler: Send + Sync + 'static {
    /// A client that keeps to the protocol wants a session; `None` refuses it. Called for the first request alone.
    fn admit(&self, request: &HttpRequest) -> Option<Admitted>;
}

/// A session that may open.
pub struct Admitted {
    /// Makes the receiver of what comes, given where to send to.
    pub receiver: Box<dyn FnOnce(Socket) -> Arc<dyn Receiver>>,
    /// After which time from now [`Receiver::alarm`] is called.
    pub alarm: Option<Duration>,
}

/// Who takes what one session brings. Nothing is locked while these are called, and what they send goes out afterwards.
pub trait Receiver: Send + Sync {
    /// A message came. Messages come in order.
    fn message(&self, message: Message);

    /// The time that was asked for has come, and the session is still open.
    fn alarm(&self) {}

    /// The session has ended; nothing comes any more. Called once.
    fn ended(&self, reason: Reason);
}
