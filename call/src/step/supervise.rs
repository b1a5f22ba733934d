//! Supervisors on the line: rung, asked for the key that lets them in, in the conference, and gone again.
//!
//! Each is rung as an agent is, and enters only with the key: voicemail never hears a call, and never gets a customer.

use super::Stepping;
use crate::{
    Call, Command, Dismissal, Event, Leg, LegStatus, MAX_SUPERVISIONS, MAX_SUPERVISORS, Refusal, Reply,
    Settlement, Stage, Supervision, SupervisionEnd, SupervisionMode, SupervisionStage, SupervisorReply,
    TakeoverEnd, Time, UserId,
};
use tsunagu_conversation::Lang;

/// The key with which a supervisor is let in.
const ENTER: char = '1';

/// The carrier lets a telephone ring some five seconds longer than it was told.
const CARRIER_BUFFER_SECS: u32 = 10;

impl Call {
    /// A human has the customer, in the conference.
    ///
    /// # Errors
    /// Not yet, or not any more.
    pub(crate) fn with_human(&self) -> Result<(), Refusal> {
        if self.status.is_over() {
            Err(Refusal::Over)
        } else if !matches!(self.stage(), Some(Stage::Bridged { .. })) {
            Err(Refusal::WithAi(self.status))
        } else if self.decided.is_some() || self.human_is_gone() {
            Err(Refusal::HumanPartOver)
        } else {
            Ok(())
        }
    }

    /// The carrier's name of the leg of the agent who has the customer.
    pub(crate) fn agent_sid(&self) -> Option<&str> {
        self.handover.as_ref()?.agent.as_ref()?.call_sid.as_deref()
    }

    /// The agent who has the customer, or is being fetched.
    pub(crate) fn agent_id(&self) -> Option<UserId> {
        Some(self.handover.as_ref()?.agent.as_ref()?.agent.id)
    }

    /// The carrier is letting a supervisor take part in another way.
    pub(crate) fn is_setting(&self, supervision: u32) -> bool {
        self.is_pending(
            |command| matches!(command, Command::SetSupervisor { number, .. } if *number == supervision),
        )
    }

    /// The carrier is giving the agent's place to a supervisor.
    pub(crate) fn is_taking_seat(&self) -> bool {
        self.is_pending(|command| matches!(command, Command::TakeSeat { .. }))
    }

    /// When a supervisor should have picked up, pressed the key, or entered.
    pub(super) fn supervision_deadline(&self) -> Option<Time> {
        self.supervisions.iter().filter_map(|one| self.deadline_of(one)).min()
    }

    fn deadline_of(&self, one: &Supervision) -> Option<Time> {
        let rules = self.rules();
        let secs = match one.stage {
            SupervisionStage::Ringing if self.is_dialling(one.number) => return None,
            SupervisionStage::Ringing => rules.agent_ring_secs.saturating_add(CARRIER_BUFFER_SECS),
            SupervisionStage::Briefing => rules.briefing_secs,
            SupervisionStage::Entering if self.is_pending(|command| *command == Command::CheckRoom) => {
                return None;
            }
            SupervisionStage::Entering => rules.bridging_secs,
            SupervisionStage::OnTheLine => return None,
        };
        Some(one.since.plus_secs(secs))
    }

    fn is_dialling(&self, supervision: u32) -> bool {
        self.is_sought(Leg::Supervisor(supervision))
    }
}

impl Stepping<'_> {
    /// A supervisor wants to be on the line. One who is, or is rung, takes part in another way without being rung again.
    pub(super) fn supervise(
        &mut self,
        by: UserId,
        mode: SupervisionMode,
        phone: String,
        lang: Lang,
    ) -> Result<Reply, Refusal> {
        self.call.with_human()?;
        if self.call.agent_id() == Some(by) {
            return Err(Refusal::AgentYourself);
        }
        // Who takes over comes as a full party.
        if self.call.takeover.as_ref().is_some_and(|takeover| takeover.by == by) {
            return Err(Refusal::TakeoverBusy);
        }
        match self.call.supervision_by(by) {
            Some(one) => {
                let (number, changes) = (one.number, one.wanted != mode);
                if changes {
                    self.emit(Event::SupervisionSwitched { number, mode });
                    self.steer_supervisors();
                }
            }
            None => {
                self.ring_supervisor(by, mode, phone, lang)?;
            }
        }
        Ok(Reply::None)
    }

    pub(super) fn has_room_for_one_more(&self) -> Result<(), Refusal> {
        let call = &self.call;
        if call.supervisions.len() >= MAX_SUPERVISORS || call.last_supervision >= MAX_SUPERVISIONS {
            return Err(Refusal::TooManySupervisors);
        }
        Ok(())
    }

    pub(super) fn ring_supervisor(
        &mut self,
        by: UserId,
        mode: SupervisionMode,
        phone: String,
        lang: Lang,
    ) -> Result<u32, Refusal> {
        self.has_room_for_one_more()?;
        let (number, asked_at) = (self.call.last_supervision + 1, self.now);
        self.emit(Event::SupervisionRequested { number, by, phone: phone.clone(), lang, mode });
        self.command(Command::DialSupervisor { number, phone, lang, asked_at });
        Ok(number)
    }

    /// A supervisor wants to be on the line no longer.
    pub(super) fn stop_supervising(&mut self, by: UserId) -> Result<Reply, Refusal> {
        if self.call.status.is_over() {
            return Err(Refusal::Over);
        }
        if self.call.is_taking_seat() && self.call.takeover.as_ref().is_some_and(|takeover| takeover.by == by)
        {
            return Err(Refusal::TakeoverBusy);
        }
        let number = self.call.supervision_by(by).map(|one| one.number).ok_or(Refusal::NotSupervising)?;
        self.end_supervision(number, SupervisionEnd::Released, true);
        Ok(Reply::None)
    }

    // ------------------------------------------------------------------------------------------- what the leg asks

    /// The supervisor picked up and the carrier asks for the first document.
    pub(super) fn supervisor_asks(&mut self, number: u32, call_sid: String) -> Reply {
        let Some(one) = self.call.supervision(number) else {
            self.leaver_asks(Leg::Supervisor(number), &call_sid);
            return self.supervisor_reply(number);
        };
        // A leg that was dialled by mistake beside the first one is let go.
        if one.call_sid.as_deref().is_some_and(|known| known != call_sid) {
            return dismiss(Dismissal::Withdrawn);
        }
        if one.stage == SupervisionStage::Ringing {
            let (leg, status) = (Leg::Supervisor(number), LegStatus::InProgress);
            self.emit(Event::Progressed { leg, call_sid, status, sequence: None });
            self.emit(Event::SupervisionMoved { number, stage: SupervisionStage::Briefing });
        }
        self.supervisor_reply(number)
    }

    /// The supervisor pressed keys, or none in time.
    pub(super) fn supervisor_presses(&mut self, number: u32, digits: &str) -> Reply {
        if self.call.supervision(number).is_some_and(|one| one.stage == SupervisionStage::Briefing) {
            if digits.starts_with(ENTER) {
                self.emit(Event::SupervisionMoved { number, stage: SupervisionStage::Entering });
            } else {
                // The answer says a word and hangs up.
                self.end_supervision(number, SupervisionEnd::Declined, false);
            }
        }
        self.supervisor_reply(number)
    }

    /// The supervisor's leg came out of the conference; that it left is what counts.
    pub(super) fn supervisor_out(&mut self, _number: u32) -> Reply {
        dismiss(Dismissal::Over)
    }

    /// What the leg is told, from where the supervisor is: asked twice, it answers the same.
    fn supervisor_reply(&self, number: u32) -> Reply {
        let call = &self.call;
        match (call.supervision(number), call.agent_sid()) {
            (Some(one), _) if one.awaits_key() => Reply::Supervisor(SupervisorReply::Brief {
                customer_name: call.created.customer.name.clone(),
                customer_company: call.created.customer.company.clone(),
            }),
            (Some(one), Some(agent_sid)) => {
                Reply::Supervisor(SupervisorReply::Join { mode: one.mode, agent_sid: agent_sid.to_owned() })
            }
            (None, Some(agent_sid)) if self.is_agents(number).is_some() => {
                Reply::Supervisor(SupervisorReply::Join {
                    mode: SupervisionMode::Barge,
                    agent_sid: agent_sid.to_owned(),
                })
            }
            _ if call.with_human().is_ok() => dismiss(Dismissal::Declined),
            _ => dismiss(Dismissal::Over),
        }
    }

    // ------------------------------------------------------------------------------------------- what is heard of it

    /// The supervisor's leg exists at the carrier. Where it is not, or no longer, the one that is known, it is hung up.
    pub(super) fn supervisor_dialled(&mut self, number: u32, call_sid: String) {
        let known = self.call.supervision(number).map(|one| one.call_sid.clone());
        match known {
            Some(None) => {
                let (leg, status) = (Leg::Supervisor(number), LegStatus::Queued);
                self.emit(Event::Progressed { leg, call_sid, status, sequence: None });
            }
            Some(Some(known)) if *known == *call_sid => {}
            None if self.is_agents(number).is_some() && self.call.agent_sid() == Some(&call_sid) => {}
            None if self.call.farewell_on(Leg::Supervisor(number)) == Some(&call_sid) => {}
            _ => self.command(Command::HangUp { leg: Leg::Supervisor(number), call_sid }),
        }
    }

    /// Nobody knows whether the supervisor was rung. No customer waits for them: they are still expected.
    pub(super) fn supervisor_in_doubt(&mut self, number: u32, phone: String, asked_at: Time) {
        let leg = Leg::Supervisor(number);
        let expected = self.call.supervision(number).map(|one| one.call_sid.is_none());
        if expected.unwrap_or_else(|| self.is_agents(number).is_none()) {
            self.find_leg(leg, phone, asked_at);
        }
    }

    /// The supervisor could not be rung. A leg that was heard of all the same goes on.
    pub(super) fn supervisor_not_dialled(&mut self, number: u32) {
        if self.call.supervision(number).is_some_and(|one| one.call_sid.is_none()) {
            self.end_supervision(number, SupervisionEnd::NotConnected, false);
        }
    }

    pub(super) fn supervisor_progress(
        &mut self,
        number: u32,
        call_sid: String,
        status: LegStatus,
        sequence: Option<u32>,
    ) {
        let Some(one) = self.call.supervision(number) else {
            if self.is_agents(number).is_some() {
                return self.successor_progress(number, call_sid, status, sequence);
            }
            return self.leaver_progress(Leg::Supervisor(number), call_sid, status, sequence);
        };
        let another = one.call_sid.as_deref().is_some_and(|known| known != call_sid);
        // Only the news that changes something is kept: the leg's name, and its end.
        if another || (one.call_sid.is_some() && !status.is_final()) {
            return;
        }
        let reason = match one.stage {
            SupervisionStage::Ringing => SupervisionEnd::NoAnswer,
            SupervisionStage::Briefing => SupervisionEnd::Declined,
            SupervisionStage::Entering | SupervisionStage::OnTheLine => SupervisionEnd::Left,
        };
        self.emit(Event::Progressed { leg: Leg::Supervisor(number), call_sid, status, sequence });
        if status.is_final() {
            self.end_supervision(number, reason, false);
        }
    }

    /// News of the leg of a supervisor who took the call over.
    fn successor_progress(
        &mut self,
        number: u32,
        call_sid: String,
        status: LegStatus,
        sequence: Option<u32>,
    ) {
        let Some(attempt) = self.is_agents(number) else { return };
        let gone = self.agent_leg(attempt).is_some_and(|leg| leg.gone);
        if self.call.agent_sid() == Some(&call_sid) && status.is_final() && !gone {
            self.emit(Event::Progressed { leg: Leg::Supervisor(number), call_sid, status, sequence });
            self.agent_gone(attempt);
        }
    }

    /// The conference changed: supervisors may have come into it, or left.
    pub(super) fn supervisors_come_and_go(&mut self) {
        let call = &self.call;
        let customer = call.customer.call_sid.as_deref().unwrap_or_default();
        let (mut came, mut left) = (Vec::new(), Vec::new());
        for one in &call.supervisions {
            let Some(call_sid) = one.call_sid.as_deref() else { continue };
            match one.stage {
                SupervisionStage::Entering if call.room.has_both(call_sid, customer) => came.push(one.number),
                SupervisionStage::OnTheLine if !call.room.has(call_sid) => left.push(one.number),
                _ => {}
            }
        }
        for number in came {
            self.emit(Event::SupervisionMoved { number, stage: SupervisionStage::OnTheLine });
        }
        for number in left {
            self.end_supervision(number, SupervisionEnd::Left, false);
        }
        self.steer_supervisors();
        self.take_seat_when_in();
    }

    // ------------------------------------------------------------------------------------------- how they take part

    /// Has the carrier do what is wanted of those who are on the line; of each one thing at a time.
    pub(super) fn steer_supervisors(&mut self) {
        let call = &self.call;
        let Some(agent_sid) = call.agent_sid() else { return };
        let wanted: Vec<Command> = call
            .supervisions
            .iter()
            .filter(|one| one.stage == SupervisionStage::OnTheLine && one.wanted != one.mode)
            .filter(|one| !call.is_setting(one.number))
            .filter_map(|one| {
                let call_sid = one.call_sid.as_deref()?;
                Some(Command::SetSupervisor {
                    number: one.number,
                    conference_sid: call.room.sid_of(call_sid)?.to_owned(),
                    call_sid: call_sid.to_owned(),
                    mode: one.wanted,
                    agent_sid: agent_sid.to_owned(),
                })
            })
            .collect();
        for command in wanted {
            self.command(command);
        }
    }

    /// What the carrier said to that. What it refused is not wanted any longer.
    pub(super) fn supervisor_set(
        &mut self,
        number: u32,
        mode: SupervisionMode,
        agent_sid: &str,
        settlement: &Settlement,
    ) {
        let Some(one) = self.call.supervision(number) else { return };
        let (wanted, before, user) = (one.wanted, one.mode, one.user);
        if *settlement == Settlement::Done {
            // Whispered to an agent who has gone, it is heard by nobody.
            let unheard = mode == SupervisionMode::Whisper && self.call.agent_sid() != Some(agent_sid);
            let mode = if unheard { SupervisionMode::Listen } else { mode };
            self.emit(Event::SupervisionChanged { number, mode });
        } else if wanted == mode {
            self.emit(Event::SupervisionSwitched { number, mode: before });
            if self.call.takeover.as_ref().is_some_and(|takeover| takeover.by == user) {
                self.end_takeover(TakeoverEnd::NotDone);
            }
        }
        self.steer_supervisors();
        self.take_seat_when_in();
    }

    // ------------------------------------------------------------------------------------------- the end

    /// Supervisors who should have come further by now do not come; of those who should be in the conference the carrier is
    /// asked first.
    pub(super) fn supervisors_are_late(&mut self) {
        let late = self.late_supervisors();
        for (number, stage) in late {
            match stage {
                SupervisionStage::Ringing => self.end_supervision(number, SupervisionEnd::NoAnswer, true),
                SupervisionStage::Briefing => self.end_supervision(number, SupervisionEnd::Declined, true),
                SupervisionStage::Entering
                    if !self.call.is_pending(|command| *command == Command::CheckRoom) =>
                {
                    self.command(Command::CheckRoom);
                }
                SupervisionStage::Entering | SupervisionStage::OnTheLine => {}
            }
        }
    }

    /// The carrier was asked who is in the conference: whoever should be and is not, does not come.
    pub(super) fn supervisors_did_not_enter(&mut self) {
        for (number, stage) in self.late_supervisors() {
            if stage == SupervisionStage::Entering {
                self.end_supervision(number, SupervisionEnd::NotConnected, true);
            }
        }
    }

    fn late_supervisors(&self) -> Vec<(u32, SupervisionStage)> {
        let call = &self.call;
        let late = |one: &&Supervision| call.deadline_of(one).is_some_and(|deadline| deadline <= self.now);
        call.supervisions.iter().filter(late).map(|one| (one.number, one.stage)).collect()
    }

    /// A supervisor is on the line no longer, or does not come; `hang_up` where their leg may still be there.
    pub(super) fn end_supervision(&mut self, number: u32, reason: SupervisionEnd, hang_up: bool) {
        let Some(one) = self.call.supervision(number) else { return };
        let (user, unheard) = (one.user, one.call_sid.is_none());
        if let Some(call_sid) = one.call_sid.as_deref().filter(|_| hang_up).map(str::to_owned) {
            self.command(Command::HangUp { leg: Leg::Supervisor(number), call_sid });
        }
        self.emit(Event::SupervisionEnded { number, reason });
        if self.call.takeover.as_ref().is_some_and(|takeover| takeover.by == user) {
            let end = match reason {
                SupervisionEnd::HumanPartOver => TakeoverEnd::HumanPartOver,
                _ => TakeoverEnd::NotCome,
            };
            self.end_takeover_by(end, unheard.then_some(Leg::Supervisor(number)));
        }
    }

    /// Nobody is supervised any more.
    pub(super) fn end_supervisions(&mut self, reason: SupervisionEnd) {
        let numbers: Vec<u32> = self.call.supervisions.iter().map(|one| one.number).collect();
        for number in numbers {
            self.end_supervision(number, reason, true);
        }
        // One who takes over may not have been rung yet.
        self.end_takeover(TakeoverEnd::HumanPartOver);
    }
}

fn dismiss(why: Dismissal) -> Reply {
    Reply::Supervisor(SupervisorReply::Dismiss { why })
}
