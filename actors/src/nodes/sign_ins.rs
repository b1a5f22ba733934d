//! Who signed out on other nodes, or may not look any more: it is looked whether the sign-ins by which somebody looks at this node's
//! screens are still good. Nodes that hear of each other need not wait for that.

use crate::HubHandle;
use std::{sync::Arc, time::Duration};
use tsunagu_store::Store;

/// How often.
const LOOK: Duration = Duration::from_secs(2);
/// How many sign-ins are asked after at a time.
const STEP: usize = 1000;

/// Goes on for as long as it is run.
pub(crate) async fn keep_sign_ins(store: Arc<dyn Store>, hub: HubHandle) {
    let Some(shared) = store.shared() else { return };
    loop {
        tokio::time::sleep(LOOK).await;
        for sign_ins in hub.sign_ins().await.chunks(STEP) {
            match shared.ended_sign_ins(sign_ins).await {
                Ok(ended) if ended.is_empty() => {}
                Ok(ended) => hub.end_sign_ins(ended),
                Err(error) => tracing::warn!(%error, "who signed out on other nodes cannot be read"),
            }
        }
    }
}
