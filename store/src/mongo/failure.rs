//! What the driver reports, as other rooms know it.

use crate::StoreError;
use mongodb::error::{Error, ErrorKind, InsertManyError, WriteFailure};

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
        ErrorKind::Write(WriteFailure::WriteConcernError(_))
        | ErrorKind::InsertMany(InsertManyError { write_concern_error: Some(_), .. }) => {
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

/// Whether a unique index stood in the way, and nothing else: of many, all that are not there now were there before, for good.
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
        ErrorKind::InsertMany(error) => code_of_many(error),
        _ => None,
    }
}

/// Of many the first code that is more than a duplicate, where there is one.
fn code_of_many(error: &InsertManyError) -> Option<i32> {
    let written = error.write_errors.iter().flatten().map(|error| error.code);
    let confirmed = error.write_concern_error.iter().map(|error| error.code);
    let mut codes = written.chain(confirmed);
    codes.clone().find(|code| *code != DUPLICATE_KEY).or_else(|| codes.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mongodb::bson::{Bson, deserialize_from_document, doc};

    fn of_many(codes: &[i32], unconfirmed: Option<i32>) -> Error {
        let error = |code: &i32| Bson::from(doc! { "index": 0, "code": *code, "errmsg": "so" });
        let mut answer = doc! { "writeErrors": codes.iter().map(error).collect::<Vec<Bson>>() };
        if let Some(code) = unconfirmed {
            answer.insert("writeConcernError", doc! { "code": code, "codeName": "So", "errmsg": "so" });
        }
        ErrorKind::InsertMany(deserialize_from_document(answer).unwrap()).into()
    }

    #[test]
    fn many_are_duplicates_when_nothing_else_was_wrong_with_any() {
        let told = |codes: &[i32], unconfirmed| {
            let error = of_many(codes, unconfirmed);
            (is_duplicate(&error), is_passing(&error))
        };
        assert_eq!(told(&[11_000, 11_000], None), (true, false));
        assert_eq!(told(&[11_000, 10_107], None), (false, true), "the primary went away beside it");
        assert_eq!(told(&[10_107, 11_000], None), (false, true));
        assert_eq!(told(&[11_000, 121], None), (false, false));
        assert_eq!(told(&[11_000], Some(91)), (false, true), "what is there may be gone again");
        assert_eq!(told(&[], Some(64)), (false, false));
    }
}
