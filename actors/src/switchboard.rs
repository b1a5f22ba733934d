//! The switchboard: how the edges (HTTP, the demo, campaigns) reach live calls.
//!
//! Every ask has a permit, a deadline, and further tries when the conference was gone or overtaken. What is asked is
//! put into the conference's mailbox at once, so that an edge that stops waiting does not take it back.

use crate::{
    CallError, Ports, Repertoires,
    conference::{AllHands, AwaitAgent, Show, agents_leg},
    dispatcher::{
        Begin, Died, Directory, Dispatcher, Drain, Operator, PutAllDown, await_answer, standing, standing_of,
    },
    nodes::{Lease, Watch, hear_others, keep_agents, keep_screens, keep_sign_ins, reborn},
    repertoire::keep_repertoires,
};
use actix::prelude::*;
use futures_util::{StreamExt, stream};
use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, Semaphore, oneshot},
    task::JoinHandle,
};
use tracing::Span;
use tsunagu_call::{Call, CallId, CallRecord, CompanyId, Created, Input, Reply};
use tsunagu_conversation::Question;
use tsunagu_store::{LiveCall, Opened};

/// How many asks may be under way at once before more are turned away.
const ASKS_AT_ONCE: usize = 20_000;
/// How many calls are taken up at once after a start.
const REBUILT_AT_ONCE: usize = 64;
/// How long after a start the store is asked again which calls live when it cannot tell.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// How long a node counts as not ready at most while it takes over what is left: it may serve others' calls meanwhile, and who waits for
/// it must not wait for ever.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Switchboard {
    ports: Ports,
    operator: Operator,
    hands: Arc<AllHands>,
    lease: Lease,
    repertoires: Repertoires,
    permits: Arc<Semaphore>,
    draining: Arc<AtomicBool>,
    recovered: Arc<AtomicBool>,
    begun: Arc<AtomicU64>,
}

impl std::fmt::Debug for Switchboard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Switchboard")
            .field("conferences", &self.operator.directory.count())
            .finish_non_exhaustive()
    }
}

/// A call that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Which.
    pub call: CallId,
    /// It had been begun before, by a request with the same idempotency key.
    pub before: bool,
}

impl Switchboard {
    /// A switchboard with a dispatcher of its own, whose conferences live in these arbiters; with none they live in the
    /// present one.
    pub fn start(ports: Ports, arbiters: Vec<ArbiterHandle>) -> Self {
        let directory = Arc::new(Directory::default());
        let lease = if ports.store.shared().is_some() { Lease::of_a_node() } else { Lease::default() };
        let repertoires = Repertoires::new(ports.store.clone(), ports.engine.clone());
        let hands = Arc::<AllHands>::default();
        let dispatcher = Dispatcher::new(
            ports.clone(),
            directory.clone(),
            arbiters,
            hands.clone(),
            lease.clone(),
            repertoires.clone(),
        )
        .start();
        Self {
            ports,
            operator: Operator { directory, dispatcher },
            hands,
            lease,
            repertoires,
            permits: Arc::new(Semaphore::new(ASKS_AT_ONCE)),
            draining: Arc::default(),
            recovered: Arc::default(),
            begun: Arc::default(),
        }
    }

    /// What calls reach the world through.
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// What companies have of their own for the talk of their calls.
    pub const fn repertoires(&self) -> &Repertoires {
        &self.repertoires
    }

    /// How many calls are held in memory.
    pub fn living(&self) -> usize {
        self.operator.directory.count()
    }

    /// How many asks are under way: each has one piece of mail in the mailbox of a conference or of the dispatcher.
    pub fn asks(&self) -> usize {
        ASKS_AT_ONCE.saturating_sub(self.permits.available_permits())
    }

    /// How many calls this server has begun, whoever wanted them: what is put on the line to the carrier.
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Begins a call.
    ///
    /// # Errors
    /// The customer is in another call, the server is shutting down, or the store did not write.
    pub async fn begin(
        &self,
        call: CallId,
        created: Created,
        idempotency_key: Option<String>,
    ) -> Result<Begun, CallError> {
        let _permit = self.permits.try_acquire().map_err(|_| CallError::Overloaded)?;
        let step = Call::create(call, created, self.ports.clock.now()).ok_or(CallError::Faulty)?;
        // Counted before it is known how it comes out: the carrier may be rung whatever becomes of the answer.
        self.begun.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        self.operator.dispatcher.do_send(Begin {
            call: step.call,
            entries: step.entries,
            idempotency_key,
            reply,
        });
        Ok(match await_answer(answer).await?? {
            Opened::New => Begun { call, before: false },
            Opened::Already(call) => Begun { call, before: true },
        })
    }

    /// Lets something happen to a call and waits until it is durable.
    ///
    /// # Errors
    /// There is no such call, it refuses, or it could not be asked.
    pub async fn tell(&self, call: CallId, input: Input) -> Result<Reply, CallError> {
        let _permit = self.permits.try_acquire().map_err(|_| {
            metrics::counter!("call_asks_shed_total").increment(1);
            CallError::Overloaded
        })?;
        self.operator.tell(call, input, &Span::current()).await
    }

    /// The call as it is, whole, if it is live.
    ///
    /// # Errors
    /// It is not live, or did not answer.
    pub async fn show(&self, call: CallId) -> Result<CallRecord, CallError> {
        if self.is_shared() {
            // The one who lives here may not know the last of it.
            let (_, record) = standing(&*self.ports.store, call).await?;
            return if record.status.is_over() { Err(CallError::NotFound) } else { Ok(record) };
        }
        let conference = self.operator.directory.find(call).ok_or(CallError::NotFound)?;
        let (reply, answer) = oneshot::channel();
        conference.do_send(Show(reply));
        await_answer(answer).await
    }

    /// What a language model may be asked about words that answer a prompt of a call, and whose call it is, if anything.
    ///
    /// # Errors
    /// There is no such call, or it could not be asked.
    pub async fn question(
        &self,
        call: CallId,
        turn: Option<u32>,
        text: &str,
        confidence: Option<f32>,
    ) -> Result<Option<(Question, CompanyId)>, CallError> {
        let _permit = self.permits.try_acquire().map_err(|_| CallError::Overloaded)?;
        self.operator.consider(call, turn, text, confidence).await
    }

    /// Words that the customer of a call is still speaking.
    pub fn overhear(&self, call: CallId, text: &str) {
        if let Some(company) =
            self.operator.directory.company_of(call).filter(|_| self.ports.hub.is_watched_anywhere())
        {
            self.ports.hub.overhear(company, call, text.to_owned());
        }
    }

    /// The calls of a company that are not over, whole, oldest first.
    ///
    /// # Errors
    /// Nodes share the store, and it cannot be read.
    pub async fn active(&self, company: Option<CompanyId>) -> Result<Vec<CallRecord>, CallError> {
        let mut records = match self.ports.store.shared() {
            Some(shared) => standing_of(shared, company).await?,
            None => self.living_of(company).await,
        };
        records.sort_by_key(|record| (record.start_time, record.id));
        Ok(records)
    }

    /// The calls that live on this node and are not over.
    async fn living_of(&self, company: Option<CompanyId>) -> Vec<CallRecord> {
        let asked: Vec<_> = self
            .operator
            .directory
            .all(company)
            .into_iter()
            .map(|conference| {
                let (reply, answer) = oneshot::channel();
                conference.do_send(Show(reply));
                answer
            })
            .collect();
        let mut records = Vec::with_capacity(asked.len());
        for answer in asked {
            records.extend(await_answer(answer).await.ok());
        }
        // One that ended in this moment is not active.
        records.retain(|record| !record.status.is_over());
        records
    }

    /// Other nodes may go on with the calls that live here.
    fn is_shared(&self) -> bool {
        self.ports.store.shared().is_some()
    }

    /// Waits until the hand-over of a call has an agent's leg, and tells its name.
    ///
    /// # Errors
    /// Nobody can be fetched, or it takes too long.
    pub async fn await_agent(&self, call: CallId) -> Result<Option<String>, CallError> {
        if self.is_shared() {
            return self.await_agent_of_any_node(call).await;
        }
        let (reply, answer) = oneshot::channel();
        self.operator.locate(call).await?.do_send(AwaitAgent(reply));
        await_answer(answer).await?
    }

    /// What is being done for the call may be in another node's hands: the journal tells.
    async fn await_agent_of_any_node(&self, call: CallId) -> Result<Option<String>, CallError> {
        const PAUSE: Duration = Duration::from_millis(200);
        const LOOKS: u32 = 50;
        for _ in 0..LOOKS {
            let (call, _) = standing(&*self.ports.store, call).await?;
            if let Some(answer) = agents_leg(&call) {
                return answer;
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(CallError::Late)
    }

    /// Joins the nodes that share the store, before anything is done for calls. `place` is where this node is, such as its host and
    /// port: who was there before is dead, and is taken over from at once. For as long as the task that is given runs, this node
    /// is alive and takes over what others leave. `None` when the store is not shared.
    ///
    /// # Errors
    /// The store does not take the first sign of life.
    pub async fn join_nodes(&self, place: String) -> Result<Option<JoinHandle<()>>, CallError> {
        if !self.is_shared() {
            return Ok(None);
        }
        let (store, hub) = (self.ports.store.clone(), self.ports.hub.clone());
        let (operator, lease) = (self.operator.clone(), self.lease.clone());
        let (clock, repertoires) = (self.ports.clock, self.repertoires.clone());
        let recovered = self.recovered.clone();
        let mut watch = Watch::new(store.clone(), operator, lease, hub.clone(), place, recovered.clone());
        watch.begin().await?;
        let watch = Arc::new(Mutex::new(watch));
        Ok(Some(actix::spawn(async move {
            tokio::join!(
                reborn("signs", || Watch::keep(watch.clone())),
                reborn("screens", || keep_screens(store.clone(), hub.clone(), clock)),
                reborn("agents", || keep_agents(store.clone(), hub.clone())),
                reborn("sign_ins", || keep_sign_ins(store.clone(), hub.clone())),
                reborn("repertoires", || keep_repertoires(repertoires.clone())),
                reborn("others", || hear_others(hub.clone())),
                ready_at_last(&recovered),
            );
        })))
    }

    /// This node is not there any more: others may take over at once.
    pub async fn leave_nodes(&self) {
        if let Some(shared) = self.ports.store.shared()
            && let Err(error) = shared.say_goodbye().await
        {
            tracing::warn!(%error, "the other nodes will notice in some seconds that this one is gone");
        }
    }

    /// Takes up every call that was live when the server stopped; of calls that nodes share those that are taken over
    /// ([`join_nodes`](Self::join_nodes)) are taken up instead. A store that is away is waited for; a call that cannot be taken up
    /// just now is once it can. Returns how many were taken up at once.
    ///
    /// # Errors
    /// The store cannot tell which they are, or not before the server goes down.
    pub async fn recover(&self) -> Result<usize, CallError> {
        let recovered = self.take_up_all().await;
        // A list that cannot be understood will not be by waiting, and everything else need not wait for it. What nodes share is taken
        // over, not recovered.
        if !self.is_shared() {
            self.recovered.store(true, Ordering::Relaxed);
        }
        recovered
    }

    async fn take_up_all(&self) -> Result<usize, CallError> {
        let live = if self.is_shared() { Vec::new() } else { self.live_calls().await? };
        let taken_up =
            stream::iter(live).map(|live| self.take_up(live.call)).buffer_unordered(REBUILT_AT_ONCE);
        Ok(taken_up.filter(|taken_up| ready(*taken_up)).count().await)
    }

    async fn live_calls(&self) -> Result<Vec<LiveCall>, CallError> {
        loop {
            match self.ports.store.live_calls().await {
                Err(error) if error.is_transient() && !self.is_draining() => {
                    tracing::warn!(%error, "which calls are live cannot be read yet");
                }
                read => return Ok(read?),
            }
            tokio::time::sleep(ASKED_AGAIN_AFTER).await;
        }
    }

    /// Says whether the call lives here since. If it does not, and may later, the dispatcher tries again until it does.
    async fn take_up(&self, call: CallId) -> bool {
        let Err(error) = self.operator.locate(call).await else { return true };
        let again = error.is_open();
        tracing::error!(callId = %call, %error, again, "a live call could not be taken up");
        if again {
            self.operator.dispatcher.do_send(Died(call));
        }
        false
    }

    /// It was tried to take up all calls that were live when the server stopped; where nodes share them, what is left by those that
    /// are gone was taken over for the first time, or that takes too long.
    pub fn is_recovered(&self) -> bool {
        self.recovered.load(Ordering::Relaxed)
    }

    /// No new calls are taken.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Takes no new calls, and waits for those that live to end, for so long at the most. Returns how many are left. Calls that
    /// nodes share go on elsewhere: there it only waits until whoever sends requests has seen that this node is not ready.
    pub async fn drain(&self, patience: Duration) -> usize {
        const SEEN: Duration = Duration::from_secs(3);
        self.draining.store(true, Ordering::Relaxed);
        self.operator.dispatcher.do_send(Drain);
        if self.is_shared() {
            tokio::time::sleep(patience.min(SEEN)).await;
            return self.living();
        }
        let drained = async {
            while !self.living_of(None).await.is_empty() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(patience, drained).await.is_ok() {
            0
        } else {
            self.living_of(None).await.len()
        }
    }

    /// Waits until what is being done for calls is done and told to them, for a moment at the most. Returns how much is left: whoever
    /// takes these calls up looks it up before it is done again.
    pub async fn finish(&self) -> usize {
        const PATIENCE: Duration = Duration::from_secs(3);
        let done = async {
            while self.hands.under_way() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        drop(tokio::time::timeout(PATIENCE, done).await);
        self.hands.under_way()
    }

    /// Ends every conference; calls that are not over go on from their journals at the next start.
    pub async fn put_down(&self) {
        const GOODBYE: Duration = Duration::from_secs(2);
        self.operator.dispatcher.do_send(PutAllDown);
        let gone = async {
            while self.operator.directory.count() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(GOODBYE, gone).await.is_err() {
            tracing::warn!(left = self.operator.directory.count(), "some conferences did not end in time");
        }
    }
}

/// A node is ready, though it may not have taken over yet what is left.
async fn ready_at_last(recovered: &AtomicBool) {
    tokio::time::sleep(READY_WITHIN).await;
    if !recovered.swap(true, Ordering::Relaxed) {
        tracing::warn!("taking over takes long; this node counts as ready meanwhile");
    }
}
