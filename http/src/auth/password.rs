//! Passwords: bcrypt, on threads of its own, a few at once.

use crate::error::ApiError;
use actix_web::{error::BlockingError, web};
use secrecy::{ExposeSecret, SecretString};
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a sign-in waits for its turn to be hashed before it is turned away.
const PATIENCE: Duration = Duration::from_secs(5);

/// The salt and hash of no password: 22 and 31 characters of bcrypt's base64.
const NOBODYS: &str = "OO2rc4zSfdTYGLWYXBcAW.uA4BGPUZoEKEmJGBZsrBrYFDbF8wRya";

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
    nobodys: String,
    turns: Arc<Semaphore>,
}

impl Hasher {
    pub(super) fn new(cost: u32) -> Self {
        let turns = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cost, nobodys: format!("$2b${cost:02}${NOBODYS}"), turns: Arc::new(Semaphore::new(turns)) }
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

    /// Whether a password is the one that was hashed. Without a hash it is not, and finding out takes as long.
    pub(super) async fn check(&self, password: SecretString, hash: Option<&str>) -> Result<bool, ApiError> {
        let (known, turn) = (hash.is_some(), self.turn().await?);
        let hash = hash.unwrap_or(&self.nobodys).to_owned();
        let checked = web::block(move || {
            let _turn = turn;
            bcrypt::verify(password.expose_secret(), &hash)
        });
        match checked.await? {
            Ok(right) => Ok(right && known),
            Err(error) => {
                tracing::error!(%error, "a stored password hash cannot be read");
                Ok(false)
            }
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        match tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(ApiError::overloaded()),
        }
    }
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
        let parts: bcrypt::HashParts = hasher.nobodys.parse().unwrap();
        assert_eq!(parts.get_cost(), 4);
        assert!(!hasher.check("".into(), None).await.unwrap());
        assert!(bcrypt::verify("anything", &hasher.nobodys).is_ok_and(|right| !right));
    }

    #[actix_web::test]
    async fn a_hash_can_be_made_beforehand() {
        let hash = hash_password("correct horse", 4).await.unwrap();
        assert!(bcrypt::verify("correct horse", &hash).unwrap());
        assert!(hash_password("correct horse", 3).await.is_err());
    }
}
