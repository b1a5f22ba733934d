//! Supervisors on the line: who listens to a call by telephone, whispers to its agent, or speaks with everybody.

use crate::{Time, UserId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tsunagu_conversation::Lang;

/// How many may supervise a call at a time.
pub const MAX_SUPERVISORS: usize = 5;

/// How often supervisors may be rung over the whole call.
pub const MAX_SUPERVISIONS: u32 = 50;

/// How a supervisor takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SupervisionMode {
    /// Hears everybody, and is heard by nobody.
    Listen,
    /// Hears everybody, and is heard by the agent alone.
    Whisper,
    /// Hears everybody, and is heard by everybody.
    Barge,
}

impl SupervisionMode {
    /// Every mode with the word used on the wire.
    pub const ALL: [(&'static str, Self); 3] =
        [("listen", Self::Listen), ("whisper", Self::Whisper), ("barge", Self::Barge)];
}

/// Where a supervisor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SupervisionStage {
    /// Their telephone rings.
    Ringing,
    /// They picked up, are told whose call it is, and are asked for a key.
    Briefing,
    /// They pressed the key, and are on the way into the conference.
    Entering,
    /// They are in the conference.
    OnTheLine,
}

/// Why a supervision ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisionEnd {
    /// They hung up, or the conference was over.
    Left,
    /// Their telephone was not picked up.
    NoAnswer,
    /// They pressed another key or none, or a machine picked up.
    Declined,
    /// Somebody at the screen ended it.
    Released,
    /// The carrier did not ring them, or did not bring them into the conference.
    NotConnected,
    /// The human part of the call was over.
    HumanPartOver,
}

/// A supervisor who is rung, or on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervision {
    /// Its number, counted from 1 over the whole call.
    pub number: u32,
    /// Who.
    pub user: UserId,
    /// The number rung, E.164.
    pub phone: String,
    /// The language in which they are told whose call it is.
    pub lang: Lang,
    /// How they take part; before they enter, nothing of it has happened.
    pub mode: SupervisionMode,
    /// How they shall take part.
    pub wanted: SupervisionMode,
    /// Where they are.
    pub stage: SupervisionStage,
    /// Since when.
    pub since: Time,
    /// The carrier's name of their leg, once known.
    pub call_sid: Option<Arc<str>>,
}

impl Supervision {
    /// They were asked for the key, or are to be: no human is known to have picked up.
    pub const fn awaits_key(&self) -> bool {
        matches!(self.stage, SupervisionStage::Ringing | SupervisionStage::Briefing)
    }
}
