//! Passwords: bcrypt, on threads of its own, a few at once and a few more in a queue.

use crate::error::ApiError;
use actix_web::{error::BlockingError, web};
use secrecy::{ExposeSecret, SecretString};
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a sign-in waits for its turn to be hashed before it is turned away.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many sign-ins wait for their turn; one more is turned away at once.
const QUEUE: usize = 64;

/// The salt and hash of no password: 22 and 31 characters of bcrypt's base64.
const NOBODYS: &str = "OO2rc4zSfdTYGLWYXBcAW.uA4BGPUZoEKEmJGBZsrBrYFDbF8wRya";

/// The lowest cost that bcrypt has.
const LOWEST_COST: u32 = 4;

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The cost is out of range, or no random salt could be had.
    #[error("the password cannot be hashed")]
    Hash(#[from] bcrypt::BcryptError),
    /// The program is being ended.
    #[error("the thread for hashing is gone")]
    Gone(#[from] BlockingError),
}

/// Hashes a password with bcrypt, off the event loop. The cost, 4 to 31, is a power of two: 10 takes tens of
/// milliseconds, each further step twice as long. Only the first 72 bytes of the password count.
///
/// # Errors
/// The cost is out of range, or the runtime is being shut down.
pub async fn hash_password(password: &str, cost: u32) -> Result<String, PasswordError> {
    let password = SecretString::from(password);
    Ok(web::block(move || bcrypt::hash(password.expose_secret(), cost)).await??)
}

/// Hashes and checks passwords, as many at once as there are processors: more would only take them from the calls.
pub(super) struct Hasher {
    cost: u32,
    turns: Arc<Semaphore>,
    /// Those whose turn it is, and those who wait for it.
    places: Arc<Semaphore>,
}

/// Somebody's turn, until it is dropped.
struct Turn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Hasher {
    pub(super) fn new(cost: u32) -> Self {
        Self::with(cost, std::thread::available_parallelism().map_or(1, usize::from), QUEUE)
    }

    fn with(cost: u32, turns: usize, queue: usize) -> Self {
        Self {
            cost,
            turns: Arc::new(Semaphore::new(turns)),
            places: Arc::new(Semaphore::new(turns.saturating_add(queue))),
        }
    }

    /// The hash of a new password.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, ApiError> {
        let (cost, turn) = (self.cost, self.turn().await?);
        let hashed = web::block(move || {
            let _turn = turn;
            bcrypt::hash(password.expose_secret(), cost)
        });
        hashed.await?.map_err(|error| ApiError::Faulty(error.into()))
    }

    /// Whether a password is the one that was hashed. Without a hash it is not, and finding out takes as long; so it does
    /// with a hash that was made at a lower cost.
    pub(super) async fn check(&self, password: SecretString, hash: Option<&str>) -> Result<bool, ApiError> {
        let (cost, turn) = (self.cost, self.turn().await?);
        let hash = hash.map(str::to_owned);
        let checked = web::block(move || {
            let _turn = turn;
            let password = password.expose_secret();
            let Some(hash) = hash else {
                return bcrypt::verify(password, &nobodys(cost)).map(|_| false);
            };
            // Each step of the cost doubles the time: all steps below make up for what is missing.
            for step in cost_of(&hash)..cost {
                bcrypt::verify(password, &nobodys(step))?;
            }
            bcrypt::verify(password, &hash)
        });
        checked.await?.or_else(|error| {
            tracing::error!(%error, "a stored password hash cannot be read");
            Ok(false)
        })
    }

    async fn turn(&self) -> Result<Turn, ApiError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| ApiError::overloaded())?;
        match tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(Turn { _turn: turn, _place: place }),
            _ => Err(ApiError::overloaded()),
        }
    }
}

/// A hash that fits no password, at this cost.
fn nobodys(cost: u32) -> String {
    format!("$2b${cost:02}${NOBODYS}")
}

/// The cost of a hash; the lowest for one that cannot be read, since that takes no time.
fn cost_of(hash: &str) -> u32 {
    hash.parse().map_or(LOWEST_COST, |parts: bcrypt::HashParts| parts.get_cost())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_password_is_known_again_and_no_other() {
        let hasher = Hasher::new(4);
        let hash = hasher.hash("correct horse".into()).await.unwrap();
        assert!(hasher.check("correct horse".into(), Some(&hash)).await.unwrap());
        assert!(!hasher.check("correct house".into(), Some(&hash)).await.unwrap());
        assert!(!hasher.check("correct horse".into(), Some("rubbish")).await.unwrap());
    }

    #[actix_web::test]
    async fn nobodys_hash_is_as_costly_as_a_real_one_and_fits_nothing() {
        let hasher = Hasher::new(4);
        for cost in [4, 12, 31] {
            assert_eq!(cost_of(&nobodys(cost)), cost);
        }
        assert!(!hasher.check("".into(), None).await.unwrap());
        assert!(bcrypt::verify("anything", &nobodys(4)).is_ok_and(|right| !right));
    }

    #[actix_web::test]
    async fn a_hash_of_another_cost_is_checked_all_the_same() {
        let cheap = Hasher::new(4).hash("correct horse".into()).await.unwrap();
        let hasher = Hasher::new(6);
        assert!(hasher.check("correct horse".into(), Some(&cheap)).await.unwrap());
        assert!(!hasher.check("correct house".into(), Some(&cheap)).await.unwrap());
        let dear = hasher.hash("correct horse".into()).await.unwrap();
        assert!(Hasher::new(4).check("correct horse".into(), Some(&dear)).await.unwrap());
    }

    #[actix_web::test]
    async fn a_full_queue_turns_away_at_once() {
        let hasher = Hasher::with(4, 1, 1);
        let turn = hasher.turn().await.unwrap();
        let waiting = hasher.turn();
        tokio::pin!(waiting);
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("two turns at once"),
            () = std::future::ready(()) => {}
        }
        assert!(matches!(hasher.turn().await, Err(ApiError::Unavailable { code: "overloaded", .. })));
        drop(turn);
        waiting.await.unwrap();
        assert!(hasher.turn().await.is_ok());
    }

    #[actix_web::test]
    async fn a_hash_can_be_made_beforehand() {
        let hash = hash_password("correct horse", 4).await.unwrap();
        assert!(bcrypt::verify("correct horse", &hash).unwrap());
        assert!(hash_password("correct horse", 3).await.is_err());
    }
}
