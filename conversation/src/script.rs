//! The state chart of a language: what the AI does about each thing that happens in each phase.
//!
//! `script.toml` → [`raw`] (as it stands there) → [`read`] (names resolved) → [`check`] (complete and reachable).

mod check;
mod raw;
mod read;

use std::collections::BTreeMap;
use std::fmt;

use crate::intent::Intent;
use crate::outcome::{EndReason, HandoverReason, Mark, Outcome};
use crate::phase::Phase;
use crate::trigger::{Event, Trigger};
use tsunagu_understanding::named;

pub(crate) use read::read;

/// The state chart of a language.
#[derive(Debug)]
pub(crate) struct Script {
    /// The phase in which a call begins.
    pub start: Phase,
    /// What each phase is like.
    phases: BTreeMap<Phase, PhaseScript>,
    /// Which ladder stands at each place, `[on]` and `otherwise` already spread out.
    ladders: BTreeMap<(Place, Trigger), Vec<Step>>,
    /// The template that answers a question which came along with something else.
    pub answers: Vec<(Intent, String)>,
}

/// What a phase says and how it listens.
#[derive(Debug, Default)]
pub(crate) struct PhaseScript {
    /// Templates said when the call begins here.
    pub prompt: Vec<String>,
    /// The template of its question, for asking again.
    pub question: Option<String>,
    /// The phase of which this one asks the same, so that what was counted there goes on here.
    pub continues: Option<Phase>,
    /// Words likely to be said, for the recogniser.
    pub hints: Vec<String>,
    /// Whether the customer may cut in.
    pub barge_in: bool,
}

/// Where the talk can stand: in a phase, or waiting for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Phase(Phase),
    Waiting,
}

impl Place {
    /// Every place.
    pub fn all() -> impl Iterator<Item = Place> {
        Phase::ALL.iter().copied().map(Place::Phase).chain([Place::Waiting])
    }

    /// Whether that can happen at this place at all. After the goodbye no ladder is looked at any more.
    pub const fn may_happen(self, trigger: Trigger) -> bool {
        use Event::{AgentLeft, Comfort, HandoverFailed, HandoverRequested, HoldingOver, TooManyTurns};
        match (self, trigger) {
            (Place::Phase(Phase::Closing), _) => false,
            (Place::Phase(phase), Trigger::Event(HoldingOver)) => matches!(phase, Phase::Holding),
            (Place::Phase(_), Trigger::Event(Comfort | HandoverFailed)) => false,
            (Place::Waiting, Trigger::Event(HoldingOver | HandoverRequested | TooManyTurns | AgentLeft)) => {
                false
            }
            _ => true,
        }
    }
}

/// The path of keys under which it stands in the file.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Phase(phase) => write!(f, "phase.{phase}"),
            Place::Waiting => f.write_str("waiting"),
        }
    }
}

/// One rung of a ladder: what to do the first time, the second time …
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Where it is written, as a path of keys: `phase.opening.on.acknowledge[0]`.
    pub written: String,
    /// How many times this rung holds; none means from now on.
    pub times: Option<u16>,
    /// Only under this condition.
    pub when: Option<Condition>,
    /// Whether a question that came along is answered first.
    pub answer_also: bool,
    /// What to say.
    pub say: Vec<Say>,
    /// The phase to go to.
    pub to: Option<Phase>,
    /// Whether the customer may cut in, if other than usual in the phase.
    pub barge_in: Option<bool>,
    /// What to do then.
    pub action: Action,
}

/// Something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Say {
    /// The template of that key.
    Template(String),
    /// The question of the phase that it goes to.
    Question,
}

/// What to do when everything is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Listen,
    Hold,
    HandOver(HandoverReason),
    Connect,
    End {
        outcome: Outcome,
        reason: EndReason,
        mark: Option<Mark>,
        callback: bool,
    },
    /// As if that had happened instead.
    As(Trigger),
}

named! {
    /// A condition of a rung.
    Condition {
        /// The limits allow that somebody who is not understood is handed over.
        UnknownHandsOver = "unknown_hands_over",
        /// The limits want a message on answering machines.
        VoicemailMessage = "voicemail_message",
        /// A time was named.
        HasTime = "has_time",
        /// A call back was promised before.
        Promised = "promised",
    }
}

impl Script {
    /// What a phase says and how it listens.
    pub fn phase(&self, phase: Phase) -> Option<&PhaseScript> {
        self.phases.get(&phase)
    }

    /// The rungs for that trigger at that place.
    pub fn ladder(&self, place: Place, trigger: Trigger) -> &[Step] {
        self.ladders.get(&(place, trigger)).map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
