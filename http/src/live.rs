//! Live: what happens, told to every screen while it happens.
//!
//! hub → [`frames`] (each event written once) → Socket.IO ([`door`]) or a plain WebSocket ([`plain`]); what clients ask →
//! [`command`] → the same rooms and checks as REST.

mod command;
mod door;
mod frames;
mod plain;
mod presenter;
mod session;

use crate::App;
use actix_web::web::{self, ServiceConfig};
use presenter::CallPresenter;
use std::{sync::Arc, time::Duration};
use tsunagu_actors::HubPorts;
use tsunagu_socketio::{
    engine::{self, ConfigError, Origins},
    socket::{self, SocketIo},
};

/// How live connections are kept.
#[derive(Debug, Clone)]
pub struct LiveConfig {
    /// From one sign of life that is asked for to the next.
    pub ping_interval: Duration,
    /// How long a client may take to give it.
    pub ping_timeout: Duration,
    /// How long a client may be connected without having signed in.
    pub sign_in_timeout: Duration,
    /// How long an agent's last connection may be gone before they count as away.
    pub grace: Duration,
}

/// The live edge. Cheap to clone; all workers share it.
#[derive(Clone)]
pub struct Live {
    app: App,
    config: LiveConfig,
    socket: SocketIo,
}

impl Live {
    /// Opens the hub to clients. To be called in an arbiter that lives as long as the server.
    ///
    /// # Errors
    /// A time is nothing, or longer than a day.
    pub fn start(app: App, config: LiveConfig) -> Result<Self, ConfigError> {
        let ports = app.board.ports();
        ports.hub.open(HubPorts {
            store: ports.store.clone(),
            presenter: Arc::new(CallPresenter(app.clone())),
            clock: ports.clock,
            grace: config.grace,
        });
        let sessions = engine::Config {
            path: "/socket.io/".to_owned(),
            ping_interval: config.ping_interval,
            ping_timeout: config.ping_timeout,
            origins: Origins::Only(app.origins.to_vec()),
            ..engine::Config::default()
        };
        let namespaces = socket::Config {
            engine: sessions,
            connect_timeout: config.sign_in_timeout,
            ..socket::Config::default()
        };
        let socket = SocketIo::start(namespaces, door::Door(Arc::new(app.clone())))?;
        Ok(Self { app, config, socket })
    }

    /// Puts its routes in their places.
    pub fn configure(&self, service: &mut ServiceConfig) {
        self.socket.configure(service);
        service.app_data(web::Data::new(self.config.clone())).route("/ws", web::get().to(plain::open));
    }

    /// Ends every connection; clients are told why, and look for a server again.
    pub async fn close(&self) {
        self.app.board.ports().hub.close().await;
        self.socket.close();
    }
}
