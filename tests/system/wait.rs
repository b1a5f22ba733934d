//! Waiting for something, with a limit and a word on what was seen instead.

use std::{fmt::Debug, future::Future, time::Duration};

/// Asks again and again until the answer is `Ok`.
///
/// # Panics
/// When that takes longer than `limit`, with the last answer.
pub async fn until<T, E: Debug, F: Future<Output = Result<T, E>>>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> F,
) -> T {
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        match ask().await {
            Ok(found) => return found,
            Err(seen) if tokio::time::Instant::now() >= deadline => {
                panic!("{what}: not within {limit:?}; last seen: {seen:?}")
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(25)).await,
        }
    }
}
