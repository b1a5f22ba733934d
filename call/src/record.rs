//! A call as it is kept and shown: the projection of its journal, with the keys that clients know.

use crate::{CallId, CompanyId, CustomerId, SupervisionMode, Time, UserId};
use serde::{Deserialize, Serialize};

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Asked for; the carrier may be dialling or ringing.
    #[default]
    Initiated,
    /// The customer is talking with the AI.
    AiResponding,
    /// A human agent is being fetched while the AI keeps the customer company.
    Transferring,
    /// The customer and a human agent are in the conference.
    HumanConnected,
    /// Over, as calls end.
    Completed,
    /// Over without having reached anybody it was meant for.
    Failed,
}

impl Status {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initiated => "initiated",
            Self::AiResponding => "ai-responding",
            Self::Transferring => "transferring",
            Self::HumanConnected => "human-connected",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Nothing more will happen on such a call.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The ConversationEngine.
    Ai,
    /// The person called.
    Customer,
    /// The human agent.
    Agent,
}

/// One thing said on a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TranscriptLine {
    /// When it was heard or sent to be spoken.
    pub timestamp: Time,
    /// Who said it.
    pub speaker: Speaker,
    /// What was said.
    pub message: String,
    /// The recogniser's confidence, 0 to 1, where it gave one; null otherwise, as of what the AI said.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub confidence: Option<f32>,
    /// What the engine understood, for the customer's lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<tsunagu_conversation::Intent>,
    /// How sure the engine is of it, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}

/// What a party is on the call for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person called.
    Customer,
    /// The ConversationEngine.
    Ai,
    /// The human agent.
    Agent,
    /// A supervisor listening or helping.
    Supervisor,
}

/// A party of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// What the party is on the call for.
    pub role: Role,
    /// The carrier's name of its leg; the AI has none of its own.
    #[serde(default)]
    pub call_sid: Option<String>,
    /// When it came.
    pub joined_at: Time,
    /// When it went; absent while it is there.
    #[serde(default)]
    pub left_at: Option<Time>,
    /// It is not heard.
    #[serde(default)]
    pub muted: bool,
    /// It hears the hold document instead of the others.
    #[serde(default)]
    pub on_hold: bool,
}

/// Who supervised a call by telephone, when and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SupervisionRecord {
    /// Its number, counted from 1 over the whole call.
    pub number: u32,
    /// Who.
    pub user_id: UserId,
    /// The carrier's name of their leg, once known.
    #[serde(default)]
    pub call_sid: Option<String>,
    /// How they take part, or are to.
    pub mode: SupervisionMode,
    /// When they were rung.
    pub requested_at: Time,
    /// When they were in the conference; absent when they never were.
    #[serde(default)]
    pub joined_at: Option<Time>,
    /// When that was over; absent while it lasts.
    #[serde(default)]
    pub left_at: Option<Time>,
    /// How they took part while they were in the conference, in order.
    #[serde(default)]
    pub modes: Vec<ModeSince>,
}

/// From when on a supervisor took part in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ModeSince {
    /// How.
    pub mode: SupervisionMode,
    /// From when on.
    pub from: Time,
}

/// As whom the AI spoke.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AiConfiguration {
    /// The company it rang for.
    pub company_name: String,
    /// What it offered.
    pub service_name: String,
    /// The name it gave.
    pub representative_name: String,
    /// The department it asked for.
    pub target_department: String,
}

/// A call, whole, with the keys of the HTTP contract. While a call lives the stored form leaves the transcript
/// out (the journal has it); the form written with the last event holds everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// The call.
    #[serde(rename = "_id")]
    pub id: CallId,
    /// Whose call it is.
    pub company_id: CompanyId,
    /// Who was called.
    pub customer_id: CustomerId,
    /// The number that was dialled, E.164; older servers did not write it down.
    #[serde(default)]
    pub phone_number: String,
    /// The carrier's name of the customer's leg, once it is known.
    #[serde(default)]
    pub twilio_call_sid: Option<String>,
    /// The carrier's name of the conference, once there is one.
    #[serde(default)]
    pub conference_sid: Option<String>,
    /// Where the call is.
    pub status: Status,
    /// What the AI said last; of a call that lives the stored form may be behind.
    #[serde(default)]
    pub phase: Option<tsunagu_conversation::Phase>,
    /// When it was asked for.
    pub start_time: Time,
    /// When the customer picked up.
    #[serde(default)]
    pub answered_time: Option<Time>,
    /// When it was over.
    #[serde(default)]
    pub end_time: Option<Time>,
    /// Seconds from the answer to the end; 0 when nobody answered.
    #[serde(default)]
    pub duration: u32,
    /// The human agent who has, or had, the customer.
    #[serde(default)]
    pub assigned_agent: Option<UserId>,
    /// What was said, in order.
    #[serde(default)]
    pub transcript: Vec<TranscriptLine>,
    /// Who was there, in the order of coming.
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// Who supervised it by telephone, in the order of being rung.
    #[serde(default)]
    pub supervision: Vec<SupervisionRecord>,
    /// When a human was first asked for.
    #[serde(default)]
    pub handoff_time: Option<Time>,
    /// Why a human was asked for.
    #[serde(default)]
    pub handoff_reason: Option<String>,
    /// The outcome in the words of older clients: 成功, 不在, 拒否, 要フォロー, 失敗.
    #[serde(default)]
    pub call_result: Option<String>,
    /// The outcome in machine terms.
    #[serde(default)]
    pub outcome: Option<tsunagu_conversation::Outcome>,
    /// Why it ended, in one machine word.
    #[serde(default)]
    pub end_reason: Option<String>,
    /// What people wrote about it.
    #[serde(default)]
    pub notes: Option<String>,
    /// Where the carrier keeps the recording. Clients are given an address of ours in its place.
    #[serde(default)]
    pub recording_url: Option<String>,
    /// The carrier's name of the recording.
    #[serde(default)]
    pub recording_sid: Option<String>,
    /// How far the recording is: `in-progress`, `paused`, `completed`, `absent`, `failed`, or `deleted` when its time was
    /// over.
    #[serde(default)]
    pub recording_status: Option<String>,
    /// As whom the AI spoke.
    #[serde(default)]
    pub ai_configuration: AiConfiguration,
    /// Who or what answered, by the carrier's detection (`human`, `machine_end_beep`, …).
    #[serde(default)]
    pub answered_by: Option<String>,
    /// The call is over, but something it wanted done is not: it is taken up again after a restart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsettled: bool,
}
