//! `GET /statistics`: what became of one's own calls that are over. The store counts; no call is loaded for it.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Period, PeriodQuery, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use jiff::tz::TimeZone;
use serde::Serialize;
use tsunagu_store::ResultFigures;
use utoipa::ToSchema;

/// What became of one's calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnStatistics {
    call_statistics: Vec<ByResult>,
    total_calls: u64,
    /// Seconds.
    total_duration: u64,
    /// From the hand-over's start to one's joining, in seconds, on average over all calls that one ever took.
    average_response_time: f64,
}

/// The calls of one result.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ByResult {
    /// 成功, 不在, 拒否, 要フォロー or 失敗; null for calls without one.
    #[serde(rename = "_id")]
    result: Option<String>,
    count: u64,
    /// Seconds.
    avg_duration: f64,
}

/// What became of one's own calls, in a period.
#[utoipa::path(
    get, path = "/statistics", tag = "agents",
    params(PeriodQuery),
    responses((status = 200, description = "The figures", body = Success<OwnStatistics>)),
)]
pub(super) async fn statistics(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let store = &app.board.ports().store;
    let company = store.company(who.company_id).await?.ok_or(ApiError::NotFound("company"))?;
    let zone = TimeZone::get(&company.settings.timezone).unwrap_or(TimeZone::UTC);
    let Period { from, to } = Period::read(&mut filters, &zone);
    filters.done()?;

    let figures = store.agent_figures(who.company_id, who.user_id, from, to).await?;
    let agent = store.agent(who.company_id, who.user_id).await?;
    let average_response_time =
        agent.and_then(|agent| agent.status).map_or(0.0, |status| status.average_response_time);
    Ok(envelope::success(StatusCode::OK, OwnStatistics::of(figures, average_response_time)))
}

impl OwnStatistics {
    fn of(figures: Vec<ResultFigures>, average_response_time: f64) -> Self {
        Self {
            total_calls: figures.iter().map(|one| one.count).sum(),
            total_duration: figures.iter().map(|one| one.duration_secs).sum(),
            average_response_time,
            call_statistics: figures.into_iter().map(ByResult::of).collect(),
        }
    }
}

impl ByResult {
    fn of(figures: ResultFigures) -> Self {
        let ResultFigures { result, count, duration_secs } = figures;
        Self { result, count, avg_duration: duration_secs as f64 / count.max(1) as f64 }
    }
}
