//! What is looked up when somebody asks for the metrics, instead of being kept up to date all the time.

use crate::App;
use metrics::gauge;
use std::time::Duration;
use tokio::{sync::Mutex, time::Instant};
use tsunagu_store::{Availability, Census};

/// How long a count of what is stored is good: anybody may ask, and the store has better things to do.
const GOOD_FOR: Duration = Duration::from_secs(5);
/// How long the store may take for it. After that the last count is shown again.
const PATIENCE: Duration = Duration::from_secs(1);

/// When was counted last.
#[derive(Default)]
pub(crate) struct LastCount(Mutex<Option<Instant>>);

/// Brings the gauges up to date that nobody else does.
pub(super) async fn gather(app: &App, last: &LastCount) {
    gauge!("call_asks_under_way").set(app.board.asks() as f64);
    metrics_process::Collector::default().collect();
    let mut last = last.0.lock().await;
    if last.is_some_and(|last| last.elapsed() < GOOD_FOR) {
        return;
    }
    let ports = app.board.ports();
    // Sign-ins run out by the time of people, whatever time calls go by.
    let now = tsunagu_actors::Clock::real().now();
    match tokio::time::timeout(PATIENCE, ports.store.census(now)).await {
        Ok(Ok(census)) => show(&census),
        Ok(Err(error)) => tracing::warn!(%error, "what is stored could not be counted"),
        Err(_) => tracing::warn!("what is stored could not be counted in time"),
    }
    *last = Some(Instant::now());
}

fn show(census: &Census) {
    for doing in Availability::ALL {
        let count = census.agents.get(&doing).copied().unwrap_or_default();
        gauge!("agents", "status" => doing.as_str()).set(count as f64);
    }
    gauge!("sessions").set(census.sessions as f64);
}
