//! What a supervisor's leg asks and answers.

use super::{
    render::{Renderer, answer, farewell},
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
use tsunagu_twiml::webhook::{GatherInput, GatherResult, VoiceRequest};

/// Which supervision the leg belongs to, and where in it we are asked.
#[derive(Deserialize)]
pub(super) struct Asked {
    number: u32,
    #[serde(default)]
    step: Step,
    #[serde(default)]
    lang: Lang,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    /// The supervisor picked up.
    #[default]
    Answered,
    /// The supervisor was told whose call it is, and pressed a key or none.
    Key,
    /// The supervisor came out of the conference.
    Out,
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
        Step::Key => {
            let digits = match GatherResult::from_form(form.0)?.input {
                GatherInput::Digits(digits) => digits,
                GatherInput::Speech { .. } | GatherInput::Empty => String::new(),
            };
            Input::SupervisorPresses { number, digits }
        }
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
