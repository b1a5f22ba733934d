//! What a live call reaches the world through.

use crate::{Clock, HubHandle, Webhooks};
use std::sync::Arc;
use tsunagu_carrier::Carrier;
use tsunagu_conversation::Engine;
use tsunagu_store::Store;

/// The ports, shared by all calls.
#[derive(Clone)]
pub struct Ports {
    /// Where journals and documents are kept.
    pub store: Arc<dyn Store>,
    /// Who carries the calls.
    pub carrier: Arc<dyn Carrier>,
    /// Who understands and answers.
    pub engine: Arc<Engine>,
    /// The time.
    pub clock: Clock,
    /// Where the carrier asks us.
    pub webhooks: Webhooks,
    /// Who is told of everything.
    pub hub: HubHandle,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ports")
            .field("clock", &self.clock)
            .field("webhooks", &self.webhooks)
            .finish_non_exhaustive()
    }
}
