//! A supervisor becomes the agent: from the AI by an ordinary hand-over, from an agent on the line that both are on.

use super::Stepping;
use crate::{
    AgentRef, Command, Event, Leg, Refusal, Reply, Settlement, Stage, SupervisionMode, SupervisionStage,
    TakeoverEnd, UserId,
};

/// Why an agent is fetched when a supervisor takes a call over from the AI.
const REASON: &str = "takeover";

impl Stepping<'_> {
    /// A supervisor wants the customer.
    pub(super) fn take_over(&mut self, by: UserId) -> Result<Reply, Refusal> {
        if self.call.status.is_over() {
            return Err(Refusal::Over);
        }
        match self.call.stage() {
            Some(Stage::Bridged { .. }) => self.take_over_from_agent(by),
            _ => self.fetch_for(by, Some(REASON.to_owned()), Some(by), Vec::new(), true),
        }
    }

    fn take_over_from_agent(&mut self, by: UserId) -> Result<Reply, Refusal> {
        let call = &self.call;
        call.with_human()?;
        if call.agent_id() == Some(by) {
            return Err(Refusal::AgentYourself);
        }
        match &call.takeover {
            Some(takeover) if takeover.by == by => return Ok(Reply::None),
            Some(_) => return Err(Refusal::TakeoverBusy),
            None => {}
        }
        // What is still on its way to the store about reservations of this call is awaited: it could not be told apart.
        let unsettled = call.is_pending(|command| {
            matches!(
                command,
                Command::PickAgent { .. } | Command::ClaimAgent { .. } | Command::TakeSeat { .. }
            )
        });
        if unsettled || call.leavers().any(|leaver| leaver == by) {
            return Err(Refusal::TakeoverBusy);
        }
        if call.supervision_by(by).is_none() {
            self.has_room_for_one_more()?;
        }
        self.emit(Event::TakeoverRequested { by });
        self.command(Command::ClaimAgent { agent: by });
        Ok(Reply::None)
    }

    /// The supervisor is reserved, or cannot be: bring them onto the line.
    pub(super) fn claimed(&mut self, by: UserId, settlement: Settlement) {
        let waits = |takeover: &crate::Takeover| takeover.by == by && takeover.agent.is_none();
        let awaited = self.call.takeover.as_ref().is_some_and(waits);
        match settlement {
            Settlement::Picked { agent, .. } if awaited => {
                self.emit(Event::TakeoverReserved { agent: agent.clone() });
                self.bring_in(&agent);
            }
            Settlement::Picked { .. } => self.command(Command::FreeAgent { agent: by, talked_secs: None }),
            _ if awaited => self.end_takeover(TakeoverEnd::Taken),
            _ => {}
        }
    }

    fn bring_in(&mut self, agent: &AgentRef) {
        let mode = SupervisionMode::Barge;
        let known = self.call.supervision_by(agent.id).map(|one| (one.number, one.wanted));
        match known {
            Some((number, wanted)) => {
                if wanted != mode {
                    self.emit(Event::SupervisionSwitched { number, mode });
                }
                self.steer_supervisors();
                self.take_seat_when_in();
            }
            None => {
                if self.ring_supervisor(agent.id, mode, agent.phone.clone(), agent.lang).is_err() {
                    self.end_takeover(TakeoverEnd::NotCome);
                }
            }
        }
    }

    /// The supervisor is in the conference as a full party: the agent's place is theirs.
    pub(super) fn take_seat_when_in(&mut self) {
        let call = &self.call;
        let Some(takeover) = call.takeover.as_ref().filter(|takeover| takeover.agent.is_some()) else {
            return;
        };
        let Some(one) = call.supervision_by(takeover.by) else { return };
        let speaks = one.stage == SupervisionStage::OnTheLine && [one.mode, one.wanted] == [SupervisionMode::Barge; 2]
            // What the carrier was told before is awaited: they might be muted by it.
            && !call.is_setting(one.number);
        let (Some(supervisor_sid), Some(agent_sid)) = (one.call_sid.as_deref(), call.agent_sid()) else {
            return;
        };
        let (Some(conference_sid), true) = (call.room.sid_of(supervisor_sid), speaks) else { return };
        if call.is_taking_seat() || !call.room.has_both(supervisor_sid, agent_sid) {
            return;
        }
        let command = Command::TakeSeat {
            number: one.number,
            conference_sid: conference_sid.to_owned(),
            supervisor_sid: supervisor_sid.to_owned(),
            agent_sid: agent_sid.to_owned(),
        };
        self.command(command);
    }

    /// What the carrier said to that.
    pub(super) fn seat_taken(&mut self, number: u32, settlement: &Settlement) {
        let taken = self.call.takeover.clone().and_then(|takeover| {
            let here = self.call.supervision(number).is_some_and(|one| one.user == takeover.by);
            takeover.agent.filter(|_| here).map(|agent| (agent, takeover.since))
        });
        match taken {
            Some((agent, since)) if *settlement == Settlement::Done => {
                self.let_agent_go();
                let (id, attempt) = (agent.id, self.call.attempts + 1);
                self.emit(Event::TakenOver { number, agent, attempt });
                let response_secs = self.now.secs_since(since);
                self.command(Command::SeatAgent { agent: id, response_secs });
                self.steer_supervisors();
            }
            // The agent hung up meanwhile: their end was not acted upon while their place might be taken.
            _ if self
                .call
                .handover
                .as_ref()
                .is_some_and(|handover| handover.agent.as_ref().is_some_and(|leg| leg.gone)) =>
            {
                self.free_agent();
            }
            _ => self.end_takeover(TakeoverEnd::NotDone),
        }
    }

    /// The agent whose place is taken is free; supervisors stay.
    fn let_agent_go(&mut self) {
        let Some(handover) = &self.call.handover else { return };
        let Some(leg) = &handover.agent else { return };
        let (agent, talked_secs) = (leg.agent.id, Some(self.now.secs_since(handover.since)));
        match leg.call_sid.clone().filter(|_| !leg.gone) {
            Some(call_sid) => self.let_go_with_a_word(agent, leg.leg(), call_sid, talked_secs),
            None => self.command(Command::FreeAgent { agent, talked_secs }),
        }
    }

    /// The supervisor does not take over; they are given back.
    pub(super) fn end_takeover(&mut self, reason: TakeoverEnd) {
        self.end_takeover_by(reason, None);
    }

    /// The same; `unheard` is their leg where nothing has been heard of it.
    pub(super) fn end_takeover_by(&mut self, reason: TakeoverEnd, unheard: Option<Leg>) {
        let Some(takeover) = &self.call.takeover else { return };
        let (by, reserved) = (takeover.by, takeover.agent.is_some());
        self.emit(Event::TakeoverEnded { by, reason });
        match unheard.filter(|leg| self.call.is_sought(*leg)) {
            Some(leg) if reserved => self.let_go_unheard(by, leg),
            None if reserved => self.command(Command::FreeAgent { agent: by, talked_secs: None }),
            _ => {}
        }
    }

    /// The leg of the supervisor who took over was told of: it is the agent's now.
    pub(super) fn is_agents(&self, supervision: u32) -> Option<u32> {
        let leg = self.call.handover.as_ref()?.agent.as_ref()?;
        (leg.leg() == Leg::Supervisor(supervision)).then_some(leg.attempt)
    }
}
