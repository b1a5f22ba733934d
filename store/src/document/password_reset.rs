//! A password reset: once, and for a while, somebody may set a new password without the old one.

use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{Time, UserId};

/// A password reset that stands: one that was used is gone. A user has one at most.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordReset {
    /// Whose password.
    #[serde(rename = "_id")]
    pub user_id: UserId,
    /// A hash of the token that was given out, in a form of the caller's choice; never shown.
    pub hash: String,
    /// Which admin allowed it.
    pub made_by: UserId,
    /// From this moment on it is good for nothing.
    pub expires_at: Time,
}

impl PasswordReset {
    /// Whether it can be used at `now`.
    pub fn is_good(&self, now: Time) -> bool {
        now < self.expires_at
    }
}

impl fmt::Debug for PasswordReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordReset")
            .field("user_id", &self.user_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
