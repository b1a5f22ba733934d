//! What a body may say of a campaign, and within which bounds.

use crate::{
    App,
    auth::SignedIn,
    company::{ChangeCallingHours, calling_hours},
    envelope::Body,
    error::ApiError,
    language::change_of_language,
};
use tsunagu_store::{CampaignChange, Limit};
use utoipa::ToSchema;

/// The longest name, and the longest text of the script, in characters.
pub(super) const NAME: usize = 200;
/// The slowest pace, in calls a second.
const SLOWEST: f64 = 0.01;
/// How many calls of one campaign may live at once.
const AT_ONCE: (u32, u32) = (1, 200);
/// How many calls there may be for each agent who is free.
const FACTOR: (f64, f64) = (0.1, 10.0);
/// How often somebody is rung, and how long after the last time, in seconds: a minute to thirty days.
const ATTEMPTS: (u32, u32) = (1, 10);
const WAIT_SECS: (u32, u32) = (60, 2_592_000);
/// A year.
const CALLED_WITHIN_SECS: (u32, u32) = (0, 31_536_000);
const WINDOW: (u32, u32) = (5, 100);
const FAILURE_RATE: (f64, f64) = (0.05, 1.0);

/// How a campaign is to be. What is not named has its default, or stays.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
pub(super) struct CampaignFields {
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = "\\S", required = false)]
    name: String,
    script: Option<ScriptFields>,
    pace: Option<PaceFields>,
    /// When customers are rung, within the company's hours and by its clock; null: whenever the company rings.
    hours: Option<ChangeCallingHours>,
    retries: Option<RetryFields>,
    skip: Option<SkipFields>,
    breaker: Option<BreakerFields>,
}

/// As whom the AI speaks. What is not said here is taken from the agent's settings, else from the company.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct ScriptFields {
    /// The agent for whom the AI speaks, and who is tried first when a human is wanted.
    #[schema(pattern = "^([0-9a-fA-F]{24}|)$")]
    agent_id: Option<String>,
    #[schema(max_length = 200)]
    company_name: Option<String>,
    #[schema(max_length = 200)]
    service_name: Option<String>,
    #[schema(max_length = 200)]
    representative_name: Option<String>,
    #[schema(max_length = 200)]
    target_department: Option<String>,
    #[schema(pattern = "^(ja|en|)$")]
    language: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct PaceFields {
    /// Calls begun in a second, at most what the server's campaigns may begin together (1 unless it is set otherwise).
    #[schema(minimum = 0.01)]
    calls_per_second: Option<f64>,
    /// Calls that live at once.
    #[schema(minimum = 1, maximum = 200)]
    calls_at_once: Option<u32>,
    /// Calls with nobody but the AI for each agent who is free; null: any number.
    #[schema(minimum = 0.1, maximum = 10)]
    agents_factor: Option<f64>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a part of the body")]
struct RetryFields {
    absent: Option<RetryLimit>,
    busy: Option<RetryLimit>,
    failed: Option<RetryLimit>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct RetryLimit {
    /// In all; 1: nobody is rung again.
    #[schema(minimum = 1, maximum = 10)]
    attempts: Option<u32>,
    #[schema(minimum = 60, maximum = 2592000)]
    wait_secs: Option<u32>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct SkipFields {
    /// Whoever was rung within so many seconds by somebody else is skipped; 0: nobody.
    #[schema(minimum = 0, maximum = 31536000)]
    called_within_secs: Option<u32>,
    /// Whoever's last call was a success is skipped.
    won: Option<bool>,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a part of the body")]
struct BreakerFields {
    /// How many of the last results are looked at.
    #[schema(minimum = 5, maximum = 100)]
    window: Option<u32>,
    /// The share of them that must have failed.
    #[schema(minimum = 0.05, maximum = 1)]
    failure_rate: Option<f64>,
}

/// Reads them; what is wrong is noted in the body.
pub(super) async fn read(app: &App, who: &SignedIn, body: &mut Body) -> Result<CampaignChange, ApiError> {
    let mut change = CampaignChange { name: name(body), ..CampaignChange::default() };
    body.section("script", |body| script(app, body, &mut change));
    body.section("pace", |body| pace(app, body, &mut change));
    change.hours = body.change_of_section("hours", calling_hours);
    body.section("retries", |body| retries(body, &mut change));
    body.section("skip", |body| {
        change.skip_called_within_secs =
            body.optional_number("calledWithinSecs", CALLED_WITHIN_SECS.0, CALLED_WITHIN_SECS.1);
        change.skip_won = body.optional_flag("won");
    });
    body.section("breaker", |body| {
        change.breaker_window = body.optional_number("window", WINDOW.0, WINDOW.1);
        change.breaker_failure_rate =
            body.change_of_decimal("failureRate", FAILURE_RATE.0, FAILURE_RATE.1).flatten();
    });
    if let Some(agent) = change.agent_id.flatten() {
        let known = app.board.ports().store.user(who.company_id, agent).await?;
        if known.is_none_or(|user| user.disabled) {
            body.refuse("script.agentId", "is nobody who works at your company");
        }
    }
    Ok(change)
}

fn name(body: &mut Body) -> Option<String> {
    let change = body.change_of_text("name", NAME)?;
    if change.is_none() {
        body.refuse("name", "must not be empty");
    }
    change
}

fn script(app: &App, body: &mut Body, change: &mut CampaignChange) {
    change.agent_id = body.change_of("agentId", "must be the id of a user, or null");
    change.company_name = body.change_of_text("companyName", NAME);
    change.service_name = body.change_of_text("serviceName", NAME);
    change.representative_name = body.change_of_text("representativeName", NAME);
    change.target_department = body.change_of_text("targetDepartment", NAME);
    change.language = change_of_language(app, body);
}

fn pace(app: &App, body: &mut Body, change: &mut CampaignChange) {
    let fastest = app.campaigns.limits().calls_per_second;
    change.calls_per_second = body.change_of_decimal("callsPerSecond", SLOWEST, fastest).flatten();
    change.calls_at_once = body.optional_number("callsAtOnce", AT_ONCE.0, AT_ONCE.1);
    change.agents_factor = body.change_of_decimal("agentsFactor", FACTOR.0, FACTOR.1);
}

fn retries(body: &mut Body, change: &mut CampaignChange) {
    let limit = |body: &mut Body| Limit {
        attempts: body.optional_number("attempts", ATTEMPTS.0, ATTEMPTS.1),
        wait_secs: body.optional_number("waitSecs", WAIT_SECS.0, WAIT_SECS.1),
    };
    change.absent = body.section("absent", limit).unwrap_or_default();
    change.busy = body.section("busy", limit).unwrap_or_default();
    change.failed = body.section("failed", limit).unwrap_or_default();
}
