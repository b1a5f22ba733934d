//! How long a turn takes at a given rate. Turns are due at fixed times, whether or not those before were answered, and
//! their time counts from when they were due: a server that stalls cannot hide how many would have waited.

use super::{
    line::Line,
    stage::{Stage, deal},
    tally::{Tally, Times},
};
use anyhow::Result;
use serde::Serialize;
use std::{rc::Rc, time::Duration};
use tokio::{task::JoinSet, time::Instant};

/// How long the server runs at the rate before anything is counted, in seconds.
const WARM_UP: u64 = 2;
/// How long turns are waited for that could not be sent when they were due.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Latency {
    /// Turns a second that were due.
    pub rate: u64,
    /// For how long, in seconds.
    pub seconds: u64,
    /// Turns that were as they should be.
    pub turns: u64,
    /// Turns that were not, or were given up.
    pub failed: u64,
    /// What was wrong with the first of them.
    pub first_failure: Option<String>,
    /// How long they took, from when they were due.
    pub times: Times,
}

/// When the turns of one connection are due.
#[derive(Clone, Copy)]
struct Schedule {
    begun: Instant,
    rate: u64,
    /// The connection's first turn, and how many there are to the next one.
    first: u64,
    step: u64,
    /// Turns from here to the end are counted.
    counted: u64,
    end: u64,
}

/// Measures it, and gives the calls back.
pub async fn measure(
    stage: &Rc<Stage>,
    lines: Vec<Line>,
    connections: usize,
    rate: u64,
    seconds: u64,
) -> Result<(Latency, Vec<Line>)> {
    drop(stage.tally.take());
    let hands = deal(lines, connections);
    let (begun, step) = (Instant::now(), hands.len() as u64);
    let mut workers = JoinSet::new();
    for (first, hand) in (0_u64..).zip(hands) {
        let (counted, end) = (WARM_UP * rate, (WARM_UP + seconds) * rate);
        let schedule = Schedule { begun, rate, first, step, counted, end };
        workers.spawn_local(talk(stage.clone(), hand, schedule));
    }
    let mut lines = Vec::new();
    while let Some(hand) = workers.join_next().await {
        let hand: Result<Vec<Line>> = hand?;
        lines.extend(hand?);
    }
    let tally = stage.tally.take();
    let times = tally.times();
    let Tally { turns, failed, first_failure, .. } = tally;
    Ok((Latency { rate, seconds, turns, failed, first_failure, times }, lines))
}

/// The customers of one connection speak when they are due.
async fn talk(stage: Rc<Stage>, mut lines: Vec<Line>, schedule: Schedule) -> Result<Vec<Line>> {
    let mut connection = stage.load.connection();
    let given_up = schedule.due(schedule.end) + PATIENCE;
    let many = lines.len().max(1) as u64;
    for round in 0.. {
        let turn = schedule.first + round * schedule.step;
        if turn >= schedule.end {
            break;
        }
        let due = schedule.due(turn);
        tokio::time::sleep_until(due).await;
        if Instant::now() >= given_up {
            stage.tally.borrow_mut().abandoned(due.elapsed());
            continue;
        }
        let line = usize::try_from(round % many).ok().and_then(|place| lines.get_mut(place));
        let Some(line) = line else { break };
        if stage.turn(&mut connection, line).await? && turn >= schedule.counted {
            stage.tally.borrow_mut().turned(due.elapsed());
        }
    }
    Ok(lines)
}

impl Schedule {
    fn due(&self, turn: u64) -> Instant {
        let nanos = u128::from(turn) * 1_000_000_000 / u128::from(self.rate.max(1));
        self.begun + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_due_at_even_times() {
        let begun = Instant::now();
        let schedule = Schedule { begun, rate: 2000, first: 0, step: 1, counted: 0, end: 0 };
        let after = |turn| schedule.due(turn).duration_since(begun);
        assert_eq!(
            (after(0), after(1), after(2000)),
            (Duration::ZERO, Duration::from_micros(500), Duration::from_secs(1))
        );
        assert_eq!(after(7_200_000), Duration::from_secs(3600));
    }
}
