//! `PATCH /`: changes the company. What is not named stays; null leaves a setting to the server's. Calls that live go on as
//! they began.

use super::show::in_short;
use crate::{
    App,
    agents::fields::{ConversationBody, SKILL_FORM, conversation, skill, time_of_day},
    auth::SignedIn,
    envelope::{self, Body, Skill, Success, Telephone, e164},
    error::ApiError,
    language::change_of_language,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_call::routing::WorkingHours;
use tsunagu_conversation::MAX_FACTS_CHARS;
use tsunagu_store::{CallingHours, Company, CompanyChange, CompanySettingsChange, HandoverChange, Weekday};
use utoipa::ToSchema;

/// The longest name, and the longest text about itself, in characters.
const NAME: usize = 200;
const DESCRIPTION: usize = 2000;
/// How many skills a hand-over may take.
const SKILLS: usize = 16;
/// How many numbers a company may call from.
const NUMBERS: usize = 100;
/// Ten years: the longest time for which recordings are kept by a number.
const RETENTION_DAYS: u32 = 3650;
/// What a company's hand-overs may take.
const ATTEMPTS: (u32, u32) = (1, 10);
const TOTAL_SECS: (u32, u32) = (10, 600);
const WRAP_UP_SECS: (u32, u32) = (0, 300);

/// What is to change about the company.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeCompany {
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = "\\S", required = false)]
    name: String,
    #[schema(max_length = 200)]
    address: Option<String>,
    #[schema(max_length = 200)]
    business_type: Option<String>,
    #[schema(max_length = 200)]
    employees: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    settings: Option<ChangeCompanySettings>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct ChangeCompanySettings {
    /// IANA time zone in which its hours and days are meant.
    #[schema(max_length = 100, format = "iana-timezone", example = "Asia/Tokyo")]
    timezone: Option<String>,
    /// The language that the AI speaks unless an agent's settings say otherwise.
    #[schema(pattern = "^(ja|en|)$")]
    language: Option<String>,
    /// When customers may be rung; null: at any time.
    calling_hours: Option<ChangeCallingHours>,
    /// The numbers that calls show; empty: the server's. They must be the carrier account's.
    #[schema(max_items = 100)]
    numbers: Option<Vec<Telephone>>,
    /// As whom the AI speaks where an agent's own settings leave it open.
    conversation: Option<ConversationBody>,
    handover: Option<ChangeHandover>,
    /// Calls are recorded; null: as the server is set.
    record: Option<bool>,
    /// The customer is told so; null: as the server is set.
    record_announcement: Option<bool>,
    /// For how many days recordings are kept; null: for ever.
    #[schema(minimum = 0, maximum = 3650)]
    recording_retention_days: Option<u32>,
    /// The human part is written down; null: as the server is set.
    transcribe: Option<bool>,
    /// What a language model may answer customers' questions from, where the server has one; null: nothing.
    #[schema(max_length = 4000)]
    facts: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
pub(crate) struct ChangeCallingHours {
    /// 09:00 when it is not given.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|)$")]
    start: Option<String>,
    /// 18:00 when it is not given; before `start` the hours run across midnight.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|)$")]
    end: Option<String>,
    /// Monday to Friday when they are not given.
    #[schema(max_items = 7)]
    days: Option<Vec<Weekday>>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct ChangeHandover {
    /// How many agents are rung at most.
    #[schema(minimum = 1, maximum = 10)]
    attempts: Option<u32>,
    /// How long the customer waits at most, in seconds.
    #[schema(minimum = 10, maximum = 600)]
    total_secs: Option<u32>,
    /// How long an agent is left alone after a call, in seconds.
    #[schema(minimum = 0, maximum = 300)]
    wrap_up_secs: Option<u32>,
    /// What every agent who takes over must be good at.
    #[schema(max_items = 16)]
    skills: Option<Vec<Skill>>,
    /// Only agents who speak the language of the talk take over.
    match_language: Option<bool>,
}

/// Change the company. What is not named stays.
#[utoipa::path(
    patch, path = "", tag = "company", request_body = ChangeCompany,
    responses((status = 200, description = "As it is now", body = Success<Company>)),
)]
pub(super) async fn change(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let change = read(&app, &mut body);
    body.done()?;
    let company = app.board.ports().store.change_company(who.company_id, change).await?;
    tracing::info!(company = %company.id, by = %who.user_id, "company changed");
    Ok(envelope::success(StatusCode::OK, in_short(company)))
}

fn read(app: &App, body: &mut Body) -> CompanyChange {
    CompanyChange {
        name: name(body),
        address: body.change_of_text("address", NAME),
        business_type: body.change_of_text("businessType", NAME),
        employees: body.change_of_text("employees", NAME),
        description: body.change_of_text("description", DESCRIPTION),
        settings: body.section("settings", |body| settings(app, body)).unwrap_or_default(),
        ..CompanyChange::default()
    }
}

fn name(body: &mut Body) -> Option<String> {
    let change = body.change_of_text("name", NAME)?;
    if change.is_none() {
        body.refuse("name", "must not be empty");
    }
    change
}

fn settings(app: &App, body: &mut Body) -> CompanySettingsChange {
    CompanySettingsChange {
        timezone: timezone(body),
        language: change_of_language(app, body).flatten(),
        calling_hours: body.change_of_section("callingHours", calling_hours),
        numbers: body.optional_list("numbers", NUMBERS, "a telephone number", e164),
        conversation: body.section("conversation", |body| conversation(app, body)).unwrap_or_default(),
        handover: body.section("handover", handover).unwrap_or_default(),
        record: body.change_of_flag("record"),
        record_announcement: body.change_of_flag("recordAnnouncement"),
        recording_retention_days: body.change_of_number("recordingRetentionDays", 0, RETENTION_DAYS),
        transcribe: body.change_of_flag("transcribe"),
        facts: body.change_of_text("facts", MAX_FACTS_CHARS),
    }
}

fn timezone(body: &mut Body) -> Option<String> {
    let zone = body.optional_text("timezone", 100)?;
    if let Err(error) = WorkingHours::parse("00:00", "00:00", &zone) {
        body.refuse("timezone", error.to_string());
    }
    Some(zone)
}

/// Reads calling hours; what is wrong is noted in the body.
pub(crate) fn calling_hours(body: &mut Body) -> CallingHours {
    let otherwise = CallingHours::default();
    CallingHours {
        start: time_of_day(body, "start").unwrap_or(otherwise.start),
        end: time_of_day(body, "end").unwrap_or(otherwise.end),
        days: body
            .optional_list("days", 7, "one of mon, tue, wed, thu, fri, sat, sun", weekday)
            .unwrap_or(otherwise.days),
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    serde_json::from_value(text.into()).ok()
}

fn handover(body: &mut Body) -> HandoverChange {
    HandoverChange {
        attempts: body.optional_number("attempts", ATTEMPTS.0, ATTEMPTS.1),
        total_secs: body.optional_number("totalSecs", TOTAL_SECS.0, TOTAL_SECS.1),
        wrap_up_secs: body.optional_number("wrapUpSecs", WRAP_UP_SECS.0, WRAP_UP_SECS.1),
        skills: body.optional_list("skills", SKILLS, SKILL_FORM, skill),
        match_language: body.optional_flag("matchLanguage"),
    }
}
