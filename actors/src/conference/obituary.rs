//! What is left of a conference when it ends, however it ends: word to the directory that it is gone.

use crate::dispatcher::{Died, Operator};
use tsunagu_call::CallId;

/// Held by a conference; its drop tells who died, and whether in a panic.
pub(crate) struct Obituary {
    pub operator: Operator,
    pub call: CallId,
    pub epoch: u64,
    /// The call is not done with: somebody must take it up again, even if nobody asks.
    pub unfinished: bool,
}

impl Obituary {
    /// The conference is about to end: from now on nobody is sent to it.
    pub fn announce(&mut self) {
        self.unfinished = true;
        self.operator.directory.bury(self.call, self.epoch, false);
    }
}

impl Drop for Obituary {
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        self.operator.directory.bury(self.call, self.epoch, panicked);
        if panicked {
            metrics::counter!("conferences_panicked_total").increment(1);
            tracing::error!(callId = %self.call, epoch = self.epoch, "a conference panicked");
        }
        if panicked || self.unfinished {
            self.operator.dispatcher.do_send(Died(self.call));
        }
    }
}
