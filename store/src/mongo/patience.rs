//! How long the server may take. One that hangs closes no connection, and the driver would wait as long as the system does.

use mongodb::error::{Error, Result};
use std::{io, time::Duration};

/// Longer than a majority may take to confirm a write, and long enough for every list that is asked for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Something that is asked of the server.
pub trait Asked<T>: IntoFuture<Output = Result<T>, IntoFuture: Send> + Sized {
    /// The answer. One that does not come in time counts as lost with its connection: what was asked may have been done.
    fn answered(self) -> impl Future<Output = Result<T>> + Send {
        let asked = self.into_future();
        async move {
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(answer) => answer,
                Err(_) => Err(Error::from(io::Error::from(io::ErrorKind::TimedOut))),
            }
        }
    }
}

impl<T, A: IntoFuture<Output = Result<T>, IntoFuture: Send>> Asked<T> for A {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mongo::failure;
    use std::future::pending;

    #[tokio::test(start_paused = true)]
    async fn what_hangs_counts_as_lost() {
        let lost = pending::<Result<()>>().answered().await.unwrap_err();
        assert!(failure::is_passing(&lost), "{lost:?}");
        assert!(failure::named(lost).is_transient());
        let (late, in_time) = (PATIENCE, PATIENCE.saturating_sub(Duration::from_secs(1)));
        let slow = async move |pause| {
            let asked = async move {
                tokio::time::sleep(pause).await;
                Ok(7)
            };
            Box::pin(asked).answered().await
        };
        assert_eq!(slow(in_time).await.unwrap(), 7);
        assert!(slow(late + Duration::from_secs(1)).await.is_err());
    }
}
