//! An agent whom the call wants no more, while a leg of theirs may still be at the carrier.

use crate::{Leg, Time, UserId};
use serde::{Deserialize, Serialize};

/// An agent on their way out of the call. They stay reserved for it, so that nobody rings them meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Leaving {
    /// Who.
    pub agent: UserId,
    /// Their leg.
    pub leg: Leg,
    /// Seconds spent with the customer; absent when they never met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talked_secs: Option<u32>,
    /// They are on the line, and are told goodbye. Absent: it is not known whether their telephone rings at all, and the
    /// carrier is being asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<Farewell>,
}

/// A word to somebody who is let go, after which their leg ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Farewell {
    /// The carrier's name of the leg.
    pub call_sid: String,
    /// When it is hung up, if it has not ended until then.
    pub until: Time,
}
