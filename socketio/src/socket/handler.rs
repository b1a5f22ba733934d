//! What an owner of namespaces provides.

use super::{ack::Ack, client::Client, reason::Reason};
use crate::engine::Sid;
use actix_web::{HttpRequest, web::Bytes};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Who lets clients into namespaces, and hears what they say. The methods decide or pass on and return soon: they run in
/// the task of the client's connection. Nothing is locked meanwhile, so they may send, and send away.
pub trait Handler: Send + Sync + 'static {
    /// What is kept of the request that opened a session, for all namespaces of it.
    type Guest: Send + Sync + 'static;
    /// What is kept with a client in a namespace.
    type State: Send + Sync + 'static;

    /// Whether the request may open a session, and what is kept of it.
    fn admit(&self, request: &HttpRequest) -> Option<Self::Guest>;

    /// Whether a client may come into a namespace. It runs in the worker of the client's connection, for as long as
    /// [`Config::connect_timeout`](super::Config::connect_timeout); a client that is gone by then is never told of again.
    fn connect(
        &self,
        guest: &Self::Guest,
        connect: Connect,
    ) -> impl Future<Output = Result<Self::State, Refused>>;

    /// A client is in a namespace, and has been told so.
    fn connected(&self, client: &Client<Self::State>);

    /// A client says something. What one client says comes in order.
    fn event(&self, client: &Client<Self::State>, event: Event);

    /// A client that was in a namespace is not any more. Called once for each that [`connected`](Self::connected) told of,
    /// afterwards, and whoever ended it.
    fn disconnected(&self, client: &Client<Self::State>, reason: Reason);
}

/// A client asks to come into a namespace.
#[derive(Debug)]
pub struct Connect {
    /// Which; one of those that are configured.
    pub namespace: Arc<str>,
    /// What the client gave as `auth`.
    pub auth: Map<String, Value>,
    /// The id it gets there.
    pub id: Sid,
}

/// A client must stay outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Why; clients see it as the error's `message`.
    pub message: String,
    /// More of it; clients see it as the error's `data`.
    pub data: Option<Value>,
}

impl Refused {
    /// With a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }
}

/// What a client says.
#[derive(Debug)]
pub struct Event {
    /// What it is called.
    pub name: String,
    /// With what. Bytes are in `attachments`; here their placeholders are, `{"_placeholder":true,"num":0}`.
    pub args: Vec<Value>,
    /// The bytes.
    pub attachments: Vec<Bytes>,
    /// To be answered, when the client asked for an answer.
    pub ack: Option<Ack>,
}
