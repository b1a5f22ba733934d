//! The people whom the sandbox rings: who picks up, what they say to what they hear, when they leave.
//!
//! `number → Cast → Persona → (pickup, answered_by, Performance: heard → Reply)`
//!
//! A persona is data (`config/personas/*.toml`); what it does in one call follows from that file, from what it
//! hears and from a seed, and from nothing else. Nothing here opens a socket, reads a clock or waits: seconds are
//! numbers that the sandbox keeps.

mod cast;
mod dice;
mod embedded;
mod error;
mod number;
mod performance;
mod rule;
mod source;
mod span;

use std::{sync::Arc, time::Duration};

pub use cast::Cast;
pub use error::CastError;
pub use number::NumberPattern;
pub use performance::{Conversation, Mode, Performance, Reply};
pub use span::Span;

use crate::AnsweredBy;
use dice::Dice;
use rule::Rule;

/// One kind of person, or of machine, at the other end of the line.
#[derive(Debug, Clone)]
pub struct Persona {
    name: String,
    about: String,
    translated: Option<String>,
    role: Role,
    lang: String,
    numbers: Vec<NumberPattern>,
    expected: Vec<Outcome>,
    manual: bool,
    unhurried: Duration,
    ring: Ring,
    answered_by: AnsweredBy,
    answered_by_secs: f64,
    score: Arc<Score>,
}

/// What a persona says and does once the call is up.
#[derive(Debug)]
struct Score {
    greeting: Option<Rule>,
    rules: Vec<Rule>,
    fallback: Option<Rule>,
    conference: Conference,
}

/// How a persona behaves in a conference.
#[derive(Debug, Default)]
struct Conference {
    says: Vec<String>,
    every_secs: Span,
    talk_secs: Span,
    hangs_up: bool,
    leaves_if_alone_secs: Option<f64>,
}

/// On which side of the hand-over a persona stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Rung by the AI.
    Customer,
    /// Rung so as to take over.
    Agent,
}

/// How a call to a customer ends, in the machine terms of `callResult`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A human spoke with them.
    Success,
    /// Nobody to speak with.
    Absent,
    /// They declined.
    Rejected,
    /// To be followed up.
    FollowUp,
    /// It could not be connected, or it was the wrong number.
    Failed,
}

impl Outcome {
    /// The machine term.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Absent => "absent",
            Self::Rejected => "rejected",
            Self::FollowUp => "follow_up",
            Self::Failed => "failed",
        }
    }
}

/// What happens when the telephone rings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pickup {
    /// Somebody, or something, answers.
    Answer {
        /// After so many seconds of ringing.
        ring_secs: f64,
    },
    /// The line is engaged.
    Busy,
    /// It rings until the caller gives up.
    NoAnswer,
    /// It cannot be connected.
    Failed {
        /// The SIP response, such as 404.
        sip: u16,
    },
}

/// The pickup as a file states it, before the seconds are drawn.
#[derive(Debug, Clone, Copy)]
enum Ring {
    Answer(Span),
    Busy,
    NoAnswer,
    Failed(u16),
}

/// Keeps the draws of the pickup apart from those of the talk.
const PICKUP_SALT: u64 = 0x7069_636b_7570;

impl Persona {
    /// The unique name, such as `interested-manager`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One sentence on who this is.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The same sentence in this language, `ja` or `en`, as far as the file has it.
    pub fn about_in(&self, lang: &str) -> &str {
        self.translated.as_deref().filter(|_| lang != self.lang).unwrap_or(&self.about)
    }

    /// Customer or agent.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The language spoken: `ja` or `en`.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The numbers at which this persona is reached.
    pub fn numbers(&self) -> &[NumberPattern] {
        &self.numbers
    }

    /// How a call to this customer may rightly end. Empty for an agent and for the manual persona.
    pub fn expected(&self) -> &[Outcome] {
        &self.expected
    }

    /// Driven by a person: its performance stays silent, and the sandbox takes the words from outside.
    pub fn is_manual(&self) -> bool {
        self.manual
    }

    /// How long a listener waits for them at least, in real time: whoever types is slower than whoever speaks.
    pub fn unhurried(&self) -> Duration {
        self.unhurried
    }

    /// What happens when it rings.
    pub fn pickup(&self, seed: u64) -> Pickup {
        match self.ring {
            Ring::Answer(secs) => Pickup::Answer { ring_secs: Dice::new(seed ^ PICKUP_SALT).span(secs) },
            Ring::Busy => Pickup::Busy,
            Ring::NoAnswer => Pickup::NoAnswer,
            Ring::Failed(sip) => Pickup::Failed { sip },
        }
    }

    /// What machine detection makes of it, and after how many seconds from the pickup. For a machine these are its
    /// end-of-message findings; a caller that only asked for the start hears `machine_start` instead.
    pub fn answered_by(&self) -> (AnsweredBy, f64) {
        (self.answered_by, self.answered_by_secs)
    }

    /// Begins one call's talk. The same seed and the same things heard give the same replies.
    pub fn perform(&self, seed: u64) -> Performance {
        Performance::new(Arc::clone(&self.score), seed)
    }
}

#[cfg(test)]
mod tests;
