//! A call under test: every step is checked against the invariants, the journal and the record.

use std::sync::LazyLock;
use tsunagu_call::{
    AgentRef, AgentReply, Call, CallId, CallRecord, Command, CommandId, CompanyId, Created, CustomerId,
    CustomerRef, CustomerReply, Directive, EndReason, Entry, Event, Input, Leg, LegStatus, Refusal, Reply,
    RoomChange, Rules, Settlement, Stage, Status, Time, UserId, Utterance,
};
use tsunagu_conversation::{EMBEDDED, Engine, Lang, Limits, Outcome, Own, Profile};

/// Japanese alone, which is read in half the time; the machine treats all languages the same.
pub static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let japanese: Vec<_> =
        EMBEDDED.iter().filter(|source| !source.name.starts_with("en/")).copied().collect();
    Engine::from_sources(&japanese).unwrap()
});

/// The customer's leg.
pub const CUSTOMER: &str = "CA-customer";
/// The conference.
pub const ROOM: &str = "CF-1";
/// The person at the screen.
pub const SUPERVISOR: UserId = UserId::from_bytes([9; 12]);

/// One of several people who supervise.
pub fn supervisor(number: u8) -> UserId {
    UserId::from_bytes([0x50 + number; 12])
}

/// Somebody, as an agent.
pub fn agent_who_is(id: UserId) -> AgentRef {
    AgentRef { id, ..agent(1) }
}

/// A call, the journal it has written, and what it wants done.
pub struct World {
    pub call: Call,
    pub record: CallRecord,
    pub journal: Vec<Entry>,
    pub now: Time,
    /// What the company has of its own.
    pub own: Own,
    /// What was commanded and is not settled yet.
    pub outbox: Vec<(CommandId, Command)>,
    /// All that was ever commanded.
    pub commanded: Vec<Command>,
    /// The last answer to the customer's leg.
    pub reply: Option<CustomerReply>,
    /// Every input of the carrier is told twice; the second time must change nothing and be answered the same.
    pub twice: bool,
    folded: Call,
    room_count: u32,
}

pub fn agent(number: u8) -> AgentRef {
    AgentRef {
        id: UserId::from_bytes([number; 12]),
        name: format!("agent {number}"),
        first_name: String::new(),
        last_name: String::new(),
        phone: format!("+8130000000{number}"),
        lang: if number == 2 { Lang::EN } else { Lang::JA },
    }
}

pub fn created(rules: Rules, limits: Limits) -> Created {
    Created {
        company_id: CompanyId::from_bytes([1; 12]),
        customer: CustomerRef {
            id: CustomerId::from_bytes([2; 12]),
            name: "佐藤".into(),
            company: Some("山田商事".into()),
            phone: "+819000000000".into(),
        },
        from: "+815000000000".into(),
        profile: Profile {
            company_name: "つなぐ".into(),
            service_name: "受付代行".into(),
            representative_name: "鈴木".into(),
            target_department: "総務部".into(),
            ..Profile::default()
        },
        limits,
        script: 0,
        rules,
        agent: None,
        started_by: None,
    }
}

/// Tells the story once plainly, and once with everything that the carrier says said twice.
pub fn story(tell: impl Fn(&mut World)) {
    for twice in [false, true] {
        let mut world = World::new(Rules::default(), Limits::default());
        world.twice = twice;
        tell(&mut world);
    }
}

impl World {
    pub fn new(rules: Rules, limits: Limits) -> Self {
        let id = CallId::from_bytes([3; 12]);
        let now = "2026-11-20T01:00:00Z".parse().unwrap();
        let step = Call::create(id, created(rules, limits), now).unwrap();
        let folded = Call::rebuild(id, &step.entries).unwrap();
        let record = CallRecord::rebuild(id, &step.entries).unwrap();
        let outbox: Vec<_> = step.commands().map(|(id, command)| (id, command.clone())).collect();
        let commanded = outbox.iter().map(|(_, command)| command.clone()).collect();
        let world = Self {
            call: step.call,
            record,
            journal: step.entries,
            now,
            own: Own::default(),
            outbox,
            commanded,
            reply: None,
            twice: false,
            folded,
            room_count: 0,
        };
        assert_eq!(world.folded, world.call);
        world
    }

    /// Tells the call something that it does not refuse.
    pub fn tell(&mut self, input: Input) -> Reply {
        let again = (self.twice && is_carriers(&input)).then(|| input.clone());
        let reply = self.try_tell(input).unwrap();
        if let Some(again) = again {
            let entries = self.journal.len();
            let second = self.try_tell(again.clone()).unwrap();
            assert_eq!(
                self.journal.get(entries..),
                Some([].as_slice()),
                "told twice, it counts once: {again:?}"
            );
            if reply != Reply::None {
                assert_eq!(second, reply, "asked twice, it answers the same: {again:?}");
            }
        }
        reply
    }

    /// Tells the call something, and checks whatever must be true after any step.
    pub fn try_tell(&mut self, input: Input) -> Result<Reply, Refusal> {
        let step = self.call.step_with(&self.own, input, &ENGINE, self.now)?;
        for entry in &step.entries {
            assert_eq!(entry.seq, self.folded.seq + 1, "the journal has no gap");
            assert_eq!(entry.at, self.now);
            let text = serde_json::to_string(entry).unwrap();
            assert_eq!(&serde_json::from_str::<Entry>(&text).unwrap(), entry, "read back otherwise: {text}");
            self.folded.apply(entry.at, &entry.event);
            self.record.apply(entry.at, &entry.event);
        }
        assert_eq!(self.folded, step.call, "the call is what its journal says");
        assert_eq!(step.call.check(), Ok(()), "{:#?}", step.entries);
        for command in step.call.pending.values() {
            assert_eq!(serde_json::to_value(command).unwrap()["do"], command.kind());
        }
        assert_eq!(self.record.status, step.call.status);
        assert_eq!(self.record.answered_time, step.call.answered_at);
        assert_eq!(self.record.end_time, step.call.ended_at);
        for (id, command) in step.commands() {
            self.outbox.push((id, command.clone()));
            self.commanded.push(command.clone());
        }
        self.call = step.call;
        self.journal.extend(step.entries);
        if let Reply::Customer(reply) = &step.reply {
            self.reply = Some(reply.clone());
        }
        Ok(step.reply)
    }

    /// The whole journal gives the same call and the same record.
    pub fn rebuild(&self) {
        assert_eq!(Call::rebuild(self.call.id, &self.journal).unwrap(), self.call);
        assert_eq!(CallRecord::rebuild(self.call.id, &self.journal).unwrap(), self.record);
        let text = serde_json::to_string(&self.record).unwrap();
        assert_eq!(serde_json::from_str::<CallRecord>(&text).unwrap(), self.record);
    }

    // ------------------------------------------------------------------------------------------------ time

    /// So many seconds pass; what falls due meanwhile happens.
    pub fn wait(&mut self, secs: u32) {
        let until = self.now.plus_secs(secs);
        while let Some(due) = self.call.next_deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            let before = self.journal.len();
            self.tell(Input::Tick);
            assert!(self.journal.len() > before, "a tick that was due did nothing");
        }
        self.now = until;
    }

    // ------------------------------------------------------------------------------------------------ commands

    /// Takes the oldest command of this kind out of the outbox.
    pub fn take(&mut self, kind: impl Fn(&Command) -> bool) -> (CommandId, Command) {
        let place = self.outbox.iter().position(|(_, command)| kind(command));
        let place = place.unwrap_or_else(|| panic!("no such command; there are {:#?}", self.outbox));
        self.outbox.remove(place)
    }

    /// Settles the oldest command of this kind.
    pub fn settle(&mut self, kind: impl Fn(&Command) -> bool, settlement: Settlement) {
        let (id, _) = self.take(kind);
        self.tell(Input::Settled { id, settlement });
    }

    pub fn count(&self, kind: impl Fn(&Command) -> bool) -> usize {
        self.commanded.iter().filter(|command| kind(command)).count()
    }

    pub fn wants(&self, kind: impl Fn(&Command) -> bool) -> bool {
        self.outbox.iter().any(|(_, command)| kind(command))
    }

    /// How often the agent was given back.
    pub fn freed(&self, number: u8) -> usize {
        self.count(
            |command| matches!(command, Command::FreeAgent { agent: id, .. } if *id == agent(number).id),
        )
    }

    /// An agent's leg was told to hang up.
    pub fn hung_up(&self, attempt: u32) -> bool {
        self.count(|command| matches!(command, Command::HangUp { leg, .. } if *leg == Leg::Agent(attempt)))
            > 0
    }

    pub fn kept_callbacks(&self) -> usize {
        self.count(|command| matches!(command, Command::KeepCallback { .. }))
    }

    // ------------------------------------------------------------------------------------------------ the customer

    /// The customer is rung.
    pub fn rings(&mut self) {
        self.settle(|command| *command == Command::DialCustomer, dialled(CUSTOMER));
        self.customer_is(LegStatus::Initiated, 0);
        self.customer_is(LegStatus::Ringing, 1);
    }

    /// The customer is rung, picks up and hears who is calling.
    pub fn picks_up(&mut self) {
        self.rings();
        self.now = self.now.plus_secs(5);
        self.customer_is(LegStatus::InProgress, 2);
        self.asks();
    }

    pub fn asks(&mut self) {
        self.tell(Input::CustomerAsks { call_sid: CUSTOMER.into() });
    }

    pub fn customer_is(&mut self, status: LegStatus, sequence: u32) {
        let call_sid = CUSTOMER.to_owned();
        self.tell(Input::Progress { leg: Leg::Customer, call_sid, status, sequence: Some(sequence) });
    }

    pub fn hangs_up(&mut self) {
        self.customer_is(LegStatus::Completed, 3);
    }

    /// The customer answers what they heard last.
    pub fn does(&mut self, utterance: Utterance) {
        let Some(CustomerReply::Direct { turn, .. }) = &self.reply else {
            panic!("nobody listens: {:?}", self.reply)
        };
        let turn = Some(*turn);
        self.now = self.now.plus_secs(3);
        self.tell(Input::CustomerSays { turn, utterance });
    }

    pub fn says(&mut self, text: &str) {
        self.does(Utterance::Words { text: text.into(), confidence: Some(0.9) });
    }

    pub fn presses(&mut self, keys: &str) {
        self.does(Utterance::Keys(keys.into()));
    }

    pub fn is_silent(&mut self) {
        self.does(Utterance::Silence);
    }

    /// The templates of what the customer was last told to hear.
    pub fn hears(&self) -> Vec<&str> {
        match &self.reply {
            Some(CustomerReply::Direct { directive, .. }) => {
                directive.lines().iter().map(|line| line.template.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn directive(&self) -> &Directive {
        match &self.reply {
            Some(CustomerReply::Direct { directive, .. }) => directive,
            other => panic!("no directive but {other:?}"),
        }
    }

    /// The person in charge is fetched, hears the pitch and agrees: an agent is looked for.
    pub fn agrees(&mut self) {
        self.picks_up();
        self.says("少々お待ちください");
        self.says("お電話代わりました佐藤です");
        assert_eq!(self.hears(), ["pitch_new_person"]);
        self.says("はいお願いします");
        assert_eq!(self.hears(), ["hand_over"]);
        assert_eq!(self.call.stage(), Some(&Stage::Reserving));
    }

    // ------------------------------------------------------------------------------------------------ the agents

    pub fn is_found(&mut self, number: u8) {
        let settlement = Settlement::Picked { agent: agent(number), considered: Vec::new() };
        self.settle(|command| matches!(command, Command::PickAgent { .. }), settlement);
    }

    pub fn nobody_is_found(&mut self) {
        let settlement = Settlement::NobodyFree { considered: Vec::new() };
        self.settle(|command| matches!(command, Command::PickAgent { .. }), settlement);
    }

    pub fn agent_rings(&mut self, attempt: u32) {
        let kind =
            |command: &Command| matches!(command, Command::DialAgent { attempt: of, .. } if *of == attempt);
        self.settle(kind, dialled(&leg(attempt)));
    }

    pub fn agent_asks(&mut self, attempt: u32) -> AgentReply {
        self.now = self.now.plus_secs(4);
        agents(self.tell(Input::AgentAsks { attempt, call_sid: leg(attempt) }))
    }

    pub fn agent_presses(&mut self, attempt: u32, digits: &str) -> AgentReply {
        self.now = self.now.plus_secs(6);
        agents(self.tell(Input::AgentPresses { attempt, digits: digits.into() }))
    }

    pub fn agent_is(&mut self, attempt: u32, status: LegStatus) {
        let leg_of = Leg::Agent(attempt);
        self.tell(Input::Progress { leg: leg_of, call_sid: leg(attempt), status, sequence: Some(3) });
    }

    /// The agent is found, rung, told, and accepts.
    pub fn accepts(&mut self, number: u8, attempt: u32) {
        self.is_found(number);
        self.agent_rings(attempt);
        assert!(matches!(self.agent_asks(attempt), AgentReply::Brief { .. }));
        assert!(matches!(self.agent_presses(attempt, "1"), AgentReply::Join { .. }));
        assert_eq!(self.call.stage(), Some(&Stage::Bridging { attempt }));
    }

    // ------------------------------------------------------------------------------------------------ the conference

    pub fn room(&mut self, change: RoomChange) {
        self.room_count += 1;
        self.tell(Input::Room { conference_sid: ROOM.into(), sequence: self.room_count, change });
    }

    /// The customer is moved and enters the conference, where the agent is.
    pub fn is_bridged(&mut self, attempt: u32) {
        self.settle(|command| matches!(command, Command::MoveCustomer { .. }), Settlement::Done);
        self.room(joined(&leg(attempt)));
        self.asks();
        assert!(self.directive().is_join());
        self.room(joined(CUSTOMER));
        self.room(RoomChange::Started);
        assert_eq!(self.call.status, Status::HumanConnected);
        self.settle(|command| matches!(command, Command::SeatAgent { .. }), Settlement::Done);
    }

    // ------------------------------------------------------------------------------------------------ the end

    pub fn is_over(&self, outcome: Outcome, reason: EndReason) {
        assert!(
            self.call.status.is_over(),
            "the call goes on: {:?} {:?}",
            self.call.status,
            self.call.stage()
        );
        assert_eq!(self.call.decided, Some((outcome, reason)));
        assert_eq!(self.record.outcome, Some(outcome));
        assert_eq!(self.record.call_result.as_deref(), Some(outcome.call_result()));
        assert_eq!(self.record.end_reason, Some(reason.word()));
        assert_eq!(self.count(|command| *command == Command::NoteOutcome { outcome }), 1);
        self.rebuild();
    }

    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.journal.iter().map(|entry| &entry.event)
    }
}

pub fn leg(attempt: u32) -> String {
    format!("CA-agent-{attempt}")
}

pub fn dialled(call_sid: &str) -> Settlement {
    Settlement::Dialled { call_sid: call_sid.into() }
}

pub fn refused(code: Option<u32>) -> Settlement {
    Settlement::Refused { code, message: "refused".into() }
}

pub fn joined(call_sid: &str) -> RoomChange {
    RoomChange::Joined { call_sid: call_sid.into() }
}

pub fn left(call_sid: &str) -> RoomChange {
    RoomChange::Left { call_sid: call_sid.into() }
}

fn agents(reply: Reply) -> AgentReply {
    match reply {
        Reply::Agent(reply) => reply,
        other => panic!("no answer for an agent: {other:?}"),
    }
}

/// The carrier says it, so it may be said twice.
fn is_carriers(input: &Input) -> bool {
    !matches!(
        input,
        Input::Tick
            | Input::RequestHandover { .. }
            | Input::CancelHandover { .. }
            | Input::RequestEnd { .. }
            | Input::Supervise { .. }
            | Input::StopSupervising { .. }
            | Input::TakeOver { .. }
            | Input::SetParticipant { .. }
            | Input::RemoveParticipant { .. }
            | Input::Spoke { .. }
            | Input::Note { .. }
    )
}
