//! The exchange: all calls, conferences and recordings of the sandbox, and how they come to be and are forgotten.

use super::call::{ByHand, Call, ConferencePlan, Facts, MAX_ORDERS, Order, RecordPlan, Source, State, Terms};
use super::callback::{self, Subscription};
use super::clock::Clock;
use super::conference::{Conference, Seating};
use super::config::SandboxConfig;
use super::inspect::Counters;
use super::log::{Event, Journal};
use super::queues::Queues;
use super::recording::Recording;
use super::room::{Refusal, Seat};
use super::webhook::{CookieJar, Lane, Messenger, Params};
use super::{casting::Casting, fault::Weather, leg, sid};
use crate::{CallStatus, Direction};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How long after its end a recording is ready, in seconds of call time.
const RECORDING_READY: f64 = 1.5;
/// Twilio dials no call that has waited longer than this, in real time (24 hours).
const MAX_QUEUE: Duration = Duration::from_secs(86_400);

/// The sandbox's state.
pub struct Exchange {
    /// What it was started with.
    pub config: SandboxConfig,
    /// Call time.
    pub clock: Clock,
    /// Where calls' tasks run.
    pub runtime: tokio::runtime::Handle,
    /// Sends webhooks.
    pub messenger: Arc<Messenger>,
    /// Faults.
    pub weather: Arc<Weather>,
    /// What has happened how often.
    pub counters: Arc<Counters>,
    /// Who answers which number.
    pub casting: Casting,
    /// How others reach the sandbox.
    pub public_url: String,
    ordinal: AtomicU64,
    calls: Mutex<Book<Call>>,
    conferences: Mutex<Book<Conference>>,
    named: Mutex<HashMap<String, Arc<Conference>>>,
    recordings: Mutex<BTreeMap<u64, Recording>>,
    /// Who waits in which queue.
    pub queues: Arc<Queues>,
    next_dial: Mutex<Option<Instant>>,
    closing: watch::Sender<bool>,
}

/// Live and ended things by sid and by age; of the ended ones only the newest are kept.
struct Book<T> {
    by_sid: HashMap<String, Arc<T>>,
    by_age: BTreeMap<u64, Arc<T>>,
    ended: VecDeque<(u64, String)>,
}

impl<T> Default for Book<T> {
    fn default() -> Self {
        Self { by_sid: HashMap::new(), by_age: BTreeMap::new(), ended: VecDeque::new() }
    }
}

impl<T> Book<T> {
    fn add(&mut self, sid: &str, ordinal: u64, thing: Arc<T>) {
        self.by_sid.insert(sid.to_owned(), thing.clone());
        self.by_age.insert(ordinal, thing);
    }

    /// Marks one as ended; returns the sids of those that are forgotten for it.
    fn end(&mut self, sid: &str, ordinal: u64, keep: usize) -> Vec<String> {
        self.ended.push_back((ordinal, sid.to_owned()));
        let mut forgotten = Vec::new();
        while self.ended.len() > keep {
            let Some((ordinal, sid)) = self.ended.pop_front() else { break };
            self.by_age.remove(&ordinal);
            self.by_sid.remove(&sid);
            forgotten.push(sid);
        }
        forgotten
    }

    fn remove(&mut self, sid: &str, ordinal: u64) {
        self.by_sid.remove(sid);
        self.by_age.remove(&ordinal);
        self.ended.retain(|(_, other)| other != sid);
    }
}

/// What a new call is made of.
pub struct NewCall {
    /// Whom to ring; for an inbound call the number that was rung.
    pub to: String,
    /// From whom.
    pub from: String,
    /// Who starts it.
    pub direction: Direction,
    /// The dialling call.
    pub parent: Option<String>,
    /// What it does when answered.
    pub source: Source,
    /// Call progress callback.
    pub progress: Option<Subscription>,
    /// Seconds to ring.
    pub timeout: f64,
    /// Longest duration in seconds.
    pub time_limit: f64,
    /// Machine detection.
    pub detection: Option<super::call::Detection>,
    /// Recording from the answer on.
    pub record: Option<RecordPlan>,
    /// Keys pressed on answer.
    pub send_digits: Option<String>,
    /// Further webhook parameters.
    pub extra: Params,
}

impl NewCall {
    /// A call with Twilio's defaults.
    pub fn new(to: String, from: String, direction: Direction, source: Source) -> Self {
        Self {
            to,
            from,
            direction,
            parent: None,
            source,
            progress: None,
            timeout: 60.0,
            time_limit: 14_400.0,
            detection: None,
            record: None,
            send_digits: None,
            extra: Vec::new(),
        }
    }
}

/// A call that waits for its task.
pub struct Start {
    call: Arc<Call>,
    source: Source,
    dial_at: Instant,
    orders: mpsc::Receiver<Order>,
    by_hand: mpsc::Receiver<ByHand>,
}

impl Start {
    /// Starts the task.
    pub fn go(self, exchange: &Arc<Exchange>) {
        exchange.counters.call_created();
        let task =
            leg::run(exchange.clone(), self.call, self.source, self.dial_at, self.orders, self.by_hand);
        exchange.spawn(task);
    }
}

impl Exchange {
    /// An exchange without calls, whose tasks will run on the present tokio runtime.
    pub fn new(config: SandboxConfig, clock: Clock, messenger: Arc<Messenger>, parts: Parts) -> Arc<Self> {
        let casting = Casting::new(config.cast.clone(), config.seed);
        Arc::new(Self {
            config,
            clock,
            runtime: tokio::runtime::Handle::current(),
            messenger,
            weather: parts.weather,
            counters: parts.counters,
            casting,
            public_url: parts.public_url,
            ordinal: AtomicU64::new(1),
            calls: Mutex::default(),
            conferences: Mutex::default(),
            named: Mutex::default(),
            recordings: Mutex::default(),
            queues: Arc::default(),
            next_dial: Mutex::default(),
            closing: watch::Sender::new(false),
        })
    }

    /// Stops the tasks of all calls where they are, as when the power goes: nobody is told of it.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Runs a task that ends where it is when the exchange is closed.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut closing = self.closing.subscribe();
        self.runtime.spawn(async move {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => {}
                () = task => {}
            }
        });
    }

    /// Creates a call and starts its task.
    pub fn create_call(self: &Arc<Self>, new: NewCall) -> Arc<Call> {
        let (call, start) = self.prepare_call(new);
        start.go(self);
        call
    }

    /// Creates a call whose task is not running yet, for what must be done before it does. A call that is not
    /// started has to be deleted.
    pub fn prepare_call(self: &Arc<Self>, new: NewCall) -> (Arc<Call>, Start) {
        let now = self.clock.now();
        let wait = match new.direction {
            Direction::OutboundApi => self.queue_for_dialling(),
            _ => Duration::ZERO,
        };
        let facts = Facts {
            sid: sid::new("CA"),
            ordinal: self.ordinal.fetch_add(1, Ordering::Relaxed),
            to: new.to,
            from: new.from,
            direction: new.direction,
            parent: new.parent,
            created: now,
            timeout: new.timeout,
            detection: new.detection,
            record: new.record,
            send_digits: new.send_digits,
            extra: new.extra,
        };
        let status = match new.direction {
            Direction::Inbound => CallStatus::Ringing,
            _ => CallStatus::Queued,
        };
        let state = State {
            status,
            updated: now,
            started: (status == CallStatus::Ringing).then_some(now),
            answered: None,
            ended: None,
            queue_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            answered_by: None,
            sip: None,
            progress: new.progress,
            time_limit: new.time_limit,
            conference: None,
            farewell: None,
            children: Vec::new(),
            recordings: Vec::new(),
            persona: None,
            streams: Vec::new(),
        };
        let journal = Arc::new(Journal::new(self.clock.clone()));
        let jar = Arc::new(CookieJar::default());
        let lane = Lane::new(self.messenger.clone(), jar.clone(), journal.clone());
        let (orders, orders_in) = mpsc::channel(MAX_ORDERS);
        let (by_hand, by_hand_in) = mpsc::channel(MAX_ORDERS);
        let call = Arc::new(Call::new(facts, state, journal, jar, lane, orders, by_hand));
        call.journal.add(Event::Status { status: status.as_str() });
        self.calls().add(call.sid(), call.facts.ordinal, call.clone());
        let dial_at = Instant::now() + wait;
        let start =
            Start { call: call.clone(), source: new.source, dial_at, orders: orders_in, by_hand: by_hand_in };
        (call, start)
    }

    /// The call with this sid.
    pub fn call(&self, sid: &str) -> Option<Arc<Call>> {
        self.calls().by_sid.get(sid).cloned()
    }

    /// All calls that are kept, newest first.
    pub fn all_calls(&self) -> Vec<Arc<Call>> {
        self.calls().by_age.values().rev().cloned().collect()
    }

    /// Forgets an ended call.
    pub fn delete_call(&self, call: &Call) {
        self.calls().remove(call.sid(), call.facts.ordinal);
    }

    /// A call has ended: it is kept for inspection, and the oldest ended one may be forgotten.
    pub fn call_over(&self, call: &Call) {
        self.counters.call_over(call.status());
        let forgotten = self.calls().end(call.sid(), call.facts.ordinal, self.config.keep_calls);
        if !forgotten.is_empty() {
            self.recordings().retain(|_, r| !r.call.as_ref().is_some_and(|call| forgotten.contains(call)));
        }
    }

    /// Sends the call's progress callback for the status that it now has.
    pub fn report_progress(&self, call: &Call, recording: Params) {
        let account = &self.config.account_sid;
        if let Some(notification) = callback::progress(call, account, self.clock.now(), recording) {
            call.lane.push(&self.runtime, notification);
        }
    }

    /// Brings a call into its conference, which is created when the name has no live one.
    pub fn join(
        self: &Arc<Self>,
        call: &Arc<Call>,
        plan: &ConferencePlan,
    ) -> Result<(Arc<Conference>, watch::Receiver<Seating>), Refusal> {
        if let Some(sid) = &plan.sid {
            let conference = self.conference(sid).ok_or(Refusal::Over)?;
            let seating = conference.arrive(self, call)?;
            return Ok((conference, seating));
        }
        loop {
            let conference = self.open(&plan.name, &plan.terms);
            let seat = Seat { call: call.sid().to_owned(), ..plan.seat.clone() };
            match conference.admit(self, call, seat) {
                // It ended between being found and being entered.
                Err(Refusal::Over) => self.conference_over(&conference),
                Err(refusal) => return Err(refusal),
                Ok(seating) => return Ok((conference, seating)),
            }
        }
    }

    /// The live conference of this name, or a new one.
    pub fn open(&self, name: &str, terms: &Terms) -> Arc<Conference> {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(conference) = named.get(name) {
            return conference.clone();
        }
        let ordinal = self.ordinal.fetch_add(1, Ordering::Relaxed);
        let conference = Arc::new(Conference::new(self, name, ordinal, terms.clone()));
        named.insert(name.to_owned(), conference.clone());
        self.conferences().add(&conference.sid, ordinal, conference.clone());
        self.counters.conference_created();
        conference
    }

    /// The conference with this sid.
    pub fn conference(&self, sid: &str) -> Option<Arc<Conference>> {
        self.conferences().by_sid.get(sid).cloned()
    }

    /// All conferences that are kept, newest first.
    pub fn all_conferences(&self) -> Vec<Arc<Conference>> {
        self.conferences().by_age.values().rev().cloned().collect()
    }

    /// A conference has ended: its name is free again.
    pub fn conference_over(&self, conference: &Conference) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.get(&conference.name).is_some_and(|live| live.sid == conference.sid) {
            named.remove(&conference.name);
            drop(named);
            let keep = self.config.keep_calls;
            let forgotten = self.conferences().end(&conference.sid, conference.ordinal, keep);
            if !forgotten.is_empty() {
                self.recordings()
                    .retain(|_, r| !r.conference.as_ref().is_some_and(|sid| forgotten.contains(sid)));
            }
        }
    }

    /// Begins a recording and reports it.
    pub fn start_recording(
        &self,
        call: Option<&Call>,
        conference: Option<(&str, &Arc<Lane>)>,
        plan: RecordPlan,
    ) -> String {
        let recording =
            Recording::new(call.map(Call::sid), conference.map(|(sid, _)| sid), plan, self.clock.now());
        let lane = call.map(|call| &call.lane).or(conference.map(|(_, lane)| lane));
        if let Some(lane) = lane {
            self.report_recording(&recording, lane);
        }
        if let Some(call) = call {
            let recording_sid = recording.sid.clone();
            call.journal.add(Event::Recording { recording_sid, status: "in-progress" });
        }
        let sid = recording.sid.clone();
        let ordinal = self.ordinal.fetch_add(1, Ordering::Relaxed);
        self.recordings().insert(ordinal, recording);
        sid
    }

    /// Ends a recording; it is ready, and reported, a moment later. Returns it as it will be.
    pub fn finish_recording(self: &Arc<Self>, sid: &str, lane: Arc<Lane>) -> Option<Recording> {
        let now = self.clock.now();
        let finished = self.change_recording(sid, |recording| {
            recording.is_live().then(|| {
                recording.finish(now);
                let finished = recording.clone();
                recording.status = "processing";
                finished
            })
        })??;
        let (exchange, sid, status) = (self.clone(), sid.to_owned(), finished.status);
        self.runtime.spawn(async move {
            exchange.clock.sleep(RECORDING_READY).await;
            let ready = exchange.change_recording(&sid, |recording| {
                recording.status = status;
                recording.clone()
            });
            if let Some(recording) = ready {
                exchange.report_recording(&recording, &lane);
            }
        });
        Some(finished)
    }

    /// Changes a recording.
    pub fn change_recording<T>(&self, sid: &str, change: impl FnOnce(&mut Recording) -> T) -> Option<T> {
        self.recordings().values_mut().rev().find(|recording| recording.sid == sid).map(change)
    }

    /// All recordings that are kept, newest first.
    pub fn all_recordings(&self) -> Vec<Recording> {
        self.recordings().values().rev().cloned().collect()
    }

    /// Forgets a recording.
    pub fn delete_recording(&self, sid: &str) {
        self.recordings().retain(|_, recording| recording.sid != sid);
    }

    fn report_recording(&self, recording: &Recording, lane: &Arc<Lane>) {
        let Some(subscription) = &recording.plan.callback else { return };
        let params = recording.params(&self.config.account_sid, &self.public_url);
        if let Some(notification) = callback::recording(subscription, recording.status, params) {
            lane.push(&self.runtime, notification);
        }
    }

    /// How long a new call waits until it is dialled.
    fn queue_for_dialling(&self) -> Duration {
        let Some(cps) = self.config.cps.filter(|cps| *cps > 0.0) else { return Duration::ZERO };
        let mut next = self.next_dial.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mine = next.unwrap_or(now).max(now);
        *next = Some(mine + self.clock.real(1.0 / cps));
        mine.duration_since(now).min(MAX_QUEUE)
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, Book<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn conferences(&self) -> std::sync::MutexGuard<'_, Book<Conference>> {
        self.conferences.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recordings(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Recording>> {
        self.recordings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an exchange shares with the HTTP server.
pub struct Parts {
    /// Faults.
    pub weather: Arc<Weather>,
    /// What has happened how often.
    pub counters: Arc<Counters>,
    /// How others reach the sandbox.
    pub public_url: String,
}
