//! What the carrier's recogniser hears in the human part. Only finished sentences are kept.

use super::{legs::received, signed::Signed};
use crate::{App, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::Deserialize;
use tsunagu_call::{Input, Speaker};
use tsunagu_twiml::webhook::{TranscriptionEvent, TranscriptionEventKind};

/// What `TranscriptionData` holds.
#[derive(Deserialize)]
struct Heard {
    transcript: String,
    confidence: Option<f32>,
}

/// A transcription has come further.
pub(super) async fn status(
    app: Data<App>,
    call: Path<String>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    let event = TranscriptionEvent::from_form(form.0)?;
    if event.kind == TranscriptionEventKind::Error {
        let (code, error) = (event.error_code, event.error.as_deref());
        tracing::warn!(callId = %call, code, error, "carrier could not write down what is said");
    }
    match sentence(event)? {
        Some(input) => received(&app, &call, input).await,
        None => Ok(HttpResponse::NoContent().finish()),
    }
}

/// The finished sentence that the event tells, if it tells one.
fn sentence(event: TranscriptionEvent) -> Result<Option<Input>, ApiError> {
    if event.kind != TranscriptionEventKind::Content || event.is_final == Some(false) {
        return Ok(None);
    }
    let data = event.transcription_data.unwrap_or_default();
    let heard: Heard = serde_json::from_str(&data)
        .map_err(|_| ApiError::malformed("`TranscriptionData` is not an object with a `transcript`"))?;
    let speaker = match event.track.as_deref() {
        Some("inbound_track") => Speaker::Customer,
        _ => Speaker::Agent,
    };
    let message = heard.transcript.trim().to_owned();
    Ok((!message.is_empty()).then_some(Input::Transcribed {
        transcription_sid: event.transcription_sid,
        sequence: event.sequence_id,
        speaker,
        message,
        confidence: heard.confidence,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(
        track: &str,
        data: &str,
        change: impl FnOnce(&mut TranscriptionEvent),
    ) -> Result<Option<Input>, ApiError> {
        let kind = TranscriptionEventKind::Content;
        let mut event = TranscriptionEvent::new("AC1".into(), "CA1".into(), "GT1".into(), 7, kind);
        event.track = Some(track.into());
        event.transcription_data = Some(data.into());
        change(&mut event);
        sentence(event)
    }

    #[test]
    fn a_finished_sentence_is_the_customers_or_the_agents_by_its_direction() {
        for (track, speaker) in [("inbound_track", Speaker::Customer), ("outbound_track", Speaker::Agent)] {
            let input = told(track, r#"{"transcript":" はい ","confidence":0.9}"#, |_| {}).unwrap();
            let expected = Input::Transcribed {
                transcription_sid: "GT1".into(),
                sequence: 7,
                speaker,
                message: "はい".into(),
                confidence: Some(0.9),
            };
            assert_eq!(input, Some(expected));
        }
    }

    #[test]
    fn what_is_unfinished_or_empty_is_passed_over_and_rubbish_refused() {
        let data = r#"{"transcript":"はい"}"#;
        assert!(matches!(told("inbound_track", data, |event| event.is_final = Some(false)), Ok(None)));
        assert!(matches!(told("inbound_track", r#"{"transcript":" "}"#, |_| {}), Ok(None)));
        let stopped = TranscriptionEventKind::Stopped;
        assert!(matches!(told("inbound_track", "", |event| event.kind = stopped), Ok(None)));
        assert!(told("inbound_track", "はい", |_| {}).is_err());
    }
}
