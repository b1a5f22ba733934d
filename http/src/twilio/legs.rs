//! How the legs stand, as the carrier tells it on the side. The answer means nothing to the carrier but "received".

use super::signed::Signed;
use crate::{App, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path, Query},
};
use serde::Deserialize;
use tsunagu_call::{CallId, Input, Leg, LegStatus};
use tsunagu_twiml::webhook::{AmdEvent, CallStatus, CallStatusEvent};

/// The customer's leg has come further.
pub(super) async fn customer_status(
    app: Data<App>,
    call: Path<String>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    progress(&app, &call, Leg::Customer, form).await
}

/// The attempt that an agent's leg belongs to.
#[derive(Deserialize)]
pub(super) struct OfAttempt {
    attempt: u32,
}

/// An agent's leg has come further.
pub(super) async fn agent_status(
    app: Data<App>,
    call: Path<String>,
    of: Query<OfAttempt>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    progress(&app, &call, Leg::Agent(of.attempt), form).await
}

/// The supervision that a supervisor's leg belongs to.
#[derive(Deserialize)]
pub(super) struct OfSupervision {
    number: u32,
}

/// A supervisor's leg has come further.
pub(super) async fn supervisor_status(
    app: Data<App>,
    call: Path<String>,
    of: Query<OfSupervision>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    progress(&app, &call, Leg::Supervisor(of.number), form).await
}

/// Whose telephone was answered: the customer's, that of an attempt's agent, or that of a supervisor.
#[derive(Deserialize)]
pub(super) struct OfLeg {
    attempt: Option<u32>,
    supervisor: Option<u32>,
}

/// Who answered a telephone.
pub(super) async fn detection(
    app: Data<App>,
    call: Path<String>,
    of: Query<OfLeg>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let event = AmdEvent::from_form(form.0)?;
    let answered_by = event.answered_by.as_str().to_owned();
    let leg = of.attempt.map(Leg::Agent).or(of.supervisor.map(Leg::Supervisor)).unwrap_or(Leg::Customer);
    received(&app, &call, Input::Detected { leg, answered_by }).await
}

async fn progress(app: &App, call: &str, leg: Leg, form: Signed) -> Result<HttpResponse, ApiError> {
    let event = CallStatusEvent::from_form(form.0)?;
    let status = match event.status() {
        CallStatus::Queued => LegStatus::Queued,
        CallStatus::Initiated => LegStatus::Initiated,
        CallStatus::Ringing => LegStatus::Ringing,
        CallStatus::InProgress => LegStatus::InProgress,
        CallStatus::Completed => LegStatus::Completed,
        CallStatus::Busy => LegStatus::Busy,
        CallStatus::NoAnswer => LegStatus::NoAnswer,
        CallStatus::Canceled => LegStatus::Canceled,
        CallStatus::Failed => LegStatus::Failed,
        other => return Err(ApiError::malformed(format!("`{}` is no state of a call", other.as_str()))),
    };
    let (call_sid, sequence) = (event.voice.call_sid, event.sequence_number);
    received(app, call, Input::Progress { leg, call_sid, status, sequence }).await
}

/// Forwards what the carrier tells; only a call that does not exist, or cannot be asked, is an error.
pub(super) async fn received(app: &App, call: &str, input: Input) -> Result<HttpResponse, ApiError> {
    let call: CallId = call.parse().map_err(|_| ApiError::NotFound("call"))?;
    app.board.tell(call, input).await?;
    Ok(HttpResponse::NoContent().finish())
}
