//! Refusals in Twilio's form: `{code, message, more_info, status}`.

use crate::sandbox::room::Refusal;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::json;

/// A REST request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct RestError {
    /// HTTP status.
    pub status: u16,
    /// Twilio's error code.
    pub code: u32,
    /// A sentence.
    pub message: String,
}

impl RestError {
    /// A refusal with this status.
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400.
    pub fn bad(code: u32, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// 404, 20404.
    pub fn not_found(path: &str) -> Self {
        Self::new(404, 20404, format!("The requested resource {path} was not found"))
    }

    /// 400, 21220.
    pub fn not_live() -> Self {
        Self::bad(21220, "Call is not in-progress. Cannot redirect.")
    }

    /// 429, 20429.
    pub fn too_many() -> Self {
        Self::new(429, 20429, "Too Many Requests")
    }

    /// 401, 20003.
    pub fn unauthenticated() -> Self {
        Self::new(401, 20003, "Authenticate")
    }
}

impl From<Refusal> for RestError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Over => Self::new(404, 20404, refusal.message()),
            refusal => Self::bad(refusal.code(), refusal.message()),
        }
    }
}

impl ResponseError for RestError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.status == 401 {
            response.insert_header(("WWW-Authenticate", r#"Basic realm="Twilio API""#));
        }
        response.json(json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        }))
    }
}

/// Whatever else is asked for.
pub async fn no_such_resource(request: HttpRequest) -> Result<HttpResponse, RestError> {
    Err(RestError::not_found(request.path()))
}
