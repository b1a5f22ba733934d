//! A carrier in miniature: legs, documents, one conference, and mail that is late, doubled, out of order or lost. What
//! happens next is always a choice among what may legally happen.

use crate::world::{agent, agent_who_is};
use std::collections::{BTreeMap, BTreeSet};
use tsunagu_call::{
    AgentReply, Command, CommandId, CustomerReply, Directive, Input, Leg, LegStatus, Reply, RoomChange,
    Settlement, SupervisionMode, SupervisorReply, UserId, Utterance,
};

pub const WORDS: &[&str] = &[
    "はい",
    "はい山田商事でございます",
    "はいお願いします",
    "私が担当ですが",
    "お電話代わりました佐藤です",
    "少々お待ちください",
    "担当に代わりますね",
    "どちら様でしょうか",
    "ご用件は何でしょうか",
    "もう一度おっしゃってください",
    "おいくらですか",
    "人に代わってください",
    "ただいま席を外しております",
    "今ちょっと立て込んでいまして",
    "三時ごろには戻ります",
    "資料だけ送ってください",
    "結構です",
    "もう二度とかけてこないでください",
    "番号違いですよ",
    "お名前とご用件をおっしゃってください相手の方におつなぎします",
    "ただいま電話に出ることができません発信音の後に",
    "いいえ",
    "失礼いたします",
    "あれがその",
    "",
];

/// How many agents there are.
const AGENTS: u8 = 6;

/// What a leg is doing.
#[derive(Debug, Clone, PartialEq)]
enum State {
    Ringing,
    /// A question to the server is under way; its answer counts only while the leg still waits for it.
    Asking(u32),
    Customer(CustomerReply),
    Agent(AgentReply),
    Supervisor(SupervisorReply),
    InRoom,
    Gone,
}

#[derive(Debug)]
pub struct SimLeg {
    leg: Leg,
    state: State,
    sequence: u32,
    answered: bool,
}

#[derive(Debug, Default)]
struct Conference {
    number: u32,
    sequence: u32,
    members: Vec<String>,
    /// Of the members those with whom it ends.
    enders: BTreeSet<String>,
    started: bool,
}

/// Something on its way to the server.
#[derive(Debug, Clone)]
pub struct Mail {
    pub input: Input,
    /// The leg and the question that it is, where the answer is a document.
    question: Option<(String, u32)>,
    /// The carrier does not care whether it arrives.
    may_be_lost: bool,
}

#[derive(Debug, Default)]
pub struct Carrier {
    pub legs: BTreeMap<String, SimLeg>,
    pub mail: Vec<Mail>,
    /// Commands that wait to be carried out.
    pub orders: Vec<(CommandId, Command)>,
    conference: Option<Conference>,
    conferences: u32,
    questions: u32,
    dialled: u32,
    /// Agents who are reserved for the call, by the store.
    pub reserved: BTreeSet<UserId>,
    /// The agent of each attempt.
    agents: BTreeMap<u32, UserId>,
    /// Attempts whose agent pressed the key that accepts.
    accepted: BTreeSet<u32>,
    /// Supervisions whose supervisor pressed the key that lets them in.
    let_in: BTreeSet<u32>,
    /// How the supervisors in the conference take part.
    pub modes: BTreeMap<String, SupervisionMode>,
    pub callbacks: u32,
}

/// Where choices come from; when they run out, the plainest is taken: the first.
pub struct Choices<'a>(pub std::slice::Iter<'a, u16>);

impl Choices<'_> {
    pub fn of(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |choice| usize::from(*choice) % count.max(1))
    }
    pub fn one_in(&mut self, count: usize) -> bool {
        self.of(count) == count - 1
    }
    pub fn are_spent(&self) -> bool {
        self.0.len() == 0
    }
}

impl Carrier {
    // ------------------------------------------------------------------------------------------------ orders

    /// Carries an order out; its result comes by mail.
    pub fn carry_out(&mut self, index: usize, choices: &mut Choices<'_>) {
        let (id, command) = self.orders.remove(index);
        // Nobody is given back before their leg was hung up: that much order there is.
        while matches!(command, Command::FreeAgent { .. })
            && let Some(first) = self.orders.iter().position(|(before, order)| {
                *before < id && matches!(order, Command::HangUp { leg, .. } if *leg != Leg::Customer)
            })
        {
            self.carry_out(first, choices);
        }
        let settlement = self.effect(command, choices);
        self.post(Input::Settled { id, settlement }, false);
    }

    fn effect(&mut self, command: Command, choices: &mut Choices<'_>) -> Settlement {
        let refuses = choices.one_in(20);
        let refused = |code| Settlement::Refused { code, message: "no".into() };
        match command {
            Command::DialCustomer => self.may_dial(Leg::Customer, refuses, choices),
            Command::DialAgent { attempt, agent, .. } => {
                let rung = self.legs_of(agent.id).find(|leg| leg.state != State::Gone);
                assert!(rung.is_none(), "rung while on a leg of this call: {rung:?}");
                self.agents.insert(attempt, agent.id);
                self.may_dial(Leg::Agent(attempt), refuses, choices)
            }
            Command::DialSupervisor { number, .. } => {
                self.may_dial(Leg::Supervisor(number), refuses, choices)
            }
            Command::FindLeg { leg, .. } => {
                let found = self.legs.iter().find(|(_, sim)| sim.leg == leg);
                match found.map(|(call_sid, sim)| (call_sid.clone(), sim.state == State::Gone)) {
                    // Never to be found, and known not to ring any more.
                    Some((_, true)) if refuses => refused(None),
                    Some((call_sid, _)) => Settlement::Dialled { call_sid },
                    None => refused(None),
                }
            }
            Command::ClaimAgent { .. } if refuses => Settlement::NobodyFree { considered: Vec::new() },
            Command::ClaimAgent { agent } => {
                assert!(self.reserved.insert(agent), "claimed while reserved");
                Settlement::Picked { agent: agent_who_is(agent), considered: Vec::new() }
            }
            Command::TakeSeat { number, supervisor_sid, agent_sid, .. } => {
                // An answer may be lost after its effect, and before.
                let lost = refuses;
                if lost && choices.one_in(2) {
                    return refused(None);
                }
                if !self.is_member(&supervisor_sid) {
                    return refused(Some(20404));
                }
                assert!(
                    self.let_in.contains(&number),
                    "the customer is given to one who has not pressed the key"
                );
                assert_eq!(self.modes.get(&supervisor_sid), Some(&SupervisionMode::Barge));
                if let Some(room) = &mut self.conference {
                    room.enders.insert(supervisor_sid);
                    room.enders.remove(&agent_sid);
                }
                if self.is_member(&agent_sid) {
                    self.leave(&agent_sid);
                    self.comes_out(&agent_sid);
                }
                if lost { refused(None) } else { Settlement::Done }
            }
            Command::SetSupervisor { .. } | Command::SetParticipant { .. } if refuses => refused(Some(20500)),
            Command::SetSupervisor { call_sid, mode, agent_sid, .. } => {
                if !self.is_member(&call_sid) || !self.is_member(&agent_sid) {
                    return refused(Some(20404));
                }
                self.modes.insert(call_sid, mode);
                Settlement::Done
            }
            Command::SetParticipant { call_sid, muted, held, .. } => {
                if !self.is_member(&call_sid) {
                    return refused(Some(20404));
                }
                if let Some(muted) = muted {
                    self.changed(RoomChange::Muted { call_sid: call_sid.clone(), muted });
                }
                if let Some(held) = held {
                    self.changed(RoomChange::Held { call_sid, held });
                }
                Settlement::Done
            }
            Command::RemoveParticipant { call_sid, .. } => {
                if !self.is_member(&call_sid) {
                    return refused(Some(20404));
                }
                self.leave(&call_sid);
                self.comes_out(&call_sid);
                Settlement::Done
            }
            Command::PickAgent { .. } if refuses => refused(None),
            Command::PickAgent { wish: Some(wish), claim: true, ref tried, .. }
                if !tried.contains(&wish) && !self.reserved.contains(&wish) =>
            {
                self.reserved.insert(wish);
                Settlement::Picked { agent: agent_who_is(wish), considered: Vec::new() }
            }
            Command::PickAgent { tried, .. } => {
                let free = (1..=AGENTS)
                    .map(agent)
                    .find(|agent| !tried.contains(&agent.id) && !self.reserved.contains(&agent.id));
                match free.filter(|_| !choices.one_in(6)) {
                    Some(agent) => {
                        assert!(self.reserved.insert(agent.id));
                        Settlement::Picked { agent, considered: Vec::new() }
                    }
                    None => Settlement::NobodyFree { considered: Vec::new() },
                }
            }
            Command::FreeAgent { agent, .. } => {
                assert!(self.reserved.remove(&agent), "freed without being reserved");
                self.no_leg_is_left_of(agent);
                Settlement::Done
            }
            Command::Refresh { call_sid } | Command::MoveCustomer { call_sid } => {
                if !self.in_progress(&call_sid) {
                    return refused(Some(21220));
                }
                // An answer may be lost after its effect, and before.
                let lost = refuses;
                if !lost || choices.one_in(2) {
                    self.leave(&call_sid);
                    self.ask(&call_sid, Input::CustomerAsks { call_sid: call_sid.clone() });
                }
                if lost { refused(None) } else { Settlement::Done }
            }
            Command::HangUp { call_sid, leg } => {
                let answered = self.legs.get(&call_sid).is_some_and(|leg| leg.answered);
                self.finish(&call_sid, if answered { LegStatus::Completed } else { LegStatus::Canceled });
                // The answer may be lost; the effect is not, for the carrier's client tries again.
                if refuses && leg == Leg::Customer { refused(None) } else { Settlement::Done }
            }
            Command::CheckCustomer { .. } if refuses => refused(Some(20500)),
            Command::CheckCustomer { .. } => match self.legs.iter().find(|(_, leg)| leg.leg == Leg::Customer)
            {
                Some((call_sid, leg)) => {
                    Settlement::Stands { call_sid: call_sid.clone(), status: leg.status() }
                }
                None => Settlement::Unknown,
            },
            Command::CheckRoom if refuses => refused(Some(20500)),
            Command::CheckRoom => Settlement::InRoom {
                conference_sid: self.conference.as_ref().map(Conference::sid),
                call_sids: self.conference.as_ref().map(|room| room.members.clone()).unwrap_or_default(),
            },
            Command::KeepCallback { .. } => {
                self.callbacks += 1;
                Settlement::Done
            }
            Command::SeatAgent { .. }
            | Command::MarkCustomer { .. }
            | Command::NoteOutcome { .. }
            | Command::SteerRecording { .. }
            | Command::DeleteRecording { .. } => Settlement::Done,
        }
    }

    /// An agent who is given back is on no leg, and none is being dialled.
    fn no_leg_is_left_of(&self, agent: UserId) {
        let left = self.legs_of(agent).find(|sim| sim.state != State::Gone);
        assert!(left.is_none(), "given back while on the line: {left:?}");
        let dials = |order: &Command| matches!(order, Command::DialAgent { agent: of, .. } if of.id == agent);
        assert!(!self.orders.iter().any(|(_, order)| dials(order)), "given back while being dialled");
    }

    fn legs_of(&self, agent: UserId) -> impl Iterator<Item = &SimLeg> {
        let theirs =
            move |leg: &Leg| matches!(leg, Leg::Agent(attempt) if self.agents.get(attempt) == Some(&agent));
        self.legs.values().filter(move |sim| theirs(&sim.leg))
    }

    /// Dials, or refuses; or nobody knows which of both.
    fn may_dial(&mut self, leg: Leg, refuses: bool, choices: &mut Choices<'_>) -> Settlement {
        if !refuses {
            return self.dial(leg);
        }
        match choices.of(3) {
            0 => return Settlement::Refused { code: Some(21211), message: "no".into() },
            1 => drop(self.dial(leg)),
            _ => {}
        }
        Settlement::InDoubt { message: "lost".into() }
    }

    fn dial(&mut self, leg: Leg) -> Settlement {
        self.dialled += 1;
        let call_sid = format!("CA{}", self.dialled);
        let sim = SimLeg { leg, state: State::Ringing, sequence: 0, answered: false };
        self.legs.insert(call_sid.clone(), sim);
        self.report(&call_sid, LegStatus::Initiated);
        self.report(&call_sid, LegStatus::Ringing);
        Settlement::Dialled { call_sid }
    }

    // ------------------------------------------------------------------------------------------------ people

    /// Lets the people on one leg do something.
    pub fn act(&mut self, call_sid: &str, choices: &mut Choices<'_>) {
        let Some(leg) = self.legs.get(call_sid) else { return };
        let (of, state) = (leg.leg, leg.state.clone());
        if !matches!(state, State::Gone | State::Ringing) && choices.one_in(40) {
            return self.finish(call_sid, LegStatus::Completed);
        }
        match state {
            State::Ringing => match choices.of(24) {
                21 => self.finish(call_sid, LegStatus::Busy),
                22 => self.finish(call_sid, LegStatus::NoAnswer),
                23 => self.finish(call_sid, LegStatus::Failed),
                _ => self.answer(call_sid, of, choices),
            },
            State::Customer(reply) => self.customer_does(call_sid, reply, choices),
            State::Agent(AgentReply::Brief { attempt, .. }) => {
                let digits = ["1", "1", "1", "1", "2", "", "", "1#"][choices.of(8)].to_owned();
                if digits.starts_with('1') {
                    self.accepted.insert(attempt);
                }
                self.ask(call_sid, Input::AgentPresses { attempt, digits });
            }
            State::Agent(AgentReply::Join { .. }) => self.enter(call_sid),
            State::Agent(AgentReply::Dismiss { .. }) => self.finish(call_sid, LegStatus::Completed),
            State::Supervisor(SupervisorReply::Brief { .. }) => {
                let Leg::Supervisor(number) = of else { panic!("a supervisor's document for {of:?}") };
                let digits = ["1", "1", "1", "1", "1", "2", "", "1#"][choices.of(8)].to_owned();
                if digits.starts_with('1') {
                    self.let_in.insert(number);
                }
                self.ask(call_sid, Input::SupervisorPresses { number, digits });
            }
            State::Supervisor(SupervisorReply::Join { mode, .. }) => {
                self.modes.insert(call_sid.to_owned(), mode);
                self.enter(call_sid);
            }
            State::Supervisor(SupervisorReply::Dismiss { .. }) => self.finish(call_sid, LegStatus::Completed),
            State::InRoom if choices.one_in(6) => self.finish(call_sid, LegStatus::Completed),
            State::InRoom | State::Asking(_) | State::Gone => {}
        }
    }

    /// The people on one leg do what the call hopes for: they pick up, want a human, accept.
    pub fn cooperate(&mut self, call_sid: &str) {
        let Some(leg) = self.legs.get(call_sid) else { return };
        if let State::Customer(CustomerReply::Direct { turn, directive, .. }) = &leg.state
            && matches!(**directive, Directive::Converse { .. })
        {
            let turn = *turn;
            let utterance = Utterance::Keys("0".to_owned());
            self.ask(call_sid, Input::CustomerSays { turn: Some(turn), utterance });
        } else if leg.state != State::InRoom {
            self.act(call_sid, &mut Choices([].iter()));
        }
    }

    fn answer(&mut self, call_sid: &str, leg: Leg, choices: &mut Choices<'_>) {
        if let Some(leg) = self.legs.get_mut(call_sid) {
            leg.answered = true;
        }
        self.report(call_sid, LegStatus::InProgress);
        let question = match leg {
            Leg::Customer => Input::CustomerAsks { call_sid: call_sid.to_owned() },
            Leg::Agent(attempt) => Input::AgentAsks { attempt, call_sid: call_sid.to_owned() },
            Leg::Supervisor(number) => Input::SupervisorAsks { number, call_sid: call_sid.to_owned() },
        };
        self.ask(call_sid, question);
        let answered_by =
            ["human", "human", "human", "unknown", "human", "human", "human", "machine_start", "fax"]
                [choices.of(9)]
            .to_owned();
        self.post(Input::Detected { leg, answered_by }, true);
    }

    fn customer_does(&mut self, call_sid: &str, reply: CustomerReply, choices: &mut Choices<'_>) {
        let CustomerReply::Direct { turn, directive, .. } = reply else {
            return match reply {
                CustomerReply::AwaitMove { .. } => {
                    self.ask(call_sid, Input::CustomerAsks { call_sid: call_sid.to_owned() });
                }
                _ => self.finish(call_sid, LegStatus::Completed),
            };
        };
        match &*directive {
            Directive::Converse { .. } => {
                let utterance = match choices.of(10) {
                    0..=1 => Utterance::Silence,
                    2 => Utterance::Keys(["0", "5", "00"][choices.of(3)].to_owned()),
                    _ => Utterance::Words {
                        text: WORDS[choices.of(WORDS.len())].to_owned(),
                        confidence: Some(0.8),
                    },
                };
                self.ask(call_sid, Input::CustomerSays { turn: Some(turn), utterance });
            }
            Directive::Join { .. } => self.enter(call_sid),
            Directive::Finish { .. } => self.finish(call_sid, LegStatus::Completed),
        }
    }

    // ------------------------------------------------------------------------------------------------ mail

    /// Takes one piece of mail out; it may be delivered once more later.
    pub fn take_mail(&mut self, index: usize, choices: &mut Choices<'_>) -> Mail {
        if choices.one_in(5) && self.mail.len() < 60 {
            self.mail[index].clone()
        } else {
            self.mail.remove(index)
        }
    }

    /// Loses a piece of mail, if the carrier may.
    pub fn lose_mail(&mut self, index: usize) {
        if self.mail[index].may_be_lost {
            self.mail.remove(index);
        }
    }

    /// The server answered.
    pub fn answered(&mut self, mail: &Mail, reply: Reply) {
        let Some((call_sid, question)) = &mail.question else {
            assert_eq!(reply, Reply::None, "nobody waits for this answer");
            return;
        };
        let Some(leg) = self.legs.get_mut(call_sid) else { return };
        if leg.state != State::Asking(*question) {
            return;
        }
        leg.state = match reply {
            Reply::Customer(reply) => {
                if matches!(&reply, CustomerReply::Direct { directive, .. } if directive.is_join()) {
                    assert!(!self.accepted.is_empty(), "the customer joins, but no agent has accepted");
                }
                State::Customer(reply)
            }
            Reply::Agent(reply) => {
                if let AgentReply::Join { attempt, .. } = &reply {
                    assert!(self.accepted.contains(attempt), "the agent joins without having accepted");
                }
                State::Agent(reply)
            }
            Reply::Supervisor(reply) => {
                if matches!(reply, SupervisorReply::Join { .. }) {
                    let Leg::Supervisor(number) = leg.leg else {
                        panic!("{:?} joins as a supervisor", leg.leg)
                    };
                    assert!(
                        self.let_in.contains(&number),
                        "a supervisor joins without having pressed the key"
                    );
                }
                State::Supervisor(reply)
            }
            Reply::None => panic!("a question without an answer: {:?}", mail.input),
        };
    }

    fn post(&mut self, input: Input, may_be_lost: bool) {
        self.mail.push(Mail { input, question: None, may_be_lost });
    }

    fn ask(&mut self, call_sid: &str, input: Input) {
        self.questions += 1;
        let question = self.questions;
        if let Some(leg) = self.legs.get_mut(call_sid) {
            leg.state = State::Asking(question);
            self.mail.push(Mail {
                input,
                question: Some((call_sid.to_owned(), question)),
                may_be_lost: false,
            });
        }
    }

    fn report(&mut self, call_sid: &str, status: LegStatus) {
        let Some(leg) = self.legs.get_mut(call_sid) else { return };
        let sequence = Some(leg.sequence);
        leg.sequence += 1;
        let input = Input::Progress { leg: leg.leg, call_sid: call_sid.to_owned(), status, sequence };
        self.post(input, true);
    }

    // ------------------------------------------------------------------------------------------------ legs and rooms

    pub fn in_progress(&self, call_sid: &str) -> bool {
        self.legs.get(call_sid).is_some_and(|leg| leg.answered && leg.state != State::Gone)
    }

    /// The leg has a document to follow.
    pub fn follows_document(&self, call_sid: &str) -> bool {
        self.legs.get(call_sid).is_some_and(|leg| {
            matches!(leg.state, State::Customer(_) | State::Agent(_) | State::Supervisor(_))
        })
    }

    pub fn is_gone(&self, call_sid: &str) -> bool {
        self.legs.get(call_sid).is_none_or(|leg| leg.state == State::Gone)
    }

    /// The customer is in the conference, and nobody else.
    pub fn customer_is_alone_in_room(&self) -> bool {
        let members = self.conference.as_ref().map(|room| room.members.as_slice()).unwrap_or_default();
        matches!(members, [one] if self.legs.get(one).is_some_and(|leg| leg.leg == Leg::Customer))
    }

    fn finish(&mut self, call_sid: &str, status: LegStatus) {
        if self.is_gone(call_sid) {
            return;
        }
        if let Some(leg) = self.legs.get_mut(call_sid) {
            leg.state = State::Gone;
        }
        self.report(call_sid, status);
        self.leave(call_sid);
    }

    fn enter(&mut self, call_sid: &str) {
        if self.conference.is_none() {
            self.conferences += 1;
            self.conference = Some(Conference { number: self.conferences, ..Conference::default() });
        }
        if let Some(leg) = self.legs.get_mut(call_sid) {
            leg.state = State::InRoom;
        }
        self.changed(RoomChange::Joined { call_sid: call_sid.to_owned() });
        let ends = self.legs.get(call_sid).is_some_and(|leg| matches!(leg.leg, Leg::Agent(_)));
        if let Some(room) = &mut self.conference {
            if ends {
                room.enders.insert(call_sid.to_owned());
            }
            room.members.push(call_sid.to_owned());
            if room.members.len() == 2 && !room.started {
                room.started = true;
                self.changed(RoomChange::Started);
            }
        }
    }

    /// Whoever leaves takes the conference along if they are the agent; the customer leaves the agent behind.
    fn leave(&mut self, call_sid: &str) {
        let Some(room) = &mut self.conference else { return };
        let Some(place) = room.members.iter().position(|member| member == call_sid) else { return };
        room.members.remove(place);
        let ends = room.enders.remove(call_sid);
        self.changed(RoomChange::Left { call_sid: call_sid.to_owned() });
        let rest = self.conference.as_ref().map(|room| room.members.clone()).unwrap_or_default();
        if !ends && !rest.is_empty() {
            return;
        }
        for member in &rest {
            self.changed(RoomChange::Left { call_sid: member.clone() });
        }
        self.changed(RoomChange::Ended { reason: None });
        self.conference = None;
        for member in rest {
            self.comes_out(&member);
        }
    }

    /// The leg is out of the conference, and its own document asks what is next.
    fn comes_out(&mut self, call_sid: &str) {
        match self.legs.get(call_sid).map(|leg| leg.leg) {
            Some(Leg::Agent(attempt)) => self.ask(call_sid, Input::AgentOut { attempt }),
            Some(Leg::Supervisor(number)) => self.ask(call_sid, Input::SupervisorOut { number }),
            _ => self.ask(call_sid, Input::CustomerOut),
        }
    }

    /// Those in the conference.
    pub fn members(&self) -> &[String] {
        self.conference.as_ref().map(|room| room.members.as_slice()).unwrap_or_default()
    }

    fn is_member(&self, call_sid: &str) -> bool {
        self.members().iter().any(|member| member == call_sid)
    }

    fn changed(&mut self, change: RoomChange) {
        let Some(room) = &mut self.conference else { return };
        room.sequence += 1;
        let (conference_sid, sequence) = (room.sid(), room.sequence);
        self.post(Input::Room { conference_sid, sequence, change }, true);
    }
}

impl Conference {
    fn sid(&self) -> String {
        format!("CF{}", self.number)
    }
}

impl SimLeg {
    fn status(&self) -> LegStatus {
        match self.state {
            State::Ringing => LegStatus::Ringing,
            State::Gone if self.answered => LegStatus::Completed,
            State::Gone => LegStatus::NoAnswer,
            _ => LegStatus::InProgress,
        }
    }
}
