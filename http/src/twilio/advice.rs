//! What a language model has to say of the customer's words, where one is set: it is asked before the words are told to the call,
//! in the webhook's own task, so that nothing else of the call waits for it.

use crate::App;
use actix_web::rt::time::timeout;
use std::time::Duration;
use tracing::Instrument;
use tsunagu_actors::CallError;
use tsunagu_advisor::Advisor;
use tsunagu_call::{CallId, Input, Reply, Utterance};
use tsunagu_conversation::{Advice, Question};

/// How long the call's question and the company's facts may take together, before the model's own time begins.
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
        (Utterance::Words { text, confidence }, Some(advisor)) if advisor.accepts() => {
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
    match advice(app, advisor, call, turn, &text, confidence).await {
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
    // A call or a store that does not answer holds nobody up twice.
    let matter = timeout(AROUND, matter(app, call, turn, text, confidence));
    let (question, facts) = matter.await.ok().flatten()?;
    let engine = &app.board.ports().engine;
    let prompt = engine.prompt(&question, &facts)?;
    // Bounds itself, and is not cut short: a model that is late must be seen to be.
    let reply = advisor.ask(&prompt).await?;
    let advice = engine.advice(&question, &facts, reply);
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

/// What may be asked about the words, and what the call's company says of itself.
async fn matter(
    app: &App,
    call: CallId,
    turn: Option<u32>,
    text: &str,
    confidence: Option<f32>,
) -> Option<(Question, String)> {
    let (question, company) = app.board.question(call, turn, text, confidence).await.ok()??;
    let company = app.board.ports().store.company(company).await.ok()?;
    Some((question, company.and_then(|company| company.settings.facts).unwrap_or_default()))
}
