//! What becomes of a conference when its node could not tell for a while that it lives. Others may have taken over what it did, and
//! what was wanted meanwhile was not begun. Where neither is so, it goes on: a node that took up all of its calls anew would ask
//! most of a database that is slow already.

use super::Conference;
use crate::dispatcher::Retake;
use actix::prelude::*;
use std::sync::atomic::Ordering;
use tsunagu_call::CommandId;
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

/// What this node holds of the call by the store, while it was alive all the time. Something may have been passed to it without its
/// having heard of that, or not have been begun.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Holds(pub HeldCall);

impl Handler<Holds> for Conference {
    type Result = ();

    fn handle(&mut self, Holds(held): Holds, _: &mut Context<Self>) {
        // What is on its way tells more than was looked at; it is looked again soon.
        let rests = self.in_flight.load(Ordering::Acquire) == 0 && !self.overtaken;
        if rests && self.leaves_undone(&held) {
            self.leave_what_is_known();
            self.home.operator.dispatcher.do_send(Retake(self.call.id));
        }
    }
}

impl Conference {
    /// Something is in this node's hands that it does not do, and that is not settled by what is known here; or it has the timers by the
    /// store alone.
    fn leaves_undone(&self, held: &HeldCall) -> bool {
        let Some(shared) = self.ports.store.shared() else { return false };
        let (ours, call) = (shared.node(), &self.call);
        let settled =
            |command: CommandId| command <= call.last_command && !call.pending.contains_key(&command);
        let mut own = held.hold.hands.iter().filter(|(_, node)| **node == ours);
        let undone = own.any(|(command, _)| !settled(*command) && !self.home.hands.is_under_way(*command));
        undone || (held.hold.owner == Some(ours) && !self.owns)
    }

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
