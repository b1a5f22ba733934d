//! As many turns a second as the server can do: each connection sends the next as soon as it has its answer.

use super::{
    line::Line,
    process::Busy,
    stage::{Stage, deal},
    tally::Times,
};
use anyhow::Result;
use rand::RngExt;
use serde::Serialize;
use std::{cell::Cell, collections::BTreeMap, rc::Rc, time::Duration};
use tokio::{task::JoinSet, time::Instant};

/// How long the server runs warm before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Throughput {
    /// How many connections there were.
    pub connections: usize,
    /// How many calls talked.
    pub calls: usize,
    /// For how long.
    pub seconds: f64,
    /// Turns that were as they should be.
    pub turns: u64,
    /// The same, a second.
    pub turns_per_second: f64,
    /// Turns that were not.
    pub failed: u64,
    /// What was wrong with the first of them.
    pub first_failure: Option<String>,
    /// How long they took at this load.
    pub times: Times,
    /// Processor time that the server takes for a turn, in microseconds.
    pub server_us_per_turn: f64,
    /// How busy the server kept its core, 0 to 1.
    pub server_busy: f64,
    /// How busy the load kept its own.
    pub load_busy: f64,
    /// The server's threads by their share of its time, 0 to 1.
    pub threads: BTreeMap<String, f64>,
}

/// Which of several servers a turn reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Routing {
    /// Any of them, each time.
    AtRandom,
    /// Always the same one of a call.
    ByCall,
}

/// Measures it, and gives the calls back.
pub async fn measure(
    stage: &Rc<Stage>,
    lines: Vec<Line>,
    (connections, routing): (usize, Routing),
    seconds: u64,
    servers: &[u32],
) -> Result<(Throughput, Vec<Line>)> {
    let calls = lines.len();
    let hands = deal(lines, connections);
    let connections = hands.len();
    let over = Rc::new(Cell::new(false));
    let mut workers = JoinSet::new();
    for hand in hands {
        workers.spawn_local(talk(stage.clone(), hand, routing, over.clone()));
    }
    tokio::time::sleep(WARM_UP).await;

    let load = std::process::id();
    drop(stage.tally.take());
    let (begun, server_before, load_before) = (Instant::now(), Busy::of_all(servers)?, Busy::of(load)?);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (passed, tally) = (begun.elapsed().as_secs_f64(), stage.tally.take());
    let (server, load) = (Busy::of_all(servers)?.since(&server_before), Busy::of(load)?.since(&load_before));

    over.set(true);
    let mut lines = Vec::with_capacity(calls);
    while let Some(hand) = workers.join_next().await {
        let hand: Result<Vec<Line>> = hand?;
        lines.extend(hand?);
    }
    let total = server.total.as_secs_f64();
    let share = |time: Duration| time.as_secs_f64() / total.max(f64::MIN_POSITIVE);
    let throughput = Throughput {
        connections,
        calls,
        seconds: passed,
        turns: tally.turns,
        turns_per_second: tally.turns as f64 / passed,
        failed: tally.failed,
        times: tally.times(),
        first_failure: tally.first_failure,
        server_us_per_turn: total * 1e6 / tally.turns.max(1) as f64,
        server_busy: total / passed,
        load_busy: load.total.as_secs_f64() / passed,
        threads: server.threads.into_iter().map(|(name, time)| (name, share(time))).collect(),
    };
    Ok((throughput, lines))
}

/// The customers of one connection to each server speak in turn.
async fn talk(
    stage: Rc<Stage>,
    mut lines: Vec<Line>,
    routing: Routing,
    over: Rc<Cell<bool>>,
) -> Result<Vec<Line>> {
    let mut connections = stage.load.connections();
    while !over.get() {
        for (number, line) in lines.iter_mut().enumerate() {
            let next = match routing {
                Routing::AtRandom => rand::rng().random_range(0..connections.len()),
                Routing::ByCall => number % connections.len(),
            };
            let Some(connection) = connections.get_mut(next) else { return Ok(lines) };
            let sent = Instant::now();
            if stage.turn(connection, line).await? {
                stage.tally.borrow_mut().turned(sent.elapsed());
            }
            if over.get() {
                break;
            }
        }
    }
    Ok(lines)
}
