//! Where a call's talk stands: all that the engine remembers from turn to turn.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::outcome::{EndReason, Mark, Outcome};
use crate::phase::Phase;
use crate::trigger::Trigger;
use tsunagu_understanding::named;

/// Where a call's talk stands. It is journalled each turn, so what is as in the beginning is left out of its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The language spoken.
    pub lang: Lang,
    /// What the AI said last.
    pub phase: Phase,
    /// Whether a human agent is being rung for, or is with, the customer.
    #[serde(skip_serializing_if = "is_default")]
    pub agent: Agent,
    /// How the talk ended, if it has. After that nothing more is said.
    #[serde(skip_serializing_if = "is_default")]
    pub ended: Option<Ended>,
    /// Whether a call back was promised because no agent was free.
    #[serde(skip_serializing_if = "is_default")]
    pub promised: bool,
    /// Utterances since the talk last got further.
    #[serde(skip_serializing_if = "is_default")]
    pub turns: u16,
    /// Inputs of any kind since the greeting.
    #[serde(skip_serializing_if = "is_default")]
    pub inputs: u16,
    /// How often each thing happened since the question changed; what must come in a row starts again when it does not.
    #[serde(skip_serializing_if = "is_default")]
    pub counts: BTreeMap<Trigger, u16>,
    /// The phases reached so far.
    #[serde(skip_serializing_if = "is_default")]
    pub reached: Vec<Phase>,
}

impl State {
    /// Whether an agent is being rung and the customer is kept company.
    pub fn waiting(&self) -> bool {
        self.agent == Agent::Ringing
    }
}

named! {
    /// Whether a human agent has to do with the call.
    #[derive(Default)]
    Agent {
        /// The AI talks alone.
        #[default]
        None = "none",
        /// An agent is being rung; the customer waits.
        Ringing = "ringing",
        /// An agent accepted; the customer is in the conference.
        Joined = "joined",
    }
}

/// How the talk ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What came of it.
    pub outcome: Outcome,
    /// Why it ended.
    pub reason: EndReason,
    /// What is marked on the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// When to ring again, if that is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<CallbackRequest>,
}

/// A call back that was agreed or promised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CallbackRequest {
    /// The time as it was said, such as 三時ごろ; none if nobody named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
