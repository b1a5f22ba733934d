//! What can go wrong with a request, and the one table that says how it is answered.

mod conversions;

use crate::envelope;
use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use std::error::Error;

/// What stands behind an answer of 500 or more; it is logged and never sent.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why a request is not answered as it hoped. `Display` is the sentence that the client gets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// Without a token, or with one that is wrong, expired or somebody's who may no longer sign in.
    #[error("sign in first: the token is missing, wrong or expired")]
    NotSignedIn,
    /// No such user, or another password; which of them is not told.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The refresh token is unknown, expired, spent or revoked.
    #[error("the refresh token is no longer good; sign in again")]
    TokenVoid,
    /// It was tried too often.
    #[error("too many tries; wait a little before the next one")]
    TooManyTries {
        /// After how many seconds the next one is let through.
        retry_secs: u32,
    },
    /// The role does not allow it.
    #[error("your role does not allow this")]
    Forbidden,
    /// The password is right, and the user may no longer sign in.
    #[error("this account is disabled; ask an admin of your company")]
    Disabled,
    /// The carrier's signature is missing or wrong.
    #[error("the signature of this webhook is missing or wrong")]
    BadSignature,
    /// There is no such thing, or it is another company's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// There is nothing there, and it matters why.
    #[error("{sentence}")]
    Absent {
        /// The machine word.
        code: &'static str,
        /// Why.
        sentence: &'static str,
    },
    /// The part that is asked for lies outside of what there is.
    #[error("there is no such part of this")]
    NoSuchRange {
        /// How many bytes there are.
        length: Option<u64>,
    },
    /// The carrier did not do its part.
    #[error("the carrier could not do this")]
    Carrier(#[source] Cause),
    /// The address is right, and the method is not.
    #[error("this address answers to {0} alone")]
    MethodNotAllowed(&'static str),
    /// It does not fit the state that something is in.
    #[error("{sentence}")]
    Conflict {
        /// The machine word.
        code: &'static str,
        /// Why.
        sentence: String,
    },
    /// The body is longer than is taken.
    #[error("the body is too large")]
    TooLarge,
    /// The body did not come in time.
    #[error("the body did not come in time")]
    Slow,
    /// The body is of another kind than is taken.
    #[error("the body must be JSON, with Content-Type: application/json")]
    UnsupportedMedia,
    /// The body is of another kind than is taken: an upload is wanted.
    #[error("the body must be an upload, with Content-Type: multipart/form-data and its boundary")]
    NoUpload,
    /// Well-formed, and these fields are invalid.
    #[error("{}", wrong_fields(.0))]
    Invalid(Vec<Detail>),
    /// Well-formed and valid, and something that it needs is not set up.
    #[error("{sentence}")]
    NotSetUp {
        /// The machine word.
        code: &'static str,
        /// What is missing.
        sentence: String,
    },
    /// It cannot be done at this moment.
    #[error("{sentence}")]
    Unavailable {
        /// The machine word.
        code: &'static str,
        /// Why, as far as it concerns the client.
        sentence: &'static str,
        /// After how many seconds it is worth asking again.
        retry_secs: u32,
        /// What stands behind it.
        #[source]
        source: Option<Cause>,
    },
    /// A part of the service does not work.
    #[error("not ready")]
    NotReady(Vec<Detail>),
    /// Something that must not happen has happened.
    #[error("something went wrong on our side; it has been noted")]
    Faulty(#[source] Cause),
    /// The program was put together wrongly.
    #[error("something went wrong on our side; it has been noted")]
    Internal(&'static str),
}

/// One invalid field, or one part that does not work.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Detail {
    /// Its key in the body or in the query.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl ApiError {
    /// The request cannot be read, for this reason.
    pub(crate) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }

    /// One field alone is invalid.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Detail { field: field.to_owned(), message: message.into() }])
    }

    /// A body could not be taken in.
    pub(crate) fn from_body(error: &actix_web::Error) -> Self {
        match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMedia,
            _ => Self::malformed("the body could not be read"),
        }
    }

    /// The machine word of the answer.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::NotSignedIn => "not_signed_in",
            Self::WrongCredentials => "wrong_credentials",
            Self::TokenVoid => "refresh_token_void",
            Self::TooManyTries { .. } => "too_many_tries",
            Self::Forbidden => "forbidden",
            Self::Disabled => "account_disabled",
            Self::BadSignature => "bad_signature",
            Self::NotFound(_) => "not_found",
            Self::NoSuchRange { .. } => "range_not_satisfiable",
            Self::Carrier(_) => "carrier_failed",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::TooLarge => "too_large",
            Self::Slow => "slow_body",
            Self::UnsupportedMedia | Self::NoUpload => "unsupported_media_type",
            Self::Invalid(_) => "invalid",
            Self::Conflict { code, .. }
            | Self::NotSetUp { code, .. }
            | Self::Unavailable { code, .. }
            | Self::Absent { code, .. } => code,
            Self::NotReady(_) => "not_ready",
            Self::Faulty(_) | Self::Internal(_) => "internal",
        }
    }

    /// The fields that are to blame.
    pub(crate) fn details(&self) -> &[Detail] {
        match self {
            Self::Invalid(details) | Self::NotReady(details) => details,
            _ => &[],
        }
    }

    /// After how many seconds it is worth asking again.
    pub(crate) const fn retry_secs(&self) -> Option<u32> {
        match self {
            Self::Unavailable { retry_secs, .. } | Self::TooManyTries { retry_secs } => Some(*retry_secs),
            Self::NotReady(_) => Some(1),
            _ => None,
        }
    }

    /// Tells whoever runs the server what stands behind it, if that is ours or the world's fault.
    pub(crate) fn log(&self) {
        let code = self.code();
        match self {
            Self::Faulty(cause) => tracing::error!(code, cause = told(cause.as_ref()), "request failed"),
            Self::Internal(reason) => tracing::error!(code, cause = reason, "request failed"),
            Self::Unavailable { source: Some(cause), .. } | Self::Carrier(cause) => {
                tracing::warn!(code, cause = told(cause.as_ref()), "request turned away");
            }
            Self::Unavailable { .. } => tracing::warn!(code, "request turned away"),
            _ => {}
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotSignedIn | Self::WrongCredentials | Self::TokenVoid => StatusCode::UNAUTHORIZED,
            Self::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Forbidden | Self::Disabled | Self::BadSignature => StatusCode::FORBIDDEN,
            Self::NotFound(_) | Self::Absent { .. } => StatusCode::NOT_FOUND,
            Self::NoSuchRange { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Carrier(_) => StatusCode::BAD_GATEWAY,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::UnsupportedMedia | Self::NoUpload => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) | Self::NotSetUp { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable { .. } | Self::NotReady(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Faulty(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        envelope::failure(self)
    }
}

fn wrong_fields(details: &[Detail]) -> String {
    match details {
        [one] if one.field.is_empty() => one.message.clone(),
        [one] => format!("{}: {}", one.field, one.message),
        many => {
            let fields: Vec<_> = many.iter().map(|detail| detail.field.as_str()).collect();
            format!("these fields are not right: {}", fields.join(", "))
        }
    }
}

/// An error with everything underneath it, for the log.
fn told(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
