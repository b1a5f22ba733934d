//! How calls and clients reach the hub.

use super::{
    Cursor, Facts, Heard, Hub, HubPorts, Screen, SeatId, Unpresentable, Watch, Watching,
    carried::Carried,
    desk::{Ask, Ended, Look, Open, Stand},
    errands::shown,
    floor::Visitor,
    presence::Presence,
};
use actix::prelude::*;
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};
use tokio::{sync::oneshot, time::Instant};
use tsunagu_call::{CallId, CompanyId, DocumentId, Time, UserId};
use tsunagu_exchange::{Exchange, News};
use tsunagu_store::{Doing, SignIn};

/// The handle; cheap to clone. Telling costs nothing while nobody watches.
#[derive(Debug, Clone)]
pub struct HubHandle {
    address: Addr<Hub>,
    audience: Arc<AtomicUsize>,
    seats: Arc<AtomicU64>,
    presence: Presence,
    exchange: Option<Arc<dyn Exchange>>,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// Beyond this company they see nothing.
    pub company: CompanyId,
    /// Who.
    pub user: UserId,
    /// The sign-in from which they come, where it is known.
    pub sign_in: Option<DocumentId>,
    /// How often they had been signed out everywhere when they were given their token.
    pub epoch: u32,
    /// Until when they may look, by the clock on the wall.
    pub until: Time,
}

impl Guest {
    /// That by which they look.
    pub(super) const fn sign_in(&self) -> SignIn {
        SignIn { company: self.company, user: self.user, epoch: self.epoch, family: self.sign_in }
    }
}

/// What somebody who comes has seen before, and what they want to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The last event that they saw.
    pub since: Option<Cursor>,
    /// The calls that they watched then.
    pub watched: Vec<CallId>,
    /// They want to be told how all calls go.
    pub follows: bool,
}

impl HubHandle {
    /// Starts a hub in the present arbiter that hears of this process alone.
    pub fn start() -> Self {
        Self::start_sharing(None)
    }

    /// Starts a hub in the present arbiter, which tells other nodes by this exchange and hears of them.
    pub fn start_sharing(exchange: Option<Arc<dyn Exchange>>) -> Self {
        Self::with(exchange, Hub::start)
    }

    /// The same in an arbiter of its own.
    pub fn start_in(arbiter: &ArbiterHandle, exchange: Option<Arc<dyn Exchange>>) -> Self {
        Self::with(exchange, |hub| Hub::start_in_arbiter(arbiter, |_| hub))
    }

    fn with(exchange: Option<Arc<dyn Exchange>>, start: impl FnOnce(Hub) -> Addr<Hub>) -> Self {
        let (audience, presence) = (Arc::<AtomicUsize>::default(), Presence::default());
        let address = start(Hub::new(audience.clone(), presence.clone(), exchange.clone()));
        Self { address, audience, presence, exchange, seats: Arc::default() }
    }

    /// Clients may come from now on.
    pub fn open(&self, ports: HubPorts) {
        self.address.do_send(Open(ports));
    }

    /// Somebody watches here.
    pub fn is_watched(&self) -> bool {
        self.audience.load(Ordering::Relaxed) > 0
    }

    /// Somebody watches here, or at a node that hears of what happens here.
    pub fn is_watched_anywhere(&self) -> bool {
        self.is_watched() || (self.is_heard() && self.presence.is_anybody_elsewhere())
    }

    /// What happens is to be told: somebody watches here, or other nodes hear of it and decide for themselves.
    pub(crate) fn is_to_be_told(&self) -> bool {
        self.is_watched() || self.is_heard()
    }

    /// What is told here goes to other nodes.
    pub(crate) fn is_heard(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| exchange.is_open())
    }

    /// How other nodes are told, where they are.
    pub fn exchange(&self) -> Option<&Arc<dyn Exchange>> {
        self.exchange.as_ref()
    }

    /// Something happened on another node.
    pub(crate) async fn hear(&self, company: CompanyId, news: News) {
        // Waits until it is seen to, so that no more than this is on its way.
        self.address.send(Carried { company, news }).await.ok();
    }

    /// Who has a screen open, here and on other nodes.
    pub(crate) const fn presence(&self) -> &Presence {
        &self.presence
    }

    /// So far the journals of all live calls are, on whichever node they are written.
    pub(crate) fn stand(&self, calls: HashMap<CompanyId, HashMap<CallId, u64>>) {
        self.address.do_send(Stand(calls));
    }

    /// So the agents of the companies that are watched stand, on whichever node that changed.
    pub(crate) fn see_agents(&self, doings: &[Doing]) {
        let mut agents: HashMap<_, Vec<_>> = HashMap::new();
        for doing in doings {
            agents.entry(doing.company).or_default().push((doing.agent, shown(doing)));
        }
        self.address.do_send(Look(agents));
    }

    /// The sign-ins by which somebody looks here, each once.
    pub(crate) async fn sign_ins(&self) -> Vec<SignIn> {
        let (reply, sign_ins) = oneshot::channel();
        self.address.do_send(Ask::SignIns { reply });
        sign_ins.await.unwrap_or_default()
    }

    /// These are good no more: whoever looks by them is let go.
    pub(crate) fn end_sign_ins(&self, ended: Vec<SignIn>) {
        self.address.do_send(Ended(ended));
    }

    /// Tells everybody who may know.
    pub fn tell(&self, facts: Facts) {
        if self.exchange.is_some() {
            let news = News::Facts { call: facts.call, entries: facts.entries.clone() };
            self.publish(facts.company, news);
        }
        self.address.do_send(Heard { facts: Arc::new(facts), since: Instant::now() });
    }

    /// Watches from now on.
    pub async fn watch(&self, watch: Watch) -> Result<(), MailboxError> {
        self.address.send(watch).await
    }

    /// Words that the customer is still speaking.
    pub fn overhear(&self, company: CompanyId, call: CallId, text: String) {
        if self.is_heard() && self.presence.is_anybody_elsewhere() {
            self.publish(company, News::Overheard { call, text: text.clone() });
        }
        if self.is_watched() {
            self.address.do_send(Ask::Overhear { company, call, text });
        }
    }

    /// What an agent is doing has changed, or whether they take hand-overs.
    pub fn agent_changed(&self, company: CompanyId, agent: UserId) {
        self.publish(company, News::Agent { agent });
        if self.is_watched() {
            self.address.do_send(Ask::AgentChanged { company, agent });
        }
    }

    fn publish(&self, company: CompanyId, news: News) {
        if let Some(exchange) = &self.exchange {
            exchange.publish(company, news);
        }
    }

    /// Somebody comes to look: they are shown the calls that live, and then what happens. Who was here a moment ago, and
    /// says which event they saw last and which calls they watched, is shown what they missed instead.
    pub fn enter(&self, guest: Guest, screen: Box<dyn Screen>, arrival: Arrival) -> SeatId {
        let seat = self.seats.fetch_add(1, Ordering::Relaxed);
        let Arrival { since, watched, follows } = arrival;
        let visitor = Visitor { seat, guest, screen, since, watched, follows };
        self.address.do_send(Ask::Enter { visitor });
        seat
    }

    /// They are gone.
    pub fn leave(&self, company: CompanyId, seat: SeatId) {
        self.address.do_send(Ask::Leave { company, seat });
    }

    /// They watch a call from now on. Says whether their company has it, which for [`Watching::Transcript`] is not asked.
    ///
    /// # Errors
    /// The call cannot be read just now; it is not watched.
    pub async fn watch_call(
        &self,
        company: CompanyId,
        seat: SeatId,
        call: CallId,
        why: Watching,
    ) -> Result<bool, Unpresentable> {
        let (reply, answer) = oneshot::channel();
        self.address.do_send(Ask::WatchCall { company, seat, call, why, reply });
        answer.await.unwrap_or(Ok(false))
    }

    /// They watch it no more.
    pub fn unwatch_call(&self, company: CompanyId, seat: SeatId, call: CallId, why: Watching) {
        self.address.do_send(Ask::UnwatchCall { company, seat, call, why });
    }

    /// They want to be told how all calls go, or do not any more.
    pub fn follow(&self, company: CompanyId, seat: SeatId, follows: bool) {
        self.address.do_send(Ask::Follow { company, seat, follows });
    }

    /// They want the figures of the day.
    pub fn ask_figures(&self, company: CompanyId, seat: SeatId) {
        self.address.do_send(Ask::Figures { company, seat });
    }

    /// Somebody may not look any more, as the store says already: all of their screens go, or those of one sign-in, here at once and
    /// at other nodes when they hear of it or look.
    pub fn dismiss(&self, company: CompanyId, user: UserId, sign_in: Option<DocumentId>) {
        self.publish(company, News::SignedOut { user });
        self.address.do_send(Ask::Dismiss { company, user, sign_in });
    }

    /// The server goes down: everybody is told so.
    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        self.address.do_send(Ask::Close { reply });
        drop(closed.await);
    }
}
