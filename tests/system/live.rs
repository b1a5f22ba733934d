//! What screens see, over the real sockets: the official client of Socket.IO, and a plain WebSocket.

pub mod official;
pub mod plain;
