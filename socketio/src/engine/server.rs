//! A server: the sessions it has, how they are reached, and the one task that looks after all of them.

use super::{
    config::{Config, ConfigError},
    figures::Figures,
    handler::{Admitted, Handler},
    packet::Frame,
    reason::Reason,
    refusal::Refusal,
    routes,
    session::{Beginning, Rules, Session},
    sid::Sid,
    socket::{Socket, lock},
    wheel::Wheel,
};
use actix_web::{rt, web::ServiceConfig};
use serde::Serialize;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// An Engine.IO server. Cheap to clone; sessions are shared by all workers.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) handler: Box<dyn Handler>,
    pub(super) figures: Figures,
    pub(super) rules: Rules,
    began: Instant,
    closed: AtomicBool,
    sessions: Mutex<HashMap<Sid, Socket>>,
    wheel: Mutex<Wheel>,
    earlier: Notify,
}

/// What a client is told when its session opens.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Handshake<'a> {
    sid: Sid,
    upgrades: &'a [&'a str],
    ping_interval: u128,
    ping_timeout: u128,
    max_payload: usize,
}

impl Engine {
    /// Starts a server in the present arbiter, where its heartbeat beats until the last clone is dropped.
    ///
    /// # Errors
    /// It cannot go by this configuration.
    pub fn start(config: Config, handler: impl Handler) -> Result<Self, ConfigError> {
        config.check()?;
        let shared = Arc::new(Shared {
            rules: config.rules(),
            config,
            handler: Box::new(handler),
            figures: Figures::new(),
            began: Instant::now(),
            closed: AtomicBool::default(),
            sessions: Mutex::default(),
            wheel: Mutex::default(),
            earlier: Notify::new(),
        });
        rt::spawn(look_after(Arc::downgrade(&shared)));
        Ok(Self(shared))
    }

    /// Mounts it. Each worker's app is configured by the same server.
    pub fn configure(&self, service: &mut ServiceConfig) {
        routes::mount(self, service);
    }

    /// How many sessions there are, with those that are being left.
    pub fn sessions(&self) -> usize {
        lock(&self.0.sessions).len()
    }

    /// Ends all sessions, and opens no more; what waits is still sent.
    pub fn close(&self, reason: Reason) {
        self.0.closed.store(true, Ordering::Relaxed);
        let sessions: Vec<_> = lock(&self.0.sessions).values().cloned().collect();
        for socket in sessions {
            socket.close(reason);
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<Socket> {
        let id = Sid::read(id)?;
        lock(&self.0.sessions).get(&id).cloned()
    }

    /// Opens a session.
    pub(super) fn open(&self, beginning: Beginning, admitted: Admitted) -> Result<Socket, Refusal> {
        let shared = &self.0;
        let id = Sid::new();
        let upgrades: &[&str] = if beginning == Beginning::Polling { &["websocket"] } else { &[] };
        let handshake = Handshake {
            sid: id,
            upgrades,
            ping_interval: shared.config.ping_interval.as_millis(),
            ping_timeout: shared.config.ping_timeout.as_millis(),
            max_payload: shared.config.max_payload,
        };
        let handshake = serde_json::to_string(&handshake).map_err(|_| Refusal::BadRequest)?;
        let now = shared.now();
        let alarm = admitted.alarm.map(|after| now + after);
        let session = Session::open(beginning, Frame::open(&handshake), now, &shared.rules, alarm);
        let socket = Socket::new(id, shared.clone(), session);
        {
            let mut sessions = lock(&shared.sessions);
            // Looked at while nobody else has the list: whoever is let in is met by who closes, who takes it afterwards.
            if shared.closed.load(Ordering::Relaxed) {
                return Err(Refusal::Closed);
            }
            if sessions.len() >= shared.config.sessions {
                return Err(Refusal::TooMany);
            }
            sessions.insert(id, socket.clone());
        }
        shared.figures.began(beginning == Beginning::WebSocket);
        socket.receive((admitted.receiver)(socket.clone()));
        Ok(socket)
    }
}

impl Shared {
    /// The time since the server's start.
    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// A session is to be looked after at this time, too.
    pub(super) fn enter(&self, at: Duration, id: Sid) {
        if lock(&self.wheel).enter(at, id) {
            self.earlier.notify_one();
        }
    }

    /// Nothing of a session is left to be asked for.
    pub(super) fn forget(&self, id: Sid) {
        lock(&self.sessions).remove(&id);
    }
}

/// Looks after sessions that are due, whether or not their transports move.
async fn look_after(shared: Weak<Shared>) {
    /// How often it is seen that the server is gone.
    const ROUND: Duration = Duration::from_secs(5);
    loop {
        let Some(server) = shared.upgrade() else { return };
        let now = server.now();
        let next = lock(&server.wheel).next().unwrap_or(Duration::MAX);
        if next > now {
            let rest = (next - now).min(ROUND);
            let earlier = std::pin::pin!(server.earlier.notified());
            let _ = tokio::time::timeout(rest, earlier).await;
            continue;
        }
        let due = lock(&server.wheel).take(now);
        let Some((at, id)) = due else { continue };
        let socket = lock(&server.sessions).get(&id).cloned();
        if let Some(socket) = socket {
            socket.look_after(at, now);
        }
    }
}
