//! The queues of the exchange: the pure rules, and around them how a waiting call and the one that takes it meet.

use super::call::Call;
use super::farewell::seconds;
use super::queue::{Full, Match, Member, Queue, Standing};
use super::sid;
use super::webhook::Method;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{oneshot, watch};

/// Queues that are kept. An empty one is forgotten for a new one.
const MAX_QUEUES: usize = 1_000;

/// All queues, by name.
#[derive(Default)]
pub struct Queues {
    named: Mutex<HashMap<String, Entry>>,
}

struct Entry {
    sid: String,
    queue: Queue,
    waiting: HashMap<String, (Arc<Call>, oneshot::Sender<Taken>)>,
    takers: HashMap<String, Taker>,
}

struct Taker {
    call: Arc<Call>,
    whisper: Option<(String, Method)>,
    found: oneshot::Sender<Caught>,
}

/// Why a call is not let into a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is full.
    Full,
    /// There are too many queues.
    TooMany,
}

/// A waiting call has been taken out of its queue, by this one.
pub struct Taken {
    /// Who takes it.
    pub by: Arc<Call>,
    /// What it is to hear first.
    pub whisper: Option<(String, Method)>,
    /// What it was in the queue: who, and since when.
    pub member: Member,
    /// How many seconds it has waited.
    pub waited: String,
    /// What ties both together.
    pub bond: Bond,
}

/// Somebody was in the queue.
pub struct Caught {
    /// Who.
    pub call: Arc<Call>,
    /// How many seconds they have waited.
    pub waited: String,
    /// What ties both together.
    pub bond: Bond,
}

/// One end of what ties two calls together. When one end is dropped the other one notices.
pub struct Bond {
    own: watch::Sender<bool>,
    other: watch::Receiver<bool>,
}

impl Bond {
    fn pair() -> (Self, Self) {
        let (left, left_seen) = watch::channel(false);
        let (right, right_seen) = watch::channel(false);
        (Self { own: left, other: right_seen }, Self { own: right, other: left_seen })
    }

    /// This end is ready to talk.
    pub fn get_ready(&self) {
        self.own.send_replace(true);
    }

    /// Waits until the other end is ready. False when it is gone.
    pub async fn other_ready(&self) -> bool {
        self.other.clone().wait_for(|ready| *ready).await.is_ok()
    }

    /// Waits until the other end is gone.
    pub async fn parted(&self) {
        let mut other = self.other.clone();
        while other.changed().await.is_ok() {}
    }
}

/// A call's place in a queue, given up when this is dropped.
pub struct Place {
    queues: Arc<Queues>,
    name: String,
    call: String,
    /// `QU…`.
    pub sid: String,
}

impl Place {
    /// Where it stands now; `None` when it has been taken.
    pub fn standing(&self, now: Timestamp) -> Option<Standing> {
        self.queues.locked().get(&self.name)?.queue.standing(&self.call, now)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(entry) = self.queues.locked().get_mut(&self.name) {
            entry.queue.leave(&self.call);
            entry.waiting.remove(&self.call);
        }
    }
}

/// A call that has dialled a queue and waits for somebody in it, until this is dropped.
pub struct Search {
    queues: Arc<Queues>,
    name: String,
    call: String,
    /// `QU…`.
    pub sid: String,
    /// Who is found.
    pub found: oneshot::Receiver<Caught>,
}

impl Drop for Search {
    fn drop(&mut self) {
        if let Some(entry) = self.queues.locked().get_mut(&self.name) {
            entry.queue.give_up(&self.call);
            entry.takers.remove(&self.call);
        }
    }
}

impl Queues {
    /// A call comes to the end of a queue, which is made if there is none of that name.
    pub fn enter(
        self: &Arc<Self>,
        name: &str,
        call: &Arc<Call>,
        now: Timestamp,
    ) -> Result<(Place, oneshot::Receiver<Taken>), Refusal> {
        let member = Member { call: call.sid().to_owned(), since: now };
        self.wait(name, call, now, |queue| queue.enter(member))
    }

    /// A call that was taken in vain comes back to the head of its queue.
    pub fn restore(
        self: &Arc<Self>,
        name: &str,
        call: &Arc<Call>,
        member: Member,
        now: Timestamp,
    ) -> Result<(Place, oneshot::Receiver<Taken>), Refusal> {
        self.wait(name, call, now, |queue| Ok(queue.restore(member)))
    }

    /// A call dials a queue, with a document that the one in it is to hear first. `None` when there is no such queue.
    pub fn search(
        self: &Arc<Self>,
        name: &str,
        call: &Arc<Call>,
        whisper: Option<(String, Method)>,
        now: Timestamp,
    ) -> Option<Search> {
        let mut named = self.locked();
        let entry = named.get_mut(name)?;
        let (sender, found) = oneshot::channel();
        let taker = Taker { call: call.clone(), whisper, found: sender };
        entry.takers.insert(call.sid().to_owned(), taker);
        let matched = entry.queue.take(call.sid());
        let sid = entry.sid.clone();
        entry.join(matched, now);
        Some(Search { queues: self.clone(), name: name.to_owned(), call: call.sid().to_owned(), sid, found })
    }

    fn wait(
        self: &Arc<Self>,
        name: &str,
        call: &Arc<Call>,
        now: Timestamp,
        enter: impl FnOnce(&mut Queue) -> Result<Option<Match>, Full>,
    ) -> Result<(Place, oneshot::Receiver<Taken>), Refusal> {
        let mut named = self.locked();
        if !named.contains_key(name) && named.len() >= MAX_QUEUES {
            let idle = named.iter().find(|(_, entry)| entry.queue.is_empty()).map(|(name, _)| name.clone());
            named.remove(&idle.ok_or(Refusal::TooMany)?);
        }
        let entry = named.entry(name.to_owned()).or_insert_with(Entry::new);
        let (sender, taken) = oneshot::channel();
        entry.waiting.insert(call.sid().to_owned(), (call.clone(), sender));
        let matched = match enter(&mut entry.queue) {
            Ok(matched) => matched,
            Err(Full) => {
                entry.waiting.remove(call.sid());
                return Err(Refusal::Full);
            }
        };
        let sid = entry.sid.clone();
        entry.join(matched, now);
        let place = Place { queues: self.clone(), name: name.to_owned(), call: call.sid().to_owned(), sid };
        Ok((place, taken))
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new() -> Self {
        Self { sid: sid::new("QU"), queue: Queue::default(), waiting: HashMap::new(), takers: HashMap::new() }
    }

    /// Lets a call and its taker know of each other. If one of them has just gone, the other notices by the bond.
    fn join(&mut self, matched: Option<Match>, now: Timestamp) {
        let Some(Match { member, taker }) = matched else { return };
        let waiting = self.waiting.remove(&member.call);
        let taker = self.takers.remove(&taker);
        let (Some((call, to_waiting)), Some(taker)) = (waiting, taker) else { return };
        let (left, right) = Bond::pair();
        let waited = seconds(member.since, now);
        let _ = taker.found.send(Caught { call, waited: waited.clone(), bond: right });
        let by = taker.call;
        let _ = to_waiting.send(Taken { by, whisper: taker.whisper, member, waited, bond: left });
    }
}
