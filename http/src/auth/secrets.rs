//! What stands at the door: the keys of tokens, what passwords cost, and how often may be tried.

use super::{
    gate::{Gate, Proxies, SignInLimits},
    keyring::Keyring,
    password::Hasher,
};
use ipnet::IpNet;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{CompanyId, DocumentId, UserId};
use tsunagu_store::UserRole;

/// What a password costs to hash, as a power of two, unless it is set otherwise: a quarter of a second.
pub const PASSWORD_COST: u32 = 12;

/// Signs and checks tokens (HS256), hashes and checks passwords, counts tries. Nothing of it can be printed.
pub struct Secrets {
    pub(super) keys: Keyring,
    pub(super) passwords: Hasher,
    pub(super) gate: Gate,
    pub(super) proxies: Proxies,
}

/// What a token says. `id`, `companyId`, `role` and `exp` are what older servers and clients read, too.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    pub id: UserId,
    pub company_id: CompanyId,
    pub role: UserRole,
    /// The user's [`tsunagu_store::User::session_epoch`] when it was given; 0 with older servers.
    #[serde(default)]
    pub epoch: u32,
    /// The sign-in that it grew out of: its refresh tokens' family. Older servers name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<DocumentId>,
    /// Seconds since 1970.
    pub exp: i64,
}

impl Secrets {
    /// With this secret (`JWT_SECRET`), passwords at the usual cost, and the usual limits.
    pub fn new(jwt_secret: SecretString) -> Self {
        Self::with_cost(jwt_secret, PASSWORD_COST)
    }

    /// With this secret, and passwords hashed at a cost of 4 to 31: each step doubles the time.
    pub fn with_cost(jwt_secret: SecretString, password_cost: u32) -> Self {
        Self {
            keys: Keyring::new(&jwt_secret),
            passwords: Hasher::new(password_cost),
            gate: Gate::new(&SignInLimits::default()),
            proxies: Proxies::default(),
        }
    }

    /// Also believes tokens that were signed with these secrets, which are being rotated out.
    #[must_use]
    pub fn believing(mut self, old_jwt_secrets: &[SecretString]) -> Self {
        old_jwt_secrets.iter().for_each(|secret| self.keys.believe(secret));
        self
    }

    /// Gives tokens that are good for so many seconds.
    #[must_use]
    pub const fn lasting(mut self, token_secs: u32) -> Self {
        self.keys.token_secs = token_secs;
        self
    }

    /// Lets so much be tried.
    #[must_use]
    pub fn limited(mut self, limits: &SignInLimits) -> Self {
        self.gate = Gate::new(limits);
        self
    }

    /// Takes the word of these proxies (`X-Forwarded-For`) for where a request comes from.
    #[must_use]
    pub fn behind(mut self, proxies: Vec<IpNet>) -> Self {
        self.proxies = Proxies(proxies);
        self
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_not_shown_in_debug_output() {
        assert_eq!(format!("{:?}", Secrets::new("top secret".into())), "Secrets { .. }");
    }
}
