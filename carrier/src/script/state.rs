//! Just enough of a carrier's state.

use crate::{
    CallInfo, CallStatus, CarrierError, ConferenceInfo, ConferenceStatus, ParticipantInfo, RecordingInfo,
};

#[derive(Debug, Default)]
pub(super) struct State {
    made: u64,
    pub(super) calls: Vec<CallInfo>,
    pub(super) conferences: Vec<ConferenceInfo>,
    pub(super) participants: Vec<ParticipantInfo>,
    pub(super) recordings: Vec<(RecordingInfo, Vec<u8>)>,
}

pub(super) fn not_found<T>(what: &str) -> Result<T, CarrierError> {
    Err(CarrierError::NotFound { what: what.to_owned() })
}

impl State {
    /// The next sid: counted, so that a test can tell what it will be.
    pub(super) fn sid(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:032x}", self.made)
    }

    pub(super) fn call(&self, sid: &str) -> Result<CallInfo, CarrierError> {
        self.calls.iter().find(|call| call.sid == sid).cloned().map_or_else(|| not_found("call"), Ok)
    }

    /// A call that is not over.
    pub(super) fn live_call(&mut self, sid: &str) -> Result<&mut CallInfo, CarrierError> {
        match self.calls.iter_mut().find(|call| call.sid == sid) {
            None => not_found("call"),
            Some(call) if call.status.is_final() => Err(CarrierError::NotInProgress),
            Some(call) => Ok(call),
        }
    }

    pub(super) fn set_status(&mut self, sid: &str, status: CallStatus) -> bool {
        let Some(call) = self.calls.iter_mut().find(|call| call.sid == sid) else { return false };
        call.status = status;
        if status.is_final() {
            self.participants.retain(|participant| participant.call_sid != sid);
        }
        true
    }

    pub(super) fn conference(&self, sid: &str) -> Result<ConferenceInfo, CarrierError> {
        let found = self.conferences.iter().find(|conference| conference.sid == sid).cloned();
        found.map_or_else(|| not_found("conference"), Ok)
    }

    /// Puts somebody into the live conference of a room, or into a new one; its sid.
    pub(super) fn join(&mut self, room: &str, participant: ParticipantInfo) -> String {
        let live = self.conferences.iter().find(|conference| {
            conference.status != ConferenceStatus::Completed
                && (conference.friendly_name == room || conference.sid == room)
        });
        let sid = match live {
            Some(conference) => conference.sid.clone(),
            None => {
                let sid = self.sid("CF");
                self.conferences.push(ConferenceInfo {
                    sid: sid.clone(),
                    friendly_name: room.to_owned(),
                    status: ConferenceStatus::Init,
                    ..ConferenceInfo::default()
                });
                sid
            }
        };
        self.participants.push(ParticipantInfo { conference_sid: sid.clone(), ..participant });
        let present =
            self.participants.iter().filter(|participant| participant.conference_sid == sid).count();
        if present > 1
            && let Some(conference) = self.conferences.iter_mut().find(|conference| conference.sid == sid)
        {
            conference.status = ConferenceStatus::InProgress;
        }
        sid
    }

    /// A participant by call sid or label.
    pub(super) fn participant(
        &mut self,
        conference_sid: &str,
        name: &str,
    ) -> Result<&mut ParticipantInfo, CarrierError> {
        let found = self.participants.iter_mut().find(|participant| {
            participant.conference_sid == conference_sid
                && (participant.call_sid == name || participant.label.as_deref() == Some(name))
        });
        found.map_or_else(|| not_found("participant"), Ok)
    }

    pub(super) fn end_conference(&mut self, sid: &str) -> Result<ConferenceInfo, CarrierError> {
        let found = self.conferences.iter_mut().find(|conference| conference.sid == sid);
        let Some(conference) = found else { return not_found("conference") };
        conference.status = ConferenceStatus::Completed;
        self.participants.retain(|participant| participant.conference_sid != sid);
        Ok(conference.clone())
    }
}
