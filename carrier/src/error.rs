//! What can go wrong between us and the carrier, told by what it means for the command.

use std::time::Duration;

/// Why a command to the carrier did not succeed.
///
/// The question that matters is whether it may have been carried out: see [`is_ambiguous`](Self::is_ambiguous).
/// Codes are Twilio's (<https://www.twilio.com/docs/api/errors>).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CarrierError {
    /// Refused for a reason that will not pass by itself, such as a number that cannot be called.
    #[error("the carrier refused the request ({status}{}): {message}", code_text(.code))]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// Twilio's code.
        code: Option<u32>,
        /// Twilio's words.
        message: String,
    },
    /// The carrier knows no such thing, or knows it no longer (20404).
    #[error("the carrier knows no such {what}")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// The call is over and can no longer be changed (21220).
    #[error("the call is not in progress any more")]
    NotInProgress,
    /// Too many requests, and the retries are used up (20429). Surely not done.
    #[error("the carrier asks us to slow down, and went on doing so after every retry")]
    RateLimited {
        /// How long the carrier asked us to wait.
        retry_after: Option<Duration>,
    },
    /// The credentials are wrong, or lack a permission (20003).
    #[error("the carrier does not accept the account's credentials: check the account sid and the token")]
    Unauthorized,
    /// The carrier could not be reached. Surely not done.
    #[error("the carrier cannot be reached: {detail}")]
    Unavailable {
        /// What was seen.
        detail: String,
    },
    /// The answer was lost, and looking it up did not tell. May have been done.
    #[error("it is not known whether the carrier has done it: {detail}")]
    Ambiguous {
        /// What was seen.
        detail: String,
    },
    /// The carrier said yes, in words that make no sense. Done, but what came of it is not known.
    #[error("the carrier's answer to {operation} cannot be read: {detail}")]
    BadAnswer {
        /// Which request.
        operation: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The client was given settings that cannot work.
    #[error("the carrier's settings are wrong: {detail}")]
    Settings {
        /// Which, and what would be right.
        detail: String,
    },
}

impl CarrierError {
    /// Twilio's code, where it has one.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Rejected { code, .. } => *code,
            Self::NotFound { .. } => Some(20404),
            Self::NotInProgress => Some(21220),
            Self::RateLimited { .. } => Some(20429),
            Self::Unauthorized => Some(20003),
            Self::Unavailable { .. }
            | Self::Ambiguous { .. }
            | Self::BadAnswer { .. }
            | Self::Settings { .. } => None,
        }
    }

    /// It was surely not done and may well succeed later: the same command may simply be sent again.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. })
    }

    /// It may have been done: look it up before it is sent again.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Ambiguous { .. } | Self::BadAnswer { .. })
    }
}

fn code_text(code: &Option<u32>) -> String {
    code.map_or_else(String::new, |code| format!(", code {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_happened_in_one_sentence() {
        let error = CarrierError::Rejected {
            status: 400,
            code: Some(21211),
            message: "Invalid 'To' Phone Number".into(),
        };
        assert_eq!(
            error.to_string(),
            "the carrier refused the request (400, code 21211): Invalid 'To' Phone Number"
        );
        assert_eq!(error.code(), Some(21211));
    }

    #[test]
    fn nothing_is_both_safe_to_repeat_and_possibly_done() {
        let errors = [
            CarrierError::NotInProgress,
            CarrierError::RateLimited { retry_after: None },
            CarrierError::Unauthorized,
            CarrierError::Unavailable { detail: String::new() },
            CarrierError::Ambiguous { detail: String::new() },
            CarrierError::BadAnswer { operation: "x", detail: String::new() },
        ];
        assert!(errors.iter().all(|error| !(error.is_retryable() && error.is_ambiguous())));
    }
}
