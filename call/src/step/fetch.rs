//! Fetching a human: the hand-over's way from the request to both being in the conference, or to an apology.

use super::Stepping;
use crate::{
    AgentLeg, AgentRef, Command, Event, Leg, LegStatus, Refusal, Reply, Settlement, Stage, Status, UserId,
    handover::{Cancellation, Failure, Requester},
};
use tsunagu_conversation as conversation;

/// The key with which an agent accepts.
const ACCEPT: char = '1';

impl Stepping<'_> {
    /// A person at the screen wants a human on the line.
    pub(super) fn request_handover(
        &mut self,
        by: UserId,
        reason: Option<String>,
        agent: Option<UserId>,
    ) -> Result<Reply, Refusal> {
        if self.call.status != Status::AiResponding || self.call.decided.is_some() {
            return Err(Refusal::NotWithAi(self.call.status));
        }
        let reason = reason.unwrap_or_else(|| "requested".to_owned());
        self.begin_handover(Requester::User(by), reason, agent);
        Ok(Reply::None)
    }

    pub(super) fn begin_handover(&mut self, by: Requester, reason: String, agent: Option<UserId>) {
        if self.call.open_handover().is_some() {
            return;
        }
        let wish = agent.or(self.call.created.agent);
        self.emit(Event::HandoverRequested { by, reason, agent: wish });
        self.command(Command::PickAgent { wish, tried: Vec::new() });
    }

    /// An agent is reserved for this call: ring them, unless nobody waits for them any more.
    pub(super) fn picked(&mut self, agent: AgentRef) {
        let reserving = self.call.stage() == Some(&Stage::Reserving) && !self.call.status.is_over();
        if !reserving {
            self.command(Command::FreeAgent { agent: agent.id, talked_secs: None });
            return;
        }
        self.emit(Event::AgentReserved { agent: agent.clone() });
        let attempt = self.call.attempts + 1;
        self.emit(Event::HandoverMoved { stage: Stage::Ringing { attempt } });
        self.command(Command::DialAgent { attempt, agent });
        if self.call.handover.as_ref().is_some_and(|handover| !handover.announced) {
            let decision = self.ask_engine(&conversation::Input::HandoverRequested);
            self.follow_some(decision, false);
            self.push_prompt();
        }
    }

    /// The agent's leg exists at the carrier.
    pub(super) fn agent_dialled(&mut self, attempt: u32, call_sid: String) {
        if self.agent_leg(attempt).is_none() {
            self.command(Command::HangUp { leg: Leg::Agent(attempt), call_sid });
        }
    }

    /// The agent picked up, or asks again.
    pub(super) fn agent_answers(&mut self, attempt: u32, call_sid: String) {
        if self.call.stage() == Some(&Stage::Ringing { attempt }) {
            let (leg, status) = (Leg::Agent(attempt), LegStatus::InProgress);
            self.emit(Event::Progressed { leg, call_sid, status, sequence: None });
            self.emit(Event::HandoverMoved { stage: Stage::Briefing { attempt } });
        }
    }

    /// The agent answered the briefing.
    pub(super) fn agent_decides(&mut self, attempt: u32, digits: &str) {
        if self.call.stage() != Some(&Stage::Briefing { attempt }) {
            return;
        }
        if digits.starts_with(ACCEPT) {
            self.accept(attempt);
        } else if digits.is_empty() && self.agent_leg(attempt).is_some_and(|leg| !leg.briefed_twice) {
            self.emit(Event::BriefingRepeated { attempt });
        } else {
            self.lose_agent();
        }
    }

    fn accept(&mut self, attempt: u32) {
        self.emit(Event::HandoverMoved { stage: Stage::Bridging { attempt } });
        let decision = self.ask_engine(&conversation::Input::AgentAccepted);
        self.follow_some(decision, false);
        match self.call.customer.call_sid.as_deref().map(str::to_owned) {
            Some(call_sid) => self.command(Command::MoveCustomer { call_sid }),
            None => self.fail_handover(Failure::MoveFailed, false),
        }
    }

    /// The agent's leg came to its end, or its news did.
    pub(super) fn agent_gone(&mut self, attempt: u32) {
        match self.call.stage() {
            Some(Stage::Ringing { attempt: current } | Stage::Briefing { attempt: current }) if *current == attempt => {
                self.lose_agent();
            }
            Some(Stage::Bridging { attempt: current }) if *current == attempt => {
                self.fail_handover(Failure::MoveFailed, false);
                self.push_prompt();
            }
            Some(Stage::Bridged { attempt: current }) if *current == attempt => self.free_agent(),
            _ => {}
        }
    }

    /// This agent does not come: try the next, or tell the customer that nobody can.
    pub(super) fn lose_agent(&mut self) {
        self.drop_agent_leg();
        let Some(handover) = &self.call.handover else { return };
        match handover.may_try_again(self.call.rules(), self.now) {
            Ok(()) => {
                let (wish, tried) = (handover.wish, handover.tried.clone());
                self.emit(Event::HandoverMoved { stage: Stage::Reserving });
                self.command(Command::PickAgent { wish, tried });
            }
            Err(failure) => self.fail_handover(failure, false),
        }
    }

    /// Nobody comes: the AI takes the customer back. `delivered`: the carrier is asking and hears it as the answer.
    pub(super) fn fail_handover(&mut self, reason: Failure, delivered: bool) {
        self.drop_agent_leg();
        let announced = self.call.handover.as_ref().is_some_and(|handover| handover.announced);
        self.emit(Event::HandoverMoved { stage: Stage::Failed { reason } });
        if announced {
            let decision = self.ask_engine(&conversation::Input::HandoverFailed);
            self.follow_some(decision, delivered);
        }
    }

    /// Nobody is wanted any more.
    pub(super) fn cancel_handover(&mut self, reason: Cancellation) {
        if self.call.open_handover().is_some() {
            self.drop_agent_leg();
            self.emit(Event::HandoverMoved { stage: Stage::Cancelled { reason } });
        }
    }

    /// Hangs the agent up, where they are on the line, and gives the reservation back.
    fn drop_agent_leg(&mut self) {
        let Some(AgentLeg { attempt, call_sid, gone: false, .. }) =
            self.call.handover.as_ref().and_then(|handover| handover.agent.clone())
        else {
            return self.free_agent();
        };
        if let Some(call_sid) = call_sid {
            self.command(Command::HangUp { leg: Leg::Agent(attempt), call_sid });
        }
        self.free_agent();
    }

    /// Gives the agent's reservation back.
    pub(super) fn free_agent(&mut self) {
        let Some(handover) = &self.call.handover else { return };
        let Some(leg) = &handover.agent else { return };
        let talked_secs =
            matches!(handover.stage, Stage::Bridged { .. }).then(|| self.now.secs_since(handover.since));
        let agent = leg.agent.id;
        self.command(Command::FreeAgent { agent, talked_secs });
    }

    pub(super) fn agent_leg(&self, attempt: u32) -> Option<&AgentLeg> {
        self.call.handover.as_ref()?.agent.as_ref().filter(|leg| leg.attempt == attempt)
    }

    /// No agent can be had.
    pub(super) fn nobody_free(&mut self) {
        if self.call.stage() == Some(&Stage::Reserving) && !self.call.status.is_over() {
            self.fail_handover(Failure::NobodyFree, false);
        }
    }

    /// Both are in the conference: the human has the customer.
    pub(super) fn bridge_when_both_are_in(&mut self) {
        let Some(Stage::Bridging { attempt }) = self.call.stage() else { return };
        let attempt = *attempt;
        let Some(leg) = self.agent_leg(attempt) else { return };
        let in_room = |call_sid: Option<&str>| call_sid.is_some_and(|call_sid| self.call.room.has(call_sid));
        if !in_room(leg.call_sid.as_deref()) || !in_room(self.call.customer.call_sid.as_deref()) {
            return;
        }
        let agent = leg.agent.id;
        let requested_at = self.call.handover.as_ref().map_or(self.now, |handover| handover.requested_at);
        let response_secs = self.now.secs_since(requested_at);
        self.emit(Event::HandoverMoved { stage: Stage::Bridged { attempt } });
        self.command(Command::SeatAgent { agent, response_secs });
    }

    /// A command about an agent could not be done.
    pub(super) fn agent_refused(&mut self, attempt: u32, settlement: &Settlement) {
        let refused = matches!(settlement, Settlement::Refused { .. });
        if refused && self.call.stage() == Some(&Stage::Ringing { attempt }) {
            self.lose_agent();
        }
    }
}
