//! How a store is watched, and how it ends.

use super::fixture::*;
use crate::{Availability, Census, RefreshToken, StoreError};

pub async fn a_closed_store_refuses(store: Shared) {
    open(&store, 1, 1).await;
    store.check().await.unwrap();
    store.close().await.unwrap();
    let refused = |error: StoreError| assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    refused(store.check().await.unwrap_err());
    refused(store.commit(adding(1, 3, 3)).await.unwrap_err());
    refused(store.find_call(id(1)).await.unwrap_err());
    store.close().await.unwrap();
}

pub async fn what_an_operator_watches_is_counted(store: Shared) {
    assert_eq!(store.census(NOW).await.unwrap(), Census::default());
    agent(&store, 1).await;
    agent(&store, 2).await;
    store.set_agent_status(OURS, id(2), Availability::Busy, NOW).await.unwrap();
    // One who has never said anything, of another company, and one who is no agent.
    store.create_user(user(3, THEIRS)).await.unwrap();
    store.put_agent_settings(settings(3, THEIRS)).await.unwrap();
    store.create_user(user(4, OURS)).await.unwrap();
    let token = |hash: &str, family: u32, spent: bool| RefreshToken {
        hash: hash.into(),
        user_id: id(1),
        family: id(family),
        epoch: 0,
        expires_at: NOW.plus_secs(60),
        spent,
        spent_at: None,
        spent_for: None,
        revoked: false,
    };
    for token in [token("a", 1, true), token("b", 1, false), token("c", 2, true), token("d", 3, false)] {
        store.put_refresh_token(token).await.unwrap();
    }
    store.revoke_token_family(id(3)).await.unwrap();
    let agents = [(Availability::Available, 1), (Availability::Busy, 1), (Availability::Offline, 1)].into();
    assert_eq!(store.census(NOW).await.unwrap(), Census { agents, sessions: 1 });
    assert_eq!(store.census(NOW.plus_secs(60)).await.unwrap().sessions, 0);
}
