//! What is bounded, with bounds that a slow server reaches too.

use super::{Bounds, Fresh};
use crate::{
    Attempt, AttemptResult, Delivery, DeliveryState, Outgoing, Paging, WebhookStore,
    conformance::{
        fixture::{NOW, OURS, id},
        webhooks::{outgoing, webhook},
    },
};

fn batch(from: u32, to: u32) -> Vec<Outgoing> {
    (from..=to).map(|number| outgoing(number, None)).collect()
}

fn attempt(number: u32, result: AttemptResult) -> Attempt {
    Attempt { webhook: id(1), delivery: id(number), now: NOW, status: None, result }
}

async fn in_state(fresh: &Fresh, state: DeliveryState) -> Vec<Delivery> {
    let page = fresh.store.deliveries(OURS, id(1), Some(state), Paging::new(1, 100)).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items
}

#[tokio::test]
async fn what_waits_and_what_is_kept_is_bounded() {
    let Some(fresh) = Fresh::within(Bounds { pending: 5, dead: 3, delivered: 2 }).await else { return };
    let store = &fresh.store;
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    assert_eq!(store.dispatch(0, batch(1, 4)).await.unwrap(), 0);
    assert_eq!(store.dispatch(0, batch(5, 7)).await.unwrap(), 2);
    let dead: Vec<_> = in_state(&fresh, DeliveryState::Dead).await.iter().map(|one| one.id).collect();
    assert_eq!(dead, [id(7), id(6)]);
    assert_eq!(store.replay_deliveries(OURS, id(1), None, NOW).await.unwrap(), 0, "there is no room");
    store.note_attempt(attempt(1, AttemptResult::Delivered)).await.unwrap();
    assert_eq!(store.replay_deliveries(OURS, id(1), None, NOW).await.unwrap(), 1);

    let gave_up = || AttemptResult::Dead { error: "answered 500".into(), gone: false };
    for number in [2, 3, 4] {
        store.note_attempt(attempt(number, gave_up())).await.unwrap();
    }
    let dead: Vec<_> = in_state(&fresh, DeliveryState::Dead).await.iter().map(|one| one.id).collect();
    assert_eq!(dead, [id(7), id(4), id(3)], "the oldest goes first");
    for number in [5, 6] {
        store.note_attempt(attempt(number, AttemptResult::Delivered)).await.unwrap();
    }
    let taken: Vec<_> = in_state(&fresh, DeliveryState::Delivered).await.iter().map(|one| one.id).collect();
    assert_eq!(taken, [id(6), id(5)]);
}
