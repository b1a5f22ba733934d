//! What an agent's leg asks and answers.

use super::{
    customer_leg::Spoken,
    render::{Renderer, answer, farewell},
    rung_leg::{Step, keys},
    signed::Signed,
};
use crate::{App, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path, Query},
};
use serde::Deserialize;
use tsunagu_call::{CallId, Input, Reply, call_of_room};
use tsunagu_conversation::Lang;
use tsunagu_twiml::webhook::VoiceRequest;

/// Which attempt the leg belongs to, and where in it we are asked.
#[derive(Deserialize)]
pub(super) struct Asked {
    attempt: u32,
    #[serde(default)]
    step: Step,
    #[serde(default)]
    lang: Lang,
}

/// The agent's leg wants to know what is next.
pub(super) async fn agent(
    app: Data<App>,
    room: Path<String>,
    asked: Query<Asked>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let attempt = asked.attempt;
    let input = match asked.step {
        Step::Answered => Input::AgentAsks { attempt, call_sid: VoiceRequest::from_form(form.0)?.call_sid },
        Step::Key => Input::AgentPresses { attempt, digits: keys(form.0)? },
        Step::Out => {
            VoiceRequest::from_form(form.0)?;
            Input::AgentOut { attempt }
        }
    };
    let Some(call) = call_of_room(&room) else { return Ok(answer(&farewell(&app.voices, asked.lang))) };
    Ok(answer(&match app.board.tell(call, input).await {
        Ok(Reply::Agent(reply)) => renderer(&app, call).agent(reply),
        Ok(_) => farewell(&app.voices, asked.lang),
        Err(error) => {
            // The call goes on without this agent; its own deadline finds the next one.
            tracing::warn!(callId = %call, attempt, %error, "the agent is sent away");
            farewell(&app.voices, asked.lang)
        }
    }))
}

/// What is heard in the conference while the other is not there yet.
pub(super) async fn wait(
    app: Data<App>,
    call: Path<String>,
    spoken: Query<Spoken>,
    _form: Signed,
) -> Result<HttpResponse, ApiError> {
    let Ok(call) = call.parse::<CallId>() else { return Ok(answer(&farewell(&app.voices, spoken.lang))) };
    Ok(answer(&renderer(&app, call).wait(spoken.lang)))
}

fn renderer(app: &App, call: CallId) -> Renderer<'_> {
    Renderer::of(app, call)
}
