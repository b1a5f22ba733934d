//! The state of a recording, as the carrier tells it; it may come after the call is over.

use super::{legs::received, signed::Signed};
use crate::{App, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use tsunagu_call::{Input, Recorded};
use tsunagu_twiml::webhook::RecordingEvent;

/// A recording has come further.
pub(super) async fn status(
    app: Data<App>,
    call: Path<String>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let event = RecordingEvent::from_form(form.0)?;
    let recorded = Recorded {
        sid: event.recording_sid,
        url: event.recording_url,
        status: event.status.as_str().to_owned(),
        duration: event.duration,
        call_sid: event.call_sid,
    };
    received(&app, &call, Input::Recorded(recorded)).await
}
