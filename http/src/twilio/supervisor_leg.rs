//! What a supervisor's leg asks and answers.

use super::{
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
use tsunagu_call::{CallId, Input, Reply};
use tsunagu_conversation::Lang;
use tsunagu_twiml::webhook::VoiceRequest;

/// Which supervision the leg belongs to, and where in it we are asked.
#[derive(Deserialize)]
pub(super) struct Asked {
    number: u32,
    #[serde(default)]
    step: Step,
    #[serde(default)]
    lang: Lang,
}

/// The supervisor's leg wants to know what is next.
pub(super) async fn supervisor(
    app: Data<App>,
    call: Path<String>,
    asked: Query<Asked>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let (number, lang) = (asked.number, asked.lang);
    let input = match asked.step {
        Step::Answered => {
            Input::SupervisorAsks { number, call_sid: VoiceRequest::from_form(form.0)?.call_sid }
        }
        Step::Key => Input::SupervisorPresses { number, digits: keys(form.0)? },
        Step::Out => {
            VoiceRequest::from_form(form.0)?;
            Input::SupervisorOut { number }
        }
    };
    let Ok(call) = call.parse::<CallId>() else { return Ok(answer(&farewell(&app.voices, lang))) };
    let renderer = Renderer::of(&app, call);
    Ok(answer(&match app.board.tell(call, input).await {
        Ok(Reply::Supervisor(reply)) => renderer.supervisor(number, reply, lang),
        Ok(_) => farewell(&app.voices, lang),
        Err(error) => {
            // The call goes on without this supervisor, who may ask to be rung again.
            tracing::warn!(callId = %call, number, %error, "the supervisor is sent away");
            farewell(&app.voices, lang)
        }
    }))
}
