//! `GET /statistics`: how many calls there were, what came of them, how long they took, and what became of hand-overs; by day,
//! hour or agent with `groupBy`.

use super::wanted::{settings, zone};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Period, PeriodQuery, Success},
    error::ApiError,
    people::{AgentView, People},
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::cmp::Reverse;
use tsunagu_call::UserId;
use tsunagu_store::{Bucket, CallFigures, CallStatistics, Grouping, StatisticsFilter};
use utoipa::ToSchema;

/// For how many days figures are told by the hour.
const HOURS_DAYS: i64 = 366;

/// The figures of some calls. All but the first are of calls that are over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Figures {
    /// With those that are not over.
    total_calls: i64,
    /// With the result 成功.
    successful_calls: i64,
    /// The share of the successful in all calls, in per cent with two decimals.
    #[schema(pattern = "^[0-9]{1,3}\\.[0-9]{2}$", example = "12.50")]
    success_rate: String,
    /// From the answer to the end, of the calls that were answered, in seconds.
    average_duration: i64,
    handoffs: Handoffs,
}

/// What became of hand-overs, in calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Handoffs {
    /// In which a human was asked for.
    requested: i64,
    /// In which one came to the customer.
    connected: i64,
    /// In which none came.
    missed: i64,
    /// How long customers waited from the request to the human, in seconds.
    average_wait: i64,
}

/// What came of calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Breakdown<'a> {
    /// The result.
    #[serde(rename = "_id")]
    id: &'a str,
    count: i64,
    /// Of those that were answered, in seconds.
    avg_duration: i64,
}

/// The figures of a day, an hour or an agent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    /// The day (`2026-11-26`), the beginning of the hour (`2026-11-26T09:00:00+09:00`), or the agent's id; null for calls that no
    /// agent had.
    #[serde(rename = "_id")]
    id: Option<String>,
    /// Where the part is an agent's.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a AgentView>,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Statistics<'a> {
    #[serde(flatten)]
    figures: Figures,
    /// The most frequent first.
    result_breakdown: Vec<Breakdown<'a>>,
    /// By `groupBy`: days and hours in their order, agents with the most calls first. What has no calls is left out.
    series: Vec<Part<'a>>,
}

/// The figures of the company's calls.
#[utoipa::path(
    get, path = "/statistics", tag = "calls",
    params(
        PeriodQuery,
        (
            "agentId" = Option<String>,
            Query,
            pattern = "^[0-9a-fA-F]{24}$",
            description = "Of the calls that this agent has, or had",
        ),
        (
            "groupBy" = Option<String>,
            Query,
            pattern = "^(day|hour|agent)$",
            description = "Into what `series` is parted, in the company's time zone; `hour` takes both dates, at most 366 \
                           days apart",
        ),
    ),
    responses((status = 200, description = "The figures", body = Success<Statistics<'static>>)),
)]
pub(super) async fn statistics(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let zone = zone(&settings(&app, &who).await?);
    let (filter, grouping) = read(&mut filters, &zone);
    filters.done()?;

    let told = app.board.ports().store.call_statistics(who.company_id, filter, grouping).await?;
    let agents = told.series.keys().filter_map(|bucket| match bucket {
        Bucket::Agent(agent) => *agent,
        _ => None,
    });
    let people = People::find(&app, who.company_id, std::iter::empty(), agents).await?;
    Ok(envelope::success(StatusCode::OK, Statistics::new(&told, &people, &zone)))
}

fn read(filters: &mut Filters, zone: &TimeZone) -> (StatisticsFilter, Grouping) {
    let period = Period::read(filters, zone);
    let groupings = [
        ("day", Grouping::Days as fn(TimeZone) -> Grouping),
        ("hour", Grouping::Hours),
        ("agent", |_| Grouping::Agents),
    ];
    let grouping = filters.word("groupBy", &groupings).map_or(Grouping::Nothing, |of| of(zone.clone()));
    if matches!(grouping, Grouping::Hours(_)) && !period.is_within(HOURS_DAYS) {
        filters.refuse(
            "groupBy",
            format!("figures by the hour take a startDate and an endDate at most {HOURS_DAYS} days apart"),
        );
    }
    let agent = filters.id("agentId");
    (StatisticsFilter { agent, from: period.from, to: period.to }, grouping)
}

impl<'a> Statistics<'a> {
    fn new(told: &'a CallStatistics, people: &'a People, zone: &TimeZone) -> Self {
        let mut result_breakdown: Vec<_> = told.results.iter().map(Breakdown::new).collect();
        result_breakdown.sort_by_key(|result| Reverse(result.count));
        let mut series: Vec<_> = told
            .series
            .iter()
            .map(|(bucket, figures)| Part {
                id: name(bucket, zone),
                agent: agent(bucket).and_then(|agent| people.agent(agent)),
                figures: Figures::new(figures),
            })
            .collect();
        if told.series.keys().any(|bucket| matches!(bucket, Bucket::Agent(_))) {
            series.sort_by_key(|part| (part.id.is_none(), Reverse(part.figures.total_calls)));
        }
        Self { figures: Figures::new(&told.all), result_breakdown, series }
    }
}

impl Figures {
    fn new(of: &CallFigures) -> Self {
        Self {
            total_calls: of.calls,
            successful_calls: of.successful,
            success_rate: rate(of.successful, of.calls),
            average_duration: of.average_seconds(),
            handoffs: Handoffs {
                requested: of.handoffs,
                connected: of.connected,
                missed: of.missed(),
                average_wait: of.average_wait(),
            },
        }
    }
}

impl<'a> Breakdown<'a> {
    fn new((id, of): (&'a String, &CallFigures)) -> Self {
        Self { id, count: of.calls, avg_duration: of.average_seconds() }
    }
}

const fn agent(bucket: &Bucket) -> Option<UserId> {
    match bucket {
        Bucket::Agent(agent) => *agent,
        _ => None,
    }
}

fn name(bucket: &Bucket, zone: &TimeZone) -> Option<String> {
    match bucket {
        Bucket::Day(date) => Some(date.to_string()),
        Bucket::Hour(from) => {
            let from = from.timestamp().to_zoned(zone.clone());
            Some(from.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
        }
        Bucket::Agent(agent) => agent.map(|agent| agent.to_string()),
    }
}

/// A share in per cent, with two decimals.
fn rate(part: i64, whole: i64) -> String {
    let hundredths = if whole > 0 { (part * 10_000 + whole / 2) / whole } else { 0 };
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_two_decimals_whatever_it_is() {
        let rates = [(0, 0), (0, 7), (1, 8), (1, 3), (2, 3), (1, 1), (199_999, 200_000)];
        let told = rates.map(|(part, whole)| rate(part, whole));
        assert_eq!(told, ["0.00", "0.00", "12.50", "33.33", "66.67", "100.00", "100.00"]);
    }

    #[test]
    fn parts_are_named_by_the_companys_clock() {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let hour = Bucket::Hour("2026-11-26T00:00:00Z".parse().unwrap());
        assert_eq!(name(&hour, &tokyo).as_deref(), Some("2026-11-26T09:00:00+09:00"));
        assert_eq!(name(&Bucket::Day("2026-11-26".parse().unwrap()), &tokyo).as_deref(), Some("2026-11-26"));
        assert_eq!(name(&Bucket::Agent(None), &tokyo), None);
    }
}
