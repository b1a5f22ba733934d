//! What an earlier life of the call wanted and nobody wants any more. It is not done; but whom it may have reserved must be known,
//! to be given back.

use super::effects::{Errand, not_wanted};
use crate::dispatcher::promised;
use tsunagu_call::{Command, Settlement, routing::Needs};

impl Errand {
    /// Nothing comes of what cannot be known yet: it stays pending.
    pub(super) async fn leave_undone(&self, command: &Command) -> Option<Settlement> {
        let Command::PickAgent { tried, .. } = command else { return Some(not_wanted()) };
        let pick = self.search(None, tried.clone(), Needs::default(), false);
        Some(match self.insist(|| promised(&*self.ports.store, &pick)).await? {
            Ok(Some(agent)) => Settlement::Picked { agent, considered: Vec::new() },
            Ok(None) => not_wanted(),
            Err(error) => {
                tracing::warn!(callId = %self.call, %error, "an agent whom nobody waits for may stay reserved for a while");
                Settlement::Refused { code: None, message: error.to_string() }
            }
        })
    }
}
