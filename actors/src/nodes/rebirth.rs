//! What a node does for as long as it lives: what dies of that in a panic is begun anew, and takes nothing else along.

use std::{future::Future, time::Duration};
use tokio::task::JoinSet;

/// How long there is from a task's untimely death to the next one's birth.
const REBORN_AFTER: Duration = Duration::from_secs(1);

/// Goes on for as long as it is run, or until the task ends by itself.
pub(crate) async fn reborn<F>(name: &'static str, begin: impl Fn() -> F)
where
    F: Future<Output = ()> + 'static,
{
    loop {
        // A set, since with it what it runs is gone.
        let mut life = JoinSet::new();
        life.spawn_local(begin());
        match life.join_next().await {
            Some(Err(error)) if error.is_panic() => {
                metrics::counter!("tasks_died_total", "task" => name).increment(1);
                tracing::error!(task = name, %error, "a task of this node died; another one takes over");
            }
            _ => return,
        }
        tokio::time::sleep(REBORN_AFTER).await;
    }
}
