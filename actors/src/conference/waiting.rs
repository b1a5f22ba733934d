//! What waits until the journal has what was decided before it, where other nodes write that journal as well.
//!
//! The place of an entry is all that a store compares. Another node may have filled just the places of a step that is still on
//! its way: what was decided on top of that step would then be taken, though it comes of a state that never was.

use super::{Conference, MAILBOX, Tell, answer};
use crate::CallError;
use actix::prelude::*;
use std::{collections::VecDeque, sync::atomic::Ordering};

/// In the order in which it came; no longer than the mailbox.
#[derive(Default)]
pub(super) struct Waiting(VecDeque<Tell>);

impl Conference {
    /// Nothing may be decided now.
    pub(super) fn awaits_journal(&self) -> bool {
        let on_its_way = self.in_flight.load(Ordering::Acquire) > 0 || !self.waiting.0.is_empty();
        on_its_way && self.ports.store.shared().is_some()
    }

    pub(super) fn let_wait(&mut self, tell: Tell) {
        if self.waiting.0.len() < MAILBOX {
            self.waiting.0.push_back(tell);
        } else {
            answer(tell.reply, Err(CallError::Overloaded));
        }
    }

    /// What waited must be decided by a conference that knows the journal.
    pub(super) fn send_away_waiting(&mut self) {
        for Tell { reply, .. } in self.waiting.0.drain(..) {
            answer(reply, Err(CallError::Stale));
        }
    }
}

/// The journal has what was decided here.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Written;

impl Handler<Written> for Conference {
    type Result = ();

    fn handle(&mut self, _: Written, ctx: &mut Context<Self>) {
        if self.in_flight.load(Ordering::Acquire) == 0 {
            self.confirmed = None;
            self.look_again(ctx);
        }
        while !self.overtaken
            && self.in_flight.load(Ordering::Acquire) == 0
            && let Some(next) = self.waiting.0.pop_front()
        {
            self.take_in(next, ctx);
        }
        self.watch_time(ctx);
    }
}
