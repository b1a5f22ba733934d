//! From events to state: the one way in which a call changes, while it lives and when it is rebuilt.

use crate::{
    AgentLeg, AgentRef, Call, CallId, Command, Directive, Entry, Event, Handover, Leg, LegState, LegStatus,
    Prompt, Recording, Room, Settlement, Stage, Status, Supervision, SupervisionMode, SupervisionStage,
    Takeover, Time, Transcription, UserId, brought::Brought, handover::Requester,
};
use std::{collections::BTreeMap, sync::Arc};
use tsunagu_conversation as conversation;

/// Why a journal makes no call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The first entry must create the call.
    #[error("the journal of call {0} does not begin with its creation")]
    NoBeginning(CallId),
    /// An entry is missing or stands twice.
    #[error("the journal of call {call} has entry {found} where {expected} belongs")]
    Gap {
        /// The call.
        call: CallId,
        /// The number that belongs there.
        expected: u64,
        /// The number that stands there.
        found: u64,
    },
}

impl Call {
    /// The call whose journal this is, as it was after the last entry.
    pub fn rebuild(id: CallId, journal: &[Entry]) -> Result<Self, JournalError> {
        let Some((first, rest)) = journal.split_first() else { return Err(JournalError::NoBeginning(id)) };
        let begun = Self::begin(id, first.at, &first.event).ok_or(JournalError::NoBeginning(id))?;
        begun.follow(rest)
    }

    /// The call as it is after these further entries of its journal.
    ///
    /// # Errors
    /// They are not the next ones.
    pub fn follow(mut self, entries: &[Entry]) -> Result<Self, JournalError> {
        for entry in entries {
            let expected = self.seq + 1;
            if entry.seq != expected {
                return Err(JournalError::Gap { call: self.id, expected, found: entry.seq });
            }
            self.apply(entry.at, &entry.event);
        }
        Ok(self)
    }

    pub(crate) fn begin(id: CallId, at: Time, event: &Event) -> Option<Self> {
        let Event::Created(created) = event else { return None };
        Some(Self {
            id,
            talk: conversation::State { lang: created.profile.lang, ..conversation::State::default() },
            created: Arc::new((**created).clone()),
            seq: 1,
            status: Status::Initiated,
            created_at: at,
            answered_at: None,
            ended_at: None,
            customer: LegState::default(),
            prompt: Prompt::default(),
            handover: None,
            attempts: 0,
            agent_langs: Vec::new(),
            leaving: Vec::new(),
            supervisions: Vec::new(),
            last_supervision: 0,
            takeover: None,
            room: Room::default(),
            alone_since: None,
            pending: BTreeMap::new(),
            last_command: 0,
            brought: Brought::default(),
            decided: None,
            judged: None,
            met_human: false,
            refresh_refused: false,
            transcription: Transcription::default(),
            recording: Recording::default(),
            last_words: None,
            heard_at: at,
        })
    }

    /// Takes one event in.
    pub fn apply(&mut self, at: Time, event: &Event) {
        self.seq += 1;
        self.take(at, event);
        self.alone_since = self.is_customer_alone().then(|| self.alone_since.unwrap_or(at));
    }

    fn take(&mut self, at: Time, event: &Event) {
        match event {
            Event::Created(_) | Event::Spoke { .. } => {}
            Event::Noted { outcome, .. } => self.judge(*outcome),
            Event::Transcribed { transcription_sid, sequence, .. } => {
                self.transcription.tell(transcription_sid, *sequence);
                self.heard_at = at;
            }
            Event::Recorded(recorded) => self.recording.news = Some(recorded.clone()),
            Event::RecordingPaused { paused } => self.recording.paused = *paused,
            Event::RecordingDeleted { .. } => self.recording.deleted = true,
            Event::Intended { id, command } => self.intend(at, *id, command),
            Event::Settled { id, settlement } => self.settle(at, *id, settlement),
            Event::Progressed { leg, call_sid, status, sequence } => {
                self.progress(at, *leg, call_sid, *status, *sequence);
            }
            Event::Detected { leg, answered_by } => self.detect(at, *leg, answered_by),
            Event::Heard { turn, text, .. } => {
                self.last_words = Some(text.as_str().into());
                self.replied(at, *turn);
            }
            Event::Pressed { turn, .. } | Event::Silent { turn } => self.replied(at, *turn),
            Event::Said { turn, directive, talk, delivered, .. } => {
                self.prompt.turn = *turn;
                self.prompt.directive = Some(directive.clone());
                self.talk = talk.clone();
                if let Some(handover) = self.handover.as_mut().filter(|_| talk.waiting()) {
                    handover.announced = true;
                }
                if *delivered {
                    self.answered(at, *turn);
                }
            }
            Event::Delivered { turn } => self.answered(at, *turn),
            Event::HandoverRequested { by, reason, agent, needs, takeover } => {
                let announced = *by == Requester::Script;
                let handover = Handover::new(at, reason.clone(), *agent, needs.clone(), announced);
                self.handover = Some(Handover { takeover: *takeover, ..handover });
                self.status = Status::Transferring;
            }
            Event::AgentNamed { agent, takeover, .. } => {
                // One whose reservation is still being given back cannot be reserved again meanwhile.
                let leaves = self.leavers().any(|leaver| leaver == *agent);
                if let Some(handover) = &mut self.handover {
                    handover.name(*agent, *takeover, !leaves, at);
                }
            }
            Event::HandoverMoved { stage } => self.move_handover(at, stage),
            Event::AgentReserved { agent } => {
                if let Some(handover) = &mut self.handover {
                    handover.tried.push(agent.id);
                    handover.agent = Some(AgentLeg {
                        agent: agent.clone(),
                        attempt: 0,
                        call_sid: None,
                        gone: false,
                        briefed_twice: false,
                        briefed_at: at,
                        answered_by: None,
                        supervision: None,
                    });
                }
            }
            Event::AgentLeaving(leaving) => {
                self.leaving.retain(|one| one.leg != leaving.leg);
                self.leaving.push(leaving.clone());
                self.forget_agent(at, leaving.agent);
            }
            Event::BriefingRepeated { .. } => {
                if let Some(leg) = self.handover.as_mut().and_then(|handover| handover.agent.as_mut()) {
                    leg.briefed_twice = true;
                    leg.briefed_at = at;
                }
            }
            Event::Room { conference_sid, sequence, change } => {
                self.room.change(conference_sid, *sequence, change);
                self.heard_at = at;
            }
            Event::SupervisionRequested { number, by, phone, lang, mode } => {
                self.last_supervision = *number;
                self.supervisions.push(Supervision {
                    number: *number,
                    user: *by,
                    phone: phone.clone(),
                    lang: *lang,
                    mode: *mode,
                    wanted: *mode,
                    stage: SupervisionStage::Ringing,
                    since: at,
                    call_sid: None,
                });
            }
            Event::SupervisionSwitched { number, mode } => {
                self.change_supervision(*number, |one| one.wanted = *mode);
            }
            Event::SupervisionMoved { number, stage } => self.change_supervision(*number, |one| {
                (one.stage, one.since) = (*stage, at);
                if *stage == SupervisionStage::Entering {
                    one.mode = one.wanted;
                }
            }),
            Event::SupervisionChanged { number, mode } => {
                self.change_supervision(*number, |one| one.mode = *mode);
            }
            Event::TakeoverRequested { by } => {
                self.takeover = Some(Takeover { by: *by, since: at, agent: None });
            }
            Event::TakeoverReserved { agent } => {
                if let Some(takeover) = &mut self.takeover {
                    takeover.agent = Some(agent.clone());
                }
            }
            Event::TakeoverEnded { .. } => self.takeover = None,
            Event::TakenOver { number, agent, attempt } => self.take_over(at, *number, agent, *attempt),
            Event::SupervisionEnded { number, .. } => self.supervisions.retain(|one| one.number != *number),
            Event::Decided { outcome, reason } => self.decided = Some((*outcome, *reason)),
            Event::Ended { outcome, reason, .. } => {
                self.decided = Some((*outcome, *reason));
                self.ended_at = Some(at);
                let reached = self.answered_at.is_some() && *outcome != conversation::Outcome::Failed;
                self.status = if reached { Status::Completed } else { Status::Failed };
            }
        }
    }

    /// Somebody wrote what came of the call, or nothing about that.
    fn judge(&mut self, outcome: Option<conversation::Outcome>) {
        let Some(outcome) = outcome else { return };
        match &mut self.decided {
            Some((decided, _)) if self.status.is_over() => *decided = outcome,
            _ => self.judged = Some(outcome),
        }
    }

    /// The customer answered this prompt.
    fn replied(&mut self, at: Time, turn: u32) {
        self.prompt.answered = self.prompt.answered.max(turn);
        self.answered(at, turn);
    }

    /// The carrier has been given this prompt, or is answering it.
    fn answered(&mut self, at: Time, turn: u32) {
        self.prompt.delivered = self.prompt.delivered.max(turn);
        self.heard_at = at;
        self.refresh_refused = false;
        // Whoever answers a prompt of the AI, or asks for one, is in no conference, though the report of that was lost.
        if let Some(call_sid) = self.customer.call_sid.as_deref() {
            self.room.miss(call_sid);
        }
    }

    fn intend(&mut self, at: Time, id: u32, command: &Command) {
        self.last_command = id;
        self.pending.insert(id, command.clone());
        match command {
            Command::DialAgent { attempt, agent, .. } => {
                self.attempts = *attempt;
                self.agent_langs.push(agent.lang);
                if let Some(leg) = self.handover.as_mut().and_then(|handover| handover.agent.as_mut()) {
                    leg.attempt = *attempt;
                }
            }
            // From here on the agent is no longer this call's.
            Command::FreeAgent { agent, .. } => {
                self.leaving.retain(|one| one.agent != *agent);
                self.forget_agent(at, *agent);
            }
            Command::CheckCustomer { .. } => self.heard_at = at,
            _ => {}
        }
    }

    fn forget_agent(&mut self, at: Time, agent: UserId) {
        if let Some(handover) = &mut self.handover
            && handover.agent.as_ref().is_some_and(|leg| leg.agent.id == agent)
        {
            handover.agent = None;
            if matches!(handover.stage, Stage::Bridged { .. }) {
                // From now on the customer is awaited out of the conference.
                self.heard_at = at;
            }
        }
    }

    fn settle(&mut self, at: Time, id: u32, settlement: &Settlement) {
        let command = self.pending.remove(&id);
        self.brought.note(id, command.as_ref(), settlement);
        if let Some(Command::CheckCustomer { .. } | Command::CheckRoom | Command::Refresh { .. }) = command {
            // If they are alone still, they have been seen to since.
            self.alone_since = None;
        }
        match (command, settlement) {
            (
                Some(Command::DialCustomer | Command::FindLeg { leg: Leg::Customer, .. }),
                Settlement::Dialled { call_sid },
            ) => {
                self.customer.call_sid.get_or_insert_with(|| call_sid.as_str().into());
                self.heard_at = at;
            }
            (
                Some(Command::DialAgent { attempt, .. } | Command::FindLeg { leg: Leg::Agent(attempt), .. }),
                Settlement::Dialled { call_sid },
            ) => {
                self.name_agent_leg(attempt, call_sid);
            }
            (Some(Command::CheckCustomer { .. }), _) => {
                self.heard_at = at;
                self.refresh_refused = false;
            }
            (Some(Command::Refresh { .. }), Settlement::Refused { .. }) => {
                self.heard_at = at;
                self.refresh_refused = true;
            }
            _ => {}
        }
    }

    fn progress(&mut self, at: Time, leg: Leg, call_sid: &str, status: LegStatus, sequence: Option<u32>) {
        match leg {
            Leg::Customer => {
                let customer = &mut self.customer;
                customer.call_sid.get_or_insert_with(|| call_sid.into());
                customer.sequence = customer.sequence.max(sequence);
                if !customer.is_gone() {
                    customer.status = customer.status.max(Some(status));
                }
                if status == LegStatus::InProgress {
                    self.answered_at.get_or_insert(at);
                    if self.status == Status::Initiated {
                        self.status = Status::AiResponding;
                    }
                }
                self.heard_at = at;
            }
            Leg::Agent(attempt) => {
                self.name_agent_leg(attempt, call_sid);
                if let Some(leg) = self.agent_leg_mut(attempt) {
                    leg.gone |= status.is_final();
                }
            }
            Leg::Supervisor(number) => {
                let agent = self.handover.as_mut().and_then(|handover| handover.agent.as_mut());
                if let Some(agent) = agent.filter(|agent| agent.supervision == Some(number)) {
                    agent.gone |= status.is_final();
                }
                self.change_supervision(number, |one| {
                    one.call_sid.get_or_insert_with(|| call_sid.into());
                });
            }
        }
    }

    fn detect(&mut self, at: Time, leg: Leg, answered_by: &str) {
        match leg {
            Leg::Customer => {
                self.customer.answered_by = Some(answered_by.into());
                self.heard_at = at;
            }
            Leg::Agent(attempt) => {
                if let Some(leg) = self.agent_leg_mut(attempt) {
                    leg.answered_by = Some(answered_by.to_owned());
                }
            }
            Leg::Supervisor(_) => {}
        }
    }

    /// The supervisor's leg is the agent's from now on.
    fn take_over(&mut self, at: Time, number: u32, agent: &AgentRef, attempt: u32) {
        let Some(place) = self.supervisions.iter().position(|one| one.number == number) else { return };
        let supervision = self.supervisions.remove(place);
        self.takeover = None;
        self.attempts = attempt;
        self.agent_langs.push(agent.lang);
        if let Some(handover) = &mut self.handover {
            handover.stage = Stage::Bridged { attempt };
            handover.since = at;
            handover.agent = Some(AgentLeg {
                agent: agent.clone(),
                attempt,
                call_sid: supervision.call_sid.as_deref().map(str::to_owned),
                gone: false,
                briefed_twice: false,
                briefed_at: at,
                answered_by: None,
                supervision: Some(number),
            });
        }
        // Those who whispered to the agent before are heard by nobody now; see to it that they are again.
        for one in &mut self.supervisions {
            if one.stage == SupervisionStage::OnTheLine && one.mode == SupervisionMode::Whisper {
                one.mode = SupervisionMode::Listen;
            }
        }
    }

    fn change_supervision(&mut self, number: u32, change: impl FnOnce(&mut Supervision)) {
        if let Some(one) = self.supervisions.iter_mut().find(|one| one.number == number) {
            change(one);
        }
    }

    fn name_agent_leg(&mut self, attempt: u32, call_sid: &str) {
        if let Some(leg) = self.agent_leg_mut(attempt) {
            leg.call_sid.get_or_insert_with(|| call_sid.to_owned());
        }
    }

    fn agent_leg_mut(&mut self, attempt: u32) -> Option<&mut AgentLeg> {
        self.handover.as_mut()?.agent.as_mut().filter(|leg| leg.attempt == attempt)
    }

    fn move_handover(&mut self, at: Time, stage: &Stage) {
        if let Some(handover) = &mut self.handover {
            handover.stage = stage.clone();
            handover.since = at;
            if let Some(leg) = handover.agent.as_mut().filter(|_| matches!(stage, Stage::Briefing { .. })) {
                leg.briefed_at = at;
            }
        }
        self.status = match stage {
            Stage::Bridged { .. } => {
                self.met_human = true;
                Status::HumanConnected
            }
            stage if stage.is_open() => Status::Transferring,
            _ => Status::AiResponding,
        };
    }
}

impl Directive {
    /// The customer is sent into the conference.
    pub const fn is_join(&self) -> bool {
        matches!(self, Self::Join { .. })
    }
}
