//! What happens on a call, as the journal keeps it: the closed set of facts from which a call can be rebuilt.

use crate::{
    AgentRef, Command, CommandId, CompanyId, CustomerRef, Directive, Leaving, Rules, Settlement, Speaker,
    Stage, SupervisionEnd, SupervisionMode, SupervisionStage, TakeoverEnd, Time, UserId, handover::Requester,
    routing::Needs,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tsunagu_conversation as conversation;

/// One line of a call's journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Entry {
    /// Its place, counted from 1 without a gap.
    pub seq: u64,
    /// When it was decided.
    pub at: Time,
    /// What happened.
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub event: Event,
}

/// All that a call needs to know from its first moment on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// Whose call it is.
    pub company_id: CompanyId,
    /// Who is rung.
    pub customer: CustomerRef,
    /// The number the call shows, E.164.
    pub from: String,
    /// As whom the AI speaks, and in which language.
    pub profile: conversation::Profile,
    /// How patient the AI is.
    pub limits: conversation::Limits,
    /// Which of the company's own scripts of that language the talk goes by; 0 is the server's own.
    #[serde(default, skip_serializing_if = "is_servers_own")]
    pub script: u64,
    /// How long things may take.
    pub rules: Rules,
    /// The agent whose call this is and who is tried first when a human is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<UserId>,
    /// Who asked for the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<UserId>,
}

/// Calls of before there were others have none written.
const fn is_servers_own(script: &u64) -> bool {
    *script == 0
}

/// A party's own line to the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Leg {
    /// The person called.
    Customer,
    /// The agent rung in this attempt of the hand-over, counted from 1 over the whole call.
    Agent(u32),
    /// The supervisor of this number, counted from 1 over the whole call.
    Supervisor(u32),
}

/// How a leg stands with the carrier; the order is that of a call's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegStatus {
    /// Accepted by the carrier, not yet dialled.
    Queued,
    /// Dialled.
    Initiated,
    /// Ringing.
    Ringing,
    /// Answered.
    InProgress,
    /// Ended after an answer.
    Completed,
    /// The line was busy, or the call was refused.
    Busy,
    /// Nobody picked up in time.
    NoAnswer,
    /// Taken back before an answer.
    Canceled,
    /// The carrier could not put it through.
    Failed,
}

impl LegStatus {
    /// The leg is gone for good; whatever arrives later about it is older news.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Busy | Self::NoAnswer | Self::Canceled | Self::Failed)
    }
}

/// A change in the conference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RoomChange {
    /// Two parties are in it.
    Started,
    /// A leg came in.
    Joined {
        /// The carrier's name of the leg.
        call_sid: String,
    },
    /// A leg went out.
    Left {
        /// The carrier's name of the leg.
        call_sid: String,
    },
    /// A leg was muted or is heard again.
    Muted {
        /// The carrier's name of the leg.
        call_sid: String,
        /// It is not heard.
        muted: bool,
    },
    /// A leg was put on hold or is back.
    Held {
        /// The carrier's name of the leg.
        call_sid: String,
        /// It hears the hold document.
        held: bool,
    },
    /// The conference is over.
    Ended {
        /// The carrier's word for why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// Why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The script came to one of its ends.
    Script(conversation::EndReason),
    /// The customer hung up while the AI was with them.
    CustomerHungUp,
    /// The customer hung up while a human was being fetched.
    CustomerHungUpWaiting,
    /// A human spoke with the customer, and one of them hung up.
    HumanDone,
    /// The line was busy.
    Busy,
    /// Nobody picked up.
    NoAnswer,
    /// A machine picked up.
    AnsweringMachine,
    /// The call was taken back before an answer.
    Canceled,
    /// The carrier could not place the call.
    CarrierFailed,
    /// A person ended it.
    EndedByUser,
    /// It had lasted as long as a call may.
    TooLong,
    /// The carrier knows nothing of the call any more.
    Lost,
}

impl EndReason {
    /// The machine word kept in `endReason`.
    pub fn word(self) -> String {
        let word = match self {
            Self::Script(reason) => serde_json::to_value(reason).ok(),
            other => serde_json::to_value(other).ok(),
        };
        word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_else(|| "unknown".to_owned())
    }
}

/// What is known of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// The carrier's name of the recording.
    pub sid: String,
    /// Where the carrier keeps it, without extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `in-progress`, `completed`, `absent`, …
    pub status: String,
    /// Whole seconds, once it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// The carrier's name of the leg that is recorded, where it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_sid: Option<String>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// Somebody asked for the call.
    Created(Box<Created>),
    /// Something will now be done in the world; without a [`Event::Settled`] it may or may not have been.
    Intended {
        /// Which of the call's commands.
        id: CommandId,
        /// What will be done.
        command: Command,
    },
    /// How a command came out.
    Settled {
        /// Which of the call's commands.
        id: CommandId,
        /// Its result.
        settlement: Settlement,
    },
    /// The carrier told how a leg stands.
    Progressed {
        /// Whose leg.
        leg: Leg,
        /// The carrier's name of it.
        call_sid: String,
        /// How it stands.
        status: LegStatus,
        /// The carrier's count, from 0; absent where the news came by asking.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sequence: Option<u32>,
    },
    /// The carrier's detection told who answered.
    Detected {
        /// Whose leg.
        leg: Leg,
        /// The carrier's word: `human`, `machine_end_beep`, `fax`, `unknown`, ….
        answered_by: String,
    },
    /// The customer said something.
    Heard {
        /// The prompt it answers.
        turn: u32,
        /// What the recogniser made of it.
        text: String,
        /// The recogniser's confidence, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f32>,
        /// What the engine understood.
        intent: conversation::Intent,
        /// How sure the engine is, 0 to 1.
        score: f32,
        /// Which words counted, for a person who asks why.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<conversation::Evidence>,
        /// What a language model said of it and what that cost, where one was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<Box<conversation::Advice>>,
    },
    /// The customer pressed keys.
    Pressed {
        /// The prompt it answers.
        turn: u32,
        /// The keys.
        digits: String,
    },
    /// The customer said nothing for as long as the AI listened.
    Silent {
        /// The prompt it answers.
        turn: u32,
    },
    /// The AI decided what the customer hears next.
    Said {
        /// The number of this prompt, counted from 1.
        turn: u32,
        /// What the carrier shall do with the customer's leg.
        directive: Arc<Directive>,
        /// How many of its first lines were decided, and noted, before and had not reached the carrier yet.
        #[serde(default, skip_serializing_if = "is_zero")]
        carried: usize,
        /// Where the conversation stands.
        talk: conversation::State,
        /// The carrier asked and was given it; otherwise it waits for the carrier to ask.
        delivered: bool,
    },
    /// The carrier was given the prompt that waited.
    Delivered {
        /// The prompt.
        turn: u32,
    },
    /// The carrier's recogniser heard somebody speak in the human part.
    Transcribed {
        /// The carrier's name of the transcription.
        transcription_sid: String,
        /// The carrier's count within it.
        sequence: u32,
        /// Who spoke.
        speaker: Speaker,
        /// What.
        message: String,
        /// How sure the recogniser is, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f32>,
    },
    /// A human is wanted.
    HandoverRequested {
        /// Who asked.
        by: Requester,
        /// Why, in words.
        reason: String,
        /// The agent who shall be tried first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<UserId>,
        /// What is needed of whoever takes over.
        #[serde(default, skip_serializing_if = "Needs::is_empty")]
        needs: Needs,
        /// The agent is a supervisor who takes the call over, whatever they are doing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        takeover: bool,
    },
    /// While a human was being fetched, somebody at the screen named an agent.
    AgentNamed {
        /// Who.
        by: UserId,
        /// Whom.
        agent: UserId,
        /// They are a supervisor who takes the call over, whatever they are doing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        takeover: bool,
    },
    /// The hand-over has come to another stage.
    HandoverMoved {
        /// Where it is now.
        stage: Stage,
    },
    /// An agent was reserved for this call.
    AgentReserved {
        /// The agent.
        agent: AgentRef,
    },
    /// The agent is wanted no more; they are given back when no leg of theirs is at the carrier any longer.
    AgentLeaving(Leaving),
    /// The agent's briefing was repeated because they pressed nothing.
    BriefingRepeated {
        /// The attempt.
        attempt: u32,
    },
    /// The conference changed.
    Room {
        /// The carrier's name of the conference.
        conference_sid: String,
        /// The carrier's count within the conference, from 1.
        sequence: u32,
        /// How it changed.
        change: RoomChange,
    },
    /// A supervisor wants to be on the line, and is rung.
    SupervisionRequested {
        /// Its number, counted from 1 over the whole call.
        number: u32,
        /// Who.
        by: UserId,
        /// The number rung, E.164.
        phone: String,
        /// The language in which they are told whose call it is.
        lang: conversation::Lang,
        /// How they want to take part.
        mode: SupervisionMode,
    },
    /// A supervisor is to take part in another way.
    SupervisionSwitched {
        /// Whose supervision.
        number: u32,
        /// How they shall take part.
        mode: SupervisionMode,
    },
    /// A supervisor has come further.
    SupervisionMoved {
        /// Whose supervision.
        number: u32,
        /// Where they are.
        stage: SupervisionStage,
    },
    /// A supervisor on the line takes part in another way: the carrier has done it.
    SupervisionChanged {
        /// Whose supervision.
        number: u32,
        /// How they take part.
        mode: SupervisionMode,
    },
    /// A supervisor is not on the line any more, or does not come.
    SupervisionEnded {
        /// Whose supervision.
        number: u32,
        /// Why.
        reason: SupervisionEnd,
    },
    /// A supervisor wants to be the agent in place of the one who has the customer.
    TakeoverRequested {
        /// Who.
        by: UserId,
    },
    /// The supervisor who takes over was reserved for this call.
    TakeoverReserved {
        /// They, as an agent.
        agent: AgentRef,
    },
    /// The supervisor has the customer, and is the agent from now on.
    TakenOver {
        /// The supervision by which they came onto the line.
        number: u32,
        /// They, as an agent.
        agent: AgentRef,
        /// The attempt that this counts as.
        attempt: u32,
    },
    /// The take-over came to nothing.
    TakeoverEnded {
        /// Whose.
        by: UserId,
        /// Why.
        reason: TakeoverEnd,
    },
    /// The recording changed.
    Recorded(Recorded),
    /// The recording waits, or goes on: the carrier did as a person wanted.
    RecordingPaused {
        /// It waits.
        paused: bool,
    },
    /// The carrier has the recording no longer.
    RecordingDeleted {
        /// The carrier's name of it.
        sid: String,
    },
    /// A line was added to the transcript by a client.
    Spoke {
        /// Who said it.
        speaker: Speaker,
        /// What was said.
        message: String,
        /// The recogniser's confidence, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f32>,
    },
    /// A person wrote a note.
    Noted {
        /// The note; it replaces the one before, and an empty one takes it away.
        notes: String,
        /// What came of the call in their judgement: of one that is over at once, of one that lives at its end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<conversation::Outcome>,
    },
    /// What came of the call was decided.
    Decided {
        /// What came of it.
        outcome: conversation::Outcome,
        /// Why.
        reason: EndReason,
    },
    /// The call is over.
    Ended {
        /// What came of it.
        outcome: conversation::Outcome,
        /// Why.
        reason: EndReason,
        /// Seconds since the answer.
        duration: u32,
    },
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
