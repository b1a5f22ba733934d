//! The figures of calls, summed up by the server from what each call's document holds of them.

use super::{
    MongoStore,
    calls::{QUARTER, span},
    form,
};
use crate::{
    Bucket, CallFigures, CallStatistics, Grouping, StatisticsFilter, StoreError, figures::is_success,
};
use mongodb::bson::{Document, doc};
use tsunagu_call::{CompanyId, Time};

impl MongoStore {
    /// The figures.
    pub(super) async fn figures(
        &self,
        company: CompanyId,
        filter: StatisticsFilter,
        grouping: &Grouping,
    ) -> Result<CallStatistics, StoreError> {
        let mut which = doc! { "companyId": form::id(company) };
        if let Some(agent) = filter.agent {
            which.insert("assignedAgent", form::id(agent));
        }
        if let Some(span) = span(filter.from, filter.to) {
            which.insert("startTime", span);
        }
        let mut parts = doc! { "result": "$tsunagu.result", "over": "$tsunagu.over" };
        match grouping {
            Grouping::Nothing => {}
            Grouping::Days(_) | Grouping::Hours(_) => drop(parts.insert("quarter", "$tsunagu.quarter")),
            Grouping::Agents => drop(parts.insert("agent", "$assignedAgent")),
        }
        let group = doc! {
            "_id": parts,
            "calls": { "$sum": 1 },
            "answered": { "$sum": "$tsunagu.share.answered" },
            "seconds": { "$sum": "$tsunagu.share.seconds" },
            "handoffs": { "$sum": "$tsunagu.share.handoffs" },
            "connected": { "$sum": "$tsunagu.share.connected" },
            "waited": { "$sum": "$tsunagu.share.waited" },
        };
        let sums = self.calls.aggregate(vec![doc! { "$match": which }, doc! { "$group": group }]).await?;
        let mut statistics = CallStatistics::default();
        for sum in &sums {
            let part = sum.get_document("_id").map_err(|error| StoreError::corrupt("call", error))?;
            let result = part.get_str("result").ok();
            let figures = figures(sum, part.get_bool("over").unwrap_or(false), result);
            statistics.count(result, figures);
            if let Some(bucket) = bucket(grouping, part)? {
                statistics.chart(bucket, figures);
            }
        }
        Ok(statistics)
    }
}

fn figures(sum: &Document, over: bool, result: Option<&str>) -> CallFigures {
    let calls = form::number_at(sum, "calls");
    CallFigures {
        calls,
        successful: if over { calls * is_success(result) } else { 0 },
        answered: form::number_at(sum, "answered"),
        seconds: form::number_at(sum, "seconds"),
        handoffs: form::number_at(sum, "handoffs"),
        connected: form::number_at(sum, "connected"),
        seconds_waited: form::number_at(sum, "waited"),
    }
}

fn bucket(grouping: &Grouping, part: &Document) -> Result<Option<Bucket>, StoreError> {
    let agent = match part.get("agent") {
        None | Some(mongodb::bson::Bson::Null) => None,
        Some(_) => Some(form::id_at("call", part, "agent")?),
    };
    let started = Time::from_millis(form::number_at(part, "quarter").saturating_mul(QUARTER));
    Ok(grouping.bucket(started, agent))
}
