//! How a session ends: at once, or after its client was told.

use super::{Carrier, Output, Phase, Reason, Session};
use crate::engine::packet::Frame;
use std::time::Duration;

impl Session {
    /// Ends at once. A poll that waits is told; whatever else waits is not sent.
    pub(super) fn end(&mut self, reason: Reason, out: &mut Vec<Output>) {
        match self.phase {
            Phase::Open => out.push(Output::Ended(reason)),
            Phase::Leaving { .. } => {}
            Phase::Closed { .. } => return,
        }
        self.outbox.clear();
        self.close(out);
    }

    /// Ends for the layer above, and stays until its client has taken what waits and the farewell, or until then. A client that
    /// is changing over may do so first.
    pub(super) fn leave(&mut self, reason: Reason, farewell: Frame, until: Duration, out: &mut Vec<Output>) {
        if self.is_open() {
            self.phase = Phase::Leaving { until, farewell };
            out.push(Output::Ended(reason));
        }
    }

    /// Nothing is left but a farewell for whoever still waits.
    pub(super) fn close(&mut self, out: &mut Vec<Output>) {
        let farewell = match &self.phase {
            Phase::Leaving { farewell, .. } | Phase::Closed { farewell } => farewell.clone(),
            Phase::Open => Frame::close(),
        };
        self.trial = None;
        self.outbox.clear();
        self.phase = Phase::Closed { farewell };
        out.push(Output::Forget);
    }

    /// The carrier is a poll.
    pub(super) fn is_polled(&self) -> bool {
        self.carrier == Carrier::Polling
    }
}
