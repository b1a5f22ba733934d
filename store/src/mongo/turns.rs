//! Commits in the order in which they were handed in: those of one call one after the other, those of others beside them.

use super::MongoStore;
use crate::{Commit, Receipt, StoreError, receipt::Reply};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tsunagu_call::CallId;

/// How many commits may wait at most.
const WAITING_MOST: u32 = 20_000;

/// Commits that wait, by their call. A call has a queue while somebody works on it.
pub(super) struct Turns {
    queues: Mutex<HashMap<CallId, VecDeque<Turn>>>,
    places: Arc<Semaphore>,
}

/// A commit that waits.
pub(super) struct Turn {
    commit: Commit,
    reply: Reply<()>,
    _place: OwnedSemaphorePermit,
}

impl Turns {
    pub fn new() -> Self {
        Self { queues: Mutex::default(), places: Arc::new(Semaphore::new(WAITING_MOST as usize)) }
    }

    /// Waits until nothing waits any more, and lets nothing more in.
    pub async fn finish(&self) {
        if let Ok(all) = self.places.acquire_many(WAITING_MOST).await {
            self.places.close();
            drop(all);
        }
    }

    /// Puts a turn in its queue; says whether somebody has to begin to work on it.
    fn enter(&self, turn: Turn) -> bool {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        match queues.get_mut(&turn.commit.call) {
            Some(queue) => {
                queue.push_back(turn);
                false
            }
            None => {
                queues.insert(turn.commit.call, VecDeque::from([turn]));
                true
            }
        }
    }

    /// The next one of a call; without one the queue is gone.
    fn next(&self, call: CallId) -> Option<Turn> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = queues.get_mut(&call)?.pop_front();
        if turn.is_none() {
            queues.remove(&call);
        }
        turn
    }
}

impl MongoStore {
    /// Takes its place in the queue before it returns.
    pub(super) fn take_turn(&self, commit: Commit) -> Receipt<()> {
        if let Err(error) = self.calls.open().map(|_| ()).and_then(|()| commit.check()) {
            return Receipt::ready(Err(error));
        }
        let Ok(place) = Arc::clone(&self.turns.places).try_acquire_owned() else {
            let full = StoreError::Full { limit: WAITING_MOST as usize };
            let closed = self.turns.places.is_closed();
            return Receipt::ready(Err(if closed { StoreError::closed() } else { full }));
        };
        let call = commit.call;
        let (reply, receipt) = Receipt::pending();
        if self.turns.enter(Turn { commit, reply, _place: place }) {
            let store = self.clone();
            self.runtime.spawn(async move { store.work(call).await });
        }
        receipt
    }

    async fn work(&self, call: CallId) {
        while let Some(Turn { commit, reply, _place }) = self.turns.next(call) {
            let over = commit.record.as_ref().is_some_and(|record| record.status.is_over());
            let store = self.clone();
            // A task of its own, so that even a panic leaves the queue to those behind.
            let written = self.runtime.spawn(async move { store.write(&commit).await }).await;
            let written = written
                .unwrap_or_else(|error| Err(StoreError::unavailable("a commit was broken off", error)));
            let long = written.as_ref().is_ok_and(|tail| tail.is_long() || over);
            reply.send(written.map(|_| ()));
            // What stands in the call's document is safe there: if this fails, the next one tries again.
            if long && let Err(error) = self.carry_over(call).await {
                tracing::warn!(callId = %call, %error, "a journal's tail could not be carried over yet");
            }
        }
    }
}
