//! What an operator watches, over all companies.

use crate::Availability;
use std::collections::BTreeMap;

/// How many there are of what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Census {
    /// Agents, which are users with an agent's settings, by what they are doing. One who has never said is offline.
    pub agents: BTreeMap<Availability, u64>,
    /// Sign-ins that could still be renewed.
    pub sessions: u64,
}
