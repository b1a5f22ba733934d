//! Everything that a live call needs, owned by the test; its end finds nothing left over.

use crate::{bus::Bus, faulty_store::FaultyStore};
use serde_json::json;
use std::{
    cell::Cell,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tsunagu_actors::{
    Begun, CallDefaults, CallError, Clock, HubHandle, Ports, StartError, StartOrder, Switchboard, Webhooks,
    start,
};
use tsunagu_call::{
    AgentReply, CallId, CallRecord, CompanyId, CustomerId, CustomerReply, Entry, Event, Input, Leg,
    LegStatus, NodeId, Reply, RoomChange, Rules, Stage, UserId, Utterance, room_name,
};
use tsunagu_carrier::{
    NewCall,
    script::{Command, ScriptedCarrier},
};
use tsunagu_conversation::{EMBEDDED, Engine, Limits};
use tsunagu_store::{
    AgentSettings, AgentStore, Availability, CallStore, CompanyStore, CustomerStore, FIRST_SEQ, JOURNAL_PAGE,
    SharedStore, Sign, UserStore,
};

/// Japanese alone, which is read in half the time.
pub static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    let japanese: Vec<_> =
        EMBEDDED.iter().filter(|source| !source.name.starts_with("en/")).copied().collect();
    Arc::new(Engine::from_sources(&japanese).unwrap())
});

pub const COMPANY: CompanyId = CompanyId::from_bytes([1; 12]);
pub const SUPERVISOR: UserId = agent(1);
pub const FROM: &str = "+815000000000";

pub const fn agent(number: u8) -> UserId {
    UserId::from_bytes([10 + number; 12])
}

pub const fn customer(number: u8) -> CustomerId {
    CustomerId::from_bytes([100 + number; 12])
}

pub fn agent_phone(number: u8) -> String {
    format!("+8130000000{number:02}")
}

pub fn customer_phone(number: u8) -> String {
    format!("+8190000000{number:02}")
}

pub struct World {
    pub board: Switchboard,
    pub store: Arc<FaultyStore>,
    pub carrier: ScriptedCarrier,
    pub clock: Clock,
    pub hub: HubHandle,
    ports: Ports,
    /// The nodes that share the store, where several do.
    nodes: Vec<Node>,
    asked: Cell<usize>,
}

/// One of several nodes.
struct Node {
    board: Switchboard,
    store: Arc<FaultyStore>,
    life: actix_rt::task::JoinHandle<()>,
}

impl World {
    /// The same on so many nodes that share one store; each thing that happens reaches another one of them.
    pub async fn shared(agents: u8, nodes: u8) -> Self {
        Self::telling(agents, nodes, None).await
    }

    /// The same, where nodes may tell each other what happens.
    pub async fn telling(agents: u8, nodes: u8, bus: Option<&Bus>) -> Self {
        let mut world = Self::new(agents).await;
        for number in 1..=nodes {
            world.comes_up(number, number, bus).await;
        }
        world
    }

    /// A node of this number comes up at this place.
    pub async fn comes_up(&mut self, number: u8, place: u8, bus: Option<&Bus>) {
        let memory = self.store.memory.as_node(NodeId::from_bytes([number; 12]));
        let store = Arc::new(FaultyStore::of(memory));
        let hub = HubHandle::start_sharing(bus.map(Bus::join));
        let ports = Ports { store: store.clone(), hub, ..self.ports.clone() };
        let board = Switchboard::start(ports, Vec::new());
        let life = board.join_nodes(format!("calls-{place}:5000")).await.unwrap().unwrap();
        self.nodes.push(Node { board, store, life });
        self.board = self.nodes[0].board.clone();
    }

    /// What a node has the store through.
    pub fn store_of(&self, node: usize) -> &FaultyStore {
        &self.nodes[node].store
    }

    /// The name of a node.
    pub fn node(&self, node: usize) -> NodeId {
        self.store_of(node).memory.node()
    }

    /// What all nodes told last.
    pub async fn signs(&self) -> Vec<Sign> {
        let (node, beat) = (NodeId::from_bytes([255; 12]), 0);
        let (place, present, awaited) = Default::default();
        let nobody = Sign { node, place, beat, present, awaited, tells: false, left: false };
        let signs = self.store.memory.tell_sign(nobody).await.unwrap();
        self.store.memory.forget_node(node).await.unwrap();
        signs
    }

    /// A node is gone from one moment to the next; what it handed in and is not written is lost.
    pub async fn dies(&mut self, node: usize) {
        let Node { board, store, life } = self.nodes.remove(node);
        life.abort();
        board.put_down().await;
        store.forget_held();
        self.board = self.nodes[0].board.clone();
    }

    /// A node is taken down, and says so.
    pub async fn leaves(&mut self, node: usize) {
        let Node { board, life, .. } = self.nodes.remove(node);
        board.put_down().await;
        life.abort();
        board.leave_nodes().await;
        self.board = self.nodes[0].board.clone();
    }

    /// All nodes, or the only one.
    pub fn boards(&self) -> Vec<&Switchboard> {
        match self.nodes.is_empty() {
            true => vec![&self.board],
            false => self.nodes.iter().map(|node| &node.board).collect(),
        }
    }

    /// The node that is asked next.
    pub fn next_board(&self) -> &Switchboard {
        let (asked, boards) = (self.asked.get(), self.boards());
        self.asked.set(asked + 1);
        boards[asked % boards.len()]
    }

    /// A company with so many agents who are all available, and nine customers.
    pub async fn new(agents: u8) -> Self {
        tokio::time::pause();
        let clock = Clock::virtual_from("2026-11-20T01:00:00Z".parse().unwrap());
        let (store, carrier, hub) =
            (Arc::<FaultyStore>::default(), ScriptedCarrier::new(), HubHandle::start());
        seed(&store, agents, clock).await;
        let ports = Ports {
            store: store.clone(),
            carrier: Arc::new(carrier.clone()),
            engine: ENGINE.clone(),
            clock,
            webhooks: Webhooks::new("https://calls.example.jp"),
            hub: hub.clone(),
        };
        let board = Switchboard::start(ports.clone(), Vec::new());
        let (nodes, asked) = Default::default();
        Self { board, store, carrier, clock, hub, ports, nodes, asked }
    }

    /// Nothing is left over: no conference, and no agent who is promised or in a call.
    pub async fn end(self) {
        self.rest().await;
        for board in self.boards() {
            board.put_down().await;
            assert_eq!(board.living(), 0, "conferences are left alive");
        }
        self.rest().await;
        for agent in self.store.memory.team(COMPANY).await.unwrap() {
            let status = agent.status.unwrap();
            assert_eq!(status.reservation, None, "{} is still promised", agent.user_id);
            assert_eq!(status.current_call_id, None, "{} is still in a call", agent.user_id);
        }
    }

    /// The server goes down and another one comes up over the same store.
    pub async fn restart(&mut self) {
        self.board.put_down().await;
        assert_eq!(self.board.living(), 0, "conferences are left alive");
        self.board = Switchboard::start(self.ports.clone(), Vec::new());
    }

    /// Everybody does what there is to do; no time passes.
    pub async fn rest(&self) {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }

    /// So many seconds pass.
    pub async fn wait(&self, secs: u64) {
        self.rest().await;
        for _ in 0..secs {
            tokio::time::advance(Duration::from_secs(1)).await;
            self.rest().await;
        }
    }

    // ------------------------------------------------------------------------------------------------ calls

    pub async fn try_start(&self, number: u8, key: Option<&str>) -> Result<Begun, StartError> {
        let order = StartOrder {
            company: COMPANY,
            customer: customer(number),
            agent: None,
            by: SUPERVISOR,
            idempotency_key: key.map(str::to_owned),
        };
        start(self.next_board(), &defaults(), order).await
    }

    /// A call to this customer, dialled.
    pub async fn start(&self, number: u8) -> CallId {
        let begun = self.try_start(number, None).await.unwrap();
        self.rest().await;
        begun.call
    }

    /// Among several nodes two are told, at the same time, as a carrier does that gets no answer; they say the same. (Words that
    /// answer no turn are other words each time.)
    pub async fn tell(&self, call: CallId, input: Input) -> Reply {
        let nameless = matches!(input, Input::CustomerSays { turn: None, .. });
        let reply = if self.nodes.len() > 1 && !nameless {
            let told = tokio::join!(self.ask(call, input.clone()), self.ask(call, input));
            let (reply, again) = (told.0.unwrap().unwrap(), told.1.unwrap().unwrap());
            assert_eq!(reply, again);
            reply
        } else {
            self.next_board().tell(call, input).await.unwrap()
        };
        self.rest().await;
        reply
    }

    /// Tells the call something in a task of its own.
    pub fn ask(
        &self,
        call: CallId,
        input: Input,
    ) -> actix_rt::task::JoinHandle<Result<Reply, tsunagu_actors::CallError>> {
        let board = self.next_board().clone();
        actix_rt::spawn(async move { board.tell(call, input).await })
    }

    pub async fn journal(&self, call: CallId) -> Vec<Entry> {
        self.store.memory.journal(call, FIRST_SEQ, JOURNAL_PAGE).await.unwrap()
    }

    pub async fn has(&self, call: CallId, event: impl Fn(&Event) -> bool) -> bool {
        self.journal(call).await.iter().any(|entry| event(&entry.event))
    }

    /// The live call is what its journal says; its record.
    pub async fn record(&self, call: CallId) -> CallRecord {
        let folded = CallRecord::rebuild(call, &self.journal(call).await).unwrap();
        for board in self.boards() {
            match board.show(call).await {
                Ok(shown) => assert_eq!(shown, folded),
                Err(CallError::NotFound) if !self.nodes.is_empty() => assert!(folded.status.is_over()),
                Err(error) => panic!("{error}"),
            }
        }
        folded
    }

    pub async fn stage(&self, call: CallId) -> Option<Stage> {
        let journal = self.journal(call).await;
        tsunagu_call::Call::rebuild(call, &journal).unwrap().stage().cloned()
    }

    // ------------------------------------------------------------------------------------------------ the customer

    /// Those of these calls whose customers wait for an agent to be chosen.
    pub async fn who_waits(&self, calls: &[CallId]) -> Vec<CallId> {
        let mut waiting = Vec::new();
        for call in calls {
            if self.stage(*call).await == Some(Stage::Reserving) {
                waiting.push(*call);
            }
        }
        waiting
    }

    pub async fn picks_up(&self, call: CallId, number: u8) -> CustomerReply {
        let call_sid = self.leg(&customer_phone(number));
        spoken(self.tell(call, Input::CustomerAsks { call_sid }).await)
    }

    pub async fn says(&self, call: CallId, text: &str) -> CustomerReply {
        spoken(self.tell(call, words(None, text)).await)
    }

    /// The person in charge is fetched, hears the pitch and agrees: an agent is looked for.
    pub async fn agrees(&self, call: CallId, number: u8) {
        self.picks_up(call, number).await;
        self.says(call, "少々お待ちください").await;
        self.says(call, "お電話代わりました佐藤です").await;
        self.says(call, "はいお願いします").await;
    }

    pub async fn hangs_up(&self, call: CallId, number: u8) {
        self.leg_is(call, Leg::Customer, &customer_phone(number), LegStatus::Completed).await;
    }

    pub async fn leg_is(&self, call: CallId, leg: Leg, phone: &str, status: LegStatus) {
        let call_sid = self.leg(phone);
        self.tell(call, Input::Progress { leg, call_sid, status, sequence: Some(3) }).await;
    }

    // ------------------------------------------------------------------------------------------------ the agents

    pub async fn accepts(&self, call: CallId, number: u8, attempt: u32) {
        let call_sid = self.leg(&agent_phone(number));
        let reply = self.tell(call, Input::AgentAsks { attempt, call_sid }).await;
        assert!(matches!(reply, Reply::Agent(AgentReply::Brief { .. })), "{reply:?}");
        let reply = self.tell(call, Input::AgentPresses { attempt, digits: "1".into() }).await;
        assert!(matches!(reply, Reply::Agent(AgentReply::Join { .. })), "{reply:?}");
    }

    /// Both come into the conference.
    pub async fn both_join(&self, call: CallId, agent: u8, customer: u8) {
        for (sequence, phone) in (1..).zip([agent_phone(agent), customer_phone(customer)]) {
            let call_sid = self.leg(&phone);
            let conference_sid = self.carrier.join(&room_name(call), &call_sid);
            let change = RoomChange::Joined { call_sid };
            self.tell(call, Input::Room { conference_sid, sequence, change }).await;
        }
    }

    pub async fn availability(&self, number: u8) -> Availability {
        self.store.memory.agent(COMPANY, agent(number)).await.unwrap().unwrap().status.unwrap().status
    }

    pub async fn is_promised(&self, number: u8) -> bool {
        let status = self.store.memory.agent(COMPANY, agent(number)).await.unwrap().unwrap().status.unwrap();
        status.reservation.is_some()
    }

    // ------------------------------------------------------------------------------------------------ the carrier

    /// The newest leg to a number.
    pub fn leg(&self, phone: &str) -> String {
        let calls = self.carrier.calls();
        let leg = calls.iter().rev().find(|call| call.to == phone);
        leg.unwrap_or_else(|| panic!("{phone} was not dialled: {calls:#?}")).sid.clone()
    }

    /// What was dialled, in order.
    pub fn dialled(&self) -> Vec<NewCall> {
        let dialled = self.carrier.commands().into_iter().filter_map(|command| match command {
            Command::CreateCall { call, .. } => Some(call),
            _ => None,
        });
        dialled.collect()
    }

    /// How often a number was dialled.
    pub fn times_dialled(&self, phone: &str) -> usize {
        self.dialled().iter().filter(|call| call.to == phone).count()
    }

    pub fn was_hung_up(&self, phone: &str) -> bool {
        let leg = self.leg(phone);
        self.carrier.commands().contains(&Command::HangUp { call_sid: leg })
    }
}

pub fn words(turn: Option<u32>, text: &str) -> Input {
    Input::CustomerSays { turn, utterance: Utterance::Words { text: text.into(), confidence: Some(0.9) } }
}

pub fn spoken(reply: Reply) -> CustomerReply {
    match reply {
        Reply::Customer(reply) => reply,
        other => panic!("no answer for the customer: {other:?}"),
    }
}

pub fn turn(reply: &CustomerReply) -> u32 {
    match reply {
        CustomerReply::Direct { turn, .. } => *turn,
        other => panic!("no prompt: {other:?}"),
    }
}

pub fn defaults() -> CallDefaults {
    CallDefaults { from: FROM.into(), rules: Rules::default(), limits: Limits::default() }
}

async fn seed(store: &FaultyStore, agents: u8, clock: Clock) {
    let company = json!({ "_id": COMPANY, "name": "青空商事" });
    store.create_company(serde_json::from_value(company).unwrap()).await.unwrap();
    for number in 1..=agents.max(1) {
        let user = json!({
            "_id": agent(number), "companyId": COMPANY, "email": format!("agent{number}@example.jp"),
            "passwordHash": "none", "firstName": number.to_string(), "lastName": "鈴木",
        });
        store.create_user(serde_json::from_value(user).unwrap()).await.unwrap();
        let mut settings = AgentSettings::new(agent(number), COMPANY);
        settings.phone_number = Some(agent_phone(number));
        settings.priority = 100 - number;
        settings.conversation_settings.company_name = "つなぐ".into();
        settings.conversation_settings.service_name = "受付代行".into();
        settings.conversation_settings.representative_name = "鈴木".into();
        settings.conversation_settings.target_department = "総務部".into();
        store.put_agent_settings(settings).await.unwrap();
        let status = if number <= agents { Availability::Available } else { Availability::Offline };
        store.set_agent_status(COMPANY, agent(number), status, clock.now()).await.unwrap();
    }
    for number in 1..=9 {
        let customer = json!({
            "_id": customer(number), "companyId": COMPANY, "name": "佐藤", "phone": customer_phone(number),
        });
        store.create_customer(serde_json::from_value(customer).unwrap()).await.unwrap();
    }
}
