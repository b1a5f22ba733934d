//! The figures beside their budgets, for a person and for a program.

#[cfg(feature = "mongodb")]
use super::nodes::Sharing;
use super::{
    engine::EngineSpeed, history::HistorySpeed, latency::Latency, machine::Machine, memory::LiveCalls,
    screens::OnScreen, startup::Starts, throughput::Throughput,
};
use serde::Serialize;
use std::fmt;

/// Turns a second at least.
const TURNS_PER_SECOND: f64 = 15_000.0;
/// 99 % of turns take no longer than so many milliseconds…
const P99_MS: f64 = 20.0;
/// …at so many turns a second.
const RATE: u64 = 2000;
/// An utterance takes the engine so many microseconds at the most.
const ENGINE_US: f64 = 50.0;
/// So many live calls…
pub const LIVE_CALLS: u32 = 10_000;
/// …take so many bytes of memory at the most.
const LIVE_BYTES: f64 = 500e6;
/// From start to first answer at the most, in milliseconds.
const START_MS: f64 = 200.0;
/// What happens is on 99 % of screens so many milliseconds after the webhook that brought it…
const SCREEN_P99_MS: f64 = 10.0;
/// …and so many events a second reach a screen, 99 % of them within so many milliseconds.
const DELIVERIES_PER_SECOND: f64 = 150_000.0;
const DELIVERY_P99_MS: f64 = 12.0;
/// A screen of which nothing happens takes no more memory, in kilobytes.
const SCREEN_KB: f64 = 12.0;
/// A usual question about the history takes no longer, in milliseconds.
pub const HISTORY_MS: f64 = 100.0;

/// A core that is as busy as this was the server's own; below, others took of it, or there was nothing to do.
const WHOLE_CORE: f64 = 0.97;

/// What was measured; what was not asked for is absent.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// As many turns as can be.
    pub throughput: Option<Throughput>,
    /// Turns at a steady rate.
    pub latency: Option<Latency>,
    /// The engine alone.
    pub engine: Option<EngineSpeed>,
    /// Memory of live calls.
    pub memory: Option<LiveCalls>,
    /// Starts.
    pub start: Option<Starts>,
    /// What happens, on screens.
    pub screens: Option<OnScreen>,
    /// Servers that share a MongoDB.
    #[cfg(feature = "mongodb")]
    pub nodes: Option<Vec<Sharing>>,
    /// The history of very many calls.
    pub history: Option<HistorySpeed>,
}

/// All there is to tell.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    machine: Machine,
    placement: String,
    budgets: Vec<Budget>,
    figures: Figures,
}

/// A budget and what was measured against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Budget {
    name: String,
    limit: String,
    measured: String,
    met: bool,
}

impl Report {
    /// Holds the figures against the budgets.
    pub fn new(machine: Machine, placement: String, figures: Figures) -> Self {
        Self { machine, placement, budgets: budgets(&figures), figures }
    }
}

fn budgets(figures: &Figures) -> Vec<Budget> {
    let budget =
        |name: String, limit: String, measured: String, met: bool| Budget { name, limit, measured, met };
    let mut budgets = Vec::new();
    if let Some(fastest) = &figures.throughput {
        budgets.push(budget(
            "turns a second".to_owned(),
            format!("at least {TURNS_PER_SECOND:.0}"),
            format!("{:.0}", fastest.turns_per_second),
            fastest.turns_per_second >= TURNS_PER_SECOND && fastest.failed == 0,
        ));
    }
    if let Some(steady) = &figures.latency {
        budgets.push(budget(
            format!("p99 of a turn at {} a second", steady.rate),
            format!("under {P99_MS} ms at {RATE}"),
            format!("{:.1} ms", steady.times.p99_ms),
            steady.rate >= RATE && steady.times.p99_ms < P99_MS && steady.failed == 0,
        ));
    }
    if let Some(engine) = &figures.engine {
        budgets.push(budget(
            "an utterance in the engine".to_owned(),
            format!("under {ENGINE_US} µs"),
            format!("{:.1} µs", engine.mean_us),
            engine.mean_us < ENGINE_US,
        ));
    }
    if let Some(memory) = &figures.memory {
        let whole = memory.calls >= LIVE_CALLS;
        let bytes = if whole { memory.live_bytes as f64 } else { memory.budget_calls_bytes };
        let reckoned = if whole { String::new() } else { format!(", reckoned from {}", memory.calls) };
        budgets.push(budget(
            format!("memory of {} live calls", memory.calls.max(LIVE_CALLS)),
            format!("under {} at {LIVE_CALLS}", megabytes(LIVE_BYTES)),
            format!("{}{reckoned}", megabytes(bytes)),
            bytes < LIVE_BYTES,
        ));
    }
    if let Some(start) = &figures.start {
        let limit = || format!("under {START_MS} ms");
        for (name, spread) in [
            ("start to first answer".to_owned(), start.empty),
            (format!("the same with {} live calls to take up", start.calls), start.live),
        ] {
            let measured = format!("{:.0} ms", spread.median_ms);
            budgets.push(budget(name, limit(), measured, spread.median_ms < START_MS));
        }
    }
    if let Some(screens) = &figures.screens {
        budgets.push(budget(
            format!("p99 from a webhook to {} screens at {} turns a second", screens.screens, screens.rate),
            format!("under {SCREEN_P99_MS} ms"),
            format!("{:.1} ms", screens.times.p99_ms),
            screens.times.p99_ms < SCREEN_P99_MS,
        ));
        budgets.push(budget(
            format!("deliveries a second to {} screens, two broadcasts under way", screens.crowd),
            format!("at least {DELIVERIES_PER_SECOND:.0}"),
            format!("{:.0}", screens.deliveries_per_second),
            screens.deliveries_per_second >= DELIVERIES_PER_SECOND,
        ));
        budgets.push(budget(
            "p99 of these".to_owned(),
            format!("under {DELIVERY_P99_MS} ms"),
            format!("{:.1} ms", screens.broadcast_times.p99_ms),
            screens.broadcast_times.p99_ms < DELIVERY_P99_MS,
        ));
        let more = screens.resting_bytes.saturating_sub(screens.idle_bytes) as f64;
        let each = more / screens.resting as f64 / 1e3;
        budgets.push(budget(
            format!("memory of each of {} screens at rest", screens.resting),
            format!("under {SCREEN_KB} KB"),
            format!("{each:.1} KB"),
            each < SCREEN_KB,
        ));
    }
    if let Some((history, slowest)) =
        figures.history.as_ref().and_then(|history| Some((history, history.slowest()?)))
    {
        budgets.push(budget(
            format!("p99 of the slowest usual question about {} calls", history.calls),
            format!("under {HISTORY_MS} ms"),
            format!("{:.1} ms ({})", slowest.times.p99_ms, slowest.name),
            slowest.times.p99_ms < HISTORY_MS,
        ));
    }
    budgets
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &self.machine;
        writeln!(f, "{} × {}, Linux {}; {}.", machine.cores, machine.cpu, machine.kernel, self.placement)?;
        if let Some(us) = machine.durable_write_us {
            writeln!(f, "A durable write of 4 KiB takes {us:.0} µs here.")?;
        }
        if let Some(load) = &machine.load_average {
            writeln!(f, "Load average before: {load}.")?;
        }
        if let Some(commit) = &machine.commit {
            writeln!(f, "Commit {commit}.")?;
        }
        if !machine.optimised {
            writeln!(f, "BUILT WITHOUT OPTIMISATION: these figures say nothing about a release.")?;
        }
        if !self.budgets.is_empty() {
            writeln!(f, "\n| what | budget | measured | met |\n| --- | --- | --- | --- |")?;
        }
        for Budget { name, limit, measured, met } in &self.budgets {
            writeln!(f, "| {name} | {limit} | {measured} | {} |", if *met { "yes" } else { "NO" })?;
        }
        let missed = self.budgets.iter().filter(|budget| !budget.met).count();
        if missed > 0 {
            writeln!(f, "\n{missed} of {} budgets are missed.", self.budgets.len())?;
        }
        writeln!(f)?;
        self.figures.fmt(f)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(fastest) = &self.throughput {
            throughput(f, fastest)?;
        }
        if let Some(steady) = &self.latency {
            let times = steady.times;
            writeln!(
                f,
                "At {} a second for {} s: {} turns; p50 {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, longest {:.2} ms.",
                steady.rate,
                steady.seconds,
                steady.turns,
                times.p50_ms,
                times.p90_ms,
                times.p99_ms,
                times.p999_ms,
                times.max_ms
            )?;
            failures(f, steady.failed, steady.first_failure.as_deref())?;
        }
        if let Some(engine) = &self.engine {
            writeln!(
                f,
                "Engine: {} utterances, {} times each; slowest {:.1} µs ({}); made in {:.0} ms.",
                engine.utterances, engine.rounds, engine.slowest_us, engine.slowest, engine.load_ms
            )?;
        }
        if let Some(memory) = &self.memory {
            writeln!(
                f,
                "Memory: {} idle, {} with {} calls ({:.0} bytes a call), {} at the most.",
                megabytes(memory.idle_bytes as f64),
                megabytes(memory.live_bytes as f64),
                memory.calls,
                memory.bytes_per_call,
                megabytes(memory.peak_bytes as f64)
            )?;
        }
        if let Some(start) = &self.start {
            writeln!(
                f,
                "Starts: {:.0} to {:.0} ms empty; {:.0} to {:.0} ms with {} live calls, {:.0} ms to the first turn of one.",
                start.empty.min_ms,
                start.empty.max_ms,
                start.live.min_ms,
                start.live.max_ms,
                start.calls,
                start.live_turn.median_ms
            )?;
        }
        if let Some(screens) = &self.screens {
            let (times, all) = (screens.times, screens.broadcast_times);
            writeln!(
                f,
                "Screens: {} lines told to {} of them, p50 {:.2}, p99 {:.2}, longest {:.2} ms after the webhook; events of {} \
                 bytes to {}: {:.0} a second, {:.0} for a second of the server's processor, p50 {:.2}, p99 {:.2} ms; {} at rest: \
                 {:.0} MB, {:.0} without them.",
                screens.lines,
                screens.screens,
                times.p50_ms,
                times.p99_ms,
                times.max_ms,
                screens.event_bytes,
                screens.crowd,
                screens.deliveries_per_second,
                screens.deliveries_per_cpu_second,
                all.p50_ms,
                all.p99_ms,
                screens.resting,
                screens.resting_bytes as f64 / 1e6,
                screens.idle_bytes as f64 / 1e6,
            )?;
        }
        #[cfg(feature = "mongodb")]
        for sharing in self.nodes.iter().flatten() {
            sharing.fmt(f)?;
        }
        if let Some(history) = &self.history {
            history.fmt(f)?;
        }
        Ok(())
    }
}

fn throughput(f: &mut fmt::Formatter<'_>, fastest: &Throughput) -> fmt::Result {
    let times = fastest.times;
    writeln!(
        f,
        "At full load: {} calls over {} connections for {:.0} s, {} turns; p50 {:.2}, p99 {:.2}, longest {:.2} ms.",
        fastest.calls,
        fastest.connections,
        fastest.seconds,
        fastest.turns,
        times.p50_ms,
        times.p99_ms,
        times.max_ms
    )?;
    writeln!(
        f,
        "  The server took {:.1} µs of processor a turn and kept {:.0} % of a core busy, the load {:.0} %.",
        fastest.server_us_per_turn,
        fastest.server_busy * 100.0,
        fastest.load_busy * 100.0
    )?;
    if fastest.server_busy < WHOLE_CORE && fastest.server_us_per_turn > 0.0 {
        // Waiting for the disk counts here as well as being disturbed by others: a bound, not a measurement.
        let reckoned = 1e6 / fastest.server_us_per_turn;
        writeln!(f, "  A whole core would do {reckoned:.0} a second at the most, by that.")?;
    }
    let mut threads: Vec<(&String, &f64)> =
        fastest.threads.iter().filter(|(_, share)| **share >= 0.005).collect();
    threads.sort_by(|one, other| other.1.total_cmp(one.1));
    let threads: Vec<String> =
        threads.iter().map(|(name, share)| format!("{name} {:.0} %", **share * 100.0)).collect();
    writeln!(f, "  By thread: {}.", threads.join(", "))?;
    failures(f, fastest.failed, fastest.first_failure.as_deref())
}

fn failures(f: &mut fmt::Formatter<'_>, failed: u64, first: Option<&str>) -> fmt::Result {
    match first {
        Some(first) => writeln!(f, "  {failed} turns FAILED; the first: {first}"),
        None => Ok(()),
    }
}

fn megabytes(bytes: f64) -> String {
    format!("{:.0} MB", bytes / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(calls: u32, live_bytes: u64) -> Figures {
        let budget_calls_bytes = 40e6 + (live_bytes as f64 - 40e6) / f64::from(calls) * f64::from(LIVE_CALLS);
        let memory = LiveCalls {
            calls,
            idle_bytes: 40_000_000,
            live_bytes,
            peak_bytes: live_bytes,
            bytes_per_call: 0.0,
            budget_calls_bytes,
        };
        Figures { memory: Some(memory), ..Figures::default() }
    }

    #[test]
    fn fewer_calls_are_reckoned_up_to_the_budgets() {
        let budgets = budgets(&memory(1000, 100_000_000));
        assert_eq!((budgets[0].measured.as_str(), budgets[0].met), ("640 MB, reckoned from 1000", false));
        assert!(budgets_met(&memory(10_000, 499_000_000)) && !budgets_met(&memory(10_000, 501_000_000)));
    }

    fn budgets_met(figures: &Figures) -> bool {
        budgets(figures).iter().all(|budget| budget.met)
    }

    #[test]
    fn what_is_missed_is_said() {
        let machine = Machine::of(&std::env::temp_dir());
        let text =
            Report::new(machine, "server on core 0".to_owned(), memory(10_000, 501_000_000)).to_string();
        assert!(text.contains("| NO |") && text.contains("1 of 1 budgets are missed"), "{text}");
    }
}
