//! One session as the namespaces see it: what comes is given its meaning, and the owner is told.

use super::{
    ack::Ack,
    client::{Client, Line},
    encode,
    handler::{Connect, Event, Handler, Refused},
    namespaces::{Meaning, Namespaces},
    reason::Reason,
    server::Shared,
};
use crate::engine::{self, Frame, Message, Receiver, Sid, Socket};
use actix_web::rt;
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// One session.
pub(super) struct Connection<H: Handler> {
    shared: Arc<Shared<H>>,
    guest: H::Guest,
    socket: Socket,
    namespaces: Mutex<Namespaces<Client<H::State>>>,
    me: Weak<Self>,
}

impl<H: Handler> Connection<H> {
    pub(super) fn new(shared: Arc<Shared<H>>, guest: H::Guest, socket: Socket) -> Arc<Self> {
        Arc::new_cyclic(|me| Self { shared, guest, socket, namespaces: Mutex::default(), me: me.clone() })
    }

    /// Lets the owner decide, and tells the client.
    fn connect(&self, namespace: Arc<str>, id: Sid, auth: Map<String, Value>) {
        let Some(me) = self.me.upgrade() else { return };
        let timeout = self.shared.config.connect_timeout;
        rt::spawn(async move {
            let connect = Connect { namespace: namespace.clone(), auth, id };
            let deciding = me.shared.handler.connect(&me.guest, connect);
            match tokio::time::timeout(timeout, deciding).await {
                Ok(Ok(state)) => me.let_in(namespace, id, state),
                Ok(Err(refused)) => me.refuse(&namespace, id, &refused),
                Err(_) => me.refuse(&namespace, id, &Refused::new("Timed out")),
            }
        });
    }

    fn let_in(&self, namespace: Arc<str>, id: Sid, state: H::State) {
        let answer = encode::connected(&namespace, id);
        let line: Weak<dyn Line<H::State>> = self.me.clone();
        let client = Client::new(state, id, namespace, self.socket.clone(), line, self.shared.config.acks);
        if !self.lock().let_in(id, client.clone()) {
            return;
        }
        self.send(&answer);
        self.shared.handler.connected(&client);
        if let Some(reason) = client.arrived() {
            self.shared.handler.disconnected(&client, reason);
        }
    }

    fn refuse(&self, namespace: &str, id: Sid, refused: &Refused) {
        if self.lock().refuse(id) {
            self.send(&encode::refused(namespace, &refused.message, refused.data.as_ref()));
        }
    }

    fn left(&self, client: &Client<H::State>, reason: Reason) {
        if client.left(reason) {
            self.shared.handler.disconnected(client, reason);
        }
    }

    /// What belongs to the protocol: a client that has no room for it cannot go on.
    fn send(&self, frame: &Frame) {
        if self.socket.try_send(frame, &[]) == Err(engine::SendError::Full) {
            self.socket.abandon(engine::Reason::Overrun);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Namespaces<Client<H::State>>> {
        self.namespaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<H: Handler> Receiver for Connection<H> {
    fn message(&self, message: Message) {
        let shared = &self.shared;
        let meaning = self.lock().take(message, &shared.known, shared.config.attachments, Sid::new);
        match meaning {
            Ok(Meaning::Nothing) => {}
            Ok(Meaning::Connect { namespace, id, auth }) => self.connect(namespace, id, auth),
            Ok(Meaning::Unknown(namespace)) => {
                self.send(&encode::refused(&namespace, "Invalid namespace", None));
            }
            Ok(Meaning::Leave(client)) => self.left(&client, Reason::Client),
            Ok(Meaning::Event { client, id, name, args, attachments }) => {
                let (socket, namespace) = (self.socket.clone(), client.shared_namespace());
                let ack = id.map(|id| Ack { socket, namespace, id });
                shared.handler.event(&client, Event { name, args, attachments, ack });
            }
            Ok(Meaning::Ack(client, id, answer)) => client.acknowledged(id, answer),
            Err(error) => {
                tracing::debug!(session = ?self.socket, %error, "a socket.io packet is not valid");
                self.socket.close(engine::Reason::ParseError);
            }
        }
    }

    /// Whoever opened a session has come into a namespace by now, or wants nothing of us.
    fn alarm(&self) {
        if !self.lock().any() {
            self.socket.close(engine::Reason::Forced);
        }
    }

    fn ended(&self, reason: engine::Reason) {
        let clients = self.lock().end();
        for client in clients {
            self.left(&client, Reason::Session(reason));
        }
    }
}

impl<H: Handler> Line<H::State> for Connection<H> {
    fn send_away(&self, id: Sid, all: bool) {
        let clients = {
            let mut namespaces = self.lock();
            if all { namespaces.end() } else { namespaces.take_out(id).into_iter().collect() }
        };
        for client in &clients {
            client.silence();
            self.send(&encode::disconnect(client.namespace()));
        }
        if all {
            self.socket.close(engine::Reason::Forced);
        }
        for client in &clients {
            self.left(client, Reason::Server);
        }
    }
}
