//! What the driver reports, as other rooms know it.

use crate::StoreError;
use mongodb::error::{Error, ErrorKind, WriteFailure};

/// Something with the same value of a unique index is there already.
const DUPLICATE_KEY: i32 = 11_000;
/// Servers that are being shut down, or are not the primary (any more).
const PASSING: [i32; 12] = [6, 7, 89, 91, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436];
/// Signing in failed, or what was asked for is not allowed.
const FORBIDDEN: [i32; 2] = [13, 18];

/// A failure as other rooms know it, with a sentence that says what to look at.
pub fn named(error: Error) -> StoreError {
    let reason = match error.kind.as_ref() {
        ErrorKind::ServerSelection { .. } => "no MongoDB server that takes writes answers at MONGODB_URI",
        ErrorKind::Authentication { .. } => "MongoDB refuses the user or the password in MONGODB_URI",
        ErrorKind::DnsResolve { .. } => "the name of the MongoDB server cannot be resolved",
        ErrorKind::InvalidArgument { .. } => "MONGODB_URI or a request of ours is not as MongoDB wants it",
        ErrorKind::InvalidTlsConfig { .. } => "the TLS settings in MONGODB_URI cannot be used",
        ErrorKind::IncompatibleServer { .. } => "the MongoDB server is too old: use version 5 or newer",
        ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. } => "the connection to MongoDB was lost",
        ErrorKind::Write(WriteFailure::WriteConcernError(_)) => {
            "a majority of the MongoDB servers did not confirm a write in time"
        }
        _ if code(&error).is_some_and(|code| FORBIDDEN.contains(&code)) => {
            "the user in MONGODB_URI may not do this: give it the role readWrite on the database"
        }
        _ if is_passing(&error) => "the MongoDB server is changing its role or going down",
        _ => "MongoDB refused a request",
    };
    StoreError::unavailable(reason, error)
}

/// Whether a unique index stood in the way.
pub fn is_duplicate(error: &Error) -> bool {
    code(error) == Some(DUPLICATE_KEY)
}

/// Whether it may be gone in a moment. A write that came to this may have been done.
pub fn is_passing(error: &Error) -> bool {
    let kind = error.kind.as_ref();
    matches!(kind, ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. })
        || error.contains_label("RetryableWriteError")
        || code(error).is_some_and(|code| PASSING.contains(&code))
}

fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(error) => Some(error.code),
        ErrorKind::Write(WriteFailure::WriteError(error)) => Some(error.code),
        ErrorKind::InsertMany(error) => error.write_errors.as_ref()?.first().map(|error| error.code),
        _ => None,
    }
}
