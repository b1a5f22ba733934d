//! How long and how often: what an owner may set about the talk.

use serde::{Deserialize, Serialize};

/// How long the AI waits and how often it tries. The defaults stand in `config/conversation/limits.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Seconds for which the AI waits on the line for somebody to pick up.
    pub holding_secs: u32,
    /// Seconds of silence after a question before the AI speaks again.
    pub silence_secs: u32,
    /// Seconds of silence between two comfort sentences while an agent is rung. At most 4.
    pub comfort_secs: u32,
    /// Turns without progress after which the AI hands over.
    pub max_turns: u16,
    /// Comfort sentences, or answers while waiting, after which the hand-over is given up.
    pub max_comforts: u16,
    /// Inputs of any kind after which a call ends whatever happens: no call can go on for ever.
    pub max_inputs: u16,
    /// Whether a customer whom the AI cannot follow is handed over to a human. Otherwise the call ends politely.
    pub unknown_hands_over: bool,
    /// Whether a message is left on an answering machine.
    pub voicemail_message: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            holding_secs: 60,
            silence_secs: 6,
            comfort_secs: 4,
            max_turns: 10,
            max_comforts: 30,
            max_inputs: 200,
            unknown_hands_over: true,
            voicemail_message: false,
        }
    }
}
