//! Socket.IO 5: namespaces, events and acknowledgements on top of the sessions of Engine.IO.
//!
//! message → [`Assembler`] → [`Namespaces`] (pure) → [`Handler`]; [`Client`] → [`encode`]d packet → session

mod ack;
mod assembler;
mod client;
mod config;
mod connection;
pub mod encode;
mod handler;
mod namespaces;
mod packet;
mod reason;
mod rooms;
mod server;

pub use ack::{Ack, AckError, Answer};
pub use assembler::{Assembler, Limits, Whole};
pub use client::Client;
pub use config::Config;
pub use encode::Encoded;
pub use handler::{Connect, Event, Handler, Refused};
pub use namespaces::{Invalid, Meaning, Namespaces};
pub use packet::{Body, Packet, PacketError};
pub use reason::Reason;
pub use rooms::{Member, Rooms};
pub use server::SocketIo;
