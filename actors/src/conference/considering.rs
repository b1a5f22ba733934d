//! What a language model may be asked about the customer's words, before they are told to the call. Nothing changes by it.

use super::Conference;
use actix::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// The question, and whose call it is.
    pub reply: oneshot::Sender<Option<(Question, CompanyId)>>,
}

impl Handler<Consider> for Conference {
    type Result = ();

    fn handle(&mut self, Consider { turn, text, confidence, reply }: Consider, _: &mut Context<Self>) {
        // The call is only read: what panics here panics in its step, where it is caught and counted.
        let question =
            AssertUnwindSafe(|| self.call.question(turn, &text, confidence, &self.ports.engine, &self.own()));
        let question = catch_unwind(question).ok().flatten();
        drop(reply.send(question.map(|question| (question, self.record.company_id))));
    }
}
