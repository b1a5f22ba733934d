//! What a call wants done in the world. Each is journalled before it is done, and once more with its result.

use crate::{
    AgentRef, Leg, LegStatus, SupervisionMode, Time, UserId,
    routing::{Considered, Needs},
};
use serde::{Deserialize, Serialize};
use tsunagu_conversation::{self as conversation, Lang};

/// The number of a command within its call, counted from 1.
pub type CommandId = u32;

/// Something to be done. All but the three that dial may safely be done twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// Ring the customer.
    DialCustomer,
    /// Find the best agent who is free and reserve them for this call.
    PickAgent {
        /// The agent to try first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wish: Option<UserId>,
        /// Agents who have been tried on this call.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tried: Vec<UserId>,
        /// What is needed of them.
        #[serde(default, skip_serializing_if = "Needs::is_empty")]
        needs: Needs,
        /// The agent who is tried first is had whatever they are doing, unless another call has them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        claim: bool,
        /// Until when one who is engaged is waited for; absent: not at all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Time>,
    },
    /// Ring the agent.
    DialAgent {
        /// The attempt this is, counted from 1 over the whole call.
        attempt: u32,
        /// Whom to ring.
        agent: AgentRef,
        /// When that was decided.
        asked_at: Time,
    },
    /// Find out whether the carrier rings, or rang, somebody: the answer to the dialling was lost.
    FindLeg {
        /// Whose leg.
        leg: Leg,
        /// The number that was to be rung, E.164.
        phone: String,
        /// Since when it may have been rung.
        since: Time,
        /// From when on their telephone cannot ring any more.
        until: Time,
    },
    /// Make the carrier ask again what the customer shall hear, at once.
    Refresh {
        /// The carrier's name of the customer's leg.
        call_sid: String,
    },
    /// Move the customer from the AI into the conference.
    MoveCustomer {
        /// The carrier's name of the customer's leg.
        call_sid: String,
    },
    /// Hang a leg up, or take it back while it rings.
    HangUp {
        /// Whose leg.
        leg: Leg,
        /// The carrier's name of it.
        call_sid: String,
    },
    /// Ask the carrier how the customer's leg stands.
    CheckCustomer {
        /// The carrier's name of it, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_sid: Option<String>,
    },
    /// Ask the carrier who is in the conference.
    CheckRoom,
    /// The agent has the customer now.
    SeatAgent {
        /// The agent.
        agent: UserId,
        /// Seconds from the request of a human to the agent's join.
        response_secs: u32,
    },
    /// Give the agent's reservation back.
    FreeAgent {
        /// The agent.
        agent: UserId,
        /// Seconds spent with the customer; absent when they never met.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        talked_secs: Option<u32>,
    },
    /// Mark the customer for good.
    MarkCustomer {
        /// As what.
        mark: conversation::Mark,
    },
    /// Keep the promise to ring back.
    KeepCallback {
        /// The time as it was said, where one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// Note on the customer what came of the call.
    NoteOutcome {
        /// What came of it.
        outcome: conversation::Outcome,
    },
    /// Ring a supervisor.
    DialSupervisor {
        /// The supervision this is, counted from 1 over the whole call.
        number: u32,
        /// The number to ring, E.164.
        phone: String,
        /// The language in which they are told whose call it is.
        lang: Lang,
        /// When that was decided.
        asked_at: Time,
    },
    /// Let a supervisor in the conference take part in another way.
    SetSupervisor {
        /// The supervision.
        number: u32,
        /// The carrier's name of the conference.
        conference_sid: String,
        /// The carrier's name of the supervisor's leg.
        call_sid: String,
        /// How they shall take part.
        mode: SupervisionMode,
        /// The carrier's name of the agent's leg, to which is whispered.
        agent_sid: String,
    },
    /// Reserve this very agent for this call, whatever they are doing, unless another call has them.
    ClaimAgent {
        /// The agent.
        agent: UserId,
    },
    /// Let the conference end with the supervisor's leg instead of the agent's, and take the agent's out of it.
    TakeSeat {
        /// The supervision.
        number: u32,
        /// The carrier's name of the conference.
        conference_sid: String,
        /// The carrier's name of the supervisor's leg.
        supervisor_sid: String,
        /// The carrier's name of the agent's leg.
        agent_sid: String,
    },
    /// Mute a leg in the conference, or put it on hold; what is absent stays.
    SetParticipant {
        /// The carrier's name of the conference.
        conference_sid: String,
        /// The carrier's name of the leg.
        call_sid: String,
        /// It shall be heard by nobody, or be heard again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        muted: Option<bool>,
        /// It shall be apart from the others, or be back with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held: Option<bool>,
        /// Who wants it.
        by: UserId,
    },
    /// Take a leg out of the conference.
    RemoveParticipant {
        /// The carrier's name of the conference.
        conference_sid: String,
        /// The carrier's name of the leg.
        call_sid: String,
        /// Who wants it.
        by: UserId,
    },
    /// Let the recording of the customer's leg wait, or go on.
    SteerRecording {
        /// The carrier's name of the leg.
        call_sid: String,
        /// It shall wait.
        paused: bool,
        /// Who wants it.
        by: UserId,
    },
    /// Delete a recording at the carrier.
    DeleteRecording {
        /// The carrier's name of it.
        sid: String,
    },
}

impl Command {
    /// What it does, in the word of the journal.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DialCustomer => "dialCustomer",
            Self::PickAgent { .. } => "pickAgent",
            Self::DialAgent { .. } => "dialAgent",
            Self::FindLeg { .. } => "findLeg",
            Self::Refresh { .. } => "refresh",
            Self::MoveCustomer { .. } => "moveCustomer",
            Self::HangUp { .. } => "hangUp",
            Self::CheckCustomer { .. } => "checkCustomer",
            Self::CheckRoom => "checkRoom",
            Self::SeatAgent { .. } => "seatAgent",
            Self::FreeAgent { .. } => "freeAgent",
            Self::MarkCustomer { .. } => "markCustomer",
            Self::KeepCallback { .. } => "keepCallback",
            Self::NoteOutcome { .. } => "noteOutcome",
            Self::DialSupervisor { .. } => "dialSupervisor",
            Self::SetSupervisor { .. } => "setSupervisor",
            Self::ClaimAgent { .. } => "claimAgent",
            Self::TakeSeat { .. } => "takeSeat",
            Self::SetParticipant { .. } => "setParticipant",
            Self::RemoveParticipant { .. } => "removeParticipant",
            Self::SteerRecording { .. } => "steerRecording",
            Self::DeleteRecording { .. } => "deleteRecording",
        }
    }
}

/// How a command came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Settlement {
    /// It is done.
    Done,
    /// The carrier dials.
    Dialled {
        /// The carrier's name of the new leg.
        call_sid: String,
    },
    /// This agent is reserved.
    Picked {
        /// Whom.
        agent: AgentRef,
        /// All who were looked at, with the reasons.
        considered: Vec<Considered>,
    },
    /// No agent can take the call.
    NobodyFree {
        /// All who were looked at, with the reasons.
        considered: Vec<Considered>,
    },
    /// So stands the leg that was asked about.
    Stands {
        /// The carrier's name of it.
        call_sid: String,
        /// How it stands.
        status: LegStatus,
    },
    /// The carrier may have done it: its answer was lost, and looking it up did not tell.
    InDoubt {
        /// What was seen.
        message: String,
    },
    /// The carrier has no such call.
    Unknown,
    /// These legs are in the conference.
    InRoom {
        /// The carrier's name of the conference; absent when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conference_sid: Option<String>,
        /// The carrier's names of the legs.
        call_sids: Vec<String>,
    },
    /// It was refused, or could not be done.
    Refused {
        /// The carrier's code, where it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
        /// Why, in words.
        message: String,
    },
}
