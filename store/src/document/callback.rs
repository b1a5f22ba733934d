//! A callback: the promise, made on a call, to ring a customer back.

use crate::StoreError;
use serde::{Deserialize, Serialize};
use tsunagu_call::{CallId, CallbackId, CompanyId, CustomerId, Time, UserId};

/// A promise to ring a customer back; a call makes one at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Callback {
    /// The promise.
    #[serde(rename = "_id")]
    pub id: CallbackId,
    /// Whose promise.
    pub company_id: CompanyId,
    /// To whom.
    pub customer_id: CustomerId,
    /// On which call.
    pub call_id: CallId,
    /// When the customer would like it, in their words.
    #[serde(default)]
    pub words: Option<String>,
    /// When it is due, where the words could be understood; otherwise as soon as somebody is free.
    #[serde(default)]
    pub due_at: Option<Time>,
    /// Whether it was kept.
    #[serde(default)]
    pub status: CallbackStatus,
    /// Who will ring.
    #[serde(default)]
    pub assigned_to: Option<UserId>,
    /// What people wrote about it.
    #[serde(default)]
    pub notes: Option<String>,
    /// When it was made.
    pub created_at: Time,
}

/// What has become of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum CallbackStatus {
    /// The customer waits.
    #[default]
    Open,
    /// Somebody rang.
    Done,
    /// Nobody needs to ring any more.
    Cancelled,
}

impl CallbackStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Cancelled];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What to change about a callback; what is `None` stays. The inner `None` empties a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallbackChange {
    /// What has become of it.
    pub status: Option<CallbackStatus>,
    /// Who will ring.
    pub assigned_to: Option<Option<UserId>>,
    /// When it is due.
    pub due_at: Option<Option<Time>>,
    /// What people wrote about it.
    pub notes: Option<Option<String>>,
    /// Changed only while it still stands so: of two who take it at once, one gets it.
    pub while_it_stands: Option<Standing>,
}

/// Where a callback stands: what a decision to change it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What has become of it.
    pub status: CallbackStatus,
    /// Who will ring.
    pub assigned_to: Option<UserId>,
}

impl Callback {
    /// When it should be seen to: when it is due, or at once when the customer named no time.
    pub fn wanted_at(&self) -> Time {
        self.due_at.unwrap_or(self.created_at)
    }

    /// Where it stands.
    pub const fn standing(&self) -> Standing {
        Standing { status: self.status, assigned_to: self.assigned_to }
    }

    /// Applies a change.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when it does not stand as the change expects; then it is as it was.
    pub fn change(&mut self, change: CallbackChange) -> Result<(), StoreError> {
        if change.while_it_stands.is_some_and(|standing| standing != self.standing()) {
            return Err(StoreError::Changed { what: "callback" });
        }
        self.status = change.status.unwrap_or(self.status);
        self.assigned_to = change.assigned_to.unwrap_or(self.assigned_to);
        self.due_at = change.due_at.unwrap_or(self.due_at);
        if let Some(notes) = change.notes {
            self.notes = notes;
        }
        Ok(())
    }
}
