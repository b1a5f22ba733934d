//! What to change about a company; what is `None` stays as it is, also when somebody else changes it at that moment. The
//! inner `None` of a doubly optional field empties it.

use super::{CallingHours, Company, CompanySettings, HandoverSettings, SpeechChange};
use crate::document::{ConversationChange, put};

/// A change of a company.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyChange {
    /// Its name.
    pub name: Option<String>,
    /// Where it is.
    pub address: Option<Option<String>>,
    /// What it does.
    pub business_type: Option<Option<String>>,
    /// How many people work there.
    pub employees: Option<Option<String>>,
    /// About itself.
    pub description: Option<Option<String>>,
    /// How its calls are made.
    pub settings: CompanySettingsChange,
    /// What it has of its own for the talk of its calls.
    pub speech: SpeechChange,
}

/// A change of how a company's calls are made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanySettingsChange {
    /// IANA time zone.
    pub timezone: Option<String>,
    /// The language that the AI speaks.
    pub language: Option<String>,
    /// When customers may be rung.
    pub calling_hours: Option<Option<CallingHours>>,
    /// The numbers that calls show.
    pub numbers: Option<Vec<String>>,
    /// As whom the AI speaks where an agent's own settings leave it open.
    pub conversation: ConversationChange,
    /// The limits of a hand-over.
    pub handover: HandoverChange,
    /// Calls are recorded.
    pub record: Option<Option<bool>>,
    /// The customer is told so.
    pub record_announcement: Option<Option<bool>>,
    /// For how many days recordings are kept.
    pub recording_retention_days: Option<Option<u32>>,
    /// The human part is written down.
    pub transcribe: Option<Option<bool>>,
    /// What a language model may answer from.
    pub facts: Option<Option<String>>,
}

/// A change of the limits of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandoverChange {
    /// How many agents are rung at most.
    pub attempts: Option<u32>,
    /// How long the customer waits at most, in seconds.
    pub total_secs: Option<u32>,
    /// How long an agent is left alone after a call, in seconds.
    pub wrap_up_secs: Option<u32>,
    /// What every agent must be good at.
    pub skills: Option<Vec<String>>,
    /// Only agents who speak the language of the talk.
    pub match_language: Option<bool>,
}

impl Company {
    /// Applies a change.
    pub fn change(&mut self, change: CompanyChange) {
        put(&mut self.name, change.name);
        put(&mut self.address, change.address);
        put(&mut self.business_type, change.business_type);
        put(&mut self.employees, change.employees);
        put(&mut self.description, change.description);
        self.settings.change(change.settings);
        self.speech.change(change.speech);
    }
}

impl CompanySettings {
    fn change(&mut self, change: CompanySettingsChange) {
        put(&mut self.timezone, change.timezone);
        put(&mut self.language, change.language);
        put(&mut self.calling_hours, change.calling_hours);
        put(&mut self.numbers, change.numbers);
        self.conversation.change(change.conversation);
        self.handover.change(change.handover);
        put(&mut self.record, change.record);
        put(&mut self.record_announcement, change.record_announcement);
        put(&mut self.recording_retention_days, change.recording_retention_days);
        put(&mut self.transcribe, change.transcribe);
        put(&mut self.facts, change.facts);
    }
}

impl HandoverSettings {
    fn change(&mut self, change: HandoverChange) {
        put(&mut self.attempts, change.attempts);
        put(&mut self.total_secs, change.total_secs);
        put(&mut self.wrap_up_secs, change.wrap_up_secs);
        put(&mut self.skills, change.skills);
        put(&mut self.match_language, change.match_language);
    }
}
