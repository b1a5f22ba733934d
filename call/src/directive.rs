//! What a leg shall hear and do next, before any protocol gives it a form.

use crate::SupervisionMode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tsunagu_conversation::{Lang, Line, Listen};

/// What happens next on the customer's leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum Directive {
    /// Say the lines, then listen; with no lines, only listen.
    Converse {
        /// What is said.
        say: Vec<Line>,
        /// How to listen.
        listen: Listen,
    },
    /// Say the lines, then enter the conference.
    Join {
        /// What is said before.
        say: Vec<Line>,
        /// The carrier writes down what is said there.
        #[serde(default)]
        transcribe: bool,
    },
    /// Say the lines, then hang up.
    Finish {
        /// What is said before.
        say: Vec<Line>,
    },
}

impl Directive {
    /// What is said.
    pub fn lines(&self) -> &[Line] {
        match self {
            Self::Converse { say, .. } | Self::Join { say, .. } | Self::Finish { say } => say,
        }
    }

    /// The same with other lines said first.
    #[must_use]
    pub fn after(mut self, mut first: Vec<Line>) -> Self {
        let (Self::Converse { say, .. } | Self::Join { say, .. } | Self::Finish { say }) = &mut self;
        first.append(say);
        *say = first;
        self
    }
}

/// The answer for the customer's leg.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomerReply {
    /// Do this; the carrier names the prompt when it comes back.
    Direct {
        /// The prompt's number.
        turn: u32,
        /// What to do.
        directive: Arc<Directive>,
        /// The language that is spoken.
        lang: Lang,
    },
    /// The leg is being moved into the conference by another request: wait for it, quietly.
    AwaitMove {
        /// The language that is spoken.
        lang: Lang,
    },
    /// The call is over.
    HangUp,
}

/// The answer for an agent's leg.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentReply {
    /// Tell the agent who is on the line and why, and ask for the key that accepts.
    Brief {
        /// The attempt, to come back with.
        attempt: u32,
        /// What they are told.
        briefing: Briefing,
    },
    /// Enter the conference.
    Join {
        /// The attempt, to come back with.
        attempt: u32,
        /// The language that is spoken.
        lang: Lang,
    },
    /// The call needs this agent no longer: say so in a word, hang up.
    Dismiss {
        /// Why.
        why: Dismissal,
        /// The language that is spoken.
        lang: Lang,
    },
}

/// The answer for a supervisor's leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SupervisorReply {
    /// Tell the supervisor whose call it is, and ask for the key that lets them in.
    Brief {
        /// The customer's name.
        customer_name: String,
        /// The customer's company, where it is known.
        customer_company: Option<String>,
    },
    /// Enter the conference.
    Join {
        /// How they take part.
        mode: SupervisionMode,
        /// The carrier's name of the agent's leg, to which is whispered.
        agent_sid: String,
    },
    /// They are not let in, or are out again: say so in a word, hang up.
    Dismiss {
        /// Why.
        why: Dismissal,
    },
}

/// What an agent is told before they accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Briefing {
    /// The language it is told in.
    pub lang: Lang,
    /// The customer's name.
    pub customer_name: String,
    /// The customer's company, where it is known.
    pub customer_company: Option<String>,
    /// Why a human is wanted, in words.
    pub reason: String,
    /// The last thing the customer said.
    pub last_words: Option<String>,
}

/// Why an agent's leg is sent away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dismissal {
    /// The agent said no, or pressed nothing.
    Declined,
    /// The customer is gone, or wants nobody any more.
    Withdrawn,
    /// The talk is over.
    Over,
}
