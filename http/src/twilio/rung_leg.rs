//! What the legs have in common that we ring on a call's behalf: an agent's and a supervisor's.

use crate::error::ApiError;
use serde::Deserialize;
use tsunagu_twiml::webhook::{Form, GatherInput, GatherResult};

/// Where on such a leg we are asked.
#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// They picked up.
    #[default]
    Answered,
    /// They were told what it is about, and pressed a key or none.
    Key,
    /// They came out of the conference.
    Out,
}

/// The keys that they pressed, if any.
pub(super) fn keys(form: Form) -> Result<String, ApiError> {
    Ok(match GatherResult::from_form(form)?.input {
        GatherInput::Digits(digits) => digits,
        GatherInput::Speech { .. } | GatherInput::Empty => String::new(),
    })
}
