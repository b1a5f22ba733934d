//! Why a session ended.

/// Why a session ended, in the words of the reference server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client closed the session or went away.
    TransportClose,
    /// A transport was used in a way it must not, or it broke.
    TransportError,
    /// The client was silent for too long.
    PingTimeout,
    /// The client sent what cannot be read.
    ParseError,
    /// The server closed the session.
    Forced,
    /// The server is being shut down.
    Shutdown,
    /// The client does not read what it is sent.
    Overrun,
}

impl Reason {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::Forced => "forced close",
            Self::Shutdown => "server shutting down",
            Self::Overrun => "overrun",
        }
    }
}
