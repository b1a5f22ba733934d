//! The switchboard: how the edges (HTTP, the demo, campaigns) reach live calls.
//!
//! Every ask has a permit, a deadline, and one second try when the conference was gone or overtaken. What is asked is
//! put into the conference's mailbox at once, so that an edge that stops waiting does not take it back.

use crate::{
    CallError, Ports,
    conference::{AwaitAgent, Conference, Show, Tell},
    dispatcher::{Begin, Directory, Dispatcher, Drain, Locate, PutAllDown},
};
use actix::prelude::*;
use futures_util::{StreamExt, stream};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Semaphore, oneshot};
use tracing::Span;
use tsunagu_call::{Call, CallId, CallRecord, CompanyId, Created, Input, Reply};
use tsunagu_store::Opened;

/// How many asks may be under way at once before more are turned away.
const ASKS_AT_ONCE: usize = 20_000;
/// How long an ask may take. The carrier gives up on us after 15 s; until then a late answer is better than none.
const ASK_DEADLINE: Duration = Duration::from_secs(10);
/// How many calls are taken up at once after a start.
const REBUILT_AT_ONCE: usize = 64;

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Switchboard {
    ports: Ports,
    directory: Arc<Directory>,
    dispatcher: Addr<Dispatcher>,
    permits: Arc<Semaphore>,
    draining: Arc<AtomicBool>,
    begun: Arc<AtomicU64>,
}

impl std::fmt::Debug for Switchboard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Switchboard").field("conferences", &self.directory.count()).finish_non_exhaustive()
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
        let dispatcher = Dispatcher::new(ports.clone(), directory.clone(), arbiters).start();
        Self {
            ports,
            directory,
            dispatcher,
            permits: Arc::new(Semaphore::new(ASKS_AT_ONCE)),
            draining: Arc::default(),
            begun: Arc::default(),
        }
    }

    /// What calls reach the world through.
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// How many calls are held in memory.
    pub fn living(&self) -> usize {
        self.directory.count()
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
        self.dispatcher.do_send(Begin { call: step.call, entries: step.entries, idempotency_key, reply });
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
        match self.tell_once(call, input.clone()).await {
            // The conference was gone or overtaken before it took the input in for good: a fresh one will.
            Err(CallError::Stale) => self.tell_once(call, input).await,
            result => result,
        }
    }

    async fn tell_once(&self, call: CallId, input: Input) -> Result<Reply, CallError> {
        let (reply, answer) = oneshot::channel();
        self.locate(call).await?.do_send(Tell { input, reply: Some(reply), from: Span::current() });
        await_answer(answer).await?
    }

    /// The call as it is, whole, if it is live.
    ///
    /// # Errors
    /// It is not held in memory, or did not answer.
    pub async fn show(&self, call: CallId) -> Result<CallRecord, CallError> {
        let conference = self.directory.find(call).ok_or(CallError::NotFound)?;
        let (reply, answer) = oneshot::channel();
        conference.do_send(Show(reply));
        await_answer(answer).await
    }

    /// Words that the customer of a call is still speaking.
    pub fn overhear(&self, call: CallId, text: &str) {
        if let Some(company) = self.directory.company_of(call).filter(|_| self.ports.hub.is_watched()) {
            self.ports.hub.overhear(company, call, text.to_owned());
        }
    }

    /// The calls of a company that are not over, whole, oldest first.
    pub async fn active(&self, company: Option<CompanyId>) -> Vec<CallRecord> {
        let asked: Vec<_> = self
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
            // One that ended in this moment is not active.
            records.extend(await_answer(answer).await.ok().filter(|record| !record.status.is_over()));
        }
        records.sort_by_key(|record| (record.start_time, record.id));
        records
    }

    /// Waits until the hand-over of a call has an agent's leg, and tells its name.
    ///
    /// # Errors
    /// Nobody can be fetched, or it takes too long.
    pub async fn await_agent(&self, call: CallId) -> Result<Option<String>, CallError> {
        let (reply, answer) = oneshot::channel();
        self.locate(call).await?.do_send(AwaitAgent(reply));
        await_answer(answer).await?
    }

    /// Takes up every call that was live when the server stopped. Returns how many.
    ///
    /// # Errors
    /// The store cannot tell which they are.
    pub async fn recover(&self) -> Result<usize, CallError> {
        let live = self.ports.store.live_calls().await?;
        let count = live.len();
        stream::iter(live)
            .for_each_concurrent(REBUILT_AT_ONCE, |live| async move {
                if let Err(error) = self.locate(live.call).await {
                    tracing::error!(callId = %live.call, %error, "a live call could not be taken up");
                }
            })
            .await;
        Ok(count)
    }

    /// No new calls are taken.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Takes no new calls, and waits for those that live to end, for so long at the most. Returns how many are left.
    pub async fn drain(&self, patience: Duration) -> usize {
        self.draining.store(true, Ordering::Relaxed);
        self.dispatcher.do_send(Drain);
        let drained = async {
            while !self.active(None).await.is_empty() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(patience, drained).await.is_ok() { 0 } else { self.active(None).await.len() }
    }

    /// Ends every conference; calls that are not over go on from their journals at the next start.
    pub async fn put_down(&self) {
        const GOODBYE: Duration = Duration::from_secs(2);
        self.dispatcher.do_send(PutAllDown);
        let gone = async {
            while self.directory.count() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(GOODBYE, gone).await.is_err() {
            tracing::warn!(left = self.directory.count(), "some conferences did not end in time");
        }
    }

    async fn locate(&self, call: CallId) -> Result<Addr<Conference>, CallError> {
        if let Some(found) = self.directory.find(call) {
            return Ok(found);
        }
        let (reply, answer) = oneshot::channel();
        self.dispatcher.do_send(Locate { call, reply });
        await_answer(answer).await?
    }
}

/// The answer, if it comes in time; an asked actor that is gone drops the question.
async fn await_answer<T>(answer: oneshot::Receiver<T>) -> Result<T, CallError> {
    match tokio::time::timeout(ASK_DEADLINE, answer).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(CallError::Stale),
        Err(_) => Err(CallError::Late),
    }
}
