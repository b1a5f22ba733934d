//! A refresh token: good for one new sign-in token, and for finding out that it was stolen.

use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{DocumentId, Time, UserId};

/// A refresh token as it is kept: its hash, never itself. Those that grew out of one sign-in are a family.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefreshToken {
    /// A hash of the token, in a form of the caller's choice; never shown.
    #[serde(rename = "_id")]
    pub hash: String,
    /// Who signed in.
    pub user_id: UserId,
    /// The sign-in that it grew out of.
    pub family: DocumentId,
    /// The user's [`crate::User::session_epoch`] at that moment.
    #[serde(default)]
    pub epoch: u32,
    /// From this moment on it is good for nothing.
    pub expires_at: Time,
    /// It was used; one that comes again was copied.
    #[serde(default)]
    pub spent: bool,
    /// Its family was revoked.
    #[serde(default)]
    pub revoked: bool,
}

/// What came of spending a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spending {
    /// It was good, and is spent now; nobody else was given this answer for it.
    Fresh(RefreshToken),
    /// It had been spent before: the family should be revoked.
    Again(RefreshToken),
    /// Unknown, expired or revoked.
    Void,
}

impl RefreshToken {
    /// Spends it at `now`.
    pub fn spend(&mut self, now: Time) -> Spending {
        if self.revoked || self.expires_at <= now {
            return Spending::Void;
        }
        match std::mem::replace(&mut self.spent, true) {
            false => Spending::Fresh(self.clone()),
            true => Spending::Again(self.clone()),
        }
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken")
            .field("user_id", &self.user_id)
            .field("family", &self.family)
            .field("spent", &self.spent)
            .field("revoked", &self.revoked)
            .finish_non_exhaustive()
    }
}
