//! Lists of calls.

use super::fixture::*;
use crate::{CallFilter, Opening, Paging};
use tsunagu_call::{CallRecord, Status};

/// Calls 0 to 24, a minute after one another, except that 23 and 24 began together.
async fn many(store: &Shared) {
    for call in 0..25 {
        let start_time = NOW.plus_secs(60 * call.min(23));
        let record = CallRecord { start_time, ..record(call, OURS, call) };
        try_open(store, Opening { record, ..opening(call, call) }).await.unwrap();
    }
}

async fn found(store: &Shared, filter: CallFilter) -> Vec<u32> {
    let page = store.calls(OURS, &filter, Paging::new(1, 100)).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.iter().map(number).collect()
}

fn number(record: &CallRecord) -> u32 {
    u32::from_be_bytes(record.id.bytes()[8..].try_into().unwrap())
}

pub async fn calls_are_listed_newest_first_in_pages(store: Shared) {
    many(&store).await;
    let mut seen = Vec::new();
    for page in 1..=3 {
        let page = store.calls(OURS, &CallFilter::default(), Paging::new(page, 10)).await.unwrap();
        assert_eq!(page.total, 25);
        seen.extend(page.items.iter().map(number));
    }
    assert_eq!(seen, (0..25).rev().collect::<Vec<_>>());
}

pub async fn calls_are_filtered(store: Shared) {
    many(&store).await;
    for call in [3, 4, 5] {
        let mut record = CallRecord { start_time: NOW.plus_secs(60 * call), ..record(call, OURS, call) };
        record.status = Status::Completed;
        record.call_result = Some(if call == 5 { "不在" } else { "成功" }.into());
        record.assigned_agent = (call != 3).then(|| id(90));
        store.commit(replacing(&record)).await.unwrap();
    }
    let all = CallFilter::default;
    assert_eq!(found(&store, CallFilter { status: Some(Status::Completed), ..all() }).await, [5, 4, 3]);
    assert_eq!(found(&store, CallFilter { result: Some("成功".into()), ..all() }).await, [4, 3]);
    assert_eq!(found(&store, CallFilter { agent: Some(id(90)), ..all() }).await, [5, 4]);
    assert_eq!(found(&store, CallFilter { customer: Some(id(8)), ..all() }).await, [8]);
    let (from, to) = (Some(NOW.plus_secs(60 * 2)), Some(NOW.plus_secs(60 * 5)));
    assert_eq!(found(&store, CallFilter { from, to, ..all() }).await, [4, 3, 2], "the end is not included");
    let both = CallFilter { result: Some("成功".into()), agent: Some(id(90)), from, to, ..all() };
    assert_eq!(found(&store, both).await, [4]);
    assert_eq!(found(&store, CallFilter { result: Some("' OR 1=1 --".into()), ..all() }).await, [0; 0]);
}

pub async fn a_page_beyond_the_end_is_empty(store: Shared) {
    many(&store).await;
    let page = store.calls(OURS, &CallFilter::default(), Paging::new(u32::MAX, 100)).await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, 25));
}
