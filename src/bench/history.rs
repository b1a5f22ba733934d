//! How long the history of a company with very many calls takes to be looked at: pages with the usual filters, and figures.
//!
//! *a folder filled by the store's own way of opening and ending calls → the server → each question many times, one after the
//! other, over HTTP.* The questions vary from time to time, so that nothing is found where it was put a moment ago.

mod fill;

use super::{
    Bench,
    load::Load,
    report::HISTORY_MS,
    seed::seed,
    server::Server,
    tally::{Tally, Times},
    tell,
};
use anyhow::{Context, Result};
use fill::Filled;
use serde::Serialize;
use std::fmt;
use tokio::time::Instant;

/// How many customers the calls are with.
const CUSTOMERS: u32 = 50_000;
/// How often each question is asked before anything is counted, and then.
const WARM_UP: u64 = 3;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistorySpeed {
    /// How many calls there are.
    pub calls: u32,
    /// How long it took to open and end them all, in seconds.
    pub filled_secs: f64,
    /// What they take on the disk, in bytes.
    pub file_bytes: u64,
    /// What was asked.
    pub questions: Vec<Question>,
}

/// What was asked, and how long the answer took.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// What it is about.
    pub name: &'static str,
    /// One of the addresses that were asked.
    pub address: String,
    /// How many calls the last answer is about.
    pub total: u64,
    /// How long the answers took.
    pub times: Times,
    /// Held against the budget.
    pub usual: bool,
}

impl HistorySpeed {
    /// The slowest of the usual questions, by its 99th percentile.
    pub fn slowest(&self) -> Option<&Question> {
        let usual = self.questions.iter().filter(|question| question.usual);
        usual.max_by(|one, other| one.times.p99_ms.total_cmp(&other.times.p99_ms))
    }
}

/// Measures it.
pub async fn measure(bench: &Bench, calls: u32, times: u64) -> Result<HistorySpeed> {
    let folder = bench.folder()?;
    let callees = seed(folder.path(), CUSTOMERS).await?;
    tell(&format!("{calls} calls are opened and ended"));
    let begun = Instant::now();
    let filled = fill::fill(folder.path(), &callees, calls).await?;
    let filled_secs = begun.elapsed().as_secs_f64();
    let file_bytes = folder_bytes(folder.path())?;

    tell("the history of calls");
    let server = Server::start(&bench.cores, folder.path(), &bench.carrier)?;
    let load = Load::sign_in(server.address).await?;
    let mut questions = Vec::new();
    for (name, usual, ask) in QUESTIONS {
        let question = question(&load, &filled, (name, usual), ask, times).await;
        questions.push(server.explain(question.with_context(|| format!("the question: {name}")))?);
    }
    Ok(HistorySpeed { calls, filled_secs, file_bytes, questions })
}

/// A question, as it is asked this time.
type Ask = fn(&Filled, u64) -> String;

/// What people look at.
const QUESTIONS: [(&str, bool, Ask); 22] = [
    ("page 1 of all", true, |_, _| "history".into()),
    ("any page of all", true, |filled, time| format!("history?page={}", 1 + time * 7919 % filled.pages())),
    ("the last page of all", true, |filled, _| format!("history?page={}", filled.pages())),
    ("page 1 of a day", true, |filled, time| format!("history?{}", filled.days(time, 1))),
    ("page 50 of a month", true, |filled, time| format!("history?{}&page=50", filled.days(time, 30))),
    ("by status", true, |_, time| format!("history?status=failed&page={}", 1 + time)),
    ("by result", true, |_, time| format!("history?result=success&page={}", 1 + time)),
    ("by result, in a month", true, |filled, time| {
        format!("history?result=follow_up&{}", filled.days(time, 30))
    }),
    ("by agent", true, |filled, time| format!("history?agentId={}", filled.agent(time))),
    ("by agent and result, page 20", true, |filled, time| {
        format!("history?agentId={}&result=success&page=20", filled.agent(time))
    }),
    ("by customer", true, |filled, time| format!("history?customerId={}", filled.customer(time))),
    ("search for a number", false, |filled, time| format!("history?search={}", filled.number(time))),
    ("search for a name of one in 1000", false, |_, time| {
        format!("history?search=%E4%BD%90%E8%97%A4%20{}", 10 + time % 40)
    }),
    ("what one in 1000 said", true, |_, time| format!("history?said=%E3%81%AE{}%E7%95%AA", 100 + time % 900)),
    ("what one in 1000 said, in a month", true, |filled, time| {
        format!("history?said=%E3%81%AE{}%E7%95%AA&{}", 100 + time % 900, filled.days(time, 30))
    }),
    ("what all said", false, |_, _| "history?said=%E7%94%A8%E4%BB%B6".into()),
    ("figures of a day by the hour", true, |filled, time| {
        format!("statistics?groupBy=hour&{}", filled.days(time, 1))
    }),
    ("figures of a month by the day", true, |filled, time| {
        format!("statistics?groupBy=day&{}", filled.days(time, 30))
    }),
    ("figures of all by the day", true, |_, _| "statistics?groupBy=day".into()),
    ("figures of a month by agent", true, |filled, time| {
        format!("statistics?groupBy=agent&{}", filled.days(time, 30))
    }),
    ("figures of all by agent", true, |_, _| "statistics?groupBy=agent".into()),
    ("figures of an agent by the day", true, |filled, time| {
        format!("statistics?groupBy=day&agentId={}", filled.agent(time))
    }),
];

async fn question(
    load: &Load,
    filled: &Filled,
    (name, usual): (&'static str, bool),
    ask: Ask,
    times: u64,
) -> Result<Question> {
    let mut connection = load.connection();
    let mut tally = Tally::default();
    let (mut address, mut total) = (String::new(), 0);
    for time in 0..WARM_UP + times {
        address = ask(filled, time);
        let begun = Instant::now();
        let answer = load.get(&mut connection, &format!("/api/calls/{address}")).await?;
        if time >= WARM_UP {
            tally.turned(begun.elapsed());
        }
        let told = answer.get("total").or_else(|| answer.pointer("/data/totalCalls"));
        total =
            told.and_then(serde_json::Value::as_u64).context("the answer does not say how many there are")?;
    }
    Ok(Question { name, address, total, times: tally.times(), usual })
}

fn folder_bytes(folder: &std::path::Path) -> Result<u64> {
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}

impl fmt::Display for HistorySpeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} calls, opened and ended in {:.0} s ({:.0} a second), {:.1} GB; one question at a time over HTTP:",
            self.calls,
            self.filled_secs,
            f64::from(self.calls) / self.filled_secs.max(f64::EPSILON),
            self.file_bytes as f64 / 1e9
        )?;
        writeln!(
            f,
            "\n| question | calls it is about | p50 ms | p99 ms | longest ms |\n| --- | --- | --- | --- | --- |"
        )?;
        for Question { name, total, times, usual, .. } in &self.questions {
            let late = if *usual && times.p99_ms >= HISTORY_MS { " **" } else { "" };
            writeln!(
                f,
                "| {name} | {total} | {:.1} | {:.1}{late} | {:.1} |",
                times.p50_ms, times.p99_ms, times.max_ms
            )?;
        }
        Ok(())
    }
}
