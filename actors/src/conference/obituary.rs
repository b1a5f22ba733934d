//! What is left of a conference when it ends, however it ends: word to the directory that it is gone.

use crate::dispatcher::Directory;
use std::sync::Arc;
use tsunagu_call::CallId;

/// Held by a conference; its drop tells who died, and whether in a panic.
pub(crate) struct Obituary {
    pub directory: Arc<Directory>,
    pub call: CallId,
    pub epoch: u64,
}

impl Drop for Obituary {
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        self.directory.bury(self.call, self.epoch, panicked);
        if panicked {
            metrics::counter!("conferences_panicked_total").increment(1);
            tracing::error!(call = %self.call, epoch = self.epoch, "a conference panicked");
        }
    }
}
