//! What can go wrong with the store.

use crate::CustomerMark;
use std::{error::Error, path::PathBuf, sync::Arc};
use tsunagu_call::CallId;

/// The error underneath, shared by all whose request it spoilt.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// What can go wrong with the store.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The journal has moved on; nothing was written.
    #[error(
        "the journal of call {call} goes on at {expected}, not at {offered}: load it again and decide anew"
    )]
    Conflict {
        /// The call.
        call: CallId,
        /// The place of its next entry.
        expected: u64,
        /// The place that was asked for.
        offered: u64,
    },
    /// The customer is in a call that is not over; nothing was written.
    #[error("the customer is already in call {call}")]
    CustomerBusy {
        /// That call.
        call: CallId,
    },
    /// The customer may not be rung; nothing was written.
    #[error("the customer is marked as {}", mark.as_str())]
    CustomerMarked {
        /// What they are marked with.
        mark: CustomerMark,
    },
    /// Something that is there once at most is there already; nothing was written.
    #[error("there is already a {what} with this {field}")]
    Duplicate {
        /// The kind of document.
        what: &'static str,
        /// The field, by its key in JSON.
        field: &'static str,
    },
    /// It does not stand as the change expected: somebody else was first; nothing was written.
    #[error("the {what} was changed in the meantime")]
    Changed {
        /// The kind of document.
        what: &'static str,
    },
    /// The company would be left without an admin who may sign in; nothing was written.
    #[error("this is the only admin of the company who may sign in")]
    LastAdmin,
    /// There are as many as may be; nothing was written.
    #[error("there are {limit} {what}s already")]
    TooMany {
        /// The kind of document.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// There is no such thing, or it is another company's.
    #[error("there is no such {what}")]
    NotFound {
        /// The kind of document.
        what: &'static str,
    },
    /// What was asked for makes no sense; nothing was written.
    #[error("refused: {reason}")]
    Invalid {
        /// Why.
        reason: &'static str,
    },
    /// Too much is waiting; nothing was written, and the same may be asked again in a moment.
    #[error("the store is overloaded: {limit} requests are waiting already")]
    Full {
        /// How many may wait.
        limit: usize,
    },
    /// The store cannot be reached or cannot write. Whether the request took effect is known only where this
    /// came before the request was sent; a commit may be offered again, since its place in the journal is fixed.
    #[error("the store is unavailable: {reason}")]
    Unavailable {
        /// What was being done.
        reason: &'static str,
        /// What stood in the way.
        #[source]
        source: Option<Cause>,
    },
    /// What was stored cannot be understood.
    #[error("a stored {what} cannot be read")]
    Corrupt {
        /// The kind of document.
        what: &'static str,
        /// Why.
        #[source]
        source: Option<Cause>,
    },
    /// Another process has the file open.
    #[error("{path} is in use by another process: stop that one first, or choose another DATA_DIR")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer program.
    #[error(
        "{path} was written by a newer version of this program (schema {found}, this one knows up to {known}): \
         use that version, or restore a backup"
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// The file is there already, and may not be replaced.
    #[error("{path} is there already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is no database to be copied.
    #[error("there is no database at {path}")]
    NoDatabase {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// The file is not a whole backup of this program.
    #[error("{path} cannot be used as a backup: {reason}")]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be opened.
    #[error("{path} cannot be opened")]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: Cause,
    },
}

impl StoreError {
    /// It is worth asking the same again a little later.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unavailable { .. })
    }

    pub(crate) fn unavailable(reason: &'static str, source: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable { reason, source: Some(Arc::new(source)) }
    }

    pub(crate) const fn closed() -> Self {
        Self::Unavailable { reason: "it was closed", source: None }
    }

    pub(crate) fn corrupt(what: &'static str, source: impl Error + Send + Sync + 'static) -> Self {
        Self::Corrupt { what, source: Some(Arc::new(source)) }
    }
}
