//! New ids, by ObjectId's convention: seconds, five random bytes of this process, a counter.

use rand::RngExt;
use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};
use tsunagu_call::{Id, Time};

/// An id that nothing else has.
pub fn fresh<T>(now: Time) -> Id<T> {
    static PROCESS: LazyLock<[u8; 5]> = LazyLock::new(|| rand::rng().random());
    static COUNT: LazyLock<AtomicU32> = LazyLock::new(|| AtomicU32::new(rand::rng().random()));
    let [s0, s1, s2, s3] = u32::try_from(now.millis() / 1000).unwrap_or(u32::MAX).to_be_bytes();
    let [p0, p1, p2, p3, p4] = *PROCESS;
    let [_, c0, c1, c2] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Id::from_bytes([s0, s1, s2, s3, p0, p1, p2, p3, p4, c0, c1, c2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use tsunagu_call::CallId;

    #[test]
    fn no_id_comes_twice() {
        let now = Time::from_millis(1_800_000_000_000);
        let ids: HashSet<CallId> = (0..10_000).map(|_| fresh(now)).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.bytes()[..4] == 1_800_000_000_u32.to_be_bytes()));
    }
}
