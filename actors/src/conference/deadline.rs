//! The conference's one timer. What it is for is the call's own business; here it only goes off in time.

use super::{Conference, Tell};
use actix::prelude::*;
use std::time::Duration;
use tracing::Span;
use tsunagu_call::{Input, Time};

/// Goes off a little late rather than early, so that the deadline has passed when the call looks.
const MARGIN: Duration = Duration::from_millis(2);

/// The timer that runs, and for when.
#[derive(Default)]
pub(super) struct Deadline {
    armed: Option<(Time, SpawnHandle)>,
}

impl Conference {
    /// Sees to it that the call gets its tick in time. A timer that runs and goes off too early is left to do so: most
    /// deadlines move away with every turn, and re-arming then is cheaper than re-arming each time.
    pub(super) fn watch_time(&mut self, ctx: &mut Context<Self>) {
        // When the journal has what was decided, it is looked again.
        if self.awaits_journal() {
            return;
        }
        let Some(next) = self.call.next_deadline().filter(|_| self.owns) else {
            if let Some((_, timer)) = self.deadline.armed.take() {
                ctx.cancel_future(timer);
            }
            return;
        };
        match self.deadline.armed {
            Some((at, _)) if at <= next => {}
            armed => {
                if let Some((_, timer)) = armed {
                    ctx.cancel_future(timer);
                }
                let timer = ctx.run_later(self.ports.clock.until(next) + MARGIN, |this, ctx| {
                    this.deadline.armed = None;
                    let due = this.call.next_deadline().is_some_and(|due| due <= this.ports.clock.now());
                    if due && !this.awaits_journal() {
                        this.handle(Tell { input: Input::Tick, reply: None, from: Span::none() }, ctx);
                    }
                    this.watch_time(ctx);
                });
                self.deadline.armed = Some((next, timer));
            }
        }
    }
}
