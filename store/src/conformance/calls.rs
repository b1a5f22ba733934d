//! Calls: one at a time for a customer, opened once for a key, and seen by their company only.

use super::fixture::*;
use crate::{
    CallFilter, Commit, CustomerChange, CustomerMark, IDEMPOTENCY_SECS, LiveCall, Opened, Opening, Paging,
    StoreError,
};
use std::sync::Arc;
use tsunagu_call::{CallId, CallRecord, Speaker, Status, Time, TranscriptLine};

fn keyed(call: u32, customer: u32, key: &str) -> Opening {
    Opening { idempotency_key: Some(key.into()), ..opening(call, customer) }
}

fn busy_with<T: std::fmt::Debug>(result: Result<T, StoreError>) -> CallId {
    match result {
        Err(StoreError::CustomerBusy { call }) => call,
        other => panic!("not busy: {other:?}"),
    }
}

pub async fn a_customer_is_in_one_call_at_a_time(store: Shared) {
    let first = open(&store, 1, 7).await;
    assert_eq!(busy_with(try_open(&store, opening(2, 7)).await), first.id);
    assert_eq!(store.journal(id(2), 0, 9).await.unwrap(), [], "nothing was written");
    end(&store, &first).await;
    assert_eq!(try_open(&store, opening(2, 7)).await.unwrap(), Opened::New);
}

pub async fn who_may_not_be_rung_is_not(store: Shared) {
    let refused = |customer: u32| {
        let store = Arc::clone(&store);
        async move {
            let refused = store.open_call(keyed(1, customer, "鍵")).await.unwrap_err();
            assert_eq!(store.journal(id(1), 0, 9).await.unwrap(), [], "nothing was written");
            assert_eq!(store.find_call(id(1)).await.unwrap(), None);
            match refused {
                StoreError::CustomerMarked { mark } => Some(mark),
                StoreError::NotFound { what: "customer" } => None,
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(refused(1).await, None, "nobody");
    store.create_customer(customer(2, THEIRS, "山田")).await.unwrap();
    assert_eq!(refused(2).await, None, "another company's");
    for number in 3..=5 {
        store.create_customer(customer(number, OURS, "山田")).await.unwrap();
    }
    store.mark_customer(id(3), CustomerMark::WrongNumber).await.unwrap();
    assert_eq!(refused(3).await, Some(CustomerMark::WrongNumber));
    store.mark_customer(id(3), CustomerMark::DoNotCall).await.unwrap();
    assert_eq!(refused(3).await, Some(CustomerMark::DoNotCall), "their own wish weighs more");
    let wish = |do_not_call| CustomerChange { do_not_call: Some(do_not_call), ..CustomerChange::default() };
    store.change_customer(OURS, id(4), wish(true)).await.unwrap();
    assert_eq!(refused(4).await, Some(CustomerMark::DoNotCall));
    assert!(store.delete_customer(OURS, id(5)).await.unwrap());
    assert_eq!(refused(5).await, None, "somebody who was removed");
    store.change_customer(OURS, id(4), wish(false)).await.unwrap();
    assert_eq!(store.open_call(keyed(1, 4, "鍵")).await.unwrap(), Opened::New, "and they took it back");
    store.mark_customer(id(4), CustomerMark::DoNotCall).await.unwrap();
    let again = store.open_call(keyed(2, 4, "鍵")).await.unwrap();
    assert_eq!(again, Opened::Already(id(1)), "what was begun before it was begun");
}

pub async fn nobody_is_rung_and_removed_at_once(store: Shared) {
    const PAIRS: u32 = 24;
    for number in 1..=PAIRS {
        store.create_customer(customer(number, OURS, "山田")).await.unwrap();
    }
    let doer = |number: u32| {
        let store = Arc::clone(&store);
        async move {
            let customer = number / 2 + 1;
            match number % 2 {
                0 => store.open_call(opening(customer, customer)).await.is_ok(),
                _ => store.delete_customer(OURS, id(customer)).await.is_ok_and(|removed| removed),
            }
        }
    };
    let done = at_once(2 * PAIRS, doer).await;
    for (pair, number) in done.chunks(2).zip(1..) {
        let there = store.customer(OURS, id(number)).await.unwrap().is_some();
        let rung = store.find_call(id(number)).await.unwrap().is_some();
        assert_eq!((pair[0], pair[1]), (there, !there), "customer {number}: rung or removed");
        assert_eq!(rung, there, "customer {number}: nothing is left of a call that was refused");
    }
}

pub async fn of_many_openings_for_a_customer_one_wins(store: Shared) {
    let opener = |call: u32| {
        let store = Arc::clone(&store);
        async move { try_open(&store, opening(call, 7)).await.is_ok() }
    };
    let opened = at_once(32, opener).await;
    assert_eq!(opened.into_iter().filter(|opened| *opened).count(), 1);
    assert_eq!(store.live_calls().await.unwrap().len(), 1);
}

pub async fn a_key_opens_one_call(store: Shared) {
    assert_eq!(try_open(&store, keyed(1, 7, "鍵")).await.unwrap(), Opened::New);
    let already = Opened::Already(id(1));
    assert_eq!(
        try_open(&store, keyed(2, 7, "鍵")).await.unwrap(),
        already,
        "before the customer counts as busy"
    );
    end(&store, &record(1, OURS, 7)).await;
    assert_eq!(try_open(&store, keyed(3, 8, "鍵")).await.unwrap(), already, "also when that call is over");
    assert_eq!(try_open(&store, keyed(4, 9, "他")).await.unwrap(), Opened::New);
    let elsewhere = Opening { record: record(5, THEIRS, 10), ..keyed(5, 10, "鍵") };
    assert_eq!(
        try_open(&store, elsewhere).await.unwrap(),
        Opened::New,
        "another company's key is another key"
    );
    assert_eq!(store.find_call(id(3)).await.unwrap(), None);
    assert_eq!(busy_with(try_open(&store, keyed(6, 9, "新")).await), id(4));
    end(&store, &record(4, OURS, 9)).await;
    assert_eq!(
        try_open(&store, keyed(6, 9, "新")).await.unwrap(),
        Opened::New,
        "a refusal does not use up the key"
    );
}

pub async fn a_key_is_forgotten_after_its_time(store: Shared) {
    try_open(&store, keyed(1, 1, "鍵")).await.unwrap();
    let at = |call: u32, secs| {
        let mut later = keyed(call, call, "鍵");
        later.record.start_time = NOW.plus_secs(secs);
        later
    };
    assert_eq!(try_open(&store, at(2, IDEMPOTENCY_SECS - 1)).await.unwrap(), Opened::Already(id(1)));
    assert_eq!(try_open(&store, at(3, IDEMPOTENCY_SECS)).await.unwrap(), Opened::New);
    assert_eq!(try_open(&store, at(4, IDEMPOTENCY_SECS + 1)).await.unwrap(), Opened::Already(id(3)));
}

pub async fn of_many_openings_with_a_key_one_is_new(store: Shared) {
    let opener = |call: u32| {
        let store = Arc::clone(&store);
        async move { try_open(&store, keyed(call, 7, "鍵")).await.unwrap() }
    };
    let opened = at_once(32, opener).await;
    assert_eq!(opened.iter().filter(|opened| **opened == Opened::New).count(), 1);
    let live = store.live_calls().await.unwrap();
    assert!(
        opened.iter().all(|opened| matches!(opened, Opened::New) || *opened == Opened::Already(live[0].call))
    );
}

pub async fn a_call_that_is_over_and_settled_is_not_live(store: Shared) {
    let (first, second) = (open(&store, 1, 1).await, open(&store, 2, 2).await);
    let live = |record: &CallRecord| LiveCall { company: OURS, call: record.id };
    assert_eq!(store.live_calls().await.unwrap(), [live(&first), live(&second)]);
    end(&store, &first).await;
    assert_eq!(store.live_calls().await.unwrap(), [live(&second)]);
    let unsettled = CallRecord { status: Status::Failed, unsettled: true, ..first.clone() };
    store.commit(replacing(&unsettled)).await.unwrap();
    assert_eq!(
        store.live_calls().await.unwrap(),
        [live(&first), live(&second)],
        "what is unsettled is taken up"
    );
    store.commit(replacing(&CallRecord { unsettled: false, ..unsettled })).await.unwrap();
    assert_eq!(store.live_calls().await.unwrap(), [live(&second)]);
    store.commit(adding(1, 3, 3)).await.unwrap();
    assert_eq!(store.journal(id(1), 3, 9).await.unwrap(), entries(3, 3), "late news is still written");
}

pub async fn a_call_is_not_revived_beside_another(store: Shared) {
    let first = open(&store, 1, 7).await;
    end(&store, &first).await;
    let second = open(&store, 2, 7).await;
    assert_eq!(busy_with(store.commit(replacing(&first)).await), second.id);
    assert!(store.find_call(first.id).await.unwrap().unwrap().status.is_over());
}

pub async fn a_call_stays_with_its_company_and_customer(store: Shared) {
    let opened = open(&store, 1, 7).await;
    for moved in [record(1, THEIRS, 7), record(1, OURS, 8)] {
        assert!(matches!(store.commit(replacing(&moved)).await, Err(StoreError::Invalid { .. })));
    }
    assert_eq!(store.find_call(id(1)).await.unwrap(), Some(opened));
}

pub async fn a_long_transcript_reads_back(store: Shared) {
    let mut record = open(&store, 1, 7).await;
    let line = |number: i64| TranscriptLine {
        timestamp: NOW.plus_millis(number),
        speaker: if number % 2 == 0 { Speaker::Ai } else { Speaker::Customer },
        message: format!(
            "{number}: お世話になっております。“東京”と\n「大阪」🏯、Łódź\u{0}を担当しております。"
        )
        .repeat(8),
        confidence: (number % 2 == 1).then_some(0.75),
        intent: None,
        score: None,
    };
    record.transcript = (0..2_000).map(line).collect();
    record.status = Status::Completed;
    let last = Commit { record: Some(Box::new(record.clone())), ..adding(1, 3, 3) };
    store.commit(last).await.unwrap();
    assert_eq!(store.call(OURS, id(1)).await.unwrap(), Some(record));
}

pub async fn a_company_sees_only_its_own_calls(store: Shared) {
    let ours = open(&store, 1, 7).await;
    assert_eq!(store.call(OURS, ours.id).await.unwrap(), Some(ours.clone()));
    assert_eq!(store.call(THEIRS, ours.id).await.unwrap(), None);
    let listed = store.calls(THEIRS, &CallFilter::default(), Paging::default()).await.unwrap();
    assert_eq!((listed.items, listed.total), (Vec::new(), 0));
    let of_customer = CallFilter { customer: Some(id(7)), ..CallFilter::default() };
    assert_eq!(store.calls(THEIRS, &of_customer, Paging::default()).await.unwrap().total, 0);
}

pub async fn recorded_calls_are_found_by_age_in_pages(store: Shared) {
    for call in 1..=5 {
        let start_time = NOW.plus_secs(60 * call.min(3));
        let record = CallRecord { start_time, ..record(call, OURS, call) };
        try_open(&store, Opening { record: record.clone(), ..opening(call, call) }).await.unwrap();
        let recorded = CallRecord { recording_sid: Some(format!("RE{call}")), ..record };
        store.commit(replacing(&recorded)).await.unwrap();
        if call != 5 {
            end(&store, &recorded).await;
        }
    }
    let found = |before: Time, after, limit| {
        let store = Arc::clone(&store);
        async move {
            let found = store.recorded_calls(OURS, before, after, limit).await.unwrap();
            let calls: Vec<CallId> = found.iter().map(|recorded| recorded.call).collect();
            (calls, found.last().copied())
        }
    };
    let later = NOW.plus_secs(3600);
    let (first, last) = found(later, None, 3).await;
    assert_eq!(first, [id(1), id(2), id(3)]);
    let (rest, _) = found(later, last, 3).await;
    assert_eq!(rest, [id(4)], "the fifth is not over");
    assert_eq!(found(NOW.plus_secs(120), None, 9).await.0, [id(1)], "the moment itself is not before");
    assert_eq!(store.recorded_calls(THEIRS, later, None, 9).await.unwrap(), []);
    let gone = CallRecord {
        recording_sid: None,
        status: Status::Completed,
        start_time: NOW.plus_secs(60),
        ..record(1, OURS, 1)
    };
    store.commit(replacing(&gone)).await.unwrap();
    assert_eq!(found(later, None, 9).await.0, [id(2), id(3), id(4)]);
}
