//! The figures of calls, from what is kept beside them: whole hours by their tallies; the ends of the stretch, hours that
//! two days or hours of a place share, and the calls that live, one by one.

use super::{
    failure::Failure,
    row,
    tallies::{self, Slots, Stretch, whose},
};
use crate::{
    Bucket, CallFigures, CallStatistics, Grouping, StatisticsFilter,
    figures::{Counted, HOUR, is_success},
};
use rusqlite::{Connection, Row, params, params_from_iter, types::Value};
use tsunagu_call::{CompanyId, Time};

/// What is summed up of tallies.
const SUMS: &str =
    "sum(calls), sum(answered), sum(seconds), sum(handoffs), sum(connected), sum(seconds_waited)";

/// The figures.
pub fn gather(
    connection: &Connection,
    company: CompanyId,
    filter: StatisticsFilter,
    grouping: &Grouping,
) -> Result<CallStatistics, Failure> {
    // All statements see the same moment.
    let moment = connection.unchecked_transaction()?;
    let gathering = Gathering { connection: &moment, company, filter, grouping };
    let stretch = Stretch::new(filter.from, filter.to);
    let mut statistics = CallStatistics::default();
    match grouping {
        Grouping::Days(_) | Grouping::Hours(_) => gathering.by_time(stretch, &mut statistics)?,
        Grouping::Nothing => gathering.by_result(stretch, &mut statistics)?,
        Grouping::Agents => {
            gathering.by_result(stretch, &mut statistics)?;
            gathering.by_agent(stretch, &mut statistics)?;
        }
    }
    for (from, to) in stretch.ends.into_iter().flatten() {
        gathering.over_between(from, to, |call| statistics.add(grouping, call))?;
    }
    gathering.live(|call| statistics.add(grouping, call))?;
    Ok(statistics)
}

struct Gathering<'a> {
    connection: &'a Connection,
    company: CompanyId,
    filter: StatisticsFilter,
    grouping: &'a Grouping,
}

impl Gathering<'_> {
    /// Everything that is not parted by time.
    fn by_result(&self, stretch: Stretch, statistics: &mut CallStatistics) -> Result<(), Failure> {
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT result, {SUMS} FROM call_tallies \
             WHERE company = ?1 AND agent = ?2 AND hours = ?3 AND slot >= ?4 AND slot < ?5 GROUP BY result"
        ))?;
        let whose = whose(self.filter.agent);
        for Slots { hours, from, to } in stretch.slots() {
            let mut rows = find.query(params![self.company.bytes(), whose, hours, from, to])?;
            while let Some(row) = rows.next()? {
                let result = result(row, 0)?;
                statistics.count(result, figures(row, 1, result)?);
            }
        }
        Ok(())
    }

    /// The parts of the agents; what is left of the whole had none. Begins with the whole as [`Self::by_result`] gives it.
    fn by_agent(&self, stretch: Stretch, statistics: &mut CallStatistics) -> Result<(), Failure> {
        if let Some(agent) = self.filter.agent {
            if statistics.all.calls > 0 {
                statistics.chart(Bucket::Agent(Some(agent)), statistics.all);
            }
            return Ok(());
        }
        // The agents are found by leaping from one to the next, whatever stands between them.
        let mut find = self.connection.prepare_cached(&format!(
            "WITH RECURSIVE agents (id) AS ( \
               SELECT min(agent) FROM call_tallies WHERE company = ?1 AND agent > ?2 \
               UNION ALL \
               SELECT (SELECT min(agent) FROM call_tallies WHERE company = ?1 AND agent > id) \
               FROM agents WHERE id IS NOT NULL) \
             SELECT agents.id, t.result, {SUMS} FROM agents CROSS JOIN call_tallies t \
             WHERE t.company = ?1 AND t.agent = agents.id AND t.hours = ?3 AND t.slot >= ?4 AND t.slot < ?5 \
             GROUP BY agents.id, t.result"
        ))?;
        let mut nobodys = statistics.all;
        for Slots { hours, from, to } in stretch.slots() {
            let values = params![self.company.bytes(), tallies::ALL_AGENTS, hours, from, to];
            let mut rows = find.query(values)?;
            while let Some(row) = rows.next()? {
                let figures = figures(row, 2, result(row, 1)?)?;
                statistics.chart(Bucket::Agent(Some(row::id(row, 0)?)), figures);
                nobodys += figures.negated();
            }
        }
        if nobodys.calls > 0 {
            statistics.chart(Bucket::Agent(None), nobodys);
        }
        Ok(())
    }

    fn by_time(&self, stretch: Stretch, statistics: &mut CallStatistics) -> Result<(), Failure> {
        let mut find = self.connection.prepare_cached(
            "SELECT slot, result, calls, answered, seconds, handoffs, connected, seconds_waited FROM call_tallies \
             WHERE company = ?1 AND agent = ?2 AND hours = 1 AND slot >= ?3 AND slot < ?4 ORDER BY slot",
        )?;
        let whose = whose(self.filter.agent);
        let values = params![self.company.bytes(), whose, stretch.from_hour, stretch.to_hour];
        let mut rows = find.query(values)?;
        let (mut present, mut bucket, mut shared) = (None, None, Vec::new());
        // A part is put down when the next one begins, not with each row.
        let mut part: Option<(Bucket, CallFigures)> = None;
        while let Some(row) = rows.next()? {
            let hour: i64 = row.get(0)?;
            if present != Some(hour) {
                present = Some(hour);
                bucket = self.grouping.bucket_of_hour(hour);
                if bucket.is_none() {
                    shared.push(hour);
                }
            }
            let Some(bucket) = bucket else { continue };
            let result = result(row, 1)?;
            let figures = figures(row, 2, result)?;
            statistics.count(result, figures);
            match &mut part {
                Some((last, sum)) if *last == bucket => *sum += figures,
                _ => {
                    if let Some((last, sum)) = part.replace((bucket, figures)) {
                        statistics.chart(last, sum);
                    }
                }
            }
        }
        if let Some((last, sum)) = part {
            statistics.chart(last, sum);
        }
        for hour in shared {
            let from = hour.saturating_mul(HOUR);
            self.over_between(from, from.saturating_add(HOUR), |call| statistics.add(self.grouping, call))?;
        }
        Ok(())
    }

    /// The calls that are over and began from the first moment on up to before the second.
    fn over_between(&self, from: i64, to: i64, mut add: impl FnMut(&Counted<'_>)) -> Result<(), Failure> {
        let mut find = self.connection.prepare_cached(
            "SELECT started, agent, result, talked, handoff FROM calls INDEXED BY calls_over_by_start \
             WHERE over = 1 AND company = ?1 AND started >= ?2 AND started < ?3",
        )?;
        let mut rows = find.query(params![self.company.bytes(), from, to])?;
        while let Some(row) = rows.next()? {
            let call = Counted {
                started: row::time(row, 0)?,
                agent: row::optional_id(row, 1)?,
                result: row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?,
                share: Some(tallies::share(row.get(3)?, row.get(4)?)),
            };
            if self.filter.agent.is_none_or(|agent| call.agent == Some(agent)) {
                add(&call);
            }
        }
        Ok(())
    }

    fn live(&self, mut add: impl FnMut(&Counted<'_>)) -> Result<(), Failure> {
        let StatisticsFilter { agent, from, to } = self.filter;
        let (conditions, values): (String, Vec<Value>) = row::all_of([
            ("company = ?", Some(row::blob(self.company))),
            ("agent = ?", agent.map(row::blob)),
            ("started >= ?", from.map(row::millis)),
            ("started < ?", to.map(row::millis)),
        ]);
        // Who has the customer is not in the index; it is asked for only where it matters.
        let agent = if *self.grouping == Grouping::Agents { "agent" } else { "NULL" };
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT started, {agent} FROM calls INDEXED BY calls_live_by_start WHERE over = 0 AND {conditions}"
        ))?;
        let mut rows = find.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let started: Time = row::time(row, 0)?;
            add(&Counted { started, agent: row::optional_id(row, 1)?, result: None, share: None });
        }
        Ok(())
    }
}

/// The result in a column; an empty text stands for none.
fn result<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>, Failure> {
    let text = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The figures in the columns from this one on, of calls with this result.
fn figures(row: &Row<'_>, from: usize, result: Option<&str>) -> Result<CallFigures, Failure> {
    let calls = row.get(from)?;
    Ok(CallFigures {
        calls,
        successful: calls * is_success(result),
        answered: row.get(from + 1)?,
        seconds: row.get(from + 2)?,
        handoffs: row.get(from + 3)?,
        connected: row.get(from + 4)?,
        seconds_waited: row.get(from + 5)?,
    })
}
