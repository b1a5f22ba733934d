//! The operator: puts whoever asks through to the conference of a call, wherever it is in its life.

use super::{Directory, Dispatcher, Locate};
use crate::{
    CallError,
    conference::{Conference, Consider, Tell},
};
use actix::Addr;
use rand::RngExt;
use std::{sync::Arc, time::Duration};
use tokio::sync::oneshot;
use tracing::Span;
use tsunagu_call::{CallId, CompanyId, Input, Reply};
use tsunagu_conversation::Question;

/// How long an ask may take. The carrier gives up on us after 15 s; until then a late answer is better than none.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often something is told to a call whose conference was gone or overtaken before it took that in.
const ATTEMPTS: u32 = 12;
/// How often it is asked what a language model may be asked about: the answer is worth little when it is late.
const CONSIDERATIONS: u32 = 4;
/// The longest pause between two of these, so that nodes which write on one call do not keep step. It grows with each.
const LONGEST_PAUSE: Duration = Duration::from_millis(8);

/// The handle; cheap to clone.
#[derive(Clone)]
pub(crate) struct Operator {
    pub directory: Arc<Directory>,
    pub dispatcher: Addr<Dispatcher>,
}

impl Operator {
    /// The conference of a call, taken up again if need be.
    pub async fn locate(&self, call: CallId) -> Result<Addr<Conference>, CallError> {
        if let Some(found) = self.directory.find(call) {
            return Ok(found);
        }
        let (reply, answer) = oneshot::channel();
        self.dispatcher.do_send(Locate { call, reply });
        await_answer(answer).await?
    }

    /// Lets something happen to a call and waits until it is durable. A conference that is gone, or was overtaken by another
    /// writer, has not taken it in for good: a fresh one will.
    pub async fn tell(&self, call: CallId, input: Input, from: &Span) -> Result<Reply, CallError> {
        let mut result = Err(CallError::Stale);
        for attempt in 0..ATTEMPTS {
            // The first further attempt is made at once: mostly the conference was merely gone.
            if attempt > 1 {
                let longest = LONGEST_PAUSE * attempt;
                tokio::time::sleep(rand::rng().random_range(Duration::ZERO..=longest)).await;
            }
            result = self.tell_once(call, input.clone(), from).await;
            if !matches!(result, Err(CallError::Stale)) {
                break;
            }
            metrics::counter!("call_asks_overtaken_total").increment(1);
        }
        result
    }

    /// What a language model may be asked about words that answer this prompt, and whose call it is. A conference that was left
    /// behind does not know the prompt: a fresh one will.
    pub async fn consider(
        &self,
        call: CallId,
        turn: Option<u32>,
        text: &str,
        confidence: Option<f32>,
    ) -> Result<Option<(Question, CompanyId)>, CallError> {
        let mut result = Err(CallError::Stale);
        for attempt in 0..CONSIDERATIONS {
            if attempt > 1 {
                tokio::time::sleep(LONGEST_PAUSE).await;
            }
            let (reply, answer) = oneshot::channel();
            let consider = Consider { turn, text: text.to_owned(), confidence, reply };
            self.locate(call).await?.do_send(consider);
            result = await_answer(answer).await;
            if !matches!(result, Err(CallError::Stale)) {
                break;
            }
        }
        result
    }

    async fn tell_once(&self, call: CallId, input: Input, from: &Span) -> Result<Reply, CallError> {
        let (reply, answer) = oneshot::channel();
        self.locate(call).await?.do_send(Tell { input, reply: Some(reply), from: from.clone() });
        await_answer(answer).await?
    }
}

/// The answer, if it comes in time; an asked actor that is gone drops the question.
pub(crate) async fn await_answer<T>(answer: oneshot::Receiver<T>) -> Result<T, CallError> {
    match tokio::time::timeout(DEADLINE, answer).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(CallError::Stale),
        Err(_) => Err(CallError::Late),
    }
}
