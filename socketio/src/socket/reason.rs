//! Why a client is not in a namespace any more.

use crate::engine;

/// Why a client is not in a namespace any more, in the words of the reference server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client left.
    Client,
    /// The owner sent it away.
    Server,
    /// Its session ended.
    Session(engine::Reason),
}

impl Reason {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client namespace disconnect",
            Self::Server => "server namespace disconnect",
            Self::Session(reason) => reason.as_str(),
        }
    }
}
