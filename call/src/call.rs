//! The state of one live call: what its next step depends on, and nothing that is only shown.

use crate::{
    CallId, Command, CommandId, Created, Directive, EndReason, Handover, Leaving, Leg, LegStatus, Recording,
    Room, Stage, Status, Supervision, SupervisionStage, Takeover, Time, Transcription, UserId,
    brought::Brought,
};
use std::{collections::BTreeMap, sync::Arc};
use tsunagu_conversation::{self as conversation, Lang, Outcome};

/// A call, folded from its journal. Cheap to copy: a step works on a copy that replaces the original on success.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which call.
    pub id: CallId,
    /// What was known from its first moment on.
    pub created: Arc<Created>,
    /// How many entries the journal has.
    pub seq: u64,
    /// Where it is.
    pub status: Status,
    /// When it was asked for.
    pub created_at: Time,
    /// When the customer picked up.
    pub answered_at: Option<Time>,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// The customer's leg.
    pub customer: LegState,
    /// Where the conversation stands.
    pub talk: conversation::State,
    /// What the customer hears and what the carrier was given.
    pub prompt: Prompt,
    /// The hand-over that is under way, or the last one.
    pub handover: Option<Handover>,
    /// How many agents were rung on this call.
    pub attempts: u32,
    /// The language of the agent of each attempt, from the first on.
    pub agent_langs: Vec<Lang>,
    /// The agents who are wanted no more, and are given back when no leg of theirs is at the carrier any longer.
    pub leaving: Vec<Leaving>,
    /// The supervisors who are rung, or on the line; at most [`crate::MAX_SUPERVISORS`].
    pub supervisions: Vec<Supervision>,
    /// The number of the last supervision.
    pub last_supervision: u32,
    /// The take-over from the agent that is under way.
    pub takeover: Option<Takeover>,
    /// Who is in the conference.
    pub room: Room,
    /// Since when the customer is in the conference without the agent, or when the carrier last answered about that.
    pub alone_since: Option<Time>,
    /// What was intended and is not settled.
    pub pending: BTreeMap<CommandId, Command>,
    /// The number of the last command.
    pub last_command: CommandId,
    /// What commands brought that dial or reserve somebody.
    pub(crate) brought: Brought,
    /// What came of the call, once that is certain.
    pub decided: Option<(Outcome, EndReason)>,
    /// What is to come of the call in the judgement of whoever wrote about it while it lived.
    pub judged: Option<Outcome>,
    /// A human agent and the customer have met.
    pub met_human: bool,
    /// The carrier was to ask again and refused, and nothing was heard of the customer's leg since.
    pub refresh_refused: bool,
    /// Which lines of the carrier's transcription of the human part have been told.
    pub transcription: Transcription,
    /// How the recording stands.
    pub recording: Recording,
    /// The last thing the customer said.
    pub last_words: Option<Arc<str>>,
    /// The carrier's last sign of life.
    pub heard_at: Time,
}

/// A leg as the carrier reports it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegState {
    /// The carrier's name of it.
    pub call_sid: Option<Arc<str>>,
    /// How it stands.
    pub status: Option<LegStatus>,
    /// The carrier's highest count.
    pub sequence: Option<u32>,
    /// Who or what answered, by the carrier's detection.
    pub answered_by: Option<Arc<str>>,
}

impl LegState {
    /// The leg is gone.
    pub fn is_gone(&self) -> bool {
        self.status.is_some_and(LegStatus::is_final)
    }
}

/// What the customer hears next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prompt {
    /// Its number; 0 before the first.
    pub turn: u32,
    /// The highest number that the carrier was given; it answers this one.
    pub delivered: u32,
    /// The highest number that the customer answered: by words, by a key, or by silence.
    pub answered: u32,
    /// What to do.
    pub directive: Option<Arc<Directive>>,
}

impl Prompt {
    /// There is a prompt that the carrier has not been given.
    pub const fn is_waiting(&self) -> bool {
        self.turn > self.delivered
    }

    /// The carrier was given a prompt to which the customer has not answered yet.
    pub const fn is_open(&self) -> bool {
        self.delivered > self.answered
    }

    /// The carrier was told to send the customer into the conference, and nothing since.
    pub fn sent_to_room(&self) -> bool {
        !self.is_waiting() && self.directive.as_deref().is_some_and(Directive::is_join)
    }
}

impl Call {
    /// The rules of this call.
    pub fn rules(&self) -> &crate::Rules {
        &self.created.rules
    }

    /// The hand-over, while it is under way or has put a human through.
    pub fn open_handover(&self) -> Option<&Handover> {
        self.handover.as_ref().filter(|handover| handover.stage.is_open())
    }

    /// The stage of the hand-over, if any.
    pub fn stage(&self) -> Option<&Stage> {
        self.handover.as_ref().map(|handover| &handover.stage)
    }

    /// The AI is talking with the customer, alone or while a human is fetched.
    pub fn is_with_ai(&self) -> bool {
        matches!(self.status, Status::AiResponding | Status::Transferring)
    }

    /// The human who had the customer is gone, by all that is known, and nobody has said goodbye yet.
    pub fn human_is_gone(&self) -> bool {
        let Some(Handover { stage: Stage::Bridged { .. }, agent, .. }) = &self.handover else { return false };
        let Some(customer) = self.customer.call_sid.as_deref() else { return self.decided.is_none() };
        let agent = agent.as_ref().and_then(|leg| leg.call_sid.as_deref());
        let served =
            [agent, self.successor()].into_iter().flatten().any(|leg| self.room.has_both(leg, customer));
        self.decided.is_none() && !served
    }

    /// The customer is in the conference, by all that is known, and the agent is not. Whoever only listens there is no
    /// company.
    pub fn is_customer_alone(&self) -> bool {
        let Some(customer) = self.customer.call_sid.as_deref().filter(|_| !self.customer.is_gone()) else {
            return false;
        };
        let agent = self.handover.as_ref().and_then(|handover| handover.agent.as_ref());
        let agent = agent.filter(|leg| !leg.gone).and_then(|leg| leg.call_sid.as_deref());
        self.room.has(customer)
            && ![agent, self.successor()].into_iter().flatten().any(|leg| self.room.has_both(leg, customer))
    }

    /// The customer is with a human in the conference, or has been sent there and a human waits for them.
    pub(crate) fn is_awaited_in_room(&self) -> bool {
        self.prompt.directive.as_deref().is_some_and(Directive::is_join) && !self.human_is_gone()
    }

    /// The carrier is being asked about the customer's leg, or told to do something about it.
    pub(crate) fn is_customer_seen_to(&self) -> bool {
        self.is_pending(|command| {
            matches!(
                command,
                Command::CheckCustomer { .. }
                    | Command::CheckRoom
                    | Command::Refresh { .. }
                    | Command::MoveCustomer { .. }
                    | Command::HangUp { leg: Leg::Customer, .. }
            )
        })
    }

    /// The leg of a supervisor who is taking the agent's place: it is not known which of both has the customer.
    fn successor(&self) -> Option<&str> {
        self.pending.values().find_map(|command| match command {
            Command::TakeSeat { supervisor_sid, .. } => Some(supervisor_sid.as_str()),
            _ => None,
        })
    }

    /// A pending command is still worth doing. Whoever inherits the pending commands of a rebuilt call asks this before
    /// doing one again; one that is not is settled as refused, and one that dials is looked up all the same, for what
    /// was dialled is hung up when it settles.
    pub fn still_wants(&self, command: &Command, now: Time) -> bool {
        let over = self.status.is_over();
        match command {
            Command::DialCustomer => !over && self.decided.is_none() && now < self.rung_by(),
            Command::PickAgent { .. } => !over && self.stage() == Some(&Stage::Reserving),
            Command::DialAgent { attempt, .. } => {
                !over && self.stage() == Some(&Stage::Ringing { attempt: *attempt })
            }
            Command::MoveCustomer { .. } => !over && matches!(self.stage(), Some(Stage::Bridging { .. })),
            Command::DialSupervisor { number, .. } => self
                .supervision(*number)
                .is_some_and(|one| one.stage == SupervisionStage::Ringing && one.call_sid.is_none()),
            Command::SetSupervisor { number, mode, .. } => {
                self.supervision(*number).is_some_and(|one| one.wanted == *mode)
            }
            Command::SetParticipant { call_sid, .. } | Command::RemoveParticipant { call_sid, .. } => {
                !over && self.room.has(call_sid)
            }
            Command::Refresh { .. } => !over && !self.is_awaited_in_room(),
            Command::CheckCustomer { .. } | Command::CheckRoom | Command::SteerRecording { .. } => !over,
            Command::TakeSeat { .. } => !over,
            // Who was given back meanwhile would stay on the call for ever.
            Command::SeatAgent { agent, .. } => self.has(*agent),
            // Done again, it tells whether somebody is to be given back.
            Command::ClaimAgent { .. }
            | Command::FindLeg { .. }
            | Command::HangUp { .. }
            | Command::FreeAgent { .. }
            | Command::MarkCustomer { .. }
            | Command::KeepCallback { .. }
            | Command::NoteOutcome { .. }
            | Command::DeleteRecording { .. } => true,
        }
    }

    /// By then the customer has been rung, or is not rung any more: who knows what hour it is.
    fn rung_by(&self) -> Time {
        let rules = self.rules();
        self.created_at.plus_secs(rules.ring_secs.saturating_add(rules.reconcile_secs))
    }

    /// The choice of an agent that is under way, as long as what it looks for is what is wanted.
    pub fn wanted_pick(&self) -> Option<CommandId> {
        let handover = self.handover.as_ref().filter(|handover| handover.stage == Stage::Reserving)?;
        if self.status.is_over() {
            return None;
        }
        let wanted = |command: &Command| match command {
            Command::PickAgent { wish, .. } => !handover.named || handover.wish == *wish,
            _ => false,
        };
        self.pending.iter().find(|(_, command)| wanted(command)).map(|(id, _)| *id)
    }

    /// The supervision of this number, while it lasts.
    pub fn supervision(&self, number: u32) -> Option<&Supervision> {
        self.supervisions.iter().find(|one| one.number == number)
    }

    /// The supervision by this user, while it lasts.
    pub fn supervision_by(&self, user: UserId) -> Option<&Supervision> {
        self.supervisions.iter().find(|one| one.user == user)
    }

    /// A command of this kind is under way.
    pub fn is_pending(&self, kind: impl Fn(&Command) -> bool) -> bool {
        self.pending.values().any(kind)
    }

    /// The name of the conference at the carrier; it holds nothing personal.
    pub fn room_name(&self) -> String {
        room_name(self.id)
    }
}

/// The name of a call's conference at the carrier.
pub fn room_name(id: CallId) -> String {
    format!("call-{id}")
}

/// The call whose conference has this name.
pub fn call_of_room(name: &str) -> Option<CallId> {
    name.strip_prefix("call-")?.parse().ok()
}
