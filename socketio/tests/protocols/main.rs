//! The protocols over real sockets: each sentence of the official test suites of Engine.IO 4 and Socket.IO 5, and what an
//! owner relies on beyond them. The servers are those of the `echo` example.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect fails there and then"
)]

mod beyond;
mod client;
mod close;
mod connect;
mod handover;
mod handshake;
mod heartbeat;
mod message;
mod say;
mod upgrade;

#[path = "../../examples/echo/servers.rs"]
mod servers;

/// Where sessions are opened: the suites ask the same of both servers.
const PATHS: [&str; 2] = ["/engine.io/", "/socket.io/"];
