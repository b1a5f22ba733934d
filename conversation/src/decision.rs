//! What comes out of a step: what to say, and then what.

use serde::{Deserialize, Serialize};

use crate::outcome::{EndReason, HandoverReason, Mark, Outcome};
use crate::phase::Phase;
use crate::reading::Reading;
use crate::state::{CallbackRequest, State};
use crate::understanding::Understanding;

/// What the AI does next: say these lines, then do that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Where the talk stands now: the state for the next step.
    pub state: State,
    /// What was understood, if something was heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understanding: Option<Understanding>,
    /// A language model's advice counted: what was understood is what it said, or a line is its answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advised: bool,
    /// What to say, in this order. May be empty.
    pub say: Vec<Line>,
    /// What to do when it is said.
    pub then: Then,
}

/// A sentence or two to be spoken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The key of the template it was made from.
    pub template: String,
    /// Plain text with the variables filled in. Not escaped for XML.
    pub text: String,
    /// How words of it are read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

/// What to do when everything is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Listen to the customer.
    Listen(Listen),
    /// Ring a human agent, and keep the customer company meanwhile: [`crate::Input::Comfort`].
    HandOver {
        /// Why.
        reason: HandoverReason,
    },
    /// Move the customer into the conference with the agent. The AI has nothing to say until the agent leaves.
    Connect,
    /// Hang up.
    End {
        /// What came of the call.
        outcome: Outcome,
        /// Why it ended.
        reason: EndReason,
        /// What to mark on the customer for good.
        mark: Option<Mark>,
        /// When to ring again, if that is to be done.
        callback: Option<CallbackRequest>,
    },
}

/// How to listen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listen {
    /// Seconds of silence after which [`crate::Input::Silence`] is due.
    pub timeout_secs: u32,
    /// The phase whose likely words the speech recognition should expect: [`crate::Engine::hints`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expects: Option<Phase>,
    /// Whether speech may cut off what is being said.
    pub barge_in: bool,
    /// Whether the AI is on hold: it says nothing, listens for the whole holding time, and
    /// [`crate::Input::HoldingOver`] is due at its end.
    pub holding: bool,
}
