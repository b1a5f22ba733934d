//! The recording: announced when the customer picks up, paused and resumed by people, deleted when its time is over.
//!
//! The carrier records the customer's leg from its answer on, so that one recording holds both the AI's part and the
//! human's; here is decided what it is told besides.

use super::{Mind, Stepping};
use crate::{Command, Event, Recorded, Refusal, Reply, Settlement, UserId};
use tsunagu_conversation::Decision;

impl Stepping<'_> {
    /// The greeting, behind a sentence that the call is recorded where that is to be said.
    pub(super) fn opening(&self, Mind { engine, own }: Mind<'_>) -> Decision {
        let profile = &self.call.created.profile;
        let mut opening = engine.open_with(own, profile);
        let rules = self.call.rules();
        if rules.record && rules.announce_recording {
            opening.say.splice(..0, engine.recording_notice(profile));
        }
        opening
    }

    /// The carrier tells how a recording stands.
    pub(super) fn recorded(&mut self, report: Recorded) -> Reply {
        if self.call.recording.is_news(&report, self.call.customer.call_sid.as_deref()) {
            self.emit(Event::Recorded(report));
        }
        Reply::None
    }

    /// A person wants the recording to wait, or to go on. One thing at a time: the carrier must not be told both at once.
    pub(super) fn steer_recording(&mut self, by: UserId, paused: bool) -> Result<Reply, Refusal> {
        let call = &self.call;
        if call.status.is_over() {
            return Err(Refusal::Over);
        }
        let leg = call.customer.call_sid.as_deref().filter(|_| call.answered_at.is_some());
        let Some(call_sid) = leg.filter(|_| call.rules().record && call.recording.is_being_made()) else {
            return Err(Refusal::NotRecorded);
        };
        let under_way = call.pending.values().find_map(|command| match command {
            Command::SteerRecording { paused, .. } => Some(*paused),
            _ => None,
        });
        match under_way {
            Some(wanted) if wanted != paused => return Err(Refusal::RecordingBusy),
            None if call.recording.paused != paused => {
                let call_sid = call_sid.to_owned();
                self.command(Command::SteerRecording { call_sid, paused, by });
            }
            _ => {}
        }
        Ok(Reply::None)
    }

    /// What the carrier said to that.
    pub(super) fn recording_steered(&mut self, paused: bool, settlement: &Settlement) {
        if *settlement == Settlement::Done {
            self.emit(Event::RecordingPaused { paused });
        }
    }

    /// The time for which recordings are kept is over.
    pub(super) fn delete_recording(&mut self) -> Reply {
        let call = &self.call;
        let asked = call.is_pending(|command| matches!(command, Command::DeleteRecording { .. }));
        if let Some(news) = &call.recording.news
            && call.status.is_over()
            && !(call.recording.deleted || asked)
        {
            let sid = news.sid.clone();
            self.command(Command::DeleteRecording { sid });
        }
        Reply::None
    }

    /// What the carrier said to that; one that could not be deleted is asked for again later.
    pub(super) fn recording_deleted(&mut self, sid: String, settlement: &Settlement) {
        if *settlement == Settlement::Done {
            self.emit(Event::RecordingDeleted { sid });
        }
    }
}
