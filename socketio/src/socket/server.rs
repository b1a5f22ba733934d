//! A server of namespaces on top of sessions.

use super::{config::Config, connection::Connection, handler::Handler};
use crate::engine::{self, Admitted, ConfigError, Engine, Reason};
use actix_web::{HttpRequest, web::ServiceConfig};
use std::sync::Arc;

/// A Socket.IO server. Cheap to clone; clients are shared by all workers.
#[derive(Clone)]
pub struct SocketIo {
    engine: Engine,
}

pub(super) struct Shared<H> {
    pub(super) config: Config,
    pub(super) known: Vec<Arc<str>>,
    pub(super) handler: H,
}

impl SocketIo {
    /// Starts a server in the present arbiter, where its heartbeat beats for as long as the server is needed.
    ///
    /// # Errors
    /// It cannot go by this configuration.
    pub fn start(config: Config, handler: impl Handler) -> Result<Self, ConfigError> {
        config.check()?;
        let known = config.namespaces.iter().map(|name| Arc::from(name.as_str())).collect();
        let sessions = config.engine.clone();
        let shared = Arc::new(Shared { config, known, handler });
        Ok(Self { engine: Engine::start(sessions, Door(shared))? })
    }

    /// Mounts it. Each worker's app is configured by the same server.
    pub fn configure(&self, service: &mut ServiceConfig) {
        self.engine.configure(service);
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> usize {
        self.engine.sessions()
    }

    /// Ends all sessions, for a shutdown: clients get what waits for them, and will look for another server.
    pub fn close(&self) {
        self.engine.close(Reason::Shutdown);
    }
}

/// Takes sessions in.
struct Door<H>(Arc<Shared<H>>);

impl<H: Handler> engine::Handler for Door<H> {
    fn admit(&self, request: &HttpRequest) -> Option<Admitted> {
        let guest = self.0.handler.admit(request)?;
        let shared = self.0.clone();
        let alarm = Some(shared.config.connect_timeout);
        Some(Admitted { receiver: Box::new(|socket| Connection::new(shared, guest, socket)), alarm })
    }
}
