//! Why a request is refused, with the codes that clients know.

use actix_web::{HttpResponse, http::StatusCode};

/// A refusal. Answered with a status and `{"code":…,"message":…}` (Engine.IO's own codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `transport` is neither `polling` nor `websocket`.
    #[error("Transport unknown")]
    UnknownTransport,
    /// There is no session of this id, or no more.
    #[error("Session ID unknown")]
    UnknownSession,
    /// A session is opened with GET.
    #[error("Bad handshake method")]
    HandshakeMethod,
    /// The request does not fit what the session is doing.
    #[error("Bad request")]
    BadRequest,
    /// The owner does not want this client.
    #[error("Forbidden")]
    Forbidden,
    /// `EIO` is not 4.
    #[error("Unsupported protocol version")]
    Version,
    /// The body is longer than `maxPayload`.
    #[error("Payload too large")]
    TooLarge,
    /// There are as many sessions as there may be.
    #[error("Too many sessions")]
    TooMany,
    /// The server goes down: clients look for another, or for the next.
    #[error("Server is going down")]
    Closed,
}

impl Refusal {
    /// The code that clients know.
    pub const fn code(self) -> u8 {
        match self {
            Self::UnknownTransport => 0,
            Self::UnknownSession => 1,
            Self::HandshakeMethod => 2,
            Self::BadRequest | Self::TooLarge => 3,
            Self::Forbidden | Self::TooMany | Self::Closed => 4,
            Self::Version => 5,
        }
    }

    /// The status it is answered with.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany | Self::Closed => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer.
    pub(crate) fn answer(self) -> HttpResponse {
        let body = serde_json::json!({ "code": self.code(), "message": self.to_string() });
        let mut answer = HttpResponse::build(self.status());
        if self == Self::Closed {
            // By a connection that is kept open they would come here again.
            answer.force_close();
        }
        answer.json(body)
    }
}
