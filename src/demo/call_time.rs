//! Call time in a folder that is used again. A demo that ran faster than the wall has left calls behind that lie ahead of
//! it; time must not run backwards for them.

use crate::settings::ClockSettings;
use anyhow::{Context, Result};
use std::path::Path;
use tsunagu_call::Time;
use tsunagu_store::{CallStore, FIRST_SEQ, JOURNAL_PAGE, SqliteConfig, SqliteStore, Store};

/// The least by which a clock must be faster than the wall's to have an anchor from which it is ahead of it.
const LEAST_RATE: f64 = 1.0001;

/// The last moment in the journals of the calls that are not over, if there are any in this folder.
pub async fn reached(data_dir: &Path) -> Result<Option<Time>> {
    let store = SqliteStore::open(&SqliteConfig::new(data_dir)).context("the store cannot be opened")?;
    let mut reached = None;
    for live in store.live_calls().await? {
        let mut from = FIRST_SEQ;
        loop {
            let page = store.journal(live.call, from, JOURNAL_PAGE).await?;
            let Some(last) = page.last() else { break };
            reached = reached.max(Some(last.at));
            from = last.seq + 1;
        }
    }
    store.close().await?;
    Ok(reached)
}

/// Sets a clock so that it shows `reached` when the wall's shows `wall`, where that lies ahead.
pub fn go_on(clock: &mut ClockSettings, wall: Time, reached: Time) {
    if reached <= wall {
        return;
    }
    clock.rate = clock.rate.max(LEAST_RATE);
    let began = reached.since(wall).div_f64(clock.rate - 1.0).as_millis();
    clock.anchor = wall.plus_millis(-i64::try_from(began).unwrap_or(i64::MAX)).to_string();
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_actors::Clock;

    #[test]
    fn time_goes_on_where_it_was() {
        for rate in [1.0, 2.0, 20.0, 10_000.0] {
            let wall = Clock::real().now();
            let mut clock = ClockSettings { rate, anchor: wall.to_string() };
            let reached = wall.plus_secs(3600);
            go_on(&mut clock, wall, reached);
            let shown = Clock::simulated(clock.rate, clock.anchor.parse().unwrap());
            let passed = Clock::real().now().since(wall).as_secs_f64() * clock.rate;
            let ahead = shown.now().millis() - reached.millis();
            // The anchor is kept in whole milliseconds, and a moment passes between the two looks at the clock.
            let slack = 100.0 + rate * 20.0;
            assert!((ahead as f64 - passed * 1000.0).abs() <= slack, "{rate}: {ahead} ms after {passed} s");
        }
    }

    #[test]
    fn a_clock_that_is_behind_nothing_stays_as_it_is() {
        let wall = Time::from_millis(1_795_000_000_000);
        let mut clock = ClockSettings { rate: 1.0, anchor: wall.to_string() };
        go_on(&mut clock, wall, wall);
        assert_eq!((clock.rate, clock.anchor), (1.0, wall.to_string()));
    }
}
