//! An agent's own settings: the number to ring, as whom the AI speaks for them, when they work.

mod change;

pub use change::{AgentSettingsChange, ConversationChange, NotificationChange, WorkingHoursChange};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tsunagu_call::{CompanyId, UserId};

/// The priority of an agent nobody gave one: the middle of 0 to 100.
pub const DEFAULT_PRIORITY: u8 = 50;

/// An agent's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentSettings {
    /// Whose settings.
    pub user_id: UserId,
    /// Where they belong.
    pub company_id: CompanyId,
    /// The telephone that rings for a hand-over, E.164; without one nothing can be handed over to them.
    #[serde(default)]
    pub phone_number: Option<String>,
    /// They take hand-overs at all.
    #[serde(default = "yes")]
    pub is_available: bool,
    /// As whom the AI speaks on calls started by them.
    #[serde(default)]
    pub conversation_settings: ConversationSettings,
    /// When and how they are told of things.
    #[serde(default)]
    pub notification_preferences: NotificationPreferences,
    /// What they are good at, in the company's own words.
    #[serde(default)]
    pub skills: Vec<String>,
    /// The languages they speak beside that of their conversation settings (`ja`, `en`).
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whom to prefer among the equally loaded, 0 to 100, the higher the sooner.
    #[serde(default = "default_priority")]
    pub priority: u8,
}

impl AgentSettings {
    /// The settings of an agent who has set nothing yet.
    pub fn new(user_id: UserId, company_id: CompanyId) -> Self {
        Self {
            user_id,
            company_id,
            phone_number: None,
            is_available: true,
            conversation_settings: ConversationSettings::default(),
            notification_preferences: NotificationPreferences::default(),
            skills: Vec::new(),
            languages: Vec::new(),
            priority: DEFAULT_PRIORITY,
        }
    }
}

/// As whom the AI speaks; an empty text leaves it to the script.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ConversationSettings {
    /// The company it rings for.
    pub company_name: String,
    /// What it offers.
    pub service_name: String,
    /// The name it gives.
    pub representative_name: String,
    /// The department it asks for.
    pub target_department: String,
    /// The language it speaks; the company's when absent.
    pub language: Option<String>,
    /// Sentences of one's own in place of the script's, by the script's key.
    pub custom_templates: BTreeMap<String, String>,
}

impl ConversationSettings {
    /// These, and what they leave open as others say it.
    #[must_use]
    pub fn or(mut self, others: &Self) -> Self {
        let fill = |own: &mut String, other: &String| {
            if own.trim().is_empty() {
                own.clone_from(other);
            }
        };
        fill(&mut self.company_name, &others.company_name);
        fill(&mut self.service_name, &others.service_name);
        fill(&mut self.representative_name, &others.representative_name);
        fill(&mut self.target_department, &others.target_department);
        self.language = self.language.or_else(|| others.language.clone());
        for (key, text) in &others.custom_templates {
            self.custom_templates.entry(key.clone()).or_insert_with(|| text.clone());
        }
        self
    }
}

/// When and how an agent is told of things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NotificationPreferences {
    /// Told of calls.
    pub enable_call_notifications: bool,
    /// Told by e-mail.
    pub enable_email_notifications: bool,
    /// When they may be rung; at any time when absent.
    pub working_hours: Option<WorkingHours>,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        Self { enable_call_notifications: true, enable_email_notifications: false, working_hours: None }
    }
}

/// A daily window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct WorkingHours {
    /// First minute, `HH:MM`.
    pub start: String,
    /// The minute after the last, `HH:MM`; before `start` the window runs across midnight.
    pub end: String,
    /// IANA time zone; the company's when absent.
    pub timezone: Option<String>,
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self { start: "09:00".into(), end: "18:00".into(), timezone: None }
    }
}

const fn yes() -> bool {
    true
}

const fn default_priority() -> u8 {
    DEFAULT_PRIORITY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_alone_what_it_does_not_name() {
        let id = |byte| tsunagu_call::Id::from_bytes([byte; 12]);
        let mut settings = AgentSettings::new(tsunagu_call::Id::from_bytes([1; 12]), id(2));
        let template = |text: Option<&str>| BTreeMap::from([("initial".to_owned(), text.map(str::to_owned))]);
        settings.change(AgentSettingsChange {
            conversation: ConversationChange {
                company_name: Some("青空".into()),
                custom_templates: template(Some("はい")),
                ..ConversationChange::default()
            },
            notifications: NotificationChange {
                working_hours: Some(Some(WorkingHoursChange {
                    end: Some("17:00".into()),
                    ..Default::default()
                })),
                ..NotificationChange::default()
            },
            ..AgentSettingsChange::default()
        });
        let hours = settings.notification_preferences.working_hours.as_ref().unwrap();
        assert_eq!((hours.start.as_str(), hours.end.as_str()), ("09:00", "17:00"));
        settings.change(AgentSettingsChange {
            conversation: ConversationChange { custom_templates: template(None), ..Default::default() },
            ..AgentSettingsChange::default()
        });
        assert_eq!(settings.conversation_settings.company_name, "青空");
        assert!(settings.conversation_settings.custom_templates.is_empty());
        assert!(settings.notification_preferences.working_hours.is_some());
    }

    #[test]
    fn settings_of_an_older_server_are_read() {
        let settings: AgentSettings = serde_json::from_str(
            r#"{"_id":"0001027f80ff090807060509","userId":"0001027f80ff090807060504","companyId":"0001027f80ff090807060505",
            "phoneNumber":"+819012345678","conversationSettings":{"companyName":"青空商事"},
            "notificationPreferences":{"workingHours":{"start":"22:00","end":"06:00"}}}"#,
        )
        .unwrap();
        assert!(settings.is_available && settings.notification_preferences.enable_call_notifications);
        assert_eq!(settings.priority, DEFAULT_PRIORITY);
        assert_eq!(settings.conversation_settings.service_name, "");
        assert_eq!(settings.notification_preferences.working_hours.unwrap().timezone, None);
    }
}
