//! What live calls take of memory: a fresh server, and so many calls that are answered and two turns in.

use super::{Bench, load::Load, process::Memory, seed::seed, server::Server};
use anyhow::Result;
use serde::Serialize;
use std::{rc::Rc, time::Duration};

/// How far each call is.
const TURNS: u32 = 2;
/// How long the server may come to rest before it is looked at.
const REST: Duration = Duration::from_secs(2);

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveCalls {
    /// How many calls were live.
    pub calls: u32,
    /// What the server had in memory without them, in bytes.
    pub idle_bytes: u64,
    /// What it had with them.
    pub live_bytes: u64,
    /// What it had at the most.
    pub peak_bytes: u64,
    /// What one call adds.
    pub bytes_per_call: f64,
    /// What it would have with so many calls as the budget names.
    pub budget_calls_bytes: f64,
}

/// Measures it.
pub async fn measure(bench: &Bench, calls: u32, budget_calls: u32) -> Result<LiveCalls> {
    let folder = bench.folder()?;
    let callees = seed(folder.path(), calls).await?;
    let server = Server::start(&bench.cores, folder.path(), &bench.carrier)?;
    let load = Rc::new(Load::sign_in(server.address).await?);
    tokio::time::sleep(REST).await;
    let idle = Memory::of(server.pid())?;
    let lines = server.explain(load.begin_all(callees, bench.connections, TURNS).await)?;
    tokio::time::sleep(REST).await;
    let live = Memory::of(server.pid())?;
    let added = live.resident.saturating_sub(idle.resident) as f64 / lines.len().max(1) as f64;
    Ok(LiveCalls {
        calls,
        idle_bytes: idle.resident,
        live_bytes: live.resident,
        peak_bytes: live.peak,
        bytes_per_call: added,
        budget_calls_bytes: idle.resident as f64 + added * f64::from(budget_calls),
    })
}
