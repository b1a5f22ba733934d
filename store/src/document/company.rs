//! A company: whose calls, customers and people these are.

mod change;
mod speech;

pub use change::{CompanyChange, CompanySettingsChange, HandoverChange};
pub use speech::{CompanyPhrase, CompanyScript, CompanySpeech, SpeechChange};

use super::ConversationSettings;
use serde::{Deserialize, Deserializer, Serialize};
use tsunagu_call::{
    CallingWindow, CompanyId, Time,
    routing::{HoursError, WorkingHours},
};

/// A company; nobody sees across its border.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Company {
    /// The company.
    #[serde(rename = "_id")]
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Where it is.
    #[serde(default)]
    pub address: Option<String>,
    /// What it does.
    #[serde(default)]
    pub business_type: Option<String>,
    /// How many people work there, in its own words (`10`, `50-100`).
    #[serde(default, deserialize_with = "text_or_number")]
    pub employees: Option<String>,
    /// About itself.
    #[serde(default)]
    pub description: Option<String>,
    /// How its calls are made.
    #[serde(default)]
    pub settings: CompanySettings,
    /// What it has of its own for the talk of its calls. It may be long, and is shown by itself.
    #[serde(default, skip_serializing_if = "CompanySpeech::is_untouched")]
    #[cfg_attr(feature = "schema", schema(ignore))]
    pub speech: CompanySpeech,
    /// When it signed up.
    #[serde(default)]
    pub created_at: Time,
}

/// How a company's calls are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CompanySettings {
    /// IANA time zone in which its hours are meant.
    pub timezone: String,
    /// The language that the AI speaks unless an agent's settings say otherwise (`ja`, `en`).
    pub language: String,
    /// When customers may be rung; at any time when absent.
    pub calling_hours: Option<CallingHours>,
    /// The numbers that calls show, E.164; a customer is always rung from the same one. The server's when empty.
    pub numbers: Vec<String>,
    /// As whom the AI speaks where an agent's own settings leave it open.
    pub conversation: ConversationSettings,
    /// The limits of a hand-over.
    pub handover: HandoverSettings,
    /// Calls are recorded; the server's setting when absent.
    pub record: Option<bool>,
    /// The customer is told that the call is recorded; the server's setting when absent.
    pub record_announcement: Option<bool>,
    /// For how many days after a call's start its recording is kept; for ever when absent. 0: until the next look at what
    /// is old.
    pub recording_retention_days: Option<u32>,
    /// What is said in the human part is written down in real time; the server's setting when absent.
    pub transcribe: Option<bool>,
    /// What a language model may answer customers' questions from, where the server has one.
    pub facts: Option<String>,
}

impl Default for CompanySettings {
    fn default() -> Self {
        Self {
            timezone: "Asia/Tokyo".into(),
            language: "ja".into(),
            calling_hours: None,
            numbers: Vec::new(),
            conversation: ConversationSettings::default(),
            handover: HandoverSettings::default(),
            record: None,
            record_announcement: None,
            recording_retention_days: None,
            transcribe: None,
            facts: None,
        }
    }
}

/// The hours of the week in which customers may be rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CallingHours {
    /// First minute, `HH:MM`.
    pub start: String,
    /// The minute after the last, `HH:MM`; before `start` the window runs across midnight.
    pub end: String,
    /// On these days.
    pub days: Vec<Weekday>,
}

impl Default for CallingHours {
    fn default() -> Self {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        Self { start: "09:00".into(), end: "18:00".into(), days: vec![Mon, Tue, Wed, Thu, Fri] }
    }
}

impl CallingHours {
    /// The same as a window by the clock of a time zone.
    ///
    /// # Errors
    /// A time of day or the zone is not one.
    pub fn window(&self, zone: &str) -> Result<CallingWindow, HoursError> {
        let hours = WorkingHours::parse(&self.start, &self.end, zone)?;
        Ok(CallingWindow { hours, days: self.days.iter().copied().map(Weekday::into).collect() })
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "a weekday is its name")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl From<Weekday> for jiff::civil::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }
}

/// The limits of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HandoverSettings {
    /// How many agents are rung at most, one after the other.
    pub attempts: u32,
    /// How long the customer waits at most, over all attempts, in seconds.
    pub total_secs: u32,
    /// How long an agent is left alone after a call, in seconds, 0 to 300.
    pub wrap_up_secs: u32,
    /// What every agent who takes over must be good at; nothing by default.
    pub skills: Vec<String>,
    /// Only agents who speak the language of the talk take over.
    pub match_language: bool,
}

impl Default for HandoverSettings {
    fn default() -> Self {
        Self { attempts: 3, total_secs: 60, wrap_up_secs: 0, skills: Vec::new(), match_language: false }
    }
}

/// Older documents hold a number here, newer ones a text.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::<Either>::deserialize(deserializer)?.map(|either| match either {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_of_an_older_server_gets_the_defaults() {
        let company: Company = serde_json::from_str(
            r#"{"_id":"0001027f80ff090807060504","name":"青空商事","employees":12,"__v":0}"#,
        )
        .unwrap();
        assert_eq!(company.employees.as_deref(), Some("12"));
        assert_eq!(company.settings.timezone, "Asia/Tokyo");
        assert_eq!(company.speech, CompanySpeech::default());
        assert!(!serde_json::to_string(&company).unwrap().contains("speech"));
        assert_eq!(
            company.settings.handover,
            HandoverSettings { attempts: 3, total_secs: 60, ..HandoverSettings::default() }
        );
    }

    #[test]
    fn half_given_settings_are_filled_up() {
        let settings: CompanySettings =
            serde_json::from_str(r#"{"callingHours":{"start":"10:00"},"handover":{"wrapUpSecs":30}}"#)
                .unwrap();
        let hours = settings.calling_hours.unwrap();
        assert_eq!((hours.start.as_str(), hours.end.as_str(), hours.days.len()), ("10:00", "18:00", 5));
        assert_eq!((settings.handover.attempts, settings.handover.wrap_up_secs), (3, 30));
    }
}
