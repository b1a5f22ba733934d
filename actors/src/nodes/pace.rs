//! How often it is looked in the store for what other nodes have written: seldom while they tell it, often else.

use crate::{HubHandle, hub::Presence};
use std::time::Duration;
use tokio::{sync::watch, time::Instant};
use tsunagu_exchange::Link;

/// While nobody tells it.
const ALONE: Duration = Duration::from_millis(500);
/// While everybody tells it: only what was lost on the way.
const TOLD: Duration = Duration::from_secs(5);
/// So long after the way was found, or others are listened to, news may still be missed.
const SETTLING: Duration = Duration::from_secs(3);
/// Between two looks, whatever happens.
const SHORTEST: Duration = Duration::from_millis(100);

/// The pauses between looks.
pub(super) struct Pace {
    link: Option<watch::Receiver<Link>>,
    presence: Presence,
    broken: Instant,
}

impl Pace {
    pub fn new(hub: &HubHandle) -> Self {
        let link = hub.exchange().map(|exchange| exchange.link());
        Self { link, presence: hub.presence().clone(), broken: Instant::now() }
    }

    /// Waits until it is time to look. It is when the way to the others is lost or found.
    pub async fn rest(&mut self) {
        let began = Instant::now();
        loop {
            let Some(link) = &mut self.link else { return tokio::time::sleep(ALONE).await };
            let open = link.borrow().open;
            // Another node may have ceased to tell meanwhile.
            if began.elapsed() >= pause(open, self.presence.is_told_of_all(), self.broken.elapsed()) {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(ALONE) => {}
                changed = link.changed() => {
                    if changed.is_err() {
                        self.link = None;
                    }
                    self.broken = Instant::now();
                    return tokio::time::sleep_until(began + SHORTEST).await;
                }
            }
        }
    }
}

/// How long to wait: other nodes are heard, all of them tell, and something may have been missed so long ago.
fn pause(open: bool, told_of_all: bool, unbroken: Duration) -> Duration {
    if open && told_of_all && unbroken >= SETTLING { TOLD } else { ALONE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_often_unless_everybody_tells_and_nothing_was_missed() {
        assert_eq!(pause(true, true, SETTLING), TOLD);
        for (open, told_of_all, unbroken) in
            [(false, true, SETTLING), (true, false, SETTLING), (true, true, SETTLING / 2)]
        {
            assert_eq!(pause(open, told_of_all, unbroken), ALONE, "{open} {told_of_all} {unbroken:?}");
        }
    }
}
