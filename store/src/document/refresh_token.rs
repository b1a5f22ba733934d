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
    /// It was used.
    #[serde(default)]
    pub spent: bool,
    /// When it was used first; earlier builds did not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent_at: Option<Time>,
    /// A hash of the key that named the request by which it was used, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent_for: Option<String>,
    /// Its family was revoked.
    #[serde(default)]
    pub revoked: bool,
}

/// What came of spending a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spending {
    /// It was good, and is spent now; nobody else was given this answer for it.
    Fresh(RefreshToken),
    /// It had been spent before, as its `spent_at` and `spent_for` tell: it was copied, unless the same request comes again.
    Again(RefreshToken),
    /// Unknown, expired or revoked.
    Void,
}

impl RefreshToken {
    /// Spends it at `now`, for a request that a key may name.
    pub fn spend(&mut self, key: Option<&str>, now: Time) -> Spending {
        if self.revoked || self.expires_at <= now {
            return Spending::Void;
        }
        if self.spent {
            return Spending::Again(self.clone());
        }
        self.spent = true;
        self.spent_at = Some(now);
        self.spent_for = key.map(str::to_owned);
        Spending::Fresh(self.clone())
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
