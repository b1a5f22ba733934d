//! What the customer's leg asks and answers.

use super::{
    advice,
    render::{Renderer, after_conference, answer, farewell},
    signed::Signed,
};
use crate::{App, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path, Query},
};
use serde::Deserialize;
use tsunagu_actors::CallError;
use tsunagu_call::{CallId, Input, Reply, Utterance};
use tsunagu_conversation::Lang;
use tsunagu_twiml::{
    Response,
    webhook::{GatherInput, GatherResult, PartialResult, VoiceRequest},
};

/// The language that is spoken on the leg.
#[derive(Deserialize)]
pub(super) struct Spoken {
    #[serde(default)]
    pub lang: Lang,
}

/// The customer picked up, or the leg was redirected here.
pub(super) async fn asks(
    app: Data<App>,
    call: Path<String>,
    spoken: Query<Spoken>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let request = VoiceRequest::from_form(form.0)?;
    Ok(tell(&app, &call, spoken.lang, Input::CustomerAsks { call_sid: request.call_sid }).await)
}

/// The prompt that an utterance answers.
#[derive(Deserialize)]
pub(super) struct Answered {
    turn: Option<u32>,
    #[serde(default)]
    lang: Lang,
}

/// The customer spoke, pressed a key, or said nothing.
pub(super) async fn gather(
    app: Data<App>,
    call: Path<String>,
    answered: Query<Answered>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let heard = GatherResult::from_form(form.0)?;
    let utterance = match heard.input {
        GatherInput::Speech { text, confidence } => Utterance::Words { text, confidence },
        GatherInput::Digits(digits) => Utterance::Keys(digits),
        GatherInput::Empty => Utterance::Silence,
    };
    let Ok(id) = call.parse::<CallId>() else { return Ok(answer(&farewell(&app.voices, answered.lang))) };
    let told = advice::tell(&app, id, answered.turn, utterance).await;
    Ok(answer(&response(&app, id, answered.lang, told)))
}

/// Words that are still being spoken. Nothing is decided by them; whoever watches the call sees them.
pub(super) async fn partial(
    app: Data<App>,
    call: Path<String>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let partial = PartialResult::from_form(form.0)?;
    if let Ok(call) = call.parse() {
        app.board.overhear(call, &partial.text());
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The call whose customer is moved.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Moved {
    call_id: String,
    #[serde(default)]
    lang: Lang,
}

/// The customer is moved into the conference.
pub(super) async fn handoff_message(
    app: Data<App>,
    moved: Query<Moved>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let request = VoiceRequest::from_form(form.0)?;
    Ok(tell(&app, &moved.call_id, moved.lang, Input::CustomerAsks { call_sid: request.call_sid }).await)
}

/// The customer came out of the conference.
pub(super) async fn out(
    app: Data<App>,
    call: Path<String>,
    spoken: Query<Spoken>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    VoiceRequest::from_form(form.0)?;
    Ok(answer(&after_conference(ask(&app, &call, spoken.lang, Input::CustomerOut).await)))
}

/// What the customer hears on hold.
pub(super) async fn hold(
    app: Data<App>,
    call: Path<String>,
    spoken: Query<Spoken>,
    _form: Signed,
) -> Result<HttpResponse, ApiError> {
    let Ok(call) = call.parse::<CallId>() else { return Ok(answer(&farewell(&app.voices, spoken.lang))) };
    let renderer = Renderer::of(&app, call);
    Ok(answer(&renderer.hold(spoken.lang)))
}

/// Somebody rings the number that we ring from.
pub(super) async fn inbound(app: Data<App>, form: Signed) -> Result<HttpResponse, ApiError> {
    let request = VoiceRequest::from_form(form.0)?;
    tracing::info!(call_sid = request.call_sid, "inbound call answered and ended");
    let said = Response::new().with(app.voices.of(Lang::default()).inbound());
    Ok(answer(&said))
}

async fn tell(app: &App, call: &str, lang: Lang, input: Input) -> HttpResponse {
    answer(&ask(app, call, lang, input).await)
}

/// What the leg shall do next, whatever happens.
async fn ask(app: &App, call: &str, lang: Lang, input: Input) -> Response {
    let Ok(call) = call.parse::<CallId>() else { return farewell(&app.voices, lang) };
    response(app, call, lang, app.board.tell(call, input).await)
}

fn response(app: &App, call: CallId, lang: Lang, told: Result<Reply, CallError>) -> Response {
    let renderer = Renderer::of(app, call);
    match told {
        Ok(Reply::Customer(reply)) => renderer.customer(reply),
        Ok(_) | Err(CallError::NotFound | CallError::Refused(_)) => farewell(&app.voices, lang),
        Err(error) => {
            tracing::error!(callId = %call, %error, "the customer is asked to wait");
            metrics::counter!("webhooks_put_off_total").increment(1);
            renderer.one_moment(lang)
        }
    }
}
