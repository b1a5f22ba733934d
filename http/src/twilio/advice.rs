//! What a language model has to say of the customer's words, where one is set: it is asked before the words are told to the call,
//! in the webhook's own task, so that nothing else of the call waits for it.

use crate::App;
use actix_web::rt::time::timeout;
use std::time::Duration;
use tracing::Instrument;
use tsunagu_actors::CallError;
use tsunagu_advisor::Advisor;
use tsunagu_call::{CallId, Input, Reply, Utterance};
use tsunagu_conversation::Advice;

/// How long what is around asking may take beside the model's own time: the call's question, and the company's facts.
const AROUND: Duration = Duration::from_millis(250);

/// Tells the call what the customer said, with what a model says of it where it may be asked. Whether the carrier still waits or
/// not: what was said is told.
pub(super) async fn tell(
    app: &App,
    call: CallId,
    turn: Option<u32>,
    said: Utterance,
) -> Result<Reply, CallError> {
    match (said, &app.advisor) {
        (Utterance::Words { text, confidence }, Some(advisor)) if advisor.is_ready() => {
            let (app, advisor) = (app.clone(), advisor.clone());
            // The carrier may hang up, and its request would be dropped with all that it waits for.
            let told = async move {
                let utterance = consulted(&app, &advisor, call, turn, text, confidence).await;
                app.board.tell(call, Input::CustomerSays { turn, utterance }).await
            };
            actix_web::rt::spawn(told.in_current_span()).await.unwrap_or(Err(CallError::Faulty))
        }
        (utterance, _) => app.board.tell(call, Input::CustomerSays { turn, utterance }).await,
    }
}

/// The words, with the advice if there is one. Whatever goes wrong, they are the words.
async fn consulted(
    app: &App,
    advisor: &Advisor,
    call: CallId,
    turn: Option<u32>,
    text: String,
    confidence: Option<f32>,
) -> Utterance {
    // A call or a store that does not answer holds nobody up twice.
    let asking = timeout(advisor.budget() + AROUND, advice(app, advisor, call, turn, &text, confidence));
    match asking.await.ok().flatten() {
        Some(advice) => Utterance::Advised { text, confidence, advice: Box::new(advice) },
        None => Utterance::Words { text, confidence },
    }
}

async fn advice(
    app: &App,
    advisor: &Advisor,
    call: CallId,
    turn: Option<u32>,
    text: &str,
    confidence: Option<f32>,
) -> Option<Advice> {
    let ports = app.board.ports();
    let (question, company) = app.board.question(call, turn, text, confidence).await.ok()??;
    let company = ports.store.company(company).await.ok()?;
    let facts = company.and_then(|company| company.settings.facts).unwrap_or_default();
    let prompt = ports.engine.prompt(&question, &facts)?;
    let reply = advisor.ask(&prompt).await?;
    let advice = ports.engine.advice(&question, &facts, reply);
    tracing::debug!(
        callId = %call,
        about = question.about.name(),
        millis = advice.millis,
        intent = advice.intent.map(|intent| intent.name()),
        objection = advice.objection.map(|objection| objection.name()),
        failure = advice.failure.map(|failure| failure.name()),
        "language model asked"
    );
    Some(advice)
}
