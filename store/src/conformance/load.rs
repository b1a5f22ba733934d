//! Rules that show only when there is very much of something.

use super::{
    fixture::*,
    webhooks::{attempt, dead, in_state, outgoing, webhook},
};
use crate::{AttemptResult, DEAD_KEPT, DELIVERED_KEPT, DeliveryState, PENDING_MOST, Paging};
use std::sync::Arc;

pub async fn what_is_kept_of_deliveries_is_bounded(store: Shared) {
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    let (delivered, dead_ones) = (DELIVERED_KEPT + 5, DEAD_KEPT + 7);
    store
        .dispatch(0, (1..=delivered + dead_ones).map(|number| outgoing(number, None)).collect())
        .await
        .unwrap();
    for number in 1..=delivered {
        store.note_attempt(attempt(number, AttemptResult::Delivered)).await.unwrap();
    }
    for number in delivered + 1..=delivered + dead_ones {
        store.note_attempt(attempt(number, dead(false))).await.unwrap();
    }
    let count = |state| {
        let store = Arc::clone(&store);
        async move { store.deliveries(OURS, id(1), Some(state), Paging::default()).await.unwrap().total }
    };
    assert_eq!(count(DeliveryState::Delivered).await, u64::from(DELIVERED_KEPT));
    assert_eq!(count(DeliveryState::Dead).await, u64::from(DEAD_KEPT));
    assert_eq!(store.delivery(OURS, id(1), id(5)).await.unwrap(), None, "the oldest goes first");
    assert!(store.delivery(OURS, id(1), id(6)).await.unwrap().is_some());
}

pub async fn what_waits_is_bounded_and_the_rest_is_dead(store: Shared) {
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    let batch = |from, to| (from..=to).map(|number| outgoing(number, None)).collect();
    assert_eq!(store.dispatch(0, batch(1, PENDING_MOST - 1)).await.unwrap(), 0);
    assert_eq!(store.dispatch(0, batch(PENDING_MOST, PENDING_MOST + 2)).await.unwrap(), 2);
    assert_eq!(in_state(&store, DeliveryState::Dead).await, [id(PENDING_MOST + 2), id(PENDING_MOST + 1)]);
    assert_eq!(store.replay_deliveries(OURS, id(1), None, NOW).await.unwrap(), 0, "there is no room");
    store.note_attempt(attempt(1, AttemptResult::Delivered)).await.unwrap();
    assert_eq!(store.replay_deliveries(OURS, id(1), None, NOW).await.unwrap(), 1);
}
