//! Why a WebSocket did not come about.

use std::io::ErrorKind;
use tokio_tungstenite::tungstenite::Error;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The URL.
    Malformed,
    /// Nobody answered in time.
    Timeout,
    /// Nobody listens there.
    Refused,
    /// There is no way to that host, or no such host.
    Unreachable,
    /// The connection broke off.
    Broken,
    /// TLS: the certificate, mostly.
    Tls,
    /// The server did not agree to the upgrade.
    Handshake,
}

/// A WebSocket did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenError {
    /// Its kind.
    pub failure: Failure,
    /// In words.
    pub message: String,
}

impl OpenError {
    /// Nobody answered in time.
    pub fn timeout() -> Self {
        Self { failure: Failure::Timeout, message: "the WebSocket did not open in time".into() }
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        let failure = match &error {
            Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => Failure::Refused,
                ErrorKind::TimedOut => Failure::Timeout,
                ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
                    Failure::Broken
                }
                // What rustls has against a certificate comes as invalid data; no roots to check it against, as not found.
                ErrorKind::InvalidData | ErrorKind::NotFound => Failure::Tls,
                _ => Failure::Unreachable,
            },
            Error::Tls(_) => Failure::Tls,
            Error::Url(_) | Error::HttpFormat(_) => Failure::Malformed,
            _ => Failure::Handshake,
        };
        let message = match error {
            Error::Http(response) => {
                format!("the server answered the upgrade with {}", response.status().as_u16())
            }
            error => error.to_string(),
        };
        Self { failure, message }
    }
}
