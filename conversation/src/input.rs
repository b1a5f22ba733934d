//! What goes into a step.

use crate::advice::Advice;

/// What happened on the call since the last decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input<'a> {
    /// The customer said something.
    Heard {
        /// The text from speech recognition, of any length and content.
        text: &'a str,
        /// How sure the recognition was, from 0 to 1. Exactly 0 counts as not given: some recognisers send it always.
        confidence: Option<f32>,
    },
    /// The customer said something, and a language model was asked about it.
    Advised {
        /// The text from speech recognition, of any length and content.
        text: &'a str,
        /// How sure the recognition was, as above.
        confidence: Option<f32>,
        /// What came of asking. It counts only as far as it fits what was understood and where the talk stands.
        advice: &'a Advice,
    },
    /// Nobody said anything within the listening time.
    Silence,
    /// A key was pressed: 0 asks for a human.
    Key(char),
    /// The holding time is over and nobody picked up.
    HoldingOver,
    /// The carrier recognised an answering machine or fax.
    Machine,
    /// Somebody on our side, a supervisor say, wants the customer put through now.
    HandoverRequested,
    /// An agent is being rung: keep the customer company.
    Comfort,
    /// No agent could be had: say so, promise a call back and ask when it would suit.
    HandoverFailed,
    /// An agent accepted: the last sentence before the customer is moved into the conference.
    AgentAccepted,
    /// The human part is over and the customer is still on the line.
    AgentLeft,
}
