//! What is written on other nodes, for the screens of this one: while somebody looks, it is asked how far the journals are, and the
//! hub reads what it has not heard. So screens are late at worst, never wrong.

use super::pace::Pace;
use crate::{Clock, HubHandle};
use std::{collections::HashMap, sync::Arc};
use tsunagu_store::Store;

/// Calls that began and ended between two looks are looked for from so long before the first of the two: what a node opens is
/// written a little later, and its clock may be a little behind.
const SLACK_MILLIS: i64 = 10_000;
/// What is over for longer is no news, however long nobody could look.
const OLDEST_MILLIS: i64 = 300_000;

/// Goes on for as long as it is run.
pub(crate) async fn keep_screens(store: Arc<dyn Store>, hub: HubHandle, clock: Clock) {
    let Some(shared) = store.shared() else { return };
    let (mut pace, mut looked) = (Pace::new(&hub), clock.wall());
    loop {
        pace.rest().await;
        let now = clock.wall();
        if !hub.is_watched() {
            looked = now;
            continue;
        }
        // A company that is watched only since then is looked for the next time; what lives there is read when somebody comes.
        let companies = hub.presence().watched();
        let since = looked.plus_millis(-SLACK_MILLIS).max(now.plus_millis(-OLDEST_MILLIS));
        match shared.held_calls_and_opened(&companies, since).await {
            Ok(held) => {
                looked = now;
                let mut calls: HashMap<_, HashMap<_, _>> = HashMap::new();
                for held in held {
                    calls.entry(held.company).or_default().insert(held.call, held.next);
                }
                hub.stand(calls);
            }
            Err(error) => tracing::warn!(%error, "what other nodes have written cannot be read"),
        }
    }
}
