//! How long a start takes: from the moment when the process is asked for until it answers.

use super::{
    Bench,
    client::Connection,
    line::Line,
    load::{self, Load},
    seed::seed,
    server::Server,
};
use anyhow::{Context, Result, anyhow};
use serde::Serialize;
use std::{path::Path, rc::Rc, time::Duration};
use tokio::time::Instant;

/// How far each call is that is taken up.
const TURNS: u32 = 2;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Starts {
    /// To the first answer, with nothing in the journal.
    pub empty: Spread,
    /// How many calls were live when the server was killed.
    pub calls: u32,
    /// To the first answer, with these calls in the journal.
    pub live: Spread,
    /// To the first turn of one of these calls.
    pub live_turn: Spread,
}

/// Of several times, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// The shortest.
    pub min_ms: f64,
    /// The one in the middle.
    pub median_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
        Self {
            min_ms: ms(times.first()),
            median_ms: ms(times.get(times.len() / 2)),
            max_ms: ms(times.last()),
        }
    }
}

/// Measures it, `starts` times each.
pub async fn measure(bench: &Bench, starts: u8, calls: u32) -> Result<Starts> {
    let folder = bench.folder()?;
    let callees = seed(folder.path(), calls).await?;
    let mut empty = Vec::new();
    for _ in 0..starts {
        empty.push(start(bench, folder.path()).await?.1);
    }
    let (server, _) = start(bench, folder.path()).await?;
    let load = Rc::new(Load::sign_in(server.address).await?);
    let mut lines = server.explain(load.begin_all(callees, bench.connections, TURNS).await)?;
    drop(server);

    let (mut live, mut live_turn) = (Vec::new(), Vec::new());
    for place in 0..starts {
        let place = usize::from(place) % lines.len().max(1);
        let line = lines.get_mut(place);
        let begun = Instant::now();
        let (server, answered) = start(bench, folder.path()).await?;
        live.push(answered);
        if let Some(line) = line {
            server.explain(turn(&server, line).await)?;
            live_turn.push(begun.elapsed());
        }
    }
    Ok(Starts { empty: Spread::of(empty), calls, live: Spread::of(live), live_turn: Spread::of(live_turn) })
}

/// Starts a server, and tells how long it took to its first answer.
async fn start(bench: &Bench, data: &Path) -> Result<(Server, Duration)> {
    let begun = Instant::now();
    let server = Server::start(&bench.cores, data, &bench.carrier)?;
    if !load::is_alive(&mut Connection::new(server.address)).await? {
        return server.explain(Err(anyhow!("the server has started, but says that it does not live")));
    }
    Ok((server, begun.elapsed()))
}

async fn turn(server: &Server, line: &mut Line) -> Result<()> {
    let load = Load::for_calls(server.address);
    load.turn(&mut load.connection(), line).await.context("a call did not go on after the restart")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_least_middle_and_most() {
        let times = [30, 10, 20].map(Duration::from_millis).to_vec();
        assert_eq!(Spread::of(times), Spread { min_ms: 10.0, median_ms: 20.0, max_ms: 30.0 });
        assert_eq!(Spread::of(vec![]).median_ms, 0.0);
    }
}
