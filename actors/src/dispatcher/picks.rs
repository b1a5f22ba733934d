//! Picking agents: one at a time, so that a hundred calls that want somebody in the same moment share the agents
//! evenly, and in the order in which they came. That no agent is promised twice does not rest on this: the store's
//! reservation sees to it, on any node.
//!
//! A call whose customer has the time waits in line for an agent who is engaged. The line is looked through again when an
//! agent is given back, and every second: agents come free on other nodes, and by the clock.

mod choice;

use crate::{CallError, Clock};
use choice::{choose, take_back};
pub(crate) use choice::{claim, free_agents, promised};
use futures_util::FutureExt;
use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, mpsc, oneshot};
use tsunagu_call::{
    CallId, CommandId, CompanyId, Settlement, Time, UserId,
    routing::{Considered, Needs},
};
use tsunagu_store::{AgentProfile, Store};

/// How many picks may wait, at the desk and again in the line.
const WAITING_AT_MOST: usize = 4096;

/// How often the line is looked through when nothing is heard, in call time; and in real time not more often than that.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const NOT_SOONER: Duration = Duration::from_millis(50);

/// So many looks may fail, with a store that is away, before a pick that cannot wait is given up.
const FAILED_LOOKS: u32 = 5;

/// A call that needs an agent.
#[derive(Debug, Clone)]
pub struct Pick {
    /// Which call.
    pub call: CallId,
    /// Whose agents.
    pub company: CompanyId,
    /// Who is tried first.
    pub wish: Option<UserId>,
    /// Who is not tried again.
    pub tried: Vec<UserId>,
    /// What is needed of the agent.
    pub needs: Needs,
    /// Who is tried first is had whatever they are doing, unless another call has them.
    pub claim: bool,
    /// How long the reservation holds if nothing comes of it, in seconds.
    pub hold_secs: u32,
    /// Until when one who is engaged is waited for, as long as that is wanted; absent: not at all.
    pub patience: Option<(Time, StillWanted)>,
}

/// Which choice of an agent a call wants at present: the number of its command. Set by the call's conference, read at the
/// desk.
#[derive(Debug, Clone, Default)]
pub struct WantedPick(Arc<AtomicU32>);

/// Whether a choice is the one that is wanted.
#[derive(Debug, Clone)]
pub struct StillWanted {
    wanted: WantedPick,
    id: CommandId,
}

impl WantedPick {
    /// This one is wanted from now on; says whether another one is not any more. Commands are counted from 1.
    pub(crate) fn set(&self, id: Option<CommandId>) -> bool {
        let id = id.unwrap_or(0);
        let before = self.0.swap(id, Ordering::AcqRel);
        before != id && before != 0
    }

    /// Whether the choice with this number is still wanted.
    pub fn watch(&self, id: CommandId) -> StillWanted {
        StillWanted { wanted: self.clone(), id }
    }
}

impl StillWanted {
    fn holds(&self) -> bool {
        self.wanted.0.load(Ordering::Acquire) == self.id
    }
}

impl Pick {
    /// There is time left to wait for somebody who is engaged.
    fn may_wait(&self, now: Time) -> bool {
        self.patience.as_ref().is_some_and(|(until, wanted)| now < *until && wanted.holds())
    }
}

type Reply = oneshot::Sender<Result<Settlement, CallError>>;

/// Where picks are handed in.
#[derive(Debug, Clone)]
pub struct PickDesk {
    asks: mpsc::Sender<(Pick, Reply)>,
    news: Arc<Notify>,
}

impl PickDesk {
    /// Opens the desk; it closes when the last handle is gone.
    pub fn open(store: Arc<dyn Store>, clock: Clock) -> Self {
        let (asks, asked) = mpsc::channel(WAITING_AT_MOST);
        let news = Arc::new(Notify::new());
        actix::spawn(Line { store, clock, waiting: Vec::new() }.serve(asked, news.clone()));
        Self { asks, news }
    }

    /// Hands a pick in and waits for it.
    ///
    /// # Errors
    /// The store did not answer, or too many picks wait.
    pub async fn pick(&self, pick: Pick) -> Result<Settlement, CallError> {
        let (reply, answer) = oneshot::channel();
        self.asks.try_send((pick, reply)).map_err(|_| CallError::Overloaded)?;
        answer.await.map_err(|_| CallError::Stale)?
    }

    /// An agent may have come free, or somebody in the line wants nobody any more.
    pub fn look_again(&self) {
        self.news.notify_one();
    }
}

/// Who waits, longest first.
struct Line {
    store: Arc<dyn Store>,
    clock: Clock,
    waiting: Vec<Waiting>,
}

struct Waiting {
    pick: Pick,
    reply: Reply,
    failed_looks: u32,
}

impl Waiting {
    fn new((pick, reply): (Pick, Reply)) -> Self {
        Self { pick, reply, failed_looks: 0 }
    }

    /// This came of a look, and another one is worth it.
    fn stays(&mut self, settlement: &Result<Settlement, CallError>, now: Time) -> bool {
        if self.reply.is_closed() {
            return false;
        }
        match settlement {
            Ok(Settlement::NobodyFree { considered }) => self.pick.may_wait(now) && may_come_free(considered),
            Err(error) if is_away(error) => {
                self.failed_looks += 1;
                self.pick.may_wait(now) || self.failed_looks < FAILED_LOOKS
            }
            _ => false,
        }
    }
}

impl Line {
    async fn serve(mut self, mut asked: mpsc::Receiver<(Pick, Reply)>, news: Arc<Notify>) {
        let pause = self.clock.real_span(LOOK_AGAIN).max(NOT_SOONER);
        loop {
            let somebody_waits = !self.waiting.is_empty();
            tokio::select! {
                ask = asked.recv() => match ask {
                    Some(ask) => self.waiting.push(Waiting::new(ask)),
                    None => return,
                },
                () = news.notified(), if somebody_waits => {}
                () = tokio::time::sleep(pause), if somebody_waits => {}
            }
            while let Ok(ask) = asked.try_recv() {
                self.waiting.push(Waiting::new(ask));
            }
            self.go_through().await;
            metrics::gauge!("agent_picks_waiting").set(self.waiting.len() as f64);
        }
    }

    /// Tries each in turn. Those for whom nobody is free, and who may wait, stay. A store that is away is asked once, for all.
    async fn go_through(&mut self) {
        let mut teams: HashMap<CompanyId, Vec<AgentProfile>> = HashMap::new();
        let mut staying = Vec::new();
        let mut away = None;
        for mut waiting in std::mem::take(&mut self.waiting) {
            let settlement = match &away {
                Some(error) => Err(CallError::clone(error)),
                // One that cannot be chosen for is no reason to choose for nobody.
                None => AssertUnwindSafe(self.try_once(&waiting.pick, &mut teams))
                    .catch_unwind()
                    .await
                    .unwrap_or_else(|_| {
                        metrics::counter!("tasks_died_total", "task" => "picks").increment(1);
                        tracing::error!(callId = %waiting.pick.call, "a choice of an agent came to an untimely end");
                        Err(CallError::Faulty)
                    }),
            };
            if staying.len() < WAITING_AT_MOST && waiting.stays(&settlement, self.clock.now()) {
                staying.push(waiting);
                away = away.or_else(|| settlement.err());
                continue;
            }
            let Waiting { pick, reply, .. } = waiting;
            let outcome = match &settlement {
                Ok(Settlement::Picked { .. }) => "picked",
                Ok(_) => "nobody_free",
                Err(_) => "failed",
            };
            metrics::counter!("agent_picks_total", "outcome" => outcome).increment(1);
            // Nobody waits any more: the reservation would stay until its end.
            if let Err(Ok(Settlement::Picked { agent, .. })) = reply.send(settlement) {
                take_back(&*self.store, agent.id, &pick).await;
            }
        }
        self.waiting = staying;
    }

    /// One try. A company's agents are read once for all who wait, and again when one of them was promised.
    async fn try_once(
        &self,
        pick: &Pick,
        teams: &mut HashMap<CompanyId, Vec<AgentProfile>>,
    ) -> Result<Settlement, CallError> {
        let team = match teams.remove(&pick.company) {
            Some(team) => team,
            None => self.store.candidates(pick.company).await?,
        };
        let settlement = choose(&*self.store, self.clock, pick, &team).await?;
        if matches!(settlement, Settlement::NobodyFree { .. }) {
            teams.insert(pick.company, team);
        }
        Ok(settlement)
    }
}

/// The store is away, and may be back in a moment.
fn is_away(error: &CallError) -> bool {
    matches!(error, CallError::Store(error) if error.is_transient())
}

/// Somebody could take the call who is only engaged just now.
fn may_come_free(considered: &[Considered]) -> bool {
    considered.iter().any(|considered| considered.verdict.passes())
}
