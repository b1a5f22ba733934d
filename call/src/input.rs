//! What can reach a call, and what it answers.

use crate::{
    AgentReply, CommandId, CustomerReply, Leg, LegStatus, Recorded, RoomChange, Settlement, Speaker, Status,
    SupervisionMode, SupervisorReply, UserId,
};
use tsunagu_conversation::{Advice, Lang, Outcome};

/// One thing that happens to a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The carrier asks what the customer shall hear: at the answer, and whenever the leg was redirected to us.
    CustomerAsks {
        /// The carrier's name of the leg.
        call_sid: String,
    },
    /// The customer answered a prompt, by words, keys or silence.
    CustomerSays {
        /// The prompt that was answered; absent when the carrier does not tell.
        turn: Option<u32>,
        /// What came.
        utterance: Utterance,
    },
    /// The customer came out of the conference and the carrier asks what is next.
    CustomerOut,
    /// The agent picked up, and the carrier asks what they shall hear.
    AgentAsks {
        /// The attempt.
        attempt: u32,
        /// The carrier's name of the leg.
        call_sid: String,
    },
    /// The agent pressed keys in the briefing, or none in time.
    AgentPresses {
        /// The attempt.
        attempt: u32,
        /// The keys; empty when none.
        digits: String,
    },
    /// The agent came out of the conference.
    AgentOut {
        /// The attempt.
        attempt: u32,
    },
    /// A supervisor picked up, and the carrier asks what they shall hear.
    SupervisorAsks {
        /// The supervision.
        number: u32,
        /// The carrier's name of the leg.
        call_sid: String,
    },
    /// The supervisor pressed keys, or none in time.
    SupervisorPresses {
        /// The supervision.
        number: u32,
        /// The keys; empty when none.
        digits: String,
    },
    /// The supervisor came out of the conference.
    SupervisorOut {
        /// The supervision.
        number: u32,
    },
    /// The carrier tells how a leg stands.
    Progress {
        /// Whose leg.
        leg: Leg,
        /// The carrier's name of it.
        call_sid: String,
        /// How it stands.
        status: LegStatus,
        /// The carrier's count.
        sequence: Option<u32>,
    },
    /// The carrier's detection tells who answered.
    Detected {
        /// Whose leg.
        leg: Leg,
        /// The carrier's word.
        answered_by: String,
    },
    /// The conference changed.
    Room {
        /// The carrier's name of the conference.
        conference_sid: String,
        /// The carrier's count within it.
        sequence: u32,
        /// How it changed.
        change: RoomChange,
    },
    /// The recording changed.
    Recorded(Recorded),
    /// A person wants the recording to wait, or to go on.
    SteerRecording {
        /// Who wants it.
        by: UserId,
        /// It shall wait.
        paused: bool,
    },
    /// The time for which recordings are kept is over.
    DeleteRecording,
    /// A command came out.
    Settled {
        /// Which.
        id: CommandId,
        /// Its result.
        settlement: Settlement,
    },
    /// A person wants a human on the line.
    RequestHandover {
        /// Who asks.
        by: UserId,
        /// Why.
        reason: Option<String>,
        /// The agent to try first. While somebody else is being fetched, this agent is fetched in their place.
        agent: Option<UserId>,
        /// Skills that are needed, beside those that the company always wants.
        skills: Vec<String>,
    },
    /// A person takes the request for a human back.
    CancelHandover {
        /// Who.
        by: UserId,
    },
    /// A supervisor wants to be on the line; asked again, to take part in another way.
    Supervise {
        /// Who.
        by: UserId,
        /// How.
        mode: SupervisionMode,
        /// The number to ring, E.164.
        phone: String,
        /// The language in which they are told whose call it is.
        lang: Lang,
    },
    /// A supervisor wants to be on the line no longer.
    StopSupervising {
        /// Who.
        by: UserId,
    },
    /// A supervisor wants the customer, from the AI or from the agent.
    TakeOver {
        /// Who.
        by: UserId,
    },
    /// A person wants a leg in the conference muted or put on hold, or the contrary.
    SetParticipant {
        /// Who.
        by: UserId,
        /// The carrier's name of the leg.
        call_sid: String,
        /// Heard by nobody; absent leaves it.
        muted: Option<bool>,
        /// Apart from the others; absent leaves it.
        held: Option<bool>,
    },
    /// A person wants a leg out of the conference.
    RemoveParticipant {
        /// Who.
        by: UserId,
        /// The carrier's name of the leg.
        call_sid: String,
    },
    /// A person ends the call.
    RequestEnd {
        /// What came of it, in their judgement; otherwise what happened decides.
        outcome: Option<Outcome>,
        /// Their note.
        notes: Option<String>,
    },
    /// A client adds to the transcript.
    Spoke {
        /// Who spoke.
        speaker: Speaker,
        /// What.
        message: String,
        /// The recogniser's confidence.
        confidence: Option<f32>,
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
        confidence: Option<f32>,
    },
    /// A person writes a note.
    Note {
        /// The note; an empty one takes the present one away.
        notes: String,
        /// What came of the call in their judgement, if they say so.
        outcome: Option<Outcome>,
    },
    /// Time has passed: see [`crate::Call::next_deadline`].
    Tick,
}

/// What the customer did in answer to a prompt.
#[derive(Debug, Clone, PartialEq)]
pub enum Utterance {
    /// Spoke.
    Words {
        /// What the recogniser made of it.
        text: String,
        /// Its confidence, 0 to 1.
        confidence: Option<f32>,
    },
    /// Spoke, and a language model was asked about it.
    Advised {
        /// What the recogniser made of it.
        text: String,
        /// Its confidence, 0 to 1.
        confidence: Option<f32>,
        /// What came of asking.
        advice: Box<Advice>,
    },
    /// Pressed keys.
    Keys(String),
    /// Nothing.
    Silence,
}

/// What an input is answered with.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Nothing is expected.
    None,
    /// What the customer's leg does next.
    Customer(CustomerReply),
    /// What an agent's leg does next.
    Agent(AgentReply),
    /// What a supervisor's leg does next.
    Supervisor(SupervisorReply),
}

/// Why a call does not do what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A human can only be put through while the AI is talking.
    #[error("a human can be put through only while the AI is talking; this call is {}", .0.as_str())]
    NotWithAi(Status),
    /// No human is being fetched.
    #[error("no human is being fetched for this call: it is {}", .0.as_str())]
    NoHandover(Status),
    /// The call is over.
    #[error("the call is over")]
    Over,
    /// It is not recorded, or not any more.
    #[error("the call is not being recorded")]
    NotRecorded,
    /// Supervisors are on the line only where a human has the customer.
    #[error(
        "the customer is not with a human agent: follow the live transcript, or take the call over; this call is {}",
        .0.as_str()
    )]
    WithAi(Status),
    /// The human who had the customer is gone.
    #[error("the agent has left this call, which is coming to its end")]
    HumanPartOver,
    /// As many supervise as may.
    #[error("as many supervisors as possible are on this call, or have been rung for it")]
    TooManySupervisors,
    /// They have the customer themselves.
    #[error("you are this call's agent yourself")]
    AgentYourself,
    /// They do not supervise the call.
    #[error("you are not supervising this call")]
    NotSupervising,
    /// Somebody is taking the call over, or has only just ceased to.
    #[error("the call is just being taken over; try again in a moment")]
    TakeoverBusy,
    /// The leg is not in the conference.
    #[error("no such participant is in the call's conference")]
    NotInConference,
    /// The customer is not taken out of a call that goes on.
    #[error("this is the customer's leg: end the call for everybody instead")]
    CustomersLeg,
    /// Whether a supervisor is heard follows from the mode.
    #[error("this is a supervisor's leg: change how they supervise instead")]
    SupervisorsLeg,
    /// Something else is being done to this leg.
    #[error("this participant is just being changed; try again in a moment")]
    ParticipantBusy,
    /// The recording is being paused or resumed at this moment.
    #[error("the recording is just being paused or resumed; try again in a moment")]
    RecordingBusy,
}
