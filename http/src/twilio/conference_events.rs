//! What happens in a conference, as the carrier tells it.

use super::{legs::received, signed::Signed};
use crate::{App, error::ApiError};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use tsunagu_call::{Input, RoomChange, call_of_room};
use tsunagu_twiml::webhook::{ConferenceEvent, ConferenceEventKind};

/// Told at the call's own address.
pub(super) async fn of_call(
    app: Data<App>,
    call: Path<String>,
    form: Signed,
) -> Result<HttpResponse, ApiError> {
    forward(&app, &call, ConferenceEvent::from_form(form.0)?).await
}

/// Told at the address that all conferences share: the name of the room tells the call.
pub(super) async fn of_room(app: Data<App>, form: Signed) -> Result<HttpResponse, ApiError> {
    let event = ConferenceEvent::from_form(form.0)?;
    let call = call_of_room(&event.friendly_name).ok_or(ApiError::NotFound("call"))?;
    forward(&app, &call.to_string(), event).await
}

async fn forward(app: &App, call: &str, event: ConferenceEvent) -> Result<HttpResponse, ApiError> {
    let call_sid = event.call_sid;
    let leg = || call_sid.ok_or_else(|| ApiError::malformed("the parameter CallSid is missing"));
    let change = match event.kind {
        ConferenceEventKind::ConferenceStart => RoomChange::Started,
        ConferenceEventKind::ConferenceEnd => RoomChange::Ended {
            reason: event.reason_conference_ended.map(|reason| reason.as_str().to_owned()),
        },
        ConferenceEventKind::ParticipantJoin => RoomChange::Joined { call_sid: leg()? },
        ConferenceEventKind::ParticipantLeave => RoomChange::Left { call_sid: leg()? },
        ConferenceEventKind::ParticipantMute => RoomChange::Muted { call_sid: leg()?, muted: true },
        ConferenceEventKind::ParticipantUnmute => RoomChange::Muted { call_sid: leg()?, muted: false },
        ConferenceEventKind::ParticipantHold => RoomChange::Held { call_sid: leg()?, held: true },
        ConferenceEventKind::ParticipantUnhold => RoomChange::Held { call_sid: leg()?, held: false },
        // Speech, announcements and whatever the carrier may add change nothing about who is there.
        _ => return Ok(HttpResponse::NoContent().finish()),
    };
    let (conference_sid, sequence) = (event.conference_sid, event.sequence_number);
    received(app, call, Input::Room { conference_sid, sequence, change }).await
}
