//! A bounded queue from many async tasks to few threads, taken out in batches.
//!
//! Handing in never waits: it takes its place or is refused. The lock is held for a push or a swap only.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Work that waits for a thread.
pub struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    limit: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    sleeping: usize,
    /// Somebody gathers a batch and wants to know when so many wait.
    gathering: Option<usize>,
    closed: bool,
}

/// Why nothing more is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// As many as may wait are waiting.
    Full,
    /// Nobody will work any more.
    Closed,
}

impl<T> Queue<T> {
    /// An empty queue for at most `limit`.
    pub fn new(limit: usize) -> Self {
        let state = State { waiting: VecDeque::new(), sleeping: 0, gathering: None, closed: false };
        Self { state: Mutex::new(state), filled: Condvar::new(), limit }
    }

    /// How many may wait.
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// Hands something in.
    pub fn push(&self, item: T) -> Result<(), Refusal> {
        let mut state = self.lock();
        if state.closed {
            return Err(Refusal::Closed);
        }
        if state.waiting.len() >= self.limit {
            return Err(Refusal::Full);
        }
        state.waiting.push_back(item);
        let wake = state.sleeping > 0 || state.gathering.is_some_and(|most| state.waiting.len() >= most);
        drop(state);
        if wake {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Waits for work and moves at most `most` of it to `batch`; says how much is left, or nothing when the queue is
    /// closed and empty.
    pub fn take(&self, batch: &mut Vec<T>, most: usize) -> Option<usize> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed {
                return None;
            }
            state.sleeping += 1;
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeping -= 1;
        }
        let count = state.waiting.len().min(most);
        batch.extend(state.waiting.drain(..count));
        Some(state.waiting.len())
    }

    /// Lets work gather for so long, or until `most` waits or the queue is closed. For a queue with one taker.
    pub fn gather(&self, time: Duration, most: usize) {
        let mut state = self.lock();
        state.gathering = Some(most);
        let go_on = |state: &mut State<T>| !state.closed && state.waiting.len() < most;
        let waited = self.filled.wait_timeout_while(state, time, go_on);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.gathering = None;
    }

    /// Takes in nothing more; what waits is still worked on.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Closes, and gives up what waits.
    pub fn abandon(&self) {
        let mut state = self.lock();
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(waiting);
        self.filled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_in_comes_out_in_order_and_in_batches() {
        let queue = Queue::new(5);
        (0..5).for_each(|n| queue.push(n).unwrap());
        assert_eq!(queue.push(5), Err(Refusal::Full));
        let mut batch = Vec::new();
        assert_eq!(queue.take(&mut batch, 3), Some(2));
        assert_eq!(batch, [0, 1, 2]);
        queue.push(6).unwrap();
        queue.close();
        assert_eq!(queue.push(7), Err(Refusal::Closed));
        batch.clear();
        assert_eq!(queue.take(&mut batch, 9), Some(0));
        assert_eq!(batch, [3, 4, 6]);
        assert!(queue.take(&mut batch, 9).is_none());
    }

    #[test]
    fn gathering_ends_when_enough_waits_or_the_queue_closes() {
        const LONG: Duration = Duration::from_secs(3600);
        let queue = Queue::new(9);
        std::thread::scope(|scope| {
            let taker = scope.spawn(|| queue.gather(LONG, 2));
            queue.push(1).unwrap();
            queue.push(2).unwrap();
            taker.join().unwrap();
            let taker = scope.spawn(|| queue.gather(LONG, 3));
            queue.close();
            taker.join().unwrap();
        });
    }

    #[test]
    fn a_sleeper_wakes_for_work_and_for_the_end() {
        let queue = Queue::new(1);
        std::thread::scope(|scope| {
            let sleeper = scope.spawn(|| {
                let mut batch = Vec::new();
                while queue.take(&mut batch, 1).is_some() {}
                batch
            });
            while queue.push(1).is_err() {}
            queue.close();
            assert_eq!(sleeper.join().unwrap(), [1]);
        });
    }
}
