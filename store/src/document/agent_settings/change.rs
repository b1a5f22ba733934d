//! What to change about an agent's settings; what is `None` stays as it is, also when somebody else changes it at that moment.
//! The inner `None` of a doubly optional field empties it.

use super::{AgentSettings, ConversationSettings, NotificationPreferences, WorkingHours};
use crate::document::put;
use std::collections::BTreeMap;

/// A change of an agent's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSettingsChange {
    /// The telephone that rings for a hand-over, E.164.
    pub phone_number: Option<Option<String>>,
    /// They take hand-overs at all.
    pub is_available: Option<bool>,
    /// As whom the AI speaks.
    pub conversation: ConversationChange,
    /// When and how they are told of things.
    pub notifications: NotificationChange,
    /// What they are good at.
    pub skills: Option<Vec<String>>,
    /// The languages they speak beside that of their conversation settings.
    pub languages: Option<Vec<String>>,
    /// Whom to prefer, 0 to 100.
    pub priority: Option<u8>,
}

/// A change of as whom the AI speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationChange {
    /// The company it rings for.
    pub company_name: Option<String>,
    /// What it offers.
    pub service_name: Option<String>,
    /// The name it gives.
    pub representative_name: Option<String>,
    /// The department it asks for.
    pub target_department: Option<String>,
    /// The language it speaks.
    pub language: Option<Option<String>>,
    /// Sentences of one's own, by the script's key; `None` gives one back to the script. Keys that are not named stay.
    pub custom_templates: BTreeMap<String, Option<String>>,
}

/// A change of when and how an agent is told of things.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotificationChange {
    /// Told of calls.
    pub enable_call_notifications: Option<bool>,
    /// Told by e-mail.
    pub enable_email_notifications: Option<bool>,
    /// When they may be rung.
    pub working_hours: Option<Option<WorkingHoursChange>>,
}

/// A change of a daily window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkingHoursChange {
    /// First minute, `HH:MM`.
    pub start: Option<String>,
    /// The minute after the last, `HH:MM`.
    pub end: Option<String>,
    /// IANA time zone.
    pub timezone: Option<Option<String>>,
}

impl AgentSettings {
    /// Applies a change.
    pub fn change(&mut self, change: AgentSettingsChange) {
        put(&mut self.phone_number, change.phone_number);
        put(&mut self.is_available, change.is_available);
        self.conversation_settings.change(change.conversation);
        self.notification_preferences.change(change.notifications);
        put(&mut self.skills, change.skills);
        put(&mut self.languages, change.languages);
        put(&mut self.priority, change.priority);
    }
}

impl ConversationSettings {
    pub(in crate::document) fn change(&mut self, change: ConversationChange) {
        put(&mut self.company_name, change.company_name);
        put(&mut self.service_name, change.service_name);
        put(&mut self.representative_name, change.representative_name);
        put(&mut self.target_department, change.target_department);
        put(&mut self.language, change.language);
        for (key, text) in change.custom_templates {
            match text {
                Some(text) => drop(self.custom_templates.insert(key, text)),
                None => drop(self.custom_templates.remove(&key)),
            }
        }
    }
}

impl NotificationPreferences {
    fn change(&mut self, change: NotificationChange) {
        put(&mut self.enable_call_notifications, change.enable_call_notifications);
        put(&mut self.enable_email_notifications, change.enable_email_notifications);
        match change.working_hours {
            None => {}
            Some(None) => self.working_hours = None,
            Some(Some(change)) => self.working_hours.get_or_insert_default().change(change),
        }
    }
}

impl WorkingHours {
    fn change(&mut self, change: WorkingHoursChange) {
        put(&mut self.start, change.start);
        put(&mut self.end, change.end);
        put(&mut self.timezone, change.timezone);
    }
}
