//! What can go wrong between an edge and a live call.

use tsunagu_call::{CallId, Refusal};
use tsunagu_store::{CustomerMark, StoreError};

/// Why a live call did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// There is no such call.
    #[error("there is no such call")]
    NotFound,
    /// What was asked does not fit the state the call is in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such customer.
    #[error("there is no such customer")]
    NoCustomer,
    /// The customer may not be rung.
    #[error("the customer is marked as {}", .0.as_str())]
    CustomerMarked(CustomerMark),
    /// The customer is in another call.
    #[error("the customer is already in a call")]
    CustomerBusy(CallId),
    /// No human could be fetched.
    #[error("no agent is free to take the call")]
    NoAgent,
    /// The server is being shut down and takes no new calls.
    #[error("the server is shutting down and takes no new calls")]
    Draining,
    /// More is asked at once than is allowed.
    #[error("too much is going on at once; try again in a moment")]
    Overloaded,
    /// The call did not answer in time; whether it did what was asked is not known.
    #[error("the call did not answer in time")]
    Late,
    /// The call's actor died or was overtaken; the journal holds what is true, and asking again finds a fresh actor.
    #[error("the call is being taken up again; try again in a moment")]
    Stale,
    /// The rules of the call failed in a way they must not; the call stays as it was.
    #[error("the call could not take this in")]
    Faulty,
    /// The store did not do its part.
    #[error("the call's journal could not be written or read")]
    Store(#[source] StoreError),
}

impl CallError {
    /// Who asked was not told: the call may well do what it is for, now or when it is taken up again.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Late | Self::Stale => true,
            Self::Store(error) => error.is_transient(),
            _ => false,
        }
    }
}

impl From<StoreError> for CallError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Stale,
            StoreError::CustomerBusy { call } => Self::CustomerBusy(call),
            StoreError::CustomerMarked { mark } => Self::CustomerMarked(mark),
            StoreError::NotFound { what: "customer" } => Self::NoCustomer,
            StoreError::NotFound { .. } => Self::NotFound,
            other => Self::Store(other),
        }
    }
}
