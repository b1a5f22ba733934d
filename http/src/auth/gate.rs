//! How often may be tried: what stands between a stranger and other people's passwords.
//!
//! Every try is counted before it is looked at, whether it then succeeds or not, and whether there is such an account or
//! not, so that an answer of 429 tells nothing. Logins have three allowances:
//!
//! - of an address: whatever accounts it tries;
//! - of an account and an address together: who guesses at a password from one place;
//! - of an account from all strange addresses together: who guesses from many places. An address from which somebody has
//!   signed in to the account is no strange one: a stranger can use this allowance up, but not that of the people who
//!   own the account where they usually are.
//!
//! Allowances grow back by themselves and steadily, so that nobody is locked out for longer than it takes to grow by one
//! try, and whoever has signed in goes on: renewing tokens does not count as a login.

mod limiter;
mod peer;

pub(crate) use peer::{Peer, Proxies};

use crate::error::ApiError;
use limiter::Limiter;
use lru::LruCache;
use serde::Deserialize;
use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    num::{NonZeroU32, NonZeroUsize},
    sync::{Mutex, PoisonError},
};
use tsunagu_call::UserId;

/// How many pairs of an account and an address are remembered at which somebody has signed in.
const KNOWN: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();

/// An allowance: so much at once, and so much an hour as it grows back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many tries may come at once after a pause, 1 or more.
    pub burst: NonZeroU32,
    /// How many grow back in an hour, 1 or more.
    pub per_hour: NonZeroU32,
}

/// The allowances of sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInLimits {
    /// Logins, changes and resets of passwords from one address.
    pub address: Rate,
    /// Logins to one account, and changes of its password, from one address.
    pub account: Rate,
    /// Logins to one account from all addresses at which nobody has signed in to it lately.
    pub strangers: Rate,
    /// Sign-ups from one address.
    pub sign_ups: Rate,
    /// Renewals of tokens, and sign-outs, from one address.
    pub refreshes: Rate,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self {
            address: Rate::new(60, 1_200),
            account: Rate::new(20, 60),
            strangers: Rate::new(60, 120),
            sign_ups: Rate::new(20, 60),
            refreshes: Rate::new(300, 7_200),
        }
    }
}

impl Rate {
    /// So many at once, and so many an hour; 0 counts as 1.
    pub const fn new(burst: u32, per_hour: u32) -> Self {
        Self { burst: at_least_one(burst), per_hour: at_least_one(per_hour) }
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// Counts tries. E-mail addresses are remembered as keyed hashes alone.
pub(super) struct Gate {
    address: Limiter,
    account: Limiter,
    strangers: Limiter,
    sign_ups: Limiter,
    refreshes: Limiter,
    known: Mutex<LruCache<u64, ()>>,
    hashing: RandomState,
}

impl Gate {
    pub(super) fn new(limits: &SignInLimits) -> Self {
        Self {
            address: Limiter::new("address", limits.address),
            account: Limiter::new("account", limits.account),
            strangers: Limiter::new("strangers", limits.strangers),
            sign_ups: Limiter::new("sign_ups", limits.sign_ups),
            refreshes: Limiter::new("refreshes", limits.refreshes),
            known: Mutex::new(LruCache::new(KNOWN)),
            hashing: RandomState::new(),
        }
    }

    /// Lets a login be tried, to an account that may not exist.
    ///
    /// # Errors
    /// [`ApiError::TooManyTries`], as of all of these.
    pub(super) fn login(&self, from: Peer, email: &str) -> Result<(), ApiError> {
        let (from, account) = (from.network(), self.hashing.hash_one(email));
        self.address.check(self.hashing.hash_one(from))?;
        let pair = self.hashing.hash_one((account, from));
        self.account.check(pair)?;
        let strange = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&pair).is_none();
        if strange { self.strangers.check(account) } else { Ok(()) }
    }

    /// Notes that a login succeeded.
    pub(super) fn succeeded(&self, from: Peer, email: &str) {
        let pair = self.hashing.hash_one((self.hashing.hash_one(email), from.network()));
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(pair, ());
    }

    /// Lets somebody who has signed in prove their password again.
    pub(super) fn proof(&self, from: Peer, user: UserId) -> Result<(), ApiError> {
        let from = from.network();
        self.address.check(self.hashing.hash_one(from))?;
        self.account.check(self.hashing.hash_one((user.bytes(), from)))
    }

    /// Lets a password reset be tried.
    pub(super) fn reset(&self, from: Peer) -> Result<(), ApiError> {
        self.address.check(self.hashing.hash_one(from.network()))
    }

    /// Lets a sign-up be tried.
    pub(super) fn sign_up(&self, from: Peer) -> Result<(), ApiError> {
        self.sign_ups.check(self.hashing.hash_one(from.network()))
    }

    /// Lets a refresh token be used.
    pub(super) fn refresh(&self, from: Peer) -> Result<(), ApiError> {
        self.refreshes.check(self.hashing.hash_one(from.network()))
    }
}

impl Peer {
    /// Who counts as one: an IPv4 address; of IPv6 a network of 64 bits, which is what one line is given.
    fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
            address => address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(account: u32, strangers: u32) -> Gate {
        let many = Rate::new(1_000, 1);
        Gate::new(&SignInLimits {
            address: many,
            account: Rate::new(account, 1),
            strangers: Rate::new(strangers, 1),
            sign_ups: Rate::new(2, 1),
            refreshes: many,
        })
    }

    fn peer(address: &str) -> Peer {
        Peer(address.parse().unwrap())
    }

    #[test]
    fn an_account_is_guessed_at_from_one_place_a_few_times() {
        let gate = gate(3, 1_000);
        for _ in 0..3 {
            gate.login(peer("192.0.2.1"), "a@b.jp").unwrap();
        }
        assert!(gate.login(peer("192.0.2.1"), "a@b.jp").is_err());
        gate.login(peer("192.0.2.1"), "c@b.jp").unwrap();
        gate.login(peer("192.0.2.2"), "a@b.jp").unwrap();
    }

    #[test]
    fn who_signs_in_from_where_they_did_before_is_not_kept_out_by_strangers() {
        let gate = gate(1_000, 4);
        let (home, away) = (peer("192.0.2.1"), peer("198.51.100.1"));
        gate.login(home, "a@b.jp").unwrap();
        gate.succeeded(home, "a@b.jp");
        let tries = (2..30).filter(|number| gate.login(peer(&format!("192.0.2.{number}")), "a@b.jp").is_ok());
        assert_eq!(tries.count(), 3);
        assert!(gate.login(away, "a@b.jp").is_err());
        gate.login(home, "a@b.jp").unwrap();
        gate.login(away, "c@b.jp").unwrap();
    }

    #[test]
    fn a_line_of_ipv6_is_one_address() {
        let gate = gate(1_000, 1_000);
        gate.sign_up(peer("2001:db8:1:2::1")).unwrap();
        gate.sign_up(peer("2001:db8:1:2:ffff::9")).unwrap();
        assert!(gate.sign_up(peer("2001:db8:1:2::3")).is_err());
        gate.sign_up(peer("2001:db8:1:3::1")).unwrap();
    }

    #[test]
    fn a_proof_has_the_allowance_of_a_login() {
        let gate = gate(2, 1);
        let user = UserId::from_bytes([1; 12]);
        gate.proof(peer("192.0.2.1"), user).unwrap();
        gate.proof(peer("192.0.2.1"), user).unwrap();
        assert!(gate.proof(peer("192.0.2.1"), user).is_err());
    }
}
