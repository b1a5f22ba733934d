//! The trait, carried out on the state.

use actix_web::web::Bytes;
use async_trait::async_trait;
use futures_util::stream;

use super::state::not_found;
use super::{Command, ScriptedCarrier};
use crate::{
    CallInfo, CallQuery, CallStatus, Carrier, CarrierDate, CarrierError, ConferenceInfo, ConferenceQuery,
    Direction, MediaFormat, MediaRequest, NewCall, NewParticipant, ParticipantInfo, ParticipantStatus,
    ParticipantUpdate, RecordingCommand, RecordingInfo, RecordingMedia, RecordingSource, RecordingStatus,
};

#[async_trait]
impl Carrier for ScriptedCarrier {
    async fn create_call(&self, call: &NewCall) -> Result<CallInfo, CarrierError> {
        self.command(|state| {
            let info = CallInfo {
                sid: state.sid("CA"),
                status: CallStatus::Queued,
                to: call.to.clone(),
                from: call.from.clone(),
                direction: Direction::OutboundApi,
                date_created: Some(CarrierDate::of(call.created_after)),
                ..CallInfo::default()
            };
            state.calls.push(info.clone());
            let command = Command::CreateCall { call: call.clone(), call_sid: info.sid.clone() };
            Ok((info, command))
        })
    }

    async fn redirect_call(&self, call_sid: &str, url: &str) -> Result<CallInfo, CarrierError> {
        self.command(|state| {
            let info = state.live_call(call_sid)?.clone();
            state.participants.retain(|participant| participant.call_sid != call_sid);
            Ok((info, Command::RedirectCall { call_sid: call_sid.to_owned(), url: url.to_owned() }))
        })
    }

    async fn hang_up(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        self.command(|state| {
            state.live_call(call_sid)?;
            state.set_status(call_sid, CallStatus::Completed);
            Ok((state.call(call_sid)?, Command::HangUp { call_sid: call_sid.to_owned() }))
        })
    }

    async fn cancel(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        self.command(|state| {
            if state.live_call(call_sid)?.status != CallStatus::InProgress {
                state.set_status(call_sid, CallStatus::Canceled);
            }
            Ok((state.call(call_sid)?, Command::Cancel { call_sid: call_sid.to_owned() }))
        })
    }

    async fn fetch_call(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        self.read(|state| state.call(call_sid))
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallInfo>, CarrierError> {
        self.read(|state| {
            let wanted = |call: &&CallInfo| {
                let at = |date: &Option<CarrierDate>| date.as_ref().and_then(|date| date.at);
                query.to.as_ref().is_none_or(|to| *to == call.to)
                    && query.from.as_ref().is_none_or(|from| *from == call.from)
                    && query.status.is_none_or(|status| status == call.status)
                    && (query.parent_call_sid.is_none() || query.parent_call_sid == call.parent_call_sid)
                    && query
                        .started_after
                        .is_none_or(|bound| at(&call.start_time).is_some_and(|at| at >= bound))
                    && query
                        .created_after
                        .is_none_or(|bound| at(&call.date_created).is_some_and(|at| at >= bound))
            };
            let limit = if query.limit == 0 { 50 } else { query.limit };
            Ok(state.calls.iter().rev().filter(wanted).take(limit).cloned().collect())
        })
    }

    async fn create_participant(
        &self,
        conference: &str,
        new: &NewParticipant,
    ) -> Result<ParticipantInfo, CarrierError> {
        self.command(|state| {
            let call_sid = state.sid("CA");
            let date_created = Some(CarrierDate::of(new.created_after));
            state.calls.push(CallInfo {
                sid: call_sid.clone(),
                status: CallStatus::Queued,
                to: new.to.clone(),
                from: new.from.clone(),
                direction: Direction::OutboundDial,
                date_created: date_created.clone(),
                ..CallInfo::default()
            });
            let mut info = ParticipantInfo {
                call_sid: call_sid.clone(),
                label: new.label.clone(),
                status: ParticipantStatus::Queued,
                muted: new.muted,
                coaching: new.coach.is_some(),
                call_sid_to_coach: new.coach.clone(),
                start_conference_on_enter: new.start_conference_on_enter,
                end_conference_on_exit: new.end_conference_on_exit,
                date_created,
                ..ParticipantInfo::default()
            };
            info.conference_sid = state.join(conference, info.clone());
            let command = Command::CreateParticipant {
                conference: conference.to_owned(),
                participant: new.clone(),
                call_sid,
            };
            Ok((info, command))
        })
    }

    async fn update_participant(
        &self,
        conference_sid: &str,
        participant: &str,
        update: &ParticipantUpdate,
    ) -> Result<ParticipantInfo, CarrierError> {
        self.command(|state| {
            let info = state.participant(conference_sid, participant)?;
            info.muted = update.muted.unwrap_or(info.muted);
            info.hold = update.hold.unwrap_or(info.hold);
            info.coaching = update.coaching.unwrap_or(info.coaching);
            info.end_conference_on_exit =
                update.end_conference_on_exit.unwrap_or(info.end_conference_on_exit);
            if update.coach.is_some() {
                info.call_sid_to_coach.clone_from(&update.coach);
            }
            let command = Command::UpdateParticipant {
                conference_sid: conference_sid.to_owned(),
                call_sid: info.call_sid.clone(),
                update: update.clone(),
            };
            Ok((info.clone(), command))
        })
    }

    async fn remove_participant(&self, conference_sid: &str, participant: &str) -> Result<(), CarrierError> {
        self.command(|state| {
            let call_sid = state.participant(conference_sid, participant)?.call_sid.clone();
            state.participants.retain(|one| one.call_sid != call_sid);
            Ok(((), Command::RemoveParticipant { conference_sid: conference_sid.to_owned(), call_sid }))
        })
    }

    async fn participants(&self, conference_sid: &str) -> Result<Vec<ParticipantInfo>, CarrierError> {
        self.read(|state| {
            state.conference(conference_sid)?;
            let there = state.participants.iter().filter(|one| one.conference_sid == conference_sid);
            Ok(there.cloned().collect())
        })
    }

    async fn fetch_conference(&self, conference_sid: &str) -> Result<ConferenceInfo, CarrierError> {
        self.read(|state| state.conference(conference_sid))
    }

    async fn find_conferences(&self, query: &ConferenceQuery) -> Result<Vec<ConferenceInfo>, CarrierError> {
        self.read(|state| {
            let wanted = |conference: &&ConferenceInfo| {
                query.friendly_name.as_ref().is_none_or(|name| *name == conference.friendly_name)
                    && query.status.is_none_or(|status| status == conference.status)
            };
            let limit = if query.limit == 0 { 50 } else { query.limit };
            Ok(state.conferences.iter().rev().filter(wanted).take(limit).cloned().collect())
        })
    }

    async fn end_conference(&self, conference_sid: &str) -> Result<ConferenceInfo, CarrierError> {
        self.command(|state| {
            let info = state.end_conference(conference_sid)?;
            Ok((info, Command::EndConference { conference_sid: conference_sid.to_owned() }))
        })
    }

    async fn announce(&self, conference_sid: &str, url: &str) -> Result<ConferenceInfo, CarrierError> {
        self.command(|state| {
            let info = state.conference(conference_sid)?;
            let command =
                Command::Announce { conference_sid: conference_sid.to_owned(), url: url.to_owned() };
            Ok((info, command))
        })
    }

    async fn recordings(&self, of: &RecordingSource) -> Result<Vec<RecordingInfo>, CarrierError> {
        self.read(|state| {
            let wanted = |info: &&RecordingInfo| belongs(info, of);
            Ok(state.recordings.iter().map(|(info, _)| info).filter(wanted).cloned().collect())
        })
    }

    async fn update_recording(
        &self,
        of: &RecordingSource,
        recording_sid: &str,
        command: RecordingCommand,
    ) -> Result<RecordingInfo, CarrierError> {
        self.command(|state| {
            let live = |info: &RecordingInfo| {
                matches!(info.status, RecordingStatus::InProgress | RecordingStatus::Paused)
            };
            let named = |info: &RecordingInfo| match recording_sid {
                "Twilio.CURRENT" => live(info) && belongs(info, of),
                sid => info.sid == sid,
            };
            let found = state.recordings.iter_mut().find(|(info, _)| named(info));
            let Some((info, _)) = found else { return not_found("recording") };
            info.status = match command {
                RecordingCommand::PauseWithSilence | RecordingCommand::PauseAndSkip => {
                    RecordingStatus::Paused
                }
                RecordingCommand::Resume => RecordingStatus::InProgress,
                RecordingCommand::Stop => RecordingStatus::Stopped,
            };
            let command = Command::UpdateRecording { recording_sid: info.sid.clone(), command };
            Ok((info.clone(), command))
        })
    }

    async fn delete_recording(&self, recording_sid: &str) -> Result<(), CarrierError> {
        self.command(|state| {
            let before = state.recordings.len();
            state.recordings.retain(|(info, _)| info.sid != recording_sid);
            if state.recordings.len() == before {
                return not_found("recording");
            }
            Ok(((), Command::DeleteRecording { recording_sid: recording_sid.to_owned() }))
        })
    }

    /// The whole sound: a range is not honoured, as HTTP allows.
    async fn recording_media(&self, request: &MediaRequest) -> Result<RecordingMedia, CarrierError> {
        let sound = self.read(|state| {
            let found = state.recordings.iter().find(|(info, _)| info.sid == request.sid);
            found.map_or_else(|| not_found("recording"), |(_, sound)| Ok(sound.clone()))
        })?;
        let kind = match request.format {
            MediaFormat::Wav => "audio/x-wav",
            MediaFormat::Mp3 => "audio/mpeg",
        };
        Ok(RecordingMedia {
            status: 200,
            headers: vec![("content-type", kind.to_owned()), ("content-length", sound.len().to_string())],
            body: Box::pin(stream::iter([Ok(Bytes::from(sound))])),
        })
    }

    async fn check(&self) -> Result<(), CarrierError> {
        self.read(|_| Ok(()))
    }
}

fn belongs(info: &RecordingInfo, of: &RecordingSource) -> bool {
    match of {
        RecordingSource::Call(sid) => info.call_sid.as_ref() == Some(sid),
        RecordingSource::Conference(sid) => info.conference_sid.as_ref() == Some(sid),
    }
}
