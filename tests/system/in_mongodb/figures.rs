//! What nodes count, for docs/scale.md: how soon one is taken over from, and how often one was in another's way.

use crate::client::http;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

/// What is told of.
const COUNTED: [&str; 4] = [
    "calls_taken_over_total",
    "call_asks_overtaken_total",
    "node_leases_lapsed_total",
    "webhooks_put_off_total",
];

/// The figures of servers that share a database.
#[derive(Default)]
pub struct Figures {
    takeovers: Vec<Duration>,
    none_held: usize,
    counted: BTreeMap<&'static str, f64>,
}

impl Figures {
    /// Those of a server that goes.
    pub fn add(&mut self, server: &HashMap<String, f64>) {
        for name in COUNTED {
            *self.counted.entry(name).or_default() += server.get(name).copied().unwrap_or_default();
        }
    }

    /// After what time the calls of one that was killed were taken over; nothing where it held none.
    pub fn took_over(&mut self, after: Option<Duration>) {
        match after {
            Some(after) => self.takeovers.push(after),
            None => self.none_held += 1,
        }
    }

    /// Tells them; some server was taken over from.
    #[expect(clippy::print_stderr, reason = "whoever measures wants to know")]
    pub fn tell(mut self, calls: usize) {
        self.takeovers.sort();
        let (of, held) = (self.takeovers.len(), self.none_held);
        let last = *self.takeovers.last().expect("some server that was killed held calls");
        let median = self.takeovers[of / 2];
        eprintln!("{calls} calls; {of} taken over from, {held} held none; p50 {median:?}, longest {last:?}");
        self.counted.iter().for_each(|(name, count)| eprintln!("{name} {count}"));
    }
}

/// What a server counts without telling apart.
pub async fn of_server(base: &str) -> HashMap<String, f64> {
    let answer = http().get(format!("{base}/metrics")).send().await.unwrap().text().await.unwrap();
    let lines = answer.lines().filter_map(|line| line.split_once(' '));
    lines.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect()
}
