//! The journal: no gap, no fork, in order, and together with the projection.

use super::fixture::*;
use crate::{Commit, JOURNAL_PAGE, Opening, StoreError};
use std::sync::Arc;
use tsunagu_call::{CallRecord, Entry, Status};

async fn journal(store: &Shared, call: u32) -> Vec<Entry> {
    store.journal(id(call), 0, JOURNAL_PAGE).await.unwrap()
}

fn conflict(result: Result<(), StoreError>) -> (u64, u64) {
    match result {
        Err(StoreError::Conflict { expected, offered, .. }) => (expected, offered),
        other => panic!("no conflict: {other:?}"),
    }
}

pub async fn what_is_committed_is_read_back_in_order(store: Shared) {
    open(&store, 1, 1).await;
    store.commit(adding(1, 3, 5)).await.unwrap();
    store.commit(adding(1, 6, 6)).await.unwrap();
    assert_eq!(journal(&store, 1).await, entries(1, 6));
    assert_eq!(store.journal(id(1), 4, 2).await.unwrap(), entries(4, 5), "from the middle of a commit");
    assert_eq!(store.journal(id(1), 6, 9).await.unwrap(), entries(6, 6));
    assert_eq!(store.journal(id(1), 7, 9).await.unwrap(), []);
    assert_eq!(store.journal(id(1), 1, 0).await.unwrap(), []);
    assert_eq!(journal(&store, 2).await, [], "of a call that was never opened");
}

pub async fn a_journal_has_no_gap_and_no_fork(store: Shared) {
    open(&store, 1, 1).await;
    assert_eq!(conflict(store.commit(adding(1, 4, 4)).await), (3, 4), "a gap");
    assert_eq!(conflict(store.commit(adding(1, 2, 3)).await), (3, 2), "a fork");
    let torn = Commit { entries: vec![entry(3, "三"), entry(5, "五")], ..adding(1, 3, 3) };
    assert_eq!(conflict(store.commit(torn).await), (4, 5), "a gap within");
    store.commit(adding(1, 3, 3)).await.unwrap();
    assert_eq!(conflict(store.commit(adding(1, 3, 3)).await), (4, 3), "the same again");
    assert_eq!(journal(&store, 1).await, entries(1, 3));
}

pub async fn a_commit_writes_both_or_neither(store: Shared) {
    let opened = open(&store, 1, 1).await;
    let talking =
        CallRecord { status: Status::AiResponding, notes: Some("折り返し".into()), ..opened.clone() };
    let late = Commit { record: Some(Box::new(talking.clone())), ..adding(1, 9, 9) };
    assert_eq!(conflict(store.commit(late).await), (3, 9));
    assert_eq!(store.find_call(opened.id).await.unwrap(), Some(opened));
    let next = Commit { record: Some(Box::new(talking.clone())), ..adding(1, 3, 3) };
    store.commit(next).await.unwrap();
    assert_eq!(store.find_call(talking.id).await.unwrap(), Some(talking));
    assert_eq!(journal(&store, 1).await.len(), 3);
}

pub async fn an_unknown_call_takes_no_commit(store: Shared) {
    let error = store.commit(adding(1, 1, 1)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "call" }), "{error:?}");
    let alien = Commit { record: Some(Box::new(record(2, OURS, 2))), ..adding(1, 3, 3) };
    open(&store, 1, 1).await;
    assert!(matches!(store.commit(alien).await, Err(StoreError::Invalid { .. })));
    assert_eq!(journal(&store, 1).await.len(), 2);
}

pub async fn an_opening_is_checked(store: Shared) {
    let over = CallRecord { status: Status::Failed, ..record(1, OURS, 1) };
    let refused = [
        Opening { entries: Vec::new(), ..opening(1, 1) },
        Opening { entries: entries(2, 3), ..opening(1, 1) },
        Opening { record: over, ..opening(1, 1) },
    ];
    for opening in refused {
        let error = try_open(&store, opening).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid { .. } | StoreError::Conflict { .. }), "{error:?}");
    }
    let opened = open(&store, 1, 1).await;
    end(&store, &opened).await;
    let again = try_open(&store, opening(1, 1)).await;
    assert!(matches!(again, Err(StoreError::Conflict { expected: 3, .. })), "{again:?}");
}

pub async fn commits_are_applied_in_the_order_of_calling(store: Shared) {
    open(&store, 1, 1).await;
    // None is polled before all are handed in, and then the last one first.
    let receipts: Vec<_> = (3..=202).map(|seq| store.commit(adding(1, seq, seq))).collect();
    for receipt in receipts.into_iter().rev() {
        receipt.await.unwrap();
    }
    assert_eq!(journal(&store, 1).await, entries(1, 202));
}

pub async fn a_failed_commit_fails_those_that_build_on_it(store: Shared) {
    open(&store, 1, 1).await;
    let wrong = store.commit(adding(1, 2, 3));
    let next = store.commit(adding(1, 4, 4));
    assert_eq!(conflict(wrong.await), (3, 2));
    assert_eq!(conflict(next.await), (3, 4));
    assert_eq!(journal(&store, 1).await, entries(1, 2));
}

pub async fn a_dropped_receipt_takes_nothing_back(store: Shared) {
    open(&store, 1, 1).await;
    drop(store.commit(adding(1, 3, 3)));
    store.commit(adding(1, 4, 4)).await.unwrap();
    assert_eq!(journal(&store, 1).await, entries(1, 4));
}

pub async fn of_many_writers_exactly_one_wins_each_place(store: Shared) {
    const LAST: u64 = 40;
    open(&store, 1, 1).await;
    let writer = |number: u32| {
        let store = Arc::clone(&store);
        async move {
            let (mut next, mut won) = (3, Vec::new());
            while next <= LAST {
                let entries = vec![entry(next, &format!("writer {number}"))];
                match store.commit(Commit { call: id(1), entries, record: None }).await {
                    Ok(()) => {
                        won.push((next, number));
                        next += 1;
                    }
                    Err(StoreError::Conflict { expected, .. }) => next = expected,
                    Err(error) => panic!("{error}"),
                }
            }
            won
        }
    };
    let mut won: Vec<_> = at_once(64, writer).await.into_iter().flatten().collect();
    won.sort_unstable();
    assert_eq!(won.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), (3..=LAST).collect::<Vec<_>>());
    let written = won.iter().map(|(seq, number)| entry(*seq, &format!("writer {number}")));
    assert_eq!(journal(&store, 1).await[2..], written.collect::<Vec<_>>());
}

pub async fn a_call_of_ten_thousand_entries_is_read_in_pages(store: Shared) {
    open(&store, 1, 1).await;
    for from in (3..=10_502).step_by(500) {
        store.commit(adding(1, from, from + 499)).await.unwrap();
    }
    let first = store.journal(id(1), 1, usize::MAX).await.unwrap();
    assert_eq!(first.len(), JOURNAL_PAGE);
    let rest = store.journal(id(1), JOURNAL_PAGE as u64 + 1, usize::MAX).await.unwrap();
    assert_eq!((rest.len(), rest.first().unwrap().seq, rest.last().unwrap().seq), (502, 10_001, 10_502));
}

pub async fn a_batch_suffers_nobody_for_another(store: Shared) {
    for call in 0..50 {
        open(&store, call, call).await;
    }
    // Every second one is wrong, and all are handed in at once.
    let commit = |call: u32| if call.is_multiple_of(2) { adding(call, 3, 4) } else { adding(call, 4, 4) };
    let receipts: Vec<_> = (0..50).map(|call| store.commit(commit(call))).collect();
    for (call, receipt) in (0..50_u32).zip(receipts) {
        assert_eq!(receipt.await.is_ok(), call.is_multiple_of(2), "{call}");
        let length = if call.is_multiple_of(2) { 4 } else { 2 };
        assert_eq!(journal(&store, call).await.len(), length);
    }
}
