//! Engine.IO 4 and Socket.IO 5 servers inside actix-web.

pub mod engine;
pub mod socket;
