//! What this node is doing for a call. It outlives a conference that is overtaken: the next one finds what is under way, and
//! does not do it again.

use crate::dispatcher::WantedPick;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync;
use tsunagu_call::{CallId, CommandId};

/// For one call.
#[derive(Default)]
pub(crate) struct Hands {
    /// Which choice of an agent is wanted.
    pub wanted_pick: WantedPick,
    pub turns: Turns,
    under_way: Mutex<HashSet<CommandId>>,
    /// How much is under way for all calls.
    of_all: Arc<AtomicUsize>,
}

/// What must not overtake what was decided before is done in that order.
#[derive(Default)]
pub(crate) struct Turns {
    /// On the line: an agent is given back after their leg was hung up, so that nobody rings them while it still is one.
    pub line: sync::Mutex<()>,
    /// In the store: a seat must not overtake its own end, nor what was said of the call first what was said later. No seat waits for
    /// a leg that cannot be hung up.
    pub store: sync::Mutex<()>,
}

impl Hands {
    /// Begins with something; gives nothing when it is under way. It is over when what is given is dropped.
    pub fn begin(self: &Arc<Self>, command: CommandId) -> Option<UnderWay> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.insert(command).then(|| {
            self.of_all.fetch_add(1, Ordering::AcqRel);
            UnderWay { hands: self.clone(), command }
        })
    }

    /// It is being done.
    pub fn is_under_way(&self, command: CommandId) -> bool {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).contains(&command)
    }
}

/// Something is being done.
pub(crate) struct UnderWay {
    hands: Arc<Hands>,
    command: CommandId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.hands.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.command);
        self.hands.of_all.fetch_sub(1, Ordering::AcqRel);
    }
}

/// For all calls of this node, each for as long as there is a conference or something is under way.
#[derive(Default)]
pub(crate) struct AllHands {
    calls: Mutex<HashMap<CallId, Weak<Hands>>>,
    under_way: Arc<AtomicUsize>,
}

impl AllHands {
    /// Those for a call.
    pub fn of(&self, call: CallId) -> Arc<Hands> {
        let mut all = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hands) = all.get(&call).and_then(Weak::upgrade) {
            return hands;
        }
        // Seldom, and more seldom the more there are.
        if all.len() == all.capacity() {
            all.retain(|_, hands| hands.strong_count() > 0);
        }
        let hands = Arc::new(Hands { of_all: self.under_way.clone(), ..Hands::default() });
        all.insert(call, Arc::downgrade(&hands));
        hands
    }

    /// How much is being done.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: CallId = CallId::from_bytes([1; 12]);

    #[test]
    fn what_is_under_way_is_not_begun_again() {
        let all = AllHands::default();
        let under_way = all.of(CALL).begin(1);
        assert!(under_way.is_some() && all.of(CALL).begin(1).is_none() && all.of(CALL).begin(2).is_some());
        assert_eq!(all.under_way(), 1);
        drop(under_way);
        assert_eq!(all.under_way(), 0);
        assert!(all.of(CALL).begin(1).is_some());
    }

    #[test]
    fn calls_without_anything_under_way_are_forgotten() {
        let all = AllHands::default();
        let kept = all.of(CALL);
        for number in 0..1000_u32 {
            let mut bytes = [2; 12];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            drop(all.of(CallId::from_bytes(bytes)));
        }
        assert!(all.calls.lock().unwrap().len() < 100);
        assert!(Arc::ptr_eq(&kept, &all.of(CALL)));
    }
}
