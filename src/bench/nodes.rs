//! What servers that share a MongoDB take for a turn: one of them, and several, where each turn reaches any of them, or those of a
//! call always the same one.
//!
//! The database is whatever is given: of the servers' own processor time alone can be told what a further server adds, for the
//! more turns reach one that another one was quicker than, the more of that time goes into reading what it wrote.

use super::{
    Bench,
    load::Load,
    process::Busy,
    seed::fill,
    server::Server,
    stage::Stage,
    throughput::{self, Routing, Throughput},
};
use crate::cli;
use anyhow::{Context, Result};
use serde::Serialize;
use std::{fmt, path::Path, rc::Rc, sync::Arc, time::Duration};
use tsunagu_store::MongoStore;

/// How many calls talk at the most: begun at the pace of the database.
const CALLS: u32 = 200;
/// Over how many connections to each server.
const CONNECTIONS: usize = 32;
/// How many customers are there beside them.
const SPARE: u32 = 50;
/// How long it is looked what the servers take with nothing to do.
const REST: Duration = Duration::from_secs(5);

/// So many servers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sharing {
    /// How many.
    pub servers: usize,
    /// Which of them a turn reaches.
    pub routing: Routing,
    /// How busy all of them together keep a core with nothing to do, 0 to 1.
    pub at_rest: f64,
    /// Their processor time for a turn without that, in microseconds, all together.
    pub us_per_turn: f64,
    /// How it went, with all that they took.
    pub turns: Throughput,
}

/// Measures one server, then two, up to as many as are asked for. All have the calls of the first.
pub async fn measure(bench: &Bench, options: &cli::Bench) -> Result<Vec<Sharing>> {
    let uri = options.mongodb.as_deref().context("the measurement of several servers needs --mongodb")?;
    let calls = options.calls.min(CALLS);
    let store = MongoStore::connect(uri).await.context("the database cannot be used")?;
    let mut callees = fill(Arc::new(store), calls + SPARE).await.context("the database cannot be filled")?;
    let spare = callees.split_off(usize::try_from(calls)?);

    let folder = bench.folder()?;
    let mut servers = vec![start(bench, &folder.path().join("1"), uri, None)?];
    let first = servers.first().map(|server| server.address).context("a server was started")?;
    let base_url = format!("http://{first}");
    let load = Rc::new(Load::sign_in(first).await?);
    let mut lines = load.begin_all(callees, CONNECTIONS, 0).await?;
    let mut shared = Vec::new();
    for count in 1..=usize::from(options.nodes) {
        if count > 1 {
            servers.push(start(bench, &folder.path().join(count.to_string()), uri, Some(&base_url))?);
        }
        super::tell(&format!("turns over {count} servers that share a database"));
        let pids: Vec<u32> = servers.iter().map(Server::pid).collect();
        let others = servers.iter().skip(1).map(|server| server.address).collect();
        let stage = Stage::new(Rc::new(load.spread(others)), spare.clone());
        let before = Busy::of_all(&pids)?;
        tokio::time::sleep(REST).await;
        let at_rest = Busy::of_all(&pids)?.since(&before).total.div_duration_f64(REST);
        let routings =
            if count == 1 { &[Routing::ByCall][..] } else { &[Routing::ByCall, Routing::AtRandom] };
        for routing in routings.iter().copied() {
            let hands = (CONNECTIONS, routing);
            let (turns, rest) = throughput::measure(&stage, lines, hands, options.seconds, &pids).await?;
            lines = rest;
            let resting = at_rest * turns.seconds * 1e6 / turns.turns.max(1) as f64;
            let us_per_turn = turns.server_us_per_turn - resting;
            shared.push(Sharing { servers: count, routing, at_rest, us_per_turn, turns });
        }
    }
    Ok(shared)
}

/// One more server on this database, with a folder for its log, known under this address.
fn start(bench: &Bench, folder: &Path, uri: &str, base_url: Option<&str>) -> Result<Server> {
    /// All take each other's tokens.
    const SECRET: (&str, &str) = ("JWT_SECRET", "a secret that only benchmarks use, 32 bytes and more");
    std::fs::create_dir(folder)?;
    let settings: Vec<_> =
        [SECRET, ("MONGODB_URI", uri)].into_iter().chain(base_url.map(|url| ("BASE_URL", url))).collect();
    Server::start_with(&bench.cores, folder, &bench.carrier, &settings)
}

impl fmt::Display for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { servers, routing, at_rest, us_per_turn, turns } = self;
        let routing = match routing {
            Routing::AtRandom => "each turn at any of them",
            Routing::ByCall => "each call at one of them",
        };
        writeln!(
            f,
            "{servers} on one database, {routing}: {us_per_turn:.0} µs of their processors a turn, and {:.1} % of a core at rest, all \
             together; {} turns, {:.0} a second; p50 {:.1}, p99 {:.1} ms.",
            at_rest * 100.0,
            turns.turns,
            turns.turns_per_second,
            turns.times.p50_ms,
            turns.times.p99_ms
        )?;
        match &turns.first_failure {
            Some(first) => writeln!(f, "  {} turns FAILED; the first: {first}", turns.failed),
            None => Ok(()),
        }
    }
}
