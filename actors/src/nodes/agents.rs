//! What agents do on other nodes, for the screens of this one: while somebody looks, it is asked how they are, and the hub tells
//! what it has not told.

use super::pace::Pace;
use crate::HubHandle;
use std::sync::Arc;
use tsunagu_store::Store;

/// Goes on for as long as it is run.
pub(crate) async fn keep_agents(store: Arc<dyn Store>, hub: HubHandle) {
    let Some(shared) = store.shared() else { return };
    let mut pace = Pace::new(&hub);
    loop {
        pace.rest().await;
        let companies = hub.presence().watched();
        if companies.is_empty() {
            continue;
        }
        match shared.doings(&companies).await {
            Ok(doings) => hub.see_agents(&doings),
            Err(error) => tracing::warn!(%error, "what agents do on other nodes cannot be read"),
        }
    }
}
