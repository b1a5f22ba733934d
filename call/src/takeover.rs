//! A supervisor who takes a call over from its agent.

use crate::{AgentRef, Time, UserId};
use serde::{Deserialize, Serialize};

/// A take-over that is under way: the customer is with the agent until it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takeover {
    /// The supervisor.
    pub by: UserId,
    /// When they wanted it.
    pub since: Time,
    /// They are reserved for this call, as this agent.
    pub agent: Option<AgentRef>,
}

/// Why a take-over came to nothing; the customer stays with the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakeoverEnd {
    /// Another call has the supervisor.
    Taken,
    /// The supervisor did not come onto the line, or left it.
    NotCome,
    /// The carrier did not do it.
    NotDone,
    /// The human part of the call was over.
    HumanPartOver,
}
