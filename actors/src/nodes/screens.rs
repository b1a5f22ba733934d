//! What is written on other nodes, for the screens of this one: while somebody looks, it is asked how far the journals are, and the
//! hub reads what it has not heard. So screens are late at worst, never wrong.

use crate::HubHandle;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tsunagu_store::Store;

/// How often it is asked.
const PAUSE: Duration = Duration::from_millis(500);

/// Goes on for as long as it is run.
pub(crate) async fn keep_screens(store: Arc<dyn Store>, hub: HubHandle) {
    let Some(shared) = store.shared() else { return };
    loop {
        tokio::time::sleep(PAUSE).await;
        if !hub.is_watched() {
            continue;
        }
        match shared.held_calls().await {
            Ok(held) => {
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
