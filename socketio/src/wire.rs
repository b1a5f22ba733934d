//! WebSockets that leave the HTTP server behind: after the handshake a connection costs what its conversation needs, and no more.
//!
//! actix-web's server keeps a dispatcher for each connection, with two buffers of 8 KiB, for as long as the connection lives. Here
//! a connection is handed over once the answer to its handshake is written: the dispatcher goes, and the actor that was behind
//! it speaks over the bare stream. Up to there a handshake is a request like any other, with all that an app does for one:
//!
//! [`listen`]: connection → HTTP → the app → [`open`]: `101` is written → the connection alone, until its actor ends
//!
//! What the server counts and waits for stays: a connection counts against its worker's bound, and a shutdown waits for it, until it
//! is closed. Under a server other than [`listen`]'s, as in a test of actix-web's, [`open`] leaves the WebSocket with that server.

mod connection;
mod conversation;
mod frames;
mod handover;
mod listener;
mod opening;

pub use listener::{Config, listen};
pub use opening::open;
