//! What a transition of the script hangs on: an intent or an event.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::intent::Intent;
use tsunagu_understanding::named;

named! {
    /// Something that happens on a call and is not an utterance.
    Event {
        /// Nobody said anything within the listening time.
        Silence = "silence",
        /// The holding time is over.
        HoldingOver = "holding_over",
        /// The key for a human was pressed.
        KeyHuman = "key_0",
        /// Any other key was pressed.
        KeyOther = "key_other",
        /// Somebody on our side, a supervisor say, wants the customer put through now.
        HandoverRequested = "handover_requested",
        /// An agent is being rung and the customer waits.
        Comfort = "comfort",
        /// No agent could be had.
        HandoverFailed = "handover_failed",
        /// An agent accepted and is about to be connected.
        AgentAccepted = "agent_accepted",
        /// The agent left and the customer is still on the line.
        AgentLeft = "agent_left",
        /// The talk went on for too long without progress.
        TooManyTurns = "too_many_turns",
    }
}

/// What a transition hangs on. Its name is that of the intent or event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Trigger {
    /// An utterance was understood so.
    Intent(Intent),
    /// Something else happened.
    Event(Event),
}

impl Trigger {
    /// The name in data files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Trigger::Intent(intent) => intent.name(),
            Trigger::Event(event) => event.name(),
        }
    }

    /// The intent or event of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Intent::from_name(name).map(Trigger::Intent).or_else(|| Event::from_name(name).map(Trigger::Event))
    }

    /// Every trigger: all intents, then all events.
    pub fn all() -> impl Iterator<Item = Trigger> {
        let intents = Intent::ALL.iter().copied().map(Trigger::Intent);
        intents.chain(Event::ALL.iter().copied().map(Trigger::Event))
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl TryFrom<String> for Trigger {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Trigger::from_name(&name).ok_or_else(|| format!("`{name}` is neither an intent nor an event"))
    }
}

impl From<Trigger> for String {
    fn from(trigger: Trigger) -> Self {
        trigger.name().to_owned()
    }
}
