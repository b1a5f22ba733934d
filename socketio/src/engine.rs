//! Engine.IO 4: a session of messages over long polling, WebSocket, or first the one and then the other.
//!
//! request → `routes` → `polling` or `link` → [`Session`] (pure) → [`Receiver`]; [`Socket`] → [`Session`] → transport

mod config;
mod figures;
mod fragments;
mod handler;
mod heartbeat;
mod link;
mod origin;
mod outbox;
mod packet;
pub mod payload;
mod polling;
mod reason;
mod refusal;
mod routes;
mod server;
pub mod session;
mod sid;
mod socket;
mod wheel;

pub use config::{Config, ConfigError};
pub(crate) use config::{check_bound, check_time};
pub use handler::{Admitted, Handler, Receiver};
pub use heartbeat::Rhythm;
pub use origin::Origins;
pub use outbox::Bounds;
pub use packet::{Frame, Message, Packet, PacketError};
pub use reason::Reason;
pub use refusal::Refusal;
pub use server::Engine;
pub use session::Session;
pub use sid::Sid;
pub use socket::{SendError, Socket};
