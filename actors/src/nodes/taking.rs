//! What the dead held, and what nobody holds, taken over call by call. It is a task of its own: there may be many calls, and the
//! node's own signs go on meanwhile.

use crate::{
    conference::Holds,
    dispatcher::{Died, Operator, Retake},
};
use futures_util::{StreamExt, stream::FuturesUnordered};
use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};
use tsunagu_call::NodeId;
use tsunagu_store::{HeldCall, SharedStore, Sign, Store, StoreError};

/// How many calls are passed on at a time.
const AT_ONCE: usize = 32;

/// Who is alive by the last look; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Living(Arc<RwLock<BTreeSet<NodeId>>>);

impl Living {
    /// Those who tell signs and are not dead.
    pub fn set(&self, signs: &[Sign], dead: &[NodeId]) {
        let living = signs.iter().map(|sign| sign.node).filter(|node| !dead.contains(node)).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = living;
    }

    fn has(&self, node: NodeId) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&node)
    }
}

/// One time of it.
pub(super) struct TakingOver {
    pub store: Arc<dyn Store>,
    pub operator: Operator,
    pub dead: Vec<NodeId>,
    /// Who stalled and is back is left alone from then on.
    pub living: Living,
    /// This node has only just come: calls of a server that shared with nobody are taken, too.
    pub first: bool,
}

impl TakingOver {
    /// Goes through all calls. Gives what all nodes told last.
    pub async fn run(self) -> Result<Vec<Sign>, StoreError> {
        let Some(shared) = self.store.shared() else { return Ok(Vec::new()) };
        // Who begins to write calls has told a sign before: looked at in this order, a holder without one is gone.
        let mut held = shared.held_calls().await?.into_iter();
        let signs = shared.signs().await?;
        let told = signs.iter().map(|sign| sign.node).filter(|node| !self.dead.contains(node));
        let told: BTreeSet<NodeId> = told.collect();
        let mut passing = FuturesUnordered::new();
        for call in held.by_ref().take(AT_ONCE) {
            passing.push(self.pass(shared, call, &told));
        }
        let (mut taken, mut failed) = (0_u64, None);
        while let Some(passed) = passing.next().await {
            match passed {
                Ok(passed) => taken += u64::from(passed),
                Err(error) => failed = Some(error),
            }
            // After a failure it is begun anew soon. What is under way is waited for: it may be passed all the same.
            if failed.is_none()
                && let Some(next) = held.next()
            {
                passing.push(self.pass(shared, next, &told));
            }
        }
        if taken > 0 {
            metrics::counter!("calls_taken_over_total").increment(taken);
            tracing::info!(
                calls = taken,
                dead = self.dead.len(),
                "calls taken over from nodes that are gone"
            );
        }
        failed.map_or(Ok(signs), Err)
    }

    /// Takes over what of a call is held by the dead, and by nobody; says whether there was anything.
    async fn pass(
        &self,
        shared: &dyn SharedStore,
        held: HeldCall,
        told: &BTreeSet<NodeId>,
    ) -> Result<bool, StoreError> {
        let ours = shared.node();
        let holders: BTreeSet<NodeId> =
            held.hold.holders().filter(|node| *node != ours && !told.contains(node)).collect();
        let mut passed = self.first && held.hold.owner.is_none();
        for holder in holders {
            if !self.living.has(holder) {
                passed |= shared.take_over(held.call, holder).await?.is_some();
            }
        }
        if passed {
            self.operator.dispatcher.do_send(Retake(held.call));
        } else if held.hold.holders().any(|node| node == ours) {
            // It was not begun while the lease did not hold, or what came of it could not be told, or nobody has its timers; or it was
            // taken over, and the answer to that was lost.
            match self.operator.directory.find(held.call) {
                Some(conference) => conference.do_send(Holds(held)),
                None => self.operator.dispatcher.do_send(Died(held.call)),
            }
        }
        Ok(passed)
    }
}
