//! What has expired is forgotten: refresh tokens, password resets and invitations.

use super::now;
use std::{sync::Arc, time::Duration};
use tsunagu_store::Store;

/// How long there is from one look to the next.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3600);

/// Forgets what has expired, every hour for as long as it is run. Nothing that has expired is good until then.
pub async fn keep_tokens_tidy(store: Arc<dyn Store>) {
    let mut look = tokio::time::interval(BETWEEN_LOOKS);
    loop {
        look.tick().await;
        match store.forget_expired_tokens(now()).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "expired tokens forgotten"),
            Err(error) => {
                tracing::warn!(%error, "expired tokens could not be forgotten; tried again in an hour")
            }
        }
    }
}
