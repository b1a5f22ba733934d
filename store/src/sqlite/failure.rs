//! Why a piece of work on the database came to nothing.

use crate::StoreError;
use rusqlite::ErrorCode;

/// Why a piece of work came to nothing.
#[derive(Debug)]
pub enum Failure {
    /// It broke a rule, and wrote nothing: the others of its batch go on.
    Refused(StoreError),
    /// The database failed, perhaps in the middle: the batch is rolled back.
    Broken(rusqlite::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Refused(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error,
            Failure::Broken(error) => named(error),
        }
    }
}

/// A failure of the database as other rooms know it.
pub fn named(error: rusqlite::Error) -> StoreError {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            return StoreError::corrupt("database", error);
        }
        Some(ErrorCode::DiskFull) => "the disk is full",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "its file may not be written",
        Some(ErrorCode::SystemIoFailure) => "its file cannot be read or written",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program holds its file",
        _ => "the database failed",
    };
    StoreError::unavailable(reason, error)
}

/// Turns the violation of a unique index by the first statement of a piece of work into a refusal: such a statement
/// has written nothing.
pub fn unless_duplicate<T>(
    written: rusqlite::Result<T>,
    what: &'static str,
    field: &'static str,
) -> Result<T, Failure> {
    written.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => StoreError::Duplicate { what, field }.into(),
        _ => error.into(),
    })
}
