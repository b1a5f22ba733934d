//! A node's lease: until when it may count on being taken for alive. What would be wrong if another node did it as well is begun
//! only while the lease holds.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long one sign keeps a node alive. The others wait a good deal longer.
pub(super) const LEASE: Duration = Duration::from_secs(3);

/// The lease; cheap to clone. Without any, nobody shares the store, and it always holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lease(Option<Arc<Mutex<Option<Instant>>>>);

impl Lease {
    /// Of a node that has not told a sign.
    pub fn of_a_node() -> Self {
        Self(Some(Arc::default()))
    }

    /// It holds at this moment.
    pub fn holds(&self) -> bool {
        let Some(until) = &self.0 else { return true };
        until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
    }

    /// A sign that was sent at this moment has been taken. Says whether the lease had run out before that.
    pub fn renew(&self, sent: Instant) -> bool {
        let Some(until) = &self.0 else { return false };
        let mut until = until.lock().unwrap_or_else(PoisonError::into_inner);
        let lapsed = until.is_some_and(|until| until <= Instant::now());
        *until = Some(sent + LEASE);
        lapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_holds_from_one_sign_to_the_next() {
        assert!(Lease::default().holds(), "nobody shares the store");
        let lease = Lease::of_a_node();
        assert!(!lease.holds(), "no sign yet");
        assert!(!lease.renew(Instant::now()), "the first one is no lapse");
        tokio::time::advance(LEASE / 2).await;
        assert!(lease.holds() && !lease.renew(Instant::now()));
        tokio::time::advance(LEASE).await;
        assert!(!lease.holds() && lease.renew(Instant::now()) && lease.holds());
    }
}
