//! How long things may take on a call. Seconds of call time throughout.

use serde::{Deserialize, Serialize};

/// The limits of one call, fixed when it is created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", default, deny_unknown_fields)]
pub struct Rules {
    /// How long the customer's telephone rings; the carrier takes 5 to 600.
    pub ring_secs: u32,
    /// How long a whole call may last.
    pub longest_secs: u32,
    /// After how long without a word from the carrier it is asked how the call stands.
    pub reconcile_secs: u32,
    /// How long a goodbye may take before the leg is hung up.
    pub closing_secs: u32,
    /// How many agents are rung for one hand-over.
    pub handover_attempts: u32,
    /// How long a hand-over may take in all before the customer is told that nobody is free.
    pub handover_secs: u32,
    /// How long an agent's telephone rings; the carrier takes 5 to 600.
    pub agent_ring_secs: u32,
    /// How long an agent may listen to the briefing without pressing a key.
    pub briefing_secs: u32,
    /// How long the customer's way into the conference may take.
    pub bridging_secs: u32,
    /// How long an agent is left alone after a call before the next, 0 to 300.
    pub wrap_up_secs: u32,
    /// What every agent who takes over must be good at.
    pub handover_skills: Vec<String>,
    /// Only agents who speak the language of the talk take over.
    pub match_language: bool,
    /// Let the carrier tell whether a person or a machine picked up.
    pub detect_machines: bool,
    /// Have the carrier write down what is said in the human part.
    pub transcribe: bool,
    /// Record the call, from the customer's answer to its end.
    pub record: bool,
    /// Say at the beginning that the call is recorded, where it is.
    pub announce_recording: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ring_secs: 30,
            longest_secs: 900,
            reconcile_secs: 60,
            closing_secs: 30,
            handover_attempts: 3,
            handover_secs: 60,
            agent_ring_secs: 20,
            briefing_secs: 30,
            bridging_secs: 10,
            wrap_up_secs: 0,
            handover_skills: Vec::new(),
            match_language: false,
            detect_machines: true,
            transcribe: true,
            record: false,
            announce_recording: true,
        }
    }
}
