//! `PUT /{user}/settings`: all of somebody's settings, for admins.

use super::fields::{self, ConversationBody, NotificationBody};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Skill, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::UserId;
use tsunagu_conversation::Lang;
use tsunagu_store::{AgentSettings, AgentSettingsChange};
use utoipa::ToSchema;

/// How many skills and languages somebody has.
const SKILLS: usize = 32;
const LANGUAGES: usize = 16;
/// The highest priority.
const PRIORITY: u32 = 100;

/// A language that the AI speaks.
#[derive(ToSchema)]
#[schema(pattern = "^(ja|en)$")]
#[expect(dead_code, reason = "describes an entry of a list")]
struct Language(String);

/// What is to change about somebody's settings.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeSettings {
    /// The telephone that rings for a hand-over; null for none.
    #[schema(max_length = 40, format = "phone", example = "090-1234-5678")]
    phone_number: Option<String>,
    /// They take hand-overs at all.
    is_available: Option<bool>,
    conversation_settings: Option<ConversationBody>,
    notification_preferences: Option<NotificationBody>,
    /// What they are good at, in the company's own words.
    #[schema(max_items = 32)]
    skills: Option<Vec<Skill>>,
    /// What they speak beside the language of their conversation settings: `ja`, `en`.
    #[schema(max_items = 16)]
    languages: Option<Vec<Language>>,
    /// Whom to prefer among the equally loaded, the higher the sooner.
    #[schema(minimum = 0, maximum = 100)]
    priority: Option<u8>,
}

/// Change somebody's settings. What is not named stays.
#[utoipa::path(
    put, path = "/{user}/settings", tag = "agents", request_body = ChangeSettings,
    responses((status = 200, description = "As they are now", body = Success<AgentSettings>)),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let change = read(&app, &mut body);
    body.done()?;
    let settings = app.board.ports().store.change_agent_settings(who.company_id, *user, change).await?;
    tracing::info!(user = %*user, by = %who.user_id, "agent settings changed");
    Ok(envelope::success(StatusCode::OK, settings))
}

fn read(app: &App, body: &mut Body) -> AgentSettingsChange {
    let priority = body.optional_number("priority", 0, PRIORITY);
    AgentSettingsChange {
        phone_number: body.change_of_phone("phoneNumber"),
        is_available: body.optional_flag("isAvailable"),
        conversation: body
            .section("conversationSettings", |body| fields::conversation(app, body))
            .unwrap_or_default(),
        notifications: body.section("notificationPreferences", fields::notifications).unwrap_or_default(),
        skills: body.optional_list("skills", SKILLS, fields::SKILL_FORM, fields::skill),
        languages: body.optional_list("languages", LANGUAGES, "the code of a language, such as ja", language),
        priority: priority.and_then(|priority| u8::try_from(priority).ok()),
    }
}

fn language(code: &str) -> Option<String> {
    code.parse::<Lang>().ok().map(|lang| lang.to_string())
}
