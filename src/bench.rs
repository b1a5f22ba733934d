//! `tsunagu bench`: the real server under load, and its figures beside its budgets.
//!
//! null carrier, filled folder → the server as a child on a core of its own → load from the other cores → report
//!
//! Nothing is asserted here: a budget that is missed is told, and is no error.

mod engine;
mod history;
mod latency;
mod memory;
#[cfg(feature = "mongodb")]
mod nodes;
mod screens;
mod startup;
mod throughput;

mod line;
mod load;
mod stage;
mod talk;
mod tally;

mod carrier;
mod client;
mod cores;
mod machine;
mod process;
mod report;
mod seed;
mod server;

use crate::{
    cli::{self, Measurement},
    shutdown,
};
use anyhow::{Context, Result, bail};
use carrier::Carrier;
use cores::Cores;
use latency::Latency;
use load::Load;
use machine::Machine;
use report::{Figures, Report};
use seed::seed;
use server::Server;
use stage::Stage;
use std::{io::Write, path::PathBuf, rc::Rc};
use tempfile::TempDir;
use throughput::{Routing, Throughput};

/// Customers beside those who are in calls, to be rung when a call is lost.
const SPARE: u32 = 200;

/// Where the measurements take place.
struct Bench {
    cores: Cores,
    carrier: Carrier,
    connections: usize,
    data: Option<PathBuf>,
}

/// Measures what is asked for, and prints it.
pub fn run(options: cli::Bench) -> Result<()> {
    let cores = Cores::split(options.core);
    let report = actix::System::new().block_on(async {
        tokio::select! {
            report = measure(&options, cores) => report,
            asked = shutdown::asked() => {
                asked?;
                bail!("stopped before everything was measured")
            }
        }
    })?;
    let mut out = std::io::stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(())
}

async fn measure(options: &cli::Bench, cores: Cores) -> Result<Report> {
    let bench = Bench {
        cores,
        carrier: Carrier::start()?,
        connections: options.connections.into(),
        data: options.data.clone(),
    };
    let machine = Machine::of(bench.folder()?.path());
    let wants = |what| options.only.is_empty() || options.only.contains(&what);
    let mut figures = Figures::default();
    if wants(Measurement::Engine) {
        tell("the engine alone");
        figures.engine = Some(engine::measure()?);
    }
    if wants(Measurement::Start) {
        tell("starts, without and with live calls");
        figures.start = Some(startup::measure(&bench, options.starts, options.calls).await?);
    }
    if wants(Measurement::Throughput) || wants(Measurement::Latency) {
        let turns = (wants(Measurement::Throughput), wants(Measurement::Latency));
        (figures.throughput, figures.latency) = talk(&bench, options, turns).await?;
    }
    if wants(Measurement::Memory) {
        tell("memory of live calls");
        figures.memory = Some(memory::measure(&bench, options.live, report::LIVE_CALLS).await?);
    }
    if wants(Measurement::Screens) {
        tell("what happens, on screens");
        figures.screens = Some(screens::measure(&bench, options.seconds).await?);
    }
    #[cfg(feature = "mongodb")]
    if options.only.contains(&Measurement::Nodes) {
        figures.nodes = Some(nodes::measure(&bench, options).await?);
    }
    // Filling the folder takes minutes and gigabytes: only who asks for it gets it.
    if options.only.contains(&Measurement::History) {
        figures.history = Some(history::measure(&bench, options.history_calls, options.questions).await?);
    }
    Ok(Report::new(machine, bench.cores.told.clone(), figures))
}

/// The measurements that need calls which talk.
async fn talk(
    bench: &Bench,
    options: &cli::Bench,
    (throughput, latency): (bool, bool),
) -> Result<(Option<Throughput>, Option<Latency>)> {
    tell("live calls are begun");
    let folder = bench.folder()?;
    let mut callees = seed(folder.path(), options.calls + SPARE).await?;
    let spare = callees.split_off(usize::try_from(options.calls)?);
    let server = Server::start(&bench.cores, folder.path(), &bench.carrier)?;
    let load = Rc::new(Load::sign_in(server.address).await?);
    let mut lines = server.explain(load.begin_all(callees, bench.connections, 0).await)?;
    let stage = Stage::new(load, spare);
    let (mut fastest, mut steady) = (None, None);
    // The steady rate first: it finds the journal as small as it is in the morning.
    if latency {
        tell("turns at a steady rate");
        let measured =
            latency::measure(&stage, lines, bench.connections, options.rate, options.seconds).await;
        let (measured, rest) = server.explain(measured)?;
        (steady, lines) = (Some(measured), rest);
    }
    if throughput {
        tell("as many turns as can be");
        let hands = (bench.connections, Routing::ByCall);
        let measured = throughput::measure(&stage, lines, hands, options.seconds, &[server.pid()]).await;
        fastest = Some(server.explain(measured)?.0);
    }
    Ok((fastest, steady))
}

impl Bench {
    /// A folder for one server's data.
    fn folder(&self) -> Result<TempDir> {
        let parent = self.data.clone().unwrap_or_else(std::env::temp_dir);
        // The server runs in it, and must find it from there.
        let made = parent.canonicalize().and_then(|parent| TempDir::with_prefix_in("tsunagu-bench-", parent));
        made.with_context(|| format!("no folder can be made in {}", parent.display()))
    }
}

/// Tells a person what is going on, beside the report.
fn tell(what: &str) {
    // Nobody may be listening; that is no reason to stop.
    drop(writeln!(std::io::stderr(), "measuring: {what}"));
}
