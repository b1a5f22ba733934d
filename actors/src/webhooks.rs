//! The addresses at which the carrier asks us and tells us: written here for the carrier, served by the HTTP room.

use tsunagu_call::{CallId, room_name};
use tsunagu_conversation::Lang;

/// What the carrier does when we cannot be reached, answer with an error, or are cut off in the middle: it asks again.
/// That carries a call over a restart of the server; what comes twice for it counts once. (Twilio's connection overrides:
/// a fragment that is neither sent nor signed.)
const AGAIN: &str = "#rc=5&rp=ct,rt,5xx";

/// Our webhooks under the public base address. Those that ask for a document name the language that is spoken on the leg,
/// so that even an apology for our own trouble is understood.
#[derive(Debug, Clone)]
pub struct Webhooks {
    base: String,
}

impl Webhooks {
    /// Webhooks under `base`, the address at which the carrier reaches us, such as `https://calls.example.jp`.
    pub fn new(base: &str) -> Self {
        Self { base: format!("{}/api/twilio", base.trim_end_matches('/')) }
    }

    /// The customer's leg asks what to hear.
    pub fn customer(&self, call: CallId, lang: Lang) -> String {
        format!("{}/voice/conference/{call}?lang={lang}{AGAIN}", self.base)
    }

    /// The customer's answer to a prompt.
    pub fn gather(&self, call: CallId, turn: u32, lang: Lang) -> String {
        format!("{}/voice/gather/{call}?turn={turn}&lang={lang}{AGAIN}", self.base)
    }

    /// What the recogniser makes of an unfinished utterance.
    pub fn partial(&self, call: CallId) -> String {
        format!("{}/voice/partial/{call}{AGAIN}", self.base)
    }

    /// The customer is on the way into the conference.
    pub fn handoff_message(&self, call: CallId, lang: Lang) -> String {
        format!("{}/voice/handoff-message?callId={call}&lang={lang}{AGAIN}", self.base)
    }

    /// The customer came out of the conference.
    pub fn customer_out(&self, call: CallId, lang: Lang) -> String {
        format!("{}/voice/conference/status/{call}?lang={lang}{AGAIN}", self.base)
    }

    /// The agent's leg asks what to hear.
    pub fn agent(&self, call: CallId, attempt: u32, lang: Lang) -> String {
        format!(
            "{}/voice/conference/agent/{}?attempt={attempt}&lang={lang}{AGAIN}",
            self.base,
            room_name(call)
        )
    }

    /// The agent's answer to the briefing.
    pub fn agent_key(&self, call: CallId, attempt: u32, lang: Lang) -> String {
        format!(
            "{}/voice/conference/agent/{}?attempt={attempt}&step=key&lang={lang}{AGAIN}",
            self.base,
            room_name(call)
        )
    }

    /// The agent came out of the conference.
    pub fn agent_out(&self, call: CallId, attempt: u32, lang: Lang) -> String {
        format!(
            "{}/voice/conference/agent/{}?attempt={attempt}&step=out&lang={lang}{AGAIN}",
            self.base,
            room_name(call)
        )
    }

    /// A supervisor's leg asks what to hear.
    pub fn supervisor(&self, call: CallId, number: u32, lang: Lang) -> String {
        format!("{}/voice/conference/supervisor/{call}?number={number}&lang={lang}{AGAIN}", self.base)
    }

    /// The supervisor's answer to what they were told.
    pub fn supervisor_key(&self, call: CallId, number: u32, lang: Lang) -> String {
        format!(
            "{}/voice/conference/supervisor/{call}?number={number}&step=key&lang={lang}{AGAIN}",
            self.base
        )
    }

    /// The supervisor came out of the conference.
    pub fn supervisor_out(&self, call: CallId, number: u32, lang: Lang) -> String {
        format!(
            "{}/voice/conference/supervisor/{call}?number={number}&step=out&lang={lang}{AGAIN}",
            self.base
        )
    }

    /// What the customer hears on hold.
    pub fn hold(&self, call: CallId, lang: Lang) -> String {
        format!("{}/voice/hold/{call}?lang={lang}{AGAIN}", self.base)
    }

    /// What those hear who wait in the conference for the other.
    pub fn wait(&self, call: CallId, lang: Lang) -> String {
        format!("{}/voice/wait/{call}?lang={lang}{AGAIN}", self.base)
    }

    /// The conference changed.
    pub fn conference_events(&self, call: CallId) -> String {
        format!("{}/conference/events/{call}{AGAIN}", self.base)
    }

    /// The customer's leg changed.
    pub fn call_status(&self, call: CallId) -> String {
        format!("{}/call/status/{call}{AGAIN}", self.base)
    }

    /// An agent's leg changed.
    pub fn agent_status(&self, call: CallId, attempt: u32) -> String {
        format!("{}/call/agent-status/{call}?attempt={attempt}{AGAIN}", self.base)
    }

    /// A supervisor's leg changed.
    pub fn supervisor_status(&self, call: CallId, number: u32) -> String {
        format!("{}/call/supervisor-status/{call}?number={number}{AGAIN}", self.base)
    }

    /// Who answered a supervisor's telephone.
    pub fn supervisor_detection(&self, call: CallId, number: u32) -> String {
        format!("{}/call/amd/{call}?supervisor={number}{AGAIN}", self.base)
    }

    /// Who answered the customer's telephone, by the carrier's detection.
    pub fn detection(&self, call: CallId) -> String {
        format!("{}/call/amd/{call}{AGAIN}", self.base)
    }

    /// Who answered an agent's telephone.
    pub fn agent_detection(&self, call: CallId, attempt: u32) -> String {
        format!("{}/call/amd/{call}?attempt={attempt}{AGAIN}", self.base)
    }

    /// What was said in the human part.
    pub fn transcription(&self, call: CallId) -> String {
        format!("{}/transcription/status/{call}{AGAIN}", self.base)
    }

    /// The recording changed.
    pub fn recording(&self, call: CallId) -> String {
        format!("{}/recording/status/{call}{AGAIN}", self.base)
    }
}
