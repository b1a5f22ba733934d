//! All data over to MongoDB and back again, with every kind of thing.

use super::{Archive, Item, Kind, MoveError, compare, copy};
use crate::{
    Attempt, AttemptResult, CallStore, CampaignChange, CampaignStep, Commit, CustomerImport, CustomerMark,
    CustomerStore, FIRST_SEQ, ImportReport, ImportState, Invitation, MongoStore, Opening, PasswordReset,
    RefreshToken, SqliteConfig, SqliteStore, StatisticsFilter, StoreError, UserRole,
    conformance::{callbacks::promise, fixture::*, webhooks},
    whole_journal,
};
use std::sync::Arc;
use tempfile::TempDir;
use tsunagu_call::{
    CallRecord, Status,
    campaign::{AttemptResult as Result_, CampaignState, RetryPlan},
};

const CUSTOMERS: u32 = 12;

fn file() -> (TempDir, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
    (dir, store)
}

/// Puts some of every kind there, as rooms do it.
async fn fill(store: &Shared) {
    for whose in [OURS, THEIRS] {
        store.create_company(company(whose)).await.unwrap();
    }
    // Events of calls are noted from now on.
    store.create_webhook(webhooks::webhook(1, OURS)).await.unwrap();
    store.create_webhook(webhooks::webhook(2, OURS)).await.unwrap();
    store.create_webhook(webhooks::webhook(3, THEIRS)).await.unwrap();
    for number in 1..=3 {
        agent(store, number).await;
    }
    store.create_user(crate::User { role: UserRole::Admin, ..user(4, OURS) }).await.unwrap();
    let reset =
        PasswordReset { user_id: id(2), hash: "reset".into(), made_by: id(4), expires_at: NOW.plus_secs(60) };
    store.put_password_reset(reset).await.unwrap();
    for number in 1..=CUSTOMERS {
        store.create_customer(customer(number, OURS, &format!("山田{number}"))).await.unwrap();
    }
    store.create_customer(customer(99, THEIRS, "佐藤")).await.unwrap();
    calls(store).await;
    let (first, second) = (promise(1, Some(NOW.plus_secs(60))), promise(2, None));
    for callback in [first, second] {
        store.keep_callback(callback).await.unwrap();
    }
    campaigns(store).await;
    store.mark_customer(id(3), CustomerMark::DoNotCall).await.unwrap();
    store.delete_customer(OURS, id(4)).await.unwrap();
    signing_in(store).await;
    let import = CustomerImport {
        id: id(7),
        company_id: OURS,
        state: ImportState::Done,
        bytes: 99,
        total_bytes: None,
        report: ImportReport { imported: 3, ..ImportReport::default() },
        started_at: NOW,
        seen_at: NOW,
        finished_at: Some(NOW),
    };
    store.begin_import(import.clone(), 9, NOW).await.unwrap();
    store.begin_import(CustomerImport { company_id: THEIRS, ..import }, 9, NOW).await.unwrap();
    let deliveries = (1..=5).rev().map(|number| webhooks::outgoing(number, Some(1))).collect();
    store.dispatch(0, deliveries).await.unwrap();
    let dead = AttemptResult::Dead { error: "answered 500".into(), gone: false };
    let attempt = Attempt { webhook: id(1), delivery: id(4), now: NOW, status: Some(500), result: dead };
    store.note_attempt(attempt).await.unwrap();
}

/// Calls that live, that are over, that are not settled, with short journals and a long one.
async fn calls(store: &Shared) {
    for call in 1..=6 {
        let opening = Opening { idempotency_key: Some(format!("鍵{call}")), ..opening(call, call) };
        store.open_call(opening).await.unwrap();
    }
    store.commit(adding(1, 3, 2_500)).await.unwrap();
    store.reserve_agent(id(1), id(5), NOW.plus_secs(60), NOW).await.unwrap();
    // On average they answered after a long fraction.
    for response_secs in [7, 3, 4] {
        store.reserve_agent(id(2), id(1), NOW.plus_secs(60), NOW).await.unwrap();
        store.seat_agent(id(2), id(1), response_secs, NOW).await.unwrap();
        let freed = crate::Freed { talk_secs: 9, wrap_up_secs: 0, handled: true, now: NOW.plus_secs(9) };
        store.free_agent(id(2), id(1), freed).await.unwrap();
    }
    for call in 1..=4 {
        let over = CallRecord {
            status: Status::Completed,
            answered_time: Some(NOW.plus_secs(5)),
            end_time: Some(NOW.plus_secs(65)),
            duration: 60,
            call_result: Some("成功".into()),
            assigned_agent: Some(id(2)),
            notes: (call == 2).then(|| "来週　また".into()),
            recording_sid: Some(format!("RE{call}")),
            unsettled: call == 4,
            ..record(call, OURS, call)
        };
        let from = if call == 1 { 2_501 } else { 3 };
        let commit = Commit { entries: entries(from, from), ..replacing(&over) };
        store.commit(commit).await.unwrap();
    }
}

async fn campaigns(store: &Shared) {
    let (by, campaign): (tsunagu_call::UserId, tsunagu_call::CampaignId) = (id(4), id(1));
    let campaign = serde_json::json!({ "_id": campaign, "companyId": OURS, "name": "春", "createdBy": by, "createdAt": NOW });
    store.create_campaign(serde_json::from_value(campaign).unwrap()).await.unwrap();
    let listed: Vec<_> = (7..=CUSTOMERS).rev().map(id).collect();
    store.list_customers(OURS, id(1), listed, 99, NOW).await.unwrap();
    let step =
        CampaignStep { from: CampaignState::Draft, to: CampaignState::Running, reason: None, now: NOW };
    let change = CampaignChange { step: Some(step), ..CampaignChange::default() };
    store.change_campaign(OURS, id(1), change).await.unwrap();
    let seen = store.claim_entry(id(1), id(77), NOW, NOW.plus_secs(60)).await.unwrap().unwrap();
    let mut entry = seen.clone();
    entry.settle(Result_::Absent, &RetryPlan::default(), NOW.plus_secs(9));
    assert!(store.replace_entry(&seen, entry).await.unwrap());
}

async fn signing_in(store: &Shared) {
    for (hash, family) in [("甲", 1), ("b", 1), ("c", 2)] {
        let token = RefreshToken {
            hash: hash.into(),
            user_id: id(family),
            family: id(family),
            epoch: 0,
            expires_at: NOW.plus_secs(3600),
            spent: false,
            spent_at: None,
            spent_for: None,
            revoked: false,
        };
        store.put_refresh_token(token).await.unwrap();
    }
    store.spend_refresh_token("甲", Some("key"), NOW).await.unwrap();
    store.revoke_token_family(id(1)).await.unwrap();
    for number in 1..=2 {
        let invitation = Invitation {
            id: id(number),
            company_id: OURS,
            email: format!("new{number}@example.jp"),
            role: UserRole::Agent,
            hash: format!("invitation{number}"),
            invited_by: id(4),
            created_at: NOW,
            expires_at: NOW.plus_secs(60),
        };
        store.put_invitation(invitation, 9, NOW).await.unwrap();
    }
}

/// A MongoDB to be filled, dropped when the test is over.
async fn database() -> Option<(crate::mongo::tests::Dropped, MongoStore)> {
    let dropped = crate::mongo::tests::Dropped::new()?;
    let store = MongoStore::connect_to_fill(&dropped.uri).await.unwrap();
    Some((dropped, store))
}

async fn move_all(from: &dyn Archive, to: &dyn Archive) -> Vec<u64> {
    let mut counts = Vec::new();
    for kind in Kind::ALL {
        copy(from, to, kind).await.unwrap();
        let compared = compare(from, to, kind).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        counts.push(compared.items);
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_goes_to_mongodb_and_comes_back() {
    let Some((dropped, mongo)) = database().await else { return };
    let (_dir, sqlite) = file();
    let sqlite = Arc::new(sqlite);
    let shared: Shared = sqlite.clone();
    fill(&shared).await;
    let counts = move_all(&*sqlite, &mongo).await;
    assert!(counts.iter().all(|count| *count > 0), "there is something of every kind: {counts:?}");

    let early = MongoStore::connect(&dropped.uri).await;
    assert!(matches!(early, Err(StoreError::Invalid { .. })), "{early:?}");
    mongo.filled().await.unwrap();
    let moved: Shared = Arc::new(MongoStore::connect(&dropped.uri).await.unwrap());
    check_works(&shared, &moved).await;
    let again = MongoStore::connect_to_fill(&dropped.uri).await;
    assert!(matches!(again, Err(StoreError::Invalid { .. })), "it holds data: {again:?}");

    let (_elsewhere, back) = file();
    let mongo = MongoStore::connect(&dropped.uri).await.unwrap();
    let returned = move_all(&mongo, &back).await;
    assert_eq!(returned, counts);
    for kind in Kind::ALL {
        compare(&*sqlite, &back, kind).await.unwrap();
    }
    let back: Shared = Arc::new(back);
    check_works(&shared, &back).await;
}

/// What is made anew from the documents is as it was: counts, queues, who is in a call.
async fn check_works(before: &Shared, now: &Shared) {
    let figures = |store: &Shared| {
        let store = Arc::clone(store);
        async move {
            let all = StatisticsFilter::default();
            store.call_statistics(OURS, all, crate::Grouping::Agents).await.unwrap()
        }
    };
    assert_eq!(figures(before).await, figures(now).await);
    assert_eq!(before.live_calls().await.unwrap(), now.live_calls().await.unwrap());
    assert_eq!(whole_journal(&**now, id(1)).await.unwrap(), entries(FIRST_SEQ, 2_501));
    let search = crate::CallFilter { search: Some("来週また".into()), ..Default::default() };
    let found = now.calls(OURS, &search, crate::Paging::default()).await.unwrap();
    assert_eq!(found.items.iter().map(|record| record.id).collect::<Vec<_>>(), [id(2)]);
    let busy = now.open_call(opening(50, 5)).await;
    assert!(matches!(busy, Err(StoreError::CustomerBusy { call }) if call == id(5)), "{busy:?}");
    let again = Opening { idempotency_key: Some("鍵1".into()), ..opening(51, 1) };
    assert_eq!(now.open_call(again).await.unwrap(), crate::Opened::Already(id(1)));
    let due = |store: &Shared| {
        let store = Arc::clone(store);
        async move { store.due_deliveries(id(1), NOW, 99).await.unwrap() }
    };
    assert_eq!(due(before).await, due(now).await);
    assert_eq!(before.driven_campaigns(9).await.unwrap(), now.driven_campaigns(9).await.unwrap());
    let listed = |store: &Shared| {
        let store = Arc::clone(store);
        async move { store.campaign_entries(id(1), None, crate::Paging::default()).await.unwrap() }
    };
    assert_eq!(listed(before).await, listed(now).await);
    assert_eq!(before.census(NOW).await.unwrap(), now.census(NOW).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_broken_off_is_finished_and_what_is_wrong_is_told() {
    let Some((dropped, mongo)) = database().await else { return };
    let (_dir, sqlite) = file();
    let sqlite = Arc::new(sqlite);
    let shared: Shared = sqlite.clone();
    fill(&shared).await;
    // As it is when it was broken off in the middle of the calls: some are there, one with half its journal.
    for kind in [Kind::Companies, Kind::Users, Kind::Customers] {
        copy(&*sqlite, &mongo, kind).await.unwrap();
    }
    let some = sqlite.items(Kind::Calls, None, 3).await.unwrap();
    mongo.keep(some).await.unwrap();
    mongo.commit(adding(1, 1, 700)).await.unwrap();
    let unfinished = compare(&*sqlite, &mongo, Kind::Calls).await;
    assert!(matches!(unfinished, Err(MoveError::Differs { .. })), "{unfinished:?}");
    drop(mongo);

    let mongo = MongoStore::connect_to_fill(&dropped.uri).await.unwrap();
    let customers = copy(&*sqlite, &mongo, Kind::Customers).await.unwrap();
    assert_eq!((customers.copied, customers.there), (0, u64::from(CUSTOMERS)));
    let calls = copy(&*sqlite, &mongo, Kind::Calls).await.unwrap();
    assert_eq!((calls.copied, calls.there), (3, 3));
    move_all(&*sqlite, &mongo).await;

    // Whatever is changed on one side is seen.
    shared.note_called(id(1), NOW.plus_secs(99), None).await.unwrap();
    let differs = compare(&*sqlite, &mongo, Kind::Customers).await.unwrap_err().to_string();
    assert!(differs.contains(&id::<CallRecord>(1).to_string()), "{differs}");
    shared.create_customer(customer(40, OURS, "新規")).await.unwrap();
    copy(&*sqlite, &mongo, Kind::Customers).await.unwrap();
    compare(&*sqlite, &mongo, Kind::Customers).await.unwrap();

    // What should be there once, and is there twice, cannot be kept; it is named.
    mongo.create_customer(crate::Customer { id: id(41), ..customer(42, OURS, "別人") }).await.unwrap();
    shared.create_customer(customer(42, OURS, "同じ番号")).await.unwrap();
    let refused = copy(&*sqlite, &mongo, Kind::Customers).await;
    let named = Item::Customer(customer(42, OURS, "")).name();
    assert!(matches!(&refused, Err(MoveError::Unkept { item, .. }) if *item == named), "{refused:?}");
}
