//! The parts of an agent's settings as bodies name them.

use super::templates;
use crate::{App, envelope::Body, language::change_of_language};
use tsunagu_call::routing::WorkingHours;
use tsunagu_conversation::OVERRIDABLE;
use tsunagu_store::{ConversationChange, NotificationChange, WorkingHoursChange};
use utoipa::ToSchema;

/// The longest name of a person, in characters.
pub(super) const NAME: usize = 200;
/// The longest name that the AI speaks, in characters; see [`templates`].
pub(super) const SPOKEN_NAME: usize = 100;
/// The longest name of a time zone or of a day, in characters.
const CODE: usize = 100;

/// As whom the AI speaks; an empty text leaves it to the script.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
pub(crate) struct ConversationBody {
    /// The company it rings for; without one no call can be started in this name.
    #[schema(max_length = 100)]
    company_name: Option<String>,
    #[schema(max_length = 100)]
    service_name: Option<String>,
    #[schema(max_length = 100)]
    representative_name: Option<String>,
    /// The department it asks for, such as 総務部.
    #[schema(max_length = 100)]
    target_department: Option<String>,
    /// The language it speaks; null: the company's.
    #[schema(pattern = "^(ja|en|)$")]
    language: Option<String>,
    /// Sentences of one's own in place of the script's.
    custom_templates: Option<TemplatesBody>,
}

/// Sentences by the script's key, with variables such as `{{companyName}}`; null gives one back to the script.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes a part of the body")]
struct TemplatesBody {
    #[schema(max_length = 500)]
    initial: Option<String>,
    #[schema(max_length = 500)]
    clarification: Option<String>,
    #[schema(max_length = 500)]
    company_confirmation: Option<String>,
    #[schema(max_length = 500)]
    absent: Option<String>,
    #[schema(max_length = 500)]
    rejection: Option<String>,
    #[schema(max_length = 500)]
    website_redirect: Option<String>,
    #[schema(max_length = 500)]
    handoff_message: Option<String>,
    #[schema(max_length = 500)]
    closing: Option<String>,
}

/// Of what one is told, and when one may be rung.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
pub(super) struct NotificationBody {
    enable_call_notifications: Option<bool>,
    enable_email_notifications: Option<bool>,
    /// null: at any time.
    working_hours: Option<WorkingHoursBody>,
}

/// A daily window.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct WorkingHoursBody {
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|)$")]
    start: Option<String>,
    /// Before `start` the hours run across midnight.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|)$")]
    end: Option<String>,
    /// IANA time zone; null: the company's.
    #[schema(max_length = 100, format = "iana-timezone", example = "Asia/Tokyo")]
    timezone: Option<String>,
}

/// Reads as whom the AI speaks.
pub(crate) fn conversation(app: &App, body: &mut Body) -> ConversationChange {
    let mut name = |field| Some(body.change_of_text(field, SPOKEN_NAME)?.unwrap_or_default());
    ConversationChange {
        company_name: name("companyName"),
        service_name: name("serviceName"),
        representative_name: name("representativeName"),
        target_department: name("targetDepartment"),
        language: change_of_language(app, body),
        custom_templates: body
            .optional_map("customTemplates", OVERRIDABLE.len(), templates::read)
            .unwrap_or_default(),
    }
}

/// What a skill is.
pub(crate) const SKILL_FORM: &str = "a text of 1 to 64 characters";

/// A skill, if the text is one.
pub(crate) fn skill(text: &str) -> Option<String> {
    let fits = (1..=64).contains(&text.chars().count()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

/// Reads of what one is told, and when one may be rung.
pub(super) fn notifications(body: &mut Body) -> NotificationChange {
    NotificationChange {
        enable_call_notifications: body.optional_flag("enableCallNotifications"),
        enable_email_notifications: body.optional_flag("enableEmailNotifications"),
        working_hours: body.change_of_section("workingHours", working_hours),
    }
}

fn working_hours(body: &mut Body) -> WorkingHoursChange {
    let timezone = body.change_of_text("timezone", CODE);
    if let Some(Some(zone)) = &timezone
        && let Err(error) = WorkingHours::parse("00:00", "00:00", zone)
    {
        body.refuse("timezone", error.to_string());
    }
    WorkingHoursChange { start: time_of_day(body, "start"), end: time_of_day(body, "end"), timezone }
}

/// A time of day that may be there.
pub(crate) fn time_of_day(body: &mut Body, field: &'static str) -> Option<String> {
    let text = body.optional_text(field, CODE)?;
    if !is_time_of_day(&text) {
        body.refuse(field, "must be a time of day, HH:MM");
    }
    Some(text)
}

/// `HH:MM`, two digits each, as it is shown again.
fn is_time_of_day(text: &str) -> bool {
    text.len() == 5 && WorkingHours::parse(text, text, "UTC").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_have_two_digits_each() {
        for (text, right) in [
            ("09:00", true),
            ("00:00", true),
            ("23:59", true),
            ("24:00", false),
            ("9:00", false),
            ("09:60", false),
            ("ab:cd", false),
        ] {
            assert_eq!(is_time_of_day(text), right, "{text}");
        }
    }
}
