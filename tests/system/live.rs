//! What screens see, over the real sockets: the official client of Socket.IO, and a plain WebSocket.

mod official;
pub mod plain;
