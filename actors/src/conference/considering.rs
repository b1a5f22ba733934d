//! What a language model may be asked about the customer's words, before they are told to the call. Nothing changes by it.
//!
//! Where nodes share the store, the words may answer a prompt that another node wrote. Then this conference was left behind, and
//! one that knows the journal is to be asked.

use super::{Conference, Overtaken};
use crate::CallError;
use actix::prelude::*;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering,
};
use tokio::sync::oneshot;
use tsunagu_call::CompanyId;
use tsunagu_conversation::Question;

/// Asks what may be asked.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Consider {
    /// The prompt that the words answer.
    pub turn: Option<u32>,
    pub text: String,
    pub confidence: Option<f32>,
    /// The question, and whose call it is; dropped by a conference that was left behind.
    pub reply: oneshot::Sender<Option<(Question, CompanyId)>>,
}

impl Handler<Consider> for Conference {
    type Result = ();

    fn handle(&mut self, Consider { turn, text, confidence, reply }: Consider, ctx: &mut Context<Self>) {
        if self.was_left_behind(turn) {
            // What is on its way will be refused, which ends this one as well.
            if self.in_flight.load(Ordering::Acquire) == 0 {
                self.handle(Overtaken { reply: None, error: CallError::Stale }, ctx);
            }
            return;
        }
        // The call is only read: what panics here panics in its step, where it is caught and counted.
        let question =
            AssertUnwindSafe(|| self.call.question(turn, &text, confidence, &self.ports.engine, &self.own()));
        let question = catch_unwind(question).ok().flatten();
        drop(reply.send(question.map(|question| (question, self.record.company_id))));
    }
}

impl Conference {
    /// This prompt is newer than any that is known here.
    fn was_left_behind(&self, turn: Option<u32>) -> bool {
        let newer = turn.is_some_and(|turn| turn > self.call.prompt.turn);
        self.overtaken || (newer && self.ports.store.shared().is_some())
    }
}
