//! The hand-over from the AI to a human: its stages, and what each stage waits for.

use crate::{AgentRef, Leg, Rules, Time, UserId, routing::Needs};
use serde::{Deserialize, Serialize};

/// Where a hand-over is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Stage {
    /// An agent is being chosen and reserved.
    Reserving,
    /// The agent's telephone rings.
    Ringing {
        /// The attempt, counted from 1 over the whole call.
        attempt: u32,
    },
    /// The agent is told who it is, and asked for a key.
    Briefing {
        /// The attempt.
        attempt: u32,
    },
    /// The agent pressed the key and waits in the conference; the customer is on the way there.
    Bridging {
        /// The attempt.
        attempt: u32,
    },
    /// Both are in the conference.
    Bridged {
        /// The attempt.
        attempt: u32,
    },
    /// Nobody could be fetched.
    Failed {
        /// Why.
        reason: Failure,
    },
    /// Nobody is wanted any more.
    Cancelled {
        /// Why.
        reason: Cancellation,
    },
}

/// Why a hand-over ended without a human.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// No agent was free.
    NobodyFree,
    /// As many agents as allowed were rung, and none came.
    AttemptsSpent,
    /// It took longer than allowed.
    TooLong,
    /// The customer could not be moved into the conference.
    MoveFailed,
    /// Somebody at the screen took the request back.
    Withdrawn,
}

/// Why a hand-over was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancellation {
    /// The customer hung up.
    CustomerHungUp,
    /// The customer said no, or goodbye.
    CustomerDeclined,
    /// A person ended the call, or it had lasted too long.
    CallEnded,
}

/// Who asked for a human.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Requester {
    /// The script, because of what the customer said or did.
    Script,
    /// A person at the screen.
    User(UserId),
}

/// A hand-over of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Where it is.
    pub stage: Stage,
    /// When that began.
    pub since: Time,
    /// When a human was asked for.
    pub requested_at: Time,
    /// Why, in words.
    pub reason: String,
    /// From when on its time is counted: the request, or when somebody last named an agent.
    pub timed_from: Time,
    /// The agent to try first.
    pub wish: Option<UserId>,
    /// The wish was made while somebody else was being fetched.
    pub named: bool,
    /// The wish is that of a supervisor who takes the call over, whatever they are doing.
    pub takeover: bool,
    /// What is needed of the others.
    pub needs: Needs,
    /// Agents who were reserved for it, in order; the last one may still be.
    pub tried: Vec<UserId>,
    /// The agent who is reserved now.
    pub agent: Option<AgentLeg>,
    /// The customer knows of it: the script asked for it, or they were told since.
    pub announced: bool,
}

/// An agent reserved for a call, and their leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentLeg {
    /// Who.
    pub agent: AgentRef,
    /// The attempt that rings them; 0 before it is decided.
    pub attempt: u32,
    /// The carrier's name of the leg, once known.
    pub call_sid: Option<String>,
    /// The leg is gone.
    pub gone: bool,
    /// The briefing was said a second time.
    pub briefed_twice: bool,
    /// When the briefing was last begun; before the first, when the agent was reserved.
    pub briefed_at: Time,
    /// Who or what answered, by the carrier's detection.
    pub answered_by: Option<String>,
    /// The supervision by which they came onto the line, when they took the call over from another agent.
    pub supervision: Option<u32>,
}

impl AgentLeg {
    /// The leg, as the carrier's reports name it.
    pub fn leg(&self) -> Leg {
        self.supervision.map_or(Leg::Agent(self.attempt), Leg::Supervisor)
    }
}

impl Stage {
    /// The hand-over is under way: an agent is sought, rung, briefed or joined with the customer.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Reserving | Self::Ringing { .. } | Self::Briefing { .. } | Self::Bridging { .. })
    }

    /// The attempt that the stage is about.
    pub const fn attempt(&self) -> Option<u32> {
        match self {
            Self::Ringing { attempt }
            | Self::Briefing { attempt }
            | Self::Bridging { attempt }
            | Self::Bridged { attempt } => Some(*attempt),
            Self::Reserving | Self::Failed { .. } | Self::Cancelled { .. } => None,
        }
    }
}

impl Handover {
    /// A hand-over that begins.
    pub fn new(
        requested_at: Time,
        reason: String,
        wish: Option<UserId>,
        needs: Needs,
        announced: bool,
    ) -> Self {
        Self {
            stage: Stage::Reserving,
            since: requested_at,
            requested_at,
            timed_from: requested_at,
            reason,
            wish,
            named: false,
            takeover: false,
            needs,
            tried: Vec::new(),
            agent: None,
            announced,
        }
    }

    /// Somebody wants this agent, who gets the time of a new hand-over; with `anew` also when they were tried before.
    pub(crate) fn name(&mut self, agent: UserId, takeover: bool, anew: bool, now: Time) {
        self.wish = Some(agent);
        self.takeover = takeover;
        self.named = true;
        self.timed_from = now;
        if anew {
            self.tried.retain(|tried| *tried != agent);
        }
    }

    /// When the stage has lasted too long; the carrier's own time-outs come first where all is well.
    pub fn deadline(&self, rules: &Rules) -> Option<Time> {
        // The carrier lets a telephone ring some five seconds longer than it was told.
        const CARRIER_BUFFER_SECS: u32 = 10;
        let total = self.timed_from.plus_secs(rules.handover_secs);
        match self.stage {
            Stage::Reserving => Some(total),
            Stage::Ringing { .. } => {
                Some(total.min(self.since.plus_secs(rules.agent_ring_secs + CARRIER_BUFFER_SECS)))
            }
            // An agent who has picked up may hear the briefing to its end.
            Stage::Briefing { .. } => Some(self.since.plus_secs(rules.briefing_secs)),
            Stage::Bridging { .. } => Some(self.since.plus_secs(rules.bridging_secs)),
            Stage::Bridged { .. } | Stage::Failed { .. } | Stage::Cancelled { .. } => None,
        }
    }

    /// Another agent may be tried at `now`.
    pub fn may_try_again(&self, rules: &Rules, now: Time) -> Result<(), Failure> {
        if now >= self.timed_from.plus_secs(rules.handover_secs) {
            Err(Failure::TooLong)
        } else if self.tried.len() >= usize::try_from(rules.handover_attempts).unwrap_or(usize::MAX) {
            Err(Failure::AttemptsSpent)
        } else {
            Ok(())
        }
    }
}
