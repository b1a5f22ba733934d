//! What becomes of a conference when its node could not tell for a while that it lives. Others may have taken over what it did, and
//! what was wanted meanwhile was not begun. Where neither is so, it goes on: a node that took up all of its calls anew would ask
//! most of a database that is slow already.

use super::Conference;
use crate::dispatcher::Retake;
use actix::prelude::*;
use std::sync::atomic::Ordering;
use tsunagu_store::HeldCall;

/// In whose hands the call is by the store, now that the node lives again.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Stands(pub HeldCall);

impl Handler<Stands> for Conference {
    type Result = ();

    fn handle(&mut self, Stands(held): Stands, _: &mut Context<Self>) {
        if self.overtaken || self.is_undisturbed(&held) {
            return;
        }
        if self.in_flight.load(Ordering::Acquire) == 0 {
            self.leave_what_is_known();
        }
        self.home.operator.dispatcher.do_send(Retake(self.call.id));
    }
}

impl Conference {
    /// Nobody went on with the call or took it over, and nothing is left to be done for it here.
    fn is_undisturbed(&self, held: &HeldCall) -> bool {
        let Some(shared) = self.ports.store.shared() else { return true };
        let ours = shared.node();
        held.next <= self.call.seq + 1
            && self.in_flight.load(Ordering::Acquire) == 0
            && self.owns == (held.hold.owner == Some(ours))
            && held.hold.hands.values().all(|node| *node != ours)
    }
}
