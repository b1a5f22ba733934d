//! Those in the conference, as people at the screen change them: muted, put on hold, taken out. What the carrier did is
//! known by its reports.

use super::Stepping;
use crate::{Command, Refusal, Reply, SupervisionEnd, UserId};

impl Stepping<'_> {
    /// A person wants a leg muted or put on hold, or the contrary. One thing at a time for each leg.
    pub(super) fn set_participant(
        &mut self,
        by: UserId,
        call_sid: String,
        muted: Option<bool>,
        held: Option<bool>,
    ) -> Result<Reply, Refusal> {
        let conference_sid = self.conference_of(&call_sid)?;
        if muted.is_some() && self.supervises(&call_sid).is_some() {
            return Err(Refusal::SupervisorsLeg);
        }
        let under_way = self.call.pending.values().find_map(|command| match command {
            Command::SetParticipant { call_sid: of, muted, held, .. } if *of == call_sid => {
                Some((*muted, *held))
            }
            _ => None,
        });
        match under_way {
            Some(wanted) if wanted == (muted, held) => {}
            Some(_) => return Err(Refusal::ParticipantBusy),
            None => self.command(Command::SetParticipant { conference_sid, call_sid, muted, held, by }),
        }
        Ok(Reply::None)
    }

    /// A person wants a leg out of the conference. With the agent it is over for all, and the customer hears goodbye.
    pub(super) fn remove_participant(&mut self, by: UserId, call_sid: &str) -> Result<Reply, Refusal> {
        let conference_sid = self.conference_of(call_sid)?;
        if self.call.customer.call_sid.as_deref() == Some(call_sid) {
            return Err(Refusal::CustomersLeg);
        }
        if let Some(number) = self.supervises(call_sid) {
            self.end_supervision(number, SupervisionEnd::Released, true);
            return Ok(Reply::None);
        }
        let asked = |command: &Command| matches!(command, Command::RemoveParticipant { call_sid: of, .. } if of == call_sid);
        if !self.call.is_pending(asked) {
            let call_sid = call_sid.to_owned();
            self.command(Command::RemoveParticipant { conference_sid, call_sid, by });
        }
        Ok(Reply::None)
    }

    /// The conference in which a human has the customer and the leg is.
    fn conference_of(&self, call_sid: &str) -> Result<String, Refusal> {
        self.call.with_human()?;
        // While one takes the other's place, neither is touched.
        if self.call.is_taking_seat() {
            return Err(Refusal::ParticipantBusy);
        }
        self.call.room.sid_of(call_sid).map(str::to_owned).ok_or(Refusal::NotInConference)
    }

    fn supervises(&self, call_sid: &str) -> Option<u32> {
        let theirs = |one: &&crate::Supervision| one.call_sid.as_deref() == Some(call_sid);
        self.call.supervisions.iter().find(theirs).map(|one| one.number)
    }
}
