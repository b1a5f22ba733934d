//! Fetching a human: the hand-over's way from the request to both being in the conference, or to an apology.

use super::Stepping;
use crate::{
    AgentLeg, AgentRef, Command, Directive, Event, Leg, LegStatus, Refusal, Reply, Stage, Status,
    SupervisionEnd, Time, UserId,
    handover::{Cancellation, Failure, Requester},
    routing::Needs,
};
use tsunagu_conversation as conversation;

/// The key with which an agent accepts.
const ACCEPT: char = '1';

/// A briefing cannot have been heard to its end, and not answered, in less.
const SHORTEST_BRIEFING_SECS: u32 = 4;

impl Stepping<'_> {
    /// A person at the screen wants a human on the line.
    pub(super) fn request_handover(
        &mut self,
        by: UserId,
        reason: Option<String>,
        agent: Option<UserId>,
        skills: Vec<String>,
    ) -> Result<Reply, Refusal> {
        self.fetch_for(by, reason, agent, skills, false)
    }

    /// The same; with `takeover` the agent is a supervisor who wants the customer, whatever they are doing.
    pub(super) fn fetch_for(
        &mut self,
        by: UserId,
        reason: Option<String>,
        agent: Option<UserId>,
        skills: Vec<String>,
        takeover: bool,
    ) -> Result<Reply, Refusal> {
        if let Some(agent) = agent.filter(|agent| self.may_be_named(*agent)) {
            self.name_agent(by, agent, takeover);
            return Ok(Reply::None);
        }
        if self.call.prompt.turn == 0 {
            // Picked up perhaps, but the AI has not said who is calling.
            return Err(Refusal::NotWithAi(Status::Initiated));
        }
        if self.call.status != Status::AiResponding || self.call.decided.is_some() {
            return Err(Refusal::NotWithAi(self.call.status));
        }
        let reason = reason.unwrap_or_else(|| "requested".to_owned());
        self.begin_handover(Requester::User(by), reason, agent, skills, takeover);
        Ok(Reply::None)
    }

    /// A human is being fetched, and it is not this one.
    fn may_be_named(&self, agent: UserId) -> bool {
        let Some(handover) = &self.call.handover else { return false };
        match (&handover.stage, &handover.agent) {
            (Stage::Ringing { .. } | Stage::Briefing { .. }, Some(leg)) => leg.agent.id != agent,
            (Stage::Reserving, _) => handover.wish != Some(agent),
            _ => false,
        }
    }

    /// Somebody else shall come than whoever is being fetched.
    fn name_agent(&mut self, by: UserId, agent: UserId, takeover: bool) {
        let reserving = self.call.stage() == Some(&Stage::Reserving);
        self.emit(Event::AgentNamed { by, agent, takeover });
        // While an agent is being chosen, the choice is awaited first: two at once could not be told apart in the store.
        if !reserving {
            self.drop_agent_leg();
            self.pick_agent();
        }
    }

    /// A person takes the request for a human back: the customer hears that nobody can come.
    pub(super) fn withdraw_handover(&mut self) -> Result<Reply, Refusal> {
        match self.call.stage() {
            Some(Stage::Reserving | Stage::Ringing { .. } | Stage::Briefing { .. }) => {
                self.fail_handover(Failure::Withdrawn, false);
                self.push_prompt();
                Ok(Reply::None)
            }
            _ => Err(Refusal::NoHandover(self.call.status)),
        }
    }

    pub(super) fn begin_handover(
        &mut self,
        by: Requester,
        reason: String,
        agent: Option<UserId>,
        skills: Vec<String>,
        takeover: bool,
    ) {
        if self.call.open_handover().is_some() {
            return;
        }
        let rules = self.call.rules();
        let needs = Needs {
            skills: rules.handover_skills.iter().cloned().chain(skills).collect(),
            lang: rules.match_language.then_some(self.call.talk.lang),
        };
        let wish = agent.or(self.call.created.agent);
        self.emit(Event::HandoverRequested { by, reason, agent: wish, needs, takeover });
        self.look_for_agent();
    }

    /// Another agent was named since one was looked for with this wish.
    fn is_outdated(&self, wish: Option<UserId>) -> bool {
        self.call.handover.as_ref().is_some_and(|handover| handover.named && handover.wish != wish)
    }

    /// An agent is reserved for this call: ring them, unless nobody waits for them any more.
    pub(super) fn picked(&mut self, agent: AgentRef, wish: Option<UserId>) {
        let reserving = self.call.stage() == Some(&Stage::Reserving) && !self.call.status.is_over();
        if self.call.leaving.iter().any(|one| one.agent == agent.id) {
            // The store reserves for the call, and the call keeps them until it is known whether their telephone rings.
            self.nobody_free(wish);
            return;
        }
        if !reserving {
            // The store reserves for the call: it may have named an agent whom the call has already.
            let held = self.call.handover.as_ref().and_then(|handover| handover.agent.as_ref());
            if held.is_none_or(|leg| leg.agent.id != agent.id) {
                self.command(Command::FreeAgent { agent: agent.id, talked_secs: None });
            }
            return;
        }
        self.emit(Event::AgentReserved { agent: agent.clone() });
        if self.is_outdated(wish)
            && self.call.handover.as_ref().is_some_and(|open| open.wish != Some(agent.id))
        {
            self.free_agent();
            self.nobody_free(wish);
            return;
        }
        let attempt = self.call.attempts + 1;
        self.emit(Event::HandoverMoved { stage: Stage::Ringing { attempt } });
        self.command(Command::DialAgent { attempt, agent, asked_at: self.now });
        if self.call.handover.as_ref().is_some_and(|handover| !handover.announced) {
            let decision = self.ask_engine(&conversation::Input::HandoverRequested);
            self.follow_some(decision, false);
            self.push_prompt();
        }
    }

    /// The agent's leg exists at the carrier. Where it is not, or no longer, the one that the call has, it is hung up.
    pub(super) fn agent_dialled(&mut self, attempt: u32, call_sid: String) {
        let leg = Leg::Agent(attempt);
        let known = self.agent_leg(attempt).and_then(|leg| leg.call_sid.as_deref());
        let known = known.or_else(|| self.call.farewell_on(leg));
        if known != Some(call_sid.as_str()) {
            self.command(Command::HangUp { leg, call_sid });
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
        let Some(leg) = self.agent_leg(attempt) else { return };
        if digits.starts_with(ACCEPT) {
            self.accept(attempt);
        } else if !digits.is_empty() {
            self.dismiss_agent();
        } else if self.now < leg.briefed_at.plus_secs(SHORTEST_BRIEFING_SECS) {
            // The carrier tells of the same silence again: the briefing has only just begun.
        } else if leg.briefed_twice {
            self.dismiss_agent();
        } else {
            self.emit(Event::BriefingRepeated { attempt });
        }
    }

    fn accept(&mut self, attempt: u32) {
        self.emit(Event::HandoverMoved { stage: Stage::Bridging { attempt } });
        let decision = self.ask_engine(&conversation::Input::AgentAccepted);
        self.follow_some(decision, false);
        let joins = self.call.prompt.directive.as_deref().is_some_and(Directive::is_join);
        match self.call.customer.call_sid.as_deref().map(str::to_owned) {
            Some(call_sid) if joins => self.command(Command::MoveCustomer { call_sid }),
            // The engine would rather say goodbye: a talk of its greatest length ends here, too.
            _ if self.call.decided.is_some() => self.push_prompt(),
            _ => self.fail_handover(Failure::MoveFailed, false),
        }
    }

    /// The agent's leg came to its end.
    pub(super) fn agent_gone(&mut self, attempt: u32) {
        if self.call.stage().and_then(Stage::attempt) != Some(attempt) {
            return;
        }
        match self.call.stage() {
            Some(Stage::Ringing { .. } | Stage::Briefing { .. }) => self.lose_agent(),
            Some(Stage::Bridging { .. }) => self.fail_handover(Failure::MoveFailed, false),
            // Their place may be a supervisor's already; that will be told.
            Some(Stage::Bridged { .. }) if self.call.is_taking_seat() => {}
            Some(Stage::Bridged { .. }) => self.free_agent(),
            _ => {}
        }
    }

    /// This agent does not come: hang them up, and go on without them.
    pub(super) fn lose_agent(&mut self) {
        self.drop_agent_leg();
        self.try_next_agent();
    }

    /// This agent does not come, and is asking: the answer says a word to them and hangs up.
    fn dismiss_agent(&mut self) {
        let held = self.call.handover.as_ref().and_then(|handover| handover.agent.as_ref());
        let asking = held
            .filter(|held| !held.gone)
            .and_then(|held| Some((held.agent.id, held.leg(), held.call_sid.clone()?)));
        match asking {
            Some((agent, leg, call_sid)) => self.let_go_with_a_word(agent, leg, call_sid, None),
            None => self.free_agent(),
        }
        self.try_next_agent();
    }

    /// Looks for the next agent, or tells the customer that nobody can come.
    fn try_next_agent(&mut self) {
        let Some(handover) = &self.call.handover else { return };
        match handover.may_try_again(self.call.rules(), self.now) {
            Ok(()) => {
                self.pick_agent();
            }
            Err(failure) => self.fail_handover(failure, false),
        }
    }

    fn pick_agent(&mut self) {
        let Some(handover) = &self.call.handover else { return };
        if handover.stage != Stage::Reserving {
            self.emit(Event::HandoverMoved { stage: Stage::Reserving });
        }
        self.look_for_agent();
    }

    fn look_for_agent(&mut self) {
        let Some(handover) = &self.call.handover else { return };
        // A customer who knows of it waits for one who is engaged; a person at the screen is told at once.
        let until =
            handover.announced.then(|| handover.timed_from.plus_secs(self.call.rules().handover_secs));
        let (wish, mut tried, needs) = (handover.wish, handover.tried.clone(), handover.needs.clone());
        let claim = handover.takeover;
        let leavers: Vec<UserId> = self.call.leavers().filter(|leaver| !tried.contains(leaver)).collect();
        tried.extend(leavers);
        self.command(Command::PickAgent { wish, tried, needs, claim, until });
    }

    /// Nobody comes: the AI takes the customer back. `delivered`: the carrier is asking and hears it as the answer.
    pub(super) fn fail_handover(&mut self, reason: Failure, delivered: bool) {
        let bridging = matches!(self.call.stage(), Some(Stage::Bridging { .. }));
        let announced = self.call.handover.as_ref().is_some_and(|handover| handover.announced);
        self.abandon_handover(reason);
        if announced || bridging {
            // For the engine the customer is with the agent once one has accepted. They are not: they wait as before.
            let talk = conversation::State { agent: conversation::Agent::Ringing, ..self.call.talk.clone() };
            let decision = self.ask_engine_as(&talk, &conversation::Input::HandoverFailed);
            self.follow_some(decision, delivered);
        }
        if bridging && !delivered {
            // They may be in the conference, or on the way there, with nobody.
            self.push_prompt();
        }
    }

    /// The hand-over is given up, without a word to the customer.
    pub(super) fn abandon_handover(&mut self, reason: Failure) {
        if self.call.open_handover().is_some() {
            self.drop_agent_leg();
            self.emit(Event::HandoverMoved { stage: Stage::Failed { reason } });
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
    pub(super) fn drop_agent_leg(&mut self) {
        let held = self.call.handover.as_ref().and_then(|handover| handover.agent.as_ref());
        let Some(held) = held.filter(|held| !held.gone) else { return self.free_agent() };
        if let Some(call_sid) = held.call_sid.clone() {
            let leg = held.leg();
            self.command(Command::HangUp { leg, call_sid });
        }
        self.free_agent();
    }

    /// Gives the agent's reservation back; where it is not known whether their telephone rings, as soon as it is.
    pub(super) fn free_agent(&mut self) {
        if self.call.handover.as_ref().is_none_or(|handover| handover.agent.is_none()) {
            return;
        }
        self.end_supervisions(SupervisionEnd::HumanPartOver);
        let Some(handover) = &self.call.handover else { return };
        let Some(leg) = &handover.agent else { return };
        let talked_secs =
            matches!(handover.stage, Stage::Bridged { .. }).then(|| self.now.secs_since(handover.since));
        let (agent, of) = (leg.agent.id, leg.leg());
        if leg.call_sid.is_none() && self.call.is_sought(of) {
            self.let_go_unheard(agent, of);
        } else {
            self.command(Command::FreeAgent { agent, talked_secs });
        }
    }

    pub(super) fn agent_leg(&self, attempt: u32) -> Option<&AgentLeg> {
        self.call.handover.as_ref()?.agent.as_ref().filter(|leg| leg.attempt == attempt)
    }

    /// No agent can be had.
    pub(super) fn nobody_free(&mut self, wish: Option<UserId>) {
        // An answer to an earlier question, of a hand-over called off meanwhile, does not speak for the present one.
        let asked_again = self.call.is_pending(|command| matches!(command, Command::PickAgent { .. }));
        if self.call.stage() != Some(&Stage::Reserving) || asked_again {
            return;
        }
        if self.is_outdated(wish) {
            self.pick_agent();
        } else {
            self.fail_handover(Failure::NobodyFree, false);
        }
    }

    /// Both are in the conference: the human has the customer.
    pub(super) fn bridge_when_both_are_in(&mut self) {
        let Some(Stage::Bridging { attempt }) = self.call.stage() else { return };
        let attempt = *attempt;
        let Some(leg) = self.agent_leg(attempt) else { return };
        let legs = leg.call_sid.as_deref().zip(self.call.customer.call_sid.as_deref());
        if !legs.is_some_and(|(agent, customer)| self.call.room.has_both(agent, customer)) {
            return;
        }
        let agent = leg.agent.id;
        let requested_at = self.call.handover.as_ref().map_or(self.now, |handover| handover.requested_at);
        let response_secs = self.now.secs_since(requested_at);
        self.emit(Event::HandoverMoved { stage: Stage::Bridged { attempt } });
        self.command(Command::SeatAgent { agent, response_secs });
    }

    /// Nobody knows whether the agent was rung. The customer does not wait for that: the next one is asked.
    pub(super) fn agent_in_doubt(&mut self, attempt: u32, phone: String, asked_at: Time) {
        let leg = Leg::Agent(attempt);
        let current = self.agent_leg(attempt).is_some_and(|leg| leg.call_sid.is_none());
        if current || self.call.leaves_unheard(leg) {
            self.find_leg(leg, phone, asked_at);
        }
        self.agent_not_dialled(attempt);
    }

    /// The agent could not be rung. A leg that was heard of all the same goes on.
    pub(super) fn agent_not_dialled(&mut self, attempt: u32) {
        let unheard = self.agent_leg(attempt).is_some_and(|leg| leg.call_sid.is_none());
        if unheard && self.call.stage() == Some(&Stage::Ringing { attempt }) {
            self.lose_agent();
        }
    }
}
