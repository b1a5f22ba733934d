//! Refresh tokens.

use super::fixture::*;
use crate::{RefreshToken, Spending, StoreError};
use std::sync::Arc;

fn token(hash: &str, family: u32) -> RefreshToken {
    RefreshToken {
        hash: hash.into(),
        user_id: id(family),
        family: id(family),
        epoch: 0,
        expires_at: NOW.plus_secs(3600),
        spent: false,
        spent_at: None,
        spent_for: None,
        revoked: false,
    }
}

async fn is_fresh(store: &Shared, hash: &str) -> bool {
    matches!(store.spend_refresh_token(hash, None, NOW).await.unwrap(), Spending::Fresh(_))
}

pub async fn of_many_spenders_one_gets_it_fresh(store: Shared) {
    assert!(store.put_refresh_token(token("a", 1)).await.unwrap());
    assert!(matches!(store.put_refresh_token(token("a", 1)).await, Err(StoreError::Duplicate { .. })));
    let spender = |_| {
        let store = Arc::clone(&store);
        async move { store.spend_refresh_token("a", Some("key"), NOW).await.unwrap() }
    };
    let spent = at_once(32, spender).await;
    assert_eq!(spent.iter().filter(|spending| matches!(spending, Spending::Fresh(_))).count(), 1);
    let again =
        spent.iter().filter(|spending| matches!(spending, Spending::Again(token) if token.family == id(1)));
    assert_eq!(again.count(), 31);
    let Spending::Again(late) = store.spend_refresh_token("a", None, NOW.plus_secs(9)).await.unwrap() else {
        panic!("it is fresh again");
    };
    assert_eq!((late.spent_at, late.spent_for.as_deref()), (Some(NOW), Some("key")), "as it was used first");
}

pub async fn a_token_is_void_when_its_time_is_over(store: Shared) {
    store.put_refresh_token(token("a", 1)).await.unwrap();
    assert_eq!(store.spend_refresh_token("a", None, NOW.plus_secs(3600)).await.unwrap(), Spending::Void);
    assert_eq!(store.spend_refresh_token("b", None, NOW).await.unwrap(), Spending::Void);
    assert!(is_fresh(&store, "a").await);
}

pub async fn a_revoked_family_stays_revoked(store: Shared) {
    store.put_refresh_token(token("a", 1)).await.unwrap();
    store.put_refresh_token(token("b", 2)).await.unwrap();
    assert!(is_fresh(&store, "a").await);
    store.revoke_token_family(id(1)).await.unwrap();
    for late in ["c", "a"] {
        assert!(!store.put_refresh_token(token(late, 1)).await.unwrap(), "one that was on its way");
    }
    assert_eq!(store.spend_refresh_token("c", None, NOW).await.unwrap(), Spending::Void);
    assert_eq!(store.spend_refresh_token("a", None, NOW).await.unwrap(), Spending::Void);
    assert!(is_fresh(&store, "b").await, "another sign-in goes on");
}

pub async fn a_users_tokens_are_revoked(store: Shared) {
    let second = RefreshToken { family: id(7), ..token("b", 1) };
    for token in [token("a", 1), second, token("c", 2)] {
        store.put_refresh_token(token).await.unwrap();
    }
    store.revoke_user_tokens(id(1)).await.unwrap();
    assert!(!is_fresh(&store, "a").await && !is_fresh(&store, "b").await && is_fresh(&store, "c").await);
}

pub async fn expired_tokens_are_forgotten(store: Shared) {
    store.put_refresh_token(token("a", 1)).await.unwrap();
    store.put_refresh_token(RefreshToken { expires_at: NOW, ..token("b", 1) }).await.unwrap();
    assert_eq!(store.forget_expired_tokens(NOW).await.unwrap(), 1);
    assert_eq!(store.forget_expired_tokens(NOW).await.unwrap(), 0);
    assert!(is_fresh(&store, "a").await);
}
