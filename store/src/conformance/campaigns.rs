//! Campaigns and their lists.

use super::fixture::*;
use crate::{
    CallFilter, Campaign, CampaignChange, CampaignStep, CustomerMark, Limit, Listed, Paging, StoreError,
};
use serde_json::json;
use std::sync::Arc;
use tsunagu_call::{
    CampaignId, CompanyId, CustomerId,
    campaign::{
        AttemptResult::{self, Absent, Failed, Success},
        CampaignEntry,
        CampaignState::{self, Completed, Draft, Paused, Running, Stopped},
        EntryState, PauseReason, RetryPlan, SkipReason,
    },
};

const MOST: u64 = 100_000;

fn campaign(number: u32, company: CompanyId) -> Campaign {
    let (campaign, by): (CampaignId, tsunagu_call::UserId) = (id(number), id(1));
    let made = NOW.plus_secs(number);
    serde_json::from_value(
        json!({ "_id": campaign, "companyId": company, "name": "春の案内", "createdBy": by, "createdAt": made }),
    )
    .unwrap()
}

fn step(from: CampaignState, to: CampaignState) -> CampaignChange {
    let step = CampaignStep { from, to, reason: None, now: NOW };
    CampaignChange { step: Some(step), ..CampaignChange::default() }
}

async fn start(store: &Shared, number: u32) {
    store.change_campaign(OURS, id(number), step(Draft, Running)).await.unwrap();
}

/// A campaign of ours that runs, with customers 1 to `customers` on its list.
async fn running(store: &Shared, number: u32, customers: u32) {
    store.create_campaign(campaign(number, OURS)).await.unwrap();
    for customer in 1..=customers {
        drop(store.create_customer(super::fixture::customer(customer, OURS, "山田")).await);
    }
    store.list_customers(OURS, id(number), (1..=customers).map(id).collect(), MOST, NOW).await.unwrap();
    start(store, number).await;
}

async fn claim(store: &Shared, number: u32, call: u32) -> Option<CampaignEntry> {
    store.claim_entry(id(number), id(call), NOW, NOW.plus_secs(60)).await.unwrap()
}

async fn settle(store: &Shared, seen: &CampaignEntry, result: AttemptResult, secs: u32) -> CampaignEntry {
    let mut entry = seen.clone();
    entry.settle(result, &RetryPlan::default(), NOW.plus_secs(secs));
    assert!(store.replace_entry(seen, entry.clone()).await.unwrap());
    entry
}

fn changed<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Changed { what: "campaign" })), "{answer:?}");
}

pub async fn a_campaign_is_kept_changed_and_removed(store: Shared) {
    store.create_campaign(campaign(1, OURS)).await.unwrap();
    let again = store.create_campaign(campaign(1, OURS)).await;
    assert!(matches!(again, Err(StoreError::Duplicate { what: "campaign", .. })), "{again:?}");
    let change = CampaignChange {
        name: Some("夏の案内".into()),
        agents_factor: Some(None),
        absent: Limit { attempts: Some(5), wait_secs: None },
        ..CampaignChange::default()
    };
    let theirs = store.change_campaign(THEIRS, id(1), change.clone()).await;
    assert!(matches!(theirs, Err(StoreError::NotFound { what: "campaign" })), "{theirs:?}");
    let kept = store.change_campaign(OURS, id(1), change).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.pace.agents_factor), ("夏の案内", None));
    assert_eq!((kept.retries.absent.attempts, kept.retries.absent.wait_secs), (5, 7200));
    assert_eq!(store.campaign(OURS, id(1)).await.unwrap(), Some(kept));
    assert_eq!(store.campaign(THEIRS, id(1)).await.unwrap(), None);
    assert!(!store.delete_campaign(THEIRS, id(1)).await.unwrap());
    assert!(store.delete_campaign(OURS, id(1)).await.unwrap());
    assert!(!store.delete_campaign(OURS, id(1)).await.unwrap());
}

pub async fn campaigns_are_listed_newest_first(store: Shared) {
    for number in 1..=3 {
        store.create_campaign(campaign(number, OURS)).await.unwrap();
    }
    store.create_campaign(campaign(4, THEIRS)).await.unwrap();
    start(&store, 2).await;
    let found = async |state, page| {
        let page = store.campaigns(OURS, state, Paging::new(page, 2)).await.unwrap();
        (page.items.into_iter().map(|campaign| campaign.id).collect::<Vec<_>>(), page.total)
    };
    assert_eq!(found(None, 1).await, (vec![id(3), id(2)], 3));
    assert_eq!(found(None, 2).await, (vec![id(1)], 3));
    assert_eq!(found(Some(Running), 1).await, (vec![id(2)], 1));
}

pub async fn a_step_is_taken_from_where_it_begins(store: Shared) {
    running(&store, 1, 1).await;
    changed(store.change_campaign(OURS, id(1), step(Draft, Running)).await);
    let mut pause = step(Running, Paused);
    pause.step.as_mut().unwrap().reason = Some(PauseReason::FailureRate);
    let paused = store.change_campaign(OURS, id(1), pause).await.unwrap();
    assert_eq!((paused.state, paused.pause_reason), (Paused, Some(PauseReason::FailureRate)));
    let resumed = store.change_campaign(OURS, id(1), step(Paused, Running)).await.unwrap();
    assert_eq!((resumed.pause_reason, resumed.started_at), (None, Some(NOW)));
    changed(store.change_campaign(OURS, id(1), step(Running, Completed)).await);
    changed(store.delete_campaign(OURS, id(1)).await);
    let entry = claim(&store, 1, 1).await.unwrap();
    changed(store.change_campaign(OURS, id(1), step(Running, Completed)).await);
    settle(&store, &entry, Success, 9).await;
    let over = store.change_campaign(OURS, id(1), step(Running, Completed)).await.unwrap();
    assert_eq!((over.state, over.ended_at), (Completed, Some(NOW)));
    let late = CampaignChange { name: Some("遅い".into()), ..CampaignChange::default() };
    changed(store.change_campaign(OURS, id(1), late).await);
    changed(store.list_customers(OURS, id(1), vec![id(1)], MOST, NOW).await);
    assert!(store.delete_campaign(OURS, id(1)).await.unwrap());
    assert_eq!(store.campaign_entries(id(1), None, Paging::default()).await.unwrap().total, 0);
}

pub async fn a_customer_is_on_a_list_once(store: Shared) {
    store.create_campaign(campaign(1, OURS)).await.unwrap();
    for number in 1..=5 {
        let company = if number == 5 { THEIRS } else { OURS };
        store.create_customer(customer(number, company, "山田")).await.unwrap();
    }
    let list = async |ids: &[u32], most| {
        let ids = ids.iter().copied().map(id).collect();
        store.list_customers(OURS, id(1), ids, most, NOW).await.unwrap()
    };
    let first = list(&[3, 1, 3, 5, 99], MOST).await;
    assert_eq!(first, Listed { added: 2, duplicates: 1, unknown: 2, left_out: 0 });
    assert_eq!(list(&[1, 2, 4], 3).await, Listed { added: 1, duplicates: 1, unknown: 0, left_out: 1 });
    let entries = store.campaign_entries(id(1), None, Paging::new(1, 2)).await.unwrap();
    let order: Vec<CustomerId> = entries.items.iter().map(|entry| entry.customer_id).collect();
    assert_eq!((order, entries.total), (vec![id(3), id(1)], 3), "in the order of listing");
    let strange = store.list_customers(THEIRS, id(1), vec![id(5)], MOST, NOW).await;
    assert!(matches!(strange, Err(StoreError::NotFound { .. })), "{strange:?}");
    let many = store.list_customers(OURS, id(1), vec![id(1); 1001], MOST, NOW).await;
    assert!(matches!(many, Err(StoreError::Invalid { .. })), "{many:?}");
}

pub async fn of_many_who_claim_each_entry_goes_to_one(store: Shared) {
    running(&store, 1, 10).await;
    let claimer = |number: u32| {
        let store = Arc::clone(&store);
        async move { claim(&store, 1, number).await }
    };
    let claimed: Vec<_> = at_once(16, claimer).await.into_iter().flatten().collect();
    let mut customers: Vec<_> = claimed.iter().map(|entry| entry.customer_id).collect();
    customers.sort();
    assert_eq!(customers, (1..=10).map(id).collect::<Vec<_>>());
    assert_eq!(store.next_due(id(1)).await.unwrap(), None);
    let mut in_hand = store.entries_in_hand(id(1), 100).await.unwrap();
    in_hand.sort_by_key(|entry| entry.call());
    let mut claimed = claimed;
    claimed.sort_by_key(CampaignEntry::call);
    assert_eq!(in_hand, claimed);
    assert_eq!(store.entries_in_hand(id(1), 3).await.unwrap().len(), 3);
}

pub async fn nobody_is_claimed_who_is_not_due_or_of_a_campaign_that_does_not_run(store: Shared) {
    running(&store, 1, 2).await;
    let first = claim(&store, 1, 1).await.unwrap();
    assert_eq!(first.customer_id, id(1), "who was listed first is rung first");
    let again = settle(&store, &first, Absent, 0).await;
    store.change_campaign(OURS, id(1), step(Running, Paused)).await.unwrap();
    assert_eq!(claim(&store, 1, 2).await, None, "it is paused");
    store.change_campaign(OURS, id(1), step(Paused, Running)).await.unwrap();
    assert_eq!(claim(&store, 1, 2).await.unwrap().customer_id, id(2));
    assert_eq!(claim(&store, 1, 3).await, None, "the other one is to be rung later");
    assert_eq!(store.next_due(id(1)).await.unwrap(), again.next_attempt_at);
    let later = again.next_attempt_at.unwrap();
    let second = store.claim_entry(id(1), id(3), later, later.plus_secs(60)).await.unwrap().unwrap();
    assert_eq!((second.customer_id, second.attempts.len()), (id(1), 2));
}

pub async fn an_entry_is_replaced_only_as_it_was_seen(store: Shared) {
    running(&store, 1, 1).await;
    let seen = claim(&store, 1, 1).await.unwrap();
    let replacer = |number: u32| {
        let (store, seen) = (Arc::clone(&store), seen.clone());
        async move {
            let mut entry = seen.clone();
            entry.lease_until = Some(NOW.plus_secs(100 + number));
            store.replace_entry(&seen, entry).await.unwrap()
        }
    };
    let won = at_once(16, replacer).await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    let stands = store.entries_in_hand(id(1), 9).await.unwrap();
    assert!(stands[0].lease_until > seen.lease_until);
}

pub async fn entries_are_counted_by_kind(store: Shared) {
    running(&store, 1, 6).await;
    for (call, result) in [(1, Absent), (2, Success), (3, Failed)] {
        let entry = claim(&store, 1, call).await.unwrap();
        settle(&store, &entry, result, 10 * call).await;
    }
    let entry = claim(&store, 1, 4).await.unwrap();
    let mut skipped = entry.clone();
    skipped.skip(SkipReason::DoNotCall);
    assert!(store.replace_entry(&entry, skipped).await.unwrap());
    claim(&store, 1, 5).await.unwrap();
    let counts = store.count_entries(id(1)).await.unwrap();
    let of = |state, skipped, result, tried| {
        let kind = (state, skipped, result, tried);
        let found = counts.iter().find(|one| (one.state, one.skipped, one.result, one.tried) == kind);
        found.map_or(0, |found| found.count)
    };
    assert_eq!(of(EntryState::Waiting, None, None, false), 1);
    assert_eq!(of(EntryState::Waiting, None, Some(Absent), true), 1);
    assert_eq!(of(EntryState::Waiting, None, Some(Failed), true), 1);
    assert_eq!(of(EntryState::Done, None, Some(Success), true), 1);
    assert_eq!(of(EntryState::Skipped, Some(SkipReason::DoNotCall), None, false), 1);
    assert_eq!(of(EntryState::Calling, None, None, true), 1);
    assert_eq!(counts.iter().map(|one| one.count).sum::<u64>(), 6);

    let found = store.campaign_entries(id(1), Some(EntryState::Waiting), Paging::default()).await.unwrap();
    assert_eq!((found.items.len(), found.total), (3, 3));
    let results =
        async |since: u32, limit| store.latest_results(id(1), NOW.plus_secs(since), limit).await.unwrap();
    assert_eq!(results(0, 9).await, [Failed, Success, Absent]);
    assert_eq!(results(10, 9).await, [Failed, Success]);
    assert_eq!(results(0, 1).await, [Failed]);
}

pub async fn prospects_tell_what_stands_in_the_way(store: Shared) {
    running(&store, 1, 5).await;
    store.mark_customer(id(2), CustomerMark::DoNotCall).await.unwrap();
    store.delete_customer(OURS, id(3)).await.unwrap();
    open(&store, 1, 4).await;
    let all = store.prospects(id(1), None, 9).await.unwrap();
    let seen: Vec<_> = all.iter().map(|one| (one.customer.is_some(), one.in_call, one.elsewhere)).collect();
    let plain = (true, false, false);
    assert_eq!(seen, [plain, plain, (false, false, false), (true, true, false), plain]);
    assert!(all[1].called_earlier().unwrap().do_not_call && all[2].called_earlier().is_none());
    let page = store.prospects(id(1), Some(id(2)), 2).await.unwrap();
    assert_eq!(page, all[2..4]);
    assert_eq!(store.prospect(id(1), id(4)).await.unwrap().as_ref(), Some(&all[3]));
    assert_eq!(store.prospect(id(1), id(9)).await.unwrap(), None);
    assert_eq!(store.calls(OURS, &CallFilter::default(), Paging::default()).await.unwrap().total, 1);
}

pub async fn of_two_campaigns_with_a_customer_the_later_one_knows(store: Shared) {
    running(&store, 1, 2).await;
    store.create_campaign(campaign(2, OURS)).await.unwrap();
    store.list_customers(OURS, id(2), vec![id(1), id(2)], MOST, NOW).await.unwrap();
    let elsewhere = async |number: u32, customer: u32| {
        store.prospect(id(number), id(customer)).await.unwrap().unwrap().elsewhere
    };
    assert!(elsewhere(2, 1).await, "one that runs comes before one that has not begun");
    assert!(!elsewhere(1, 1).await);
    start(&store, 2).await;
    assert!(elsewhere(2, 1).await && !elsewhere(1, 1).await, "never both");
    let entry = claim(&store, 1, 1).await.unwrap();
    assert!(elsewhere(2, 1).await, "being rung");
    settle(&store, &entry, Success, 9).await;
    assert!(!elsewhere(2, 1).await && elsewhere(2, 2).await, "it is done with the one");
    store.change_campaign(OURS, id(1), step(Running, Stopped)).await.unwrap();
    assert!(!elsewhere(2, 2).await);
}

pub async fn a_campaign_is_driven_until_nothing_is_to_be_done(store: Shared) {
    let driven = async || {
        let campaigns = store.driven_campaigns(9).await.unwrap();
        campaigns.into_iter().map(|campaign| campaign.id).collect::<Vec<_>>()
    };
    running(&store, 1, 3).await;
    store.create_campaign(campaign(2, OURS)).await.unwrap();
    assert_eq!(driven().await, [id(1)]);
    let entry = claim(&store, 1, 1).await.unwrap();
    assert!(!store.rest_campaign(id(1)).await.unwrap(), "it runs");
    store.change_campaign(OURS, id(1), step(Running, Paused)).await.unwrap();
    assert!(!store.rest_campaign(id(1)).await.unwrap(), "somebody is being rung");
    settle(&store, &entry, Absent, 9).await;
    assert!(store.rest_campaign(id(1)).await.unwrap());
    assert_eq!(driven().await, []);
    assert_eq!(store.give_up_waiting(id(1), 9).await.unwrap(), 0, "it may go on");
    store.change_campaign(OURS, id(1), step(Paused, Stopped)).await.unwrap();
    assert_eq!(driven().await, [id(1)]);
    assert!(!store.rest_campaign(id(1)).await.unwrap(), "some wait");
    assert_eq!(store.give_up_waiting(id(1), 2).await.unwrap(), 2);
    assert_eq!(store.give_up_waiting(id(1), 2).await.unwrap(), 1);
    assert!(store.rest_campaign(id(1)).await.unwrap());
    let given_up = store.campaign_entries(id(1), Some(EntryState::Skipped), Paging::default()).await.unwrap();
    assert_eq!(given_up.total, 3);
    assert!(given_up.items.iter().all(|entry| entry.skipped == Some(SkipReason::Stopped)));
    assert!(store.delete_campaign(OURS, id(1)).await.unwrap());
    assert!(store.rest_campaign(id(1)).await.unwrap(), "one that is gone needs nothing");
}
