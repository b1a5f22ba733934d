//! Receivers, the outbox, and what is on its way.

use super::{callbacks::promise, fixture::*};
use crate::{
    Attempt, AttemptResult, Delivery, DeliveryState, DisabledReason, ORDER_ATTEMPTS, Outgoing, Paging,
    SigningSecret, Source, StoreError, WEBHOOKS_MOST, Webhook, WebhookChange,
};
use serde_json::json;
use std::sync::Arc;
use tsunagu_call::{CallRecord, CompanyId, DeliveryId, Status, Time, WebhookId};

pub(crate) fn webhook(number: u32, company: CompanyId) -> Webhook {
    let webhook: WebhookId = id(number);
    serde_json::from_value(json!({
        "_id": webhook, "companyId": company, "url": "https://example.jp/hook", "events": ["*"], "enabled": true,
        "secrets": [{ "key": "whsec_a", "createdAt": NOW }], "createdAt": NOW,
    }))
    .unwrap()
}

/// The `number`th delivery to our first webhook, of this call.
pub(crate) fn outgoing(number: u32, call: Option<u32>) -> Outgoing {
    let delivery = Delivery {
        id: id(number),
        webhook_id: id(1),
        company_id: OURS,
        event_id: format!("event-{number}"),
        event: "call.status".into(),
        call_id: call.map(id),
        state: DeliveryState::Pending,
        attempts: 0,
        next_attempt_at: Some(NOW),
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        created_at: NOW,
    };
    Outgoing { delivery, payload: Arc::from(format!("{{\"n\":{number}}}")) }
}

pub(super) fn attempt(number: u32, result: AttemptResult) -> Attempt {
    Attempt { webhook: id(1), delivery: id(number), now: NOW, status: Some(500), result }
}

fn again(at: Time) -> AttemptResult {
    AttemptResult::Again { at, error: "answered 500".into() }
}

pub(super) fn dead(gone: bool) -> AttemptResult {
    AttemptResult::Dead { error: "answered 410".into(), gone }
}

async fn due(store: &Shared, now: Time) -> Vec<DeliveryId> {
    let (_, due) = store.due_deliveries(id(1), now, 100).await.unwrap().unwrap();
    due.into_iter().map(|outgoing| outgoing.delivery.id).collect()
}

pub(super) async fn in_state(store: &Shared, state: DeliveryState) -> Vec<DeliveryId> {
    let page = store.deliveries(OURS, id(1), Some(state), Paging::new(1, 100)).await.unwrap();
    page.items.into_iter().map(|delivery| delivery.id).collect()
}

pub async fn webhooks_are_kept_changed_and_removed(store: Shared) {
    let first = webhook(1, OURS);
    store.create_webhook(first.clone()).await.unwrap();
    store.create_webhook(webhook(2, THEIRS)).await.unwrap();
    assert_eq!(store.webhooks(OURS).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(store.webhook(OURS, id(1)).await.unwrap(), Some(first));
    assert_eq!(store.webhook(THEIRS, id(1)).await.unwrap(), None);
    let change = WebhookChange { events: Some(vec!["call.ended".into()]), ..WebhookChange::default() };
    let theirs = store.change_webhook(THEIRS, id(1), change.clone()).await;
    assert!(matches!(theirs, Err(StoreError::NotFound { what: "webhook" })), "{theirs:?}");
    let changed = store.change_webhook(OURS, id(1), change).await.unwrap();
    assert_eq!((changed.events.as_slice(), changed.enabled), (&["call.ended".to_owned()][..], true));
    let secret = SigningSecret { key: "whsec_b".into(), created_at: NOW, expires_at: None };
    let rotated = store.rotate_webhook_secret(OURS, id(1), secret, NOW.plus_secs(9)).await.unwrap();
    assert_eq!(rotated.keys(NOW).collect::<Vec<_>>(), ["whsec_b", "whsec_a"]);
    assert_eq!(store.webhook(OURS, id(1)).await.unwrap(), Some(rotated));
    store.dispatch(0, vec![outgoing(1, None)]).await.unwrap();
    assert!(!store.delete_webhook(THEIRS, id(1)).await.unwrap());
    assert!(store.delete_webhook(OURS, id(1)).await.unwrap());
    assert!(!store.delete_webhook(OURS, id(1)).await.unwrap());
    assert_eq!(store.delivery(OURS, id(1), id(1)).await.unwrap(), None);
    assert_eq!(store.due_deliveries(id(1), NOW, 9).await.unwrap(), None);
}

pub async fn a_company_has_so_many_webhooks_at_most(store: Shared) {
    for number in 1..=WEBHOOKS_MOST {
        store.create_webhook(webhook(number, OURS)).await.unwrap();
    }
    let more = store.create_webhook(webhook(99, OURS)).await;
    assert!(matches!(more, Err(StoreError::TooMany { what: "webhook", limit: 20 })), "{more:?}");
    store.create_webhook(webhook(99, THEIRS)).await.unwrap();
}

pub async fn what_changes_a_call_is_noted_with_it_for_those_who_want_it(store: Shared) {
    open(&store, 1, 1).await;
    assert_eq!(store.outbox(9).await.unwrap(), [], "nobody wants it");
    store.create_webhook(webhook(1, THEIRS)).await.unwrap();
    let record = open(&store, 2, 2).await;
    assert_eq!(store.outbox(9).await.unwrap(), [], "another company does");
    store.create_webhook(webhook(2, OURS)).await.unwrap();

    store.commit(adding(2, 3, 4)).await.unwrap();
    assert_eq!(store.outbox(9).await.unwrap(), [], "it was merely spoken");
    let answered = CallRecord { status: Status::AiResponding, ..record };
    let mut commit = adding(2, 5, 6);
    commit.record = Some(Box::new(answered.clone()));
    store.commit(commit.clone()).await.unwrap();
    assert!(store.commit(commit).await.is_err(), "what is not written is not noted");
    store.commit(replacing(&answered)).await.unwrap();
    open(&store, 3, 3).await;
    store.keep_callback(promise(1, None)).await.unwrap();
    store.keep_callback(promise(1, None)).await.unwrap();

    let first = store.outbox(1).await.unwrap();
    let notes = store.outbox(9).await.unwrap();
    assert_eq!(first, notes[..1]);
    let sources: Vec<_> = notes.iter().map(|note| (note.company, note.source)).collect();
    let call = |call, first, last| Source::Call { call: id(call), first, last };
    assert_eq!(sources, [(OURS, call(2, 5, 6)), (OURS, call(3, 1, 2)), (OURS, Source::Callback(id(1)))]);
    assert!(notes.is_sorted_by_key(|note| note.number));
    store.dispatch(notes[1].number, Vec::new()).await.unwrap();
    assert_eq!(store.outbox(9).await.unwrap(), notes[2..]);

    let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    store.change_webhook(OURS, id(2), off).await.unwrap();
    open(&store, 4, 4).await;
    assert_eq!(store.outbox(9).await.unwrap(), notes[2..], "it is off");
}

pub async fn an_event_is_queued_once_for_a_webhook(store: Shared) {
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    let gone = Outgoing {
        delivery: Delivery { webhook_id: id(9), ..outgoing(9, None).delivery },
        payload: Arc::from("{}"),
    };
    store.dispatch(0, vec![outgoing(1, None), gone, outgoing(2, None)]).await.unwrap();
    let again =
        Outgoing { delivery: Delivery { id: id(7), ..outgoing(1, None).delivery }, payload: Arc::from("{}") };
    store.dispatch(0, vec![again]).await.unwrap();
    assert_eq!(in_state(&store, DeliveryState::Pending).await, [id(2), id(1)]);
    let (found, letters) = store.due_deliveries(id(1), NOW, 1).await.unwrap().unwrap();
    assert_eq!((found, letters), (webhook(1, OURS), vec![outgoing(1, None)]));
    let queues = store.delivery_queues().await.unwrap();
    assert_eq!((queues.len(), queues[0].webhook, queues[0].pending), (1, id(1), 2));
}

pub async fn deliveries_of_a_call_keep_their_order_for_a_while(store: Shared) {
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    let queued = vec![outgoing(1, Some(1)), outgoing(2, Some(1)), outgoing(3, Some(2)), outgoing(4, None)];
    store.dispatch(0, queued).await.unwrap();
    assert_eq!(due(&store, NOW.plus_millis(-1)).await, []);
    assert_eq!(due(&store, NOW).await, [id(1), id(3), id(4)]);
    let later = NOW.plus_secs(60);
    for _ in 1..ORDER_ATTEMPTS {
        store.note_attempt(attempt(1, again(later))).await.unwrap();
        assert_eq!(due(&store, NOW).await, [id(3), id(4)]);
    }
    store.note_attempt(attempt(1, again(later))).await.unwrap();
    assert_eq!(due(&store, NOW).await, [id(2), id(3), id(4)], "it has been tried often enough");
    for number in [2, 3, 4] {
        store.note_attempt(attempt(number, AttemptResult::Delivered)).await.unwrap();
    }
    assert_eq!(store.next_delivery(id(1)).await.unwrap(), Some(later));
    assert_eq!(due(&store, later).await, [id(1)]);
    store.note_attempt(attempt(1, AttemptResult::Delivered)).await.unwrap();
    assert_eq!(store.next_delivery(id(1)).await.unwrap(), None);
    assert_eq!(in_state(&store, DeliveryState::Delivered).await, [id(4), id(3), id(2), id(1)]);
}

pub async fn dead_letters_are_replayed(store: Shared) {
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    store.dispatch(0, (1..=3).map(|number| outgoing(number, None)).collect()).await.unwrap();
    for number in 1..=3 {
        assert_eq!(store.note_attempt(attempt(number, dead(false))).await.unwrap(), None);
    }
    let kept = store.delivery(OURS, id(1), id(2)).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.attempts, kept.last_status), (DeliveryState::Dead, 1, Some(500)));
    assert_eq!(kept.last_error.as_deref(), Some("answered 410"));
    assert_eq!(store.delivery(THEIRS, id(1), id(2)).await.unwrap(), None);
    assert_eq!(due(&store, NOW).await, []);
    let replay = |company, one| store.replay_deliveries(company, id(1), one, NOW);
    assert_eq!(replay(THEIRS, Some(id(2))).await.unwrap(), 0);
    assert_eq!(replay(OURS, Some(id(2))).await.unwrap(), 1);
    assert_eq!(replay(OURS, Some(id(2))).await.unwrap(), 0, "it is pending");
    assert_eq!(due(&store, NOW).await, [id(2)]);
    store.note_attempt(attempt(2, AttemptResult::Delivered)).await.unwrap();
    assert_eq!(replay(OURS, None).await.unwrap(), 2);
    assert_eq!(in_state(&store, DeliveryState::Pending).await, [id(3), id(1)]);
    assert_eq!(replay(OURS, Some(id(2))).await.unwrap(), 1, "what was delivered may be sent again");
}

pub async fn a_receiver_that_is_gone_is_switched_off(store: Shared) {
    store.create_webhook(webhook(1, OURS)).await.unwrap();
    store.dispatch(0, vec![outgoing(1, None), outgoing(2, None)]).await.unwrap();
    let off = store.note_attempt(attempt(1, dead(true))).await.unwrap().unwrap();
    assert_eq!(off.disabled.map(|disabled| disabled.reason), Some(DisabledReason::Gone));
    assert_eq!(store.webhook(OURS, id(1)).await.unwrap(), Some(off));
    assert_eq!(store.due_deliveries(id(1), NOW, 9).await.unwrap(), None);
    assert_eq!(store.delivery_queues().await.unwrap(), []);
    open(&store, 1, 1).await;
    assert_eq!(store.outbox(9).await.unwrap(), []);
    let on = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    store.change_webhook(OURS, id(1), on).await.unwrap();
    assert_eq!(due(&store, NOW).await, [id(2)], "what waited goes on");
}
