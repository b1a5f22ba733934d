//! Promises to ring back.

use super::fixture::*;
use crate::{Callback, CallbackChange, CallbackFilter, CallbackStatus, Paging, StoreError};
use tsunagu_call::{CallbackId, Time};

pub(crate) fn promise(number: u32, due_at: Option<Time>) -> Callback {
    Callback {
        id: id(number),
        company_id: OURS,
        customer_id: id(number),
        call_id: id(number),
        words: Some("明日の三時ごろ".into()),
        due_at,
        status: CallbackStatus::Open,
        assigned_to: None,
        notes: None,
        created_at: NOW,
    }
}

async fn found(store: &Shared, filter: CallbackFilter) -> Vec<CallbackId> {
    let page = store.callbacks(OURS, &filter, Paging::default()).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.into_iter().map(|callback| callback.id).collect()
}

pub async fn a_call_makes_one_promise(store: Shared) {
    let first = promise(1, None);
    assert_eq!(store.keep_callback(first.clone()).await.unwrap(), first);
    let again = Callback { id: id(2), words: None, ..promise(1, None) };
    assert_eq!(store.keep_callback(again).await.unwrap(), first);
    assert_eq!(found(&store, CallbackFilter::default()).await, [id(1)]);
    assert_eq!(store.callback(OURS, id(1)).await.unwrap(), Some(first));
    assert_eq!(store.callback(THEIRS, id(1)).await.unwrap(), None);
    let same_id = Callback { call_id: id(7), ..promise(1, None) };
    assert!(matches!(store.keep_callback(same_id).await, Err(StoreError::Duplicate { .. })));
}

pub async fn callbacks_are_listed_as_they_fall_due(store: Shared) {
    for (number, due_at) in [(1, Some(NOW.plus_secs(60))), (2, None), (3, Some(NOW.plus_secs(30)))] {
        store.keep_callback(promise(number, due_at)).await.unwrap();
    }
    let all = CallbackFilter::default;
    assert_eq!(found(&store, all()).await, [id(2), id(3), id(1)]);
    assert_eq!(
        found(&store, CallbackFilter { due_by: Some(NOW.plus_secs(30)), ..all() }).await,
        [id(2), id(3)]
    );
    let from = CallbackFilter { due_from: Some(NOW.plus_secs(30)), ..all() };
    assert_eq!(found(&store, from).await, [id(3), id(1)]);
    let done = CallbackChange { status: Some(CallbackStatus::Done), ..CallbackChange::default() };
    store.change_callback(OURS, id(2), done).await.unwrap();
    assert_eq!(
        found(&store, CallbackFilter { status: Some(CallbackStatus::Open), ..all() }).await,
        [id(3), id(1)]
    );
    assert_eq!(found(&store, CallbackFilter { status: Some(CallbackStatus::Done), ..all() }).await, [id(2)]);
}

pub async fn a_callback_is_changed(store: Shared) {
    store.keep_callback(promise(1, None)).await.unwrap();
    let change = CallbackChange {
        assigned_to: Some(Some(id(5))),
        due_at: Some(Some(NOW.plus_secs(9))),
        ..CallbackChange::default()
    };
    let theirs = store.change_callback(THEIRS, id(1), change.clone()).await;
    assert!(matches!(theirs, Err(StoreError::NotFound { what: "callback" })), "{theirs:?}");
    let changed = store.change_callback(OURS, id(1), change).await.unwrap();
    assert_eq!((changed.assigned_to, changed.due_at), (Some(id(5)), Some(NOW.plus_secs(9))));
    assert_eq!(store.callback(OURS, id(1)).await.unwrap(), Some(changed));
    let filter = |user| CallbackFilter { assigned_to: Some(user), ..CallbackFilter::default() };
    assert_eq!(found(&store, filter(Some(id(5)))).await, [id(1)]);
    assert_eq!(found(&store, filter(Some(id(6)))).await, []);
    assert_eq!(found(&store, filter(None)).await, []);
    let back = CallbackChange {
        status: Some(CallbackStatus::Cancelled),
        assigned_to: Some(None),
        due_at: Some(None),
        notes: Some(Some("担当者は退職".into())),
        ..CallbackChange::default()
    };
    let given_back = store.change_callback(OURS, id(1), back).await.unwrap();
    assert_eq!((given_back.status, given_back.wanted_at()), (CallbackStatus::Cancelled, NOW));
    assert_eq!(given_back.notes.as_deref(), Some("担当者は退職"));
    assert_eq!(found(&store, filter(None)).await, [id(1)]);
}

pub async fn of_many_who_take_a_callback_one_gets_it(store: Shared) {
    let seen = store.keep_callback(promise(1, None)).await.unwrap().standing();
    let taker = |number: u32| {
        let store = std::sync::Arc::clone(&store);
        let change = CallbackChange {
            assigned_to: Some(Some(id(number))),
            while_it_stands: Some(seen),
            ..CallbackChange::default()
        };
        async move { store.change_callback(OURS, id(1), change).await }
    };
    let taken = at_once(16, taker).await;
    let (won, lost): (Vec<_>, Vec<_>) = taken.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|lost| matches!(lost, Err(StoreError::Changed { what: "callback" }))));
    let kept = store.callback(OURS, id(1)).await.unwrap();
    assert_eq!(kept, won.into_iter().next().unwrap().ok());
}
