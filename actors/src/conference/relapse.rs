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
        if self.in_flight.load(Ordering::Acquire) > 0 {
            // Whose the call is when that is written is not known yet: another conference could believe that it is not ours.
            self.relapsed = true;
        } else if !self.overtaken && !self.is_undisturbed(&held) {
            self.leave_what_is_known();
            self.home.operator.dispatcher.do_send(Retake(self.call.id));
        }
    }
}

impl Conference {
    /// What was on its way is written: whose the call is may be asked now.
    pub(super) fn look_again(&mut self, ctx: &Context<Self>) {
        if !std::mem::take(&mut self.relapsed) {
            return;
        }
        let (store, operator, conference) =
            (self.ports.store.clone(), self.home.operator.clone(), ctx.address());
        let call = self.call.id;
        actix::spawn(async move {
            let Some(shared) = store.shared() else { return };
            match shared.held_call(call).await {
                Ok(Some(held)) => conference.do_send(Stands(held)),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(callId = %call, %error, "in whose hands the call is cannot be read");
                    operator.dispatcher.do_send(Retake(call));
                }
            }
        });
    }

    /// Nobody went on with the call or took it over, and nothing is left to be done for it here.
    fn is_undisturbed(&self, held: &HeldCall) -> bool {
        let Some(shared) = self.ports.store.shared() else { return true };
        let ours = shared.node();
        held.next <= self.call.seq + 1
            && self.owns == (held.hold.owner == Some(ours))
            && held.hold.hands.values().all(|node| *node != ours)
    }
}
