//! Campaigns: their customers are rung at the pace, within the hours, again when nobody was there, and never twice.

mod servers;

use crate::world::{COMPANY, SUPERVISOR, World, customer, customer_phone, defaults};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tsunagu_actors::{CampaignDesk, CampaignLimits, OrderError, check_campaign, fresh, order_campaign};
use tsunagu_call::{
    CallId, CampaignId, Leg, LegStatus, Time,
    campaign::{
        AttemptResult, CampaignEntry, CampaignOrder, CampaignState, EntryState, Hindrance, PauseReason,
        SkipReason,
    },
};
use tsunagu_store::{
    AgentStore, Availability, CallFilter, CallStore, CallingHours, Campaign, CampaignListStore,
    CampaignStore, CompanyChange, CompanySettingsChange, CompanyStore, CustomerMark, CustomerStore, Paging,
};

const CAMPAIGN: CampaignId = CampaignId::from_bytes([7; 12]);

impl World {
    /// A campaign of customers 1 to `customers`, not started, with these settings.
    async fn campaign(&self, customers: u8, settings: Value) -> CampaignDesk {
        self.draft(CAMPAIGN, customers, settings).await;
        self.desk(CampaignLimits::default())
    }

    fn desk(&self, limits: CampaignLimits) -> CampaignDesk {
        CampaignDesk::open(self.board.clone(), Arc::new(defaults()), limits)
    }

    async fn draft(&self, id: CampaignId, customers: u8, settings: Value) {
        let mut campaign = json!({
            "_id": id, "companyId": COMPANY, "name": "春の案内", "createdBy": SUPERVISOR,
            "createdAt": self.clock.now(), "pace": { "agentsFactor": null },
        });
        for (key, value) in settings.as_object().unwrap() {
            campaign[key] = value.clone();
        }
        let campaign: Campaign = serde_json::from_value(campaign).unwrap();
        self.store.create_campaign(campaign).await.unwrap();
        let ids = (1..=customers).map(customer).collect();
        self.store.list_customers(COMPANY, id, ids, 100, self.clock.now()).await.unwrap();
    }

    /// So many seconds pass, and each time what timers need beyond: tokio's fire within the next millisecond.
    async fn pass(&self, secs: u64) {
        self.rest().await;
        for _ in 0..secs {
            tokio::time::advance(Duration::from_millis(1020)).await;
            self.rest().await;
        }
    }

    async fn order(&self, order: CampaignOrder) -> Result<Campaign, OrderError> {
        order_campaign(self.board.ports(), COMPANY, CAMPAIGN, order).await
    }

    async fn begin_campaign(&self, desk: &CampaignDesk) {
        self.order(CampaignOrder::Start).await.unwrap();
        desk.look_again();
        self.rest().await;
    }

    async fn now_at(&self) -> Campaign {
        self.store.campaign(COMPANY, CAMPAIGN).await.unwrap().unwrap()
    }

    async fn entry(&self, number: u8) -> CampaignEntry {
        self.store.prospect(CAMPAIGN, customer(number)).await.unwrap().unwrap().entry
    }

    /// The call to this customer ends without having been answered.
    async fn rings_out(&self, number: u8, status: LegStatus) {
        let call = self.entry(number).await.call().expect("they are not being rung");
        self.leg_is(call, Leg::Customer, &customer_phone(number), status).await;
    }

    async fn calls(&self) -> u64 {
        self.store.calls(COMPANY, &CallFilter::default(), Paging::default()).await.unwrap().total
    }

    async fn close(self, desk: CampaignDesk) {
        tokio::join!(desk.stop(), self.rest());
        self.end().await;
    }
}

#[actix::test]
async fn customers_are_rung_at_the_pace_until_all_are_seen_to() {
    let world = World::new(1).await;
    let desk = world.campaign(4, json!({})).await;
    world.begin_campaign(&desk).await;
    assert_eq!(world.calls().await, 0, "what was rung a moment ago by an earlier server is not known");
    for rung in 1..=4 {
        world.pass(1).await;
        assert_eq!(world.dialled().len(), rung, "one a second");
    }
    let order: Vec<_> = world.dialled().into_iter().map(|call| call.to).collect();
    assert_eq!(order, (1..=4).map(customer_phone).collect::<Vec<_>>());
    world.pass(2).await;
    assert_eq!(desk.waits_for(CAMPAIGN), Some(Hindrance::LastCalls));
    world.rings_out(1, LegStatus::NoAnswer).await;
    for number in 2..=4 {
        let call = world.entry(number).await.call().unwrap();
        world.picks_up(call, number).await;
        world.says(call, "結構です、もうかけてこないでください").await;
        world.hangs_up(call, number).await;
    }
    world.pass(2).await;
    let entry = world.entry(2).await;
    assert_eq!((entry.state, entry.result), (EntryState::Done, Some(AttemptResult::DoNotCall)));
    let missed = world.entry(1).await;
    assert_eq!((missed.state, missed.result), (EntryState::Waiting, Some(AttemptResult::Absent)));
    let ended = missed.attempts[0].ended_at.unwrap();
    assert_eq!(missed.next_attempt_at, Some(ended.plus_secs(7200)));
    assert_eq!(world.now_at().await.state, CampaignState::Running);
    world.close(desk).await;
}

#[actix::test]
async fn a_busy_line_is_rung_again_after_its_wait_as_often_as_planned() {
    let world = World::new(1).await;
    let retries = json!({ "busy": { "attempts": 2, "waitSecs": 60 } });
    let desk = world.campaign(1, json!({ "retries": retries })).await;
    world.begin_campaign(&desk).await;
    world.pass(1).await;
    world.rings_out(1, LegStatus::Busy).await;
    world.pass(58).await;
    assert_eq!(world.times_dialled(&customer_phone(1)), 1);
    assert_eq!(desk.waits_for(CAMPAIGN), Some(Hindrance::NextAttempt));
    world.pass(4).await;
    assert_eq!(world.times_dialled(&customer_phone(1)), 2);
    world.rings_out(1, LegStatus::Busy).await;
    world.pass(200).await;
    assert_eq!(world.times_dialled(&customer_phone(1)), 2);
    let entry = world.entry(1).await;
    assert_eq!((entry.state, entry.result), (EntryState::Failed, Some(AttemptResult::Busy)));
    assert_eq!(world.now_at().await.state, CampaignState::Completed);
    world.close(desk).await;
}

#[actix::test]
async fn calls_of_people_go_first_and_campaigns_let_the_line_clear() {
    let world = World::new(1).await;
    let desk = world.campaign(2, json!({})).await;
    world.begin_campaign(&desk).await;
    for number in 5..=8 {
        world.start(number).await;
    }
    assert_eq!(world.dialled().len(), 4, "nobody holds them back");
    world.pass(3).await;
    assert_eq!(desk.waits_for(CAMPAIGN), Some(Hindrance::Pace));
    assert_eq!(world.dialled().len(), 4, "the carrier still has a queue");
    world.pass(2).await;
    assert_eq!(world.dialled().len(), 5);
    world.pass(1).await;
    assert_eq!(world.dialled().len(), 6);
    world.close(desk).await;
}

#[actix::test]
async fn two_campaigns_share_the_line_evenly() {
    let world = World::new(1).await;
    let other = CampaignId::from_bytes([8; 12]);
    world.draft(other, 9, json!({})).await;
    let desk = world.campaign(3, json!({})).await;
    let store = &world.store;
    let later = (4..=9).map(customer).collect();
    let fourth = CampaignId::from_bytes([9; 12]);
    world.draft(fourth, 0, json!({})).await;
    store.list_customers(COMPANY, fourth, later, 100, world.clock.now()).await.unwrap();
    world.begin_campaign(&desk).await;
    order_campaign(world.board.ports(), COMPANY, fourth, CampaignOrder::Start).await.unwrap();
    desk.look_again();
    world.pass(4).await;
    let rung: Vec<_> = world.dialled().into_iter().map(|call| call.to).collect();
    let of_first = rung.iter().filter(|to| (1..=3).map(customer_phone).any(|phone| phone == **to)).count();
    assert_eq!((rung.len(), of_first), (4, 2), "{rung:?}");
    world.close(desk).await;
}

#[actix::test]
async fn a_paused_campaign_rings_nobody_and_goes_on_where_it_was() {
    let world = World::new(1).await;
    let desk = world.campaign(5, json!({})).await;
    world.begin_campaign(&desk).await;
    world.pass(2).await;
    let paused = world.order(CampaignOrder::Pause).await.unwrap();
    assert_eq!((paused.state, paused.pause_reason), (CampaignState::Paused, Some(PauseReason::Asked)));
    world.pass(30).await;
    assert_eq!(world.dialled().len(), 2);
    world.rings_out(1, LegStatus::NoAnswer).await;
    world.pass(2).await;
    assert_eq!(
        world.entry(1).await.result,
        Some(AttemptResult::Absent),
        "calls that live are still followed"
    );
    assert!(matches!(world.order(CampaignOrder::Start).await, Err(OrderError::Refused(_))));
    world.order(CampaignOrder::Resume).await.unwrap();
    desk.look_again();
    world.pass(3).await;
    assert_eq!(world.dialled().len(), 5);
    world.order(CampaignOrder::Stop).await.unwrap();
    desk.look_again();
    world.pass(1).await;
    let entry = world.entry(1).await;
    assert_eq!((entry.state, entry.skipped), (EntryState::Skipped, Some(SkipReason::Stopped)));
    world.rings_out(2, LegStatus::NoAnswer).await;
    world.pass(2).await;
    assert_eq!(world.entry(2).await.skipped, Some(SkipReason::Stopped), "nor is anybody rung again");
    world.close(desk).await;
}

#[actix::test]
async fn who_may_not_be_rung_is_skipped_with_the_reason_the_check_told() {
    let world = World::new(1).await;
    let desk = world.campaign(8, json!({})).await;
    let store = &world.store;
    store.mark_customer(customer(2), CustomerMark::DoNotCall).await.unwrap();
    store.mark_customer(customer(3), CustomerMark::WrongNumber).await.unwrap();
    let (now, day_ago) = (world.clock.now(), world.clock.now().plus_secs(0).plus_millis(-90_000_000));
    store.note_called(customer(4), now, Some("不在".into())).await.unwrap();
    store.note_called(customer(5), day_ago, Some("成功".into())).await.unwrap();
    store.delete_customer(COMPANY, customer(6)).await.unwrap();
    store.note_called(customer(7), day_ago, Some("不在".into())).await.unwrap();
    let talking = world.start(8).await;

    let company = store.company(COMPANY).await.unwrap().unwrap();
    let check = check_campaign(world.board.ports(), &world.now_at().await, &company).await.unwrap();
    let expected = [
        (2, SkipReason::DoNotCall),
        (3, SkipReason::WrongNumber),
        (4, SkipReason::CalledLately),
        (5, SkipReason::AlreadyWon),
    ];
    assert_eq!((check.waiting, check.to_ring, check.in_call), (8, 3, 1));
    let mut reasons: Vec<_> = check.skipped.into_iter().collect();
    reasons.sort();
    let mut told: Vec<_> = expected.iter().map(|(_, reason)| (*reason, 1)).collect();
    told.push((SkipReason::NoCustomer, 1));
    told.sort();
    assert_eq!(reasons, told);

    world.begin_campaign(&desk).await;
    world.pass(10).await;
    for (number, reason) in expected {
        let entry = world.entry(number).await;
        assert_eq!((entry.state, entry.skipped), (EntryState::Skipped, Some(reason)), "customer {number}");
        assert_eq!(world.times_dialled(&customer_phone(number)), 0);
    }
    assert_eq!(world.entry(6).await.skipped, Some(SkipReason::NoCustomer));
    let waiting = world.entry(8).await;
    assert_eq!((waiting.state, waiting.deferrals, waiting.attempts.len()), (EntryState::Waiting, 1, 0));
    assert_eq!(world.times_dialled(&customer_phone(8)), 1, "by the one who rang before");
    assert_eq!(world.entry(1).await.state, EntryState::Calling);
    assert_eq!(world.entry(7).await.state, EntryState::Calling);
    world.leg_is(talking, Leg::Customer, &customer_phone(8), LegStatus::NoAnswer).await;
    world.close(desk).await;
}

#[actix::test]
async fn a_campaign_whose_calls_fail_pauses_itself_and_says_why() {
    let world = World::new(1).await;
    let breaker = json!({ "window": 5, "failureRate": 0.6 });
    let desk = world.campaign(9, json!({ "breaker": breaker })).await;
    world.begin_campaign(&desk).await;
    for number in 1..=5 {
        world.pass(1).await;
        let status = if number % 2 == 0 { LegStatus::NoAnswer } else { LegStatus::Failed };
        world.rings_out(number, status).await;
    }
    world.pass(3).await;
    let campaign = world.now_at().await;
    assert_eq!(
        (campaign.state, campaign.pause_reason),
        (CampaignState::Paused, Some(PauseReason::FailureRate))
    );
    let dialled = world.dialled().len();
    world.pass(20).await;
    assert_eq!(world.dialled().len(), dialled);
    world.order(CampaignOrder::Resume).await.unwrap();
    desk.look_again();
    world.pass(3).await;
    assert_eq!(world.now_at().await.state, CampaignState::Running, "what was before is forgiven");
    assert!(world.dialled().len() > dialled);
    world.close(desk).await;
}

#[actix::test]
async fn nobody_is_rung_outside_of_the_hours() {
    let world = World::new(1).await;
    // It is Friday, ten o'clock.
    let hours = CallingHours { start: "09:00".into(), end: "18:00".into(), ..CallingHours::default() };
    let settings = CompanySettingsChange { calling_hours: Some(Some(hours)), ..Default::default() };
    world.store.change_company(COMPANY, CompanyChange { settings, ..Default::default() }).await.unwrap();
    let own = json!({ "start": "10:02", "end": "10:03", "days": ["fri"] });
    let desk = world
        .campaign(9, json!({ "hours": own, "pace": { "callsPerSecond": 0.05, "agentsFactor": null } }))
        .await;
    world.begin_campaign(&desk).await;
    world.pass(116).await;
    assert_eq!(world.dialled().len(), 0);
    assert_eq!(desk.waits_for(CAMPAIGN), Some(Hindrance::CallingHours));
    world.pass(300).await;
    assert_eq!(world.dialled().len(), 3, "one in twenty seconds, for a minute");
    world.close(desk).await;
}

#[actix::test]
async fn hours_that_never_come_are_refused_and_pause_what_runs() {
    let world = World::new(1).await;
    let desk = world.campaign(1, json!({ "hours": { "start": "20:00", "end": "21:00" } })).await;
    let hours = CallingHours::default();
    let settings = CompanySettingsChange { calling_hours: Some(Some(hours)), ..Default::default() };
    let change = CompanyChange { settings, ..Default::default() };
    world.store.change_company(COMPANY, change.clone()).await.unwrap();
    assert!(matches!(world.order(CampaignOrder::Start).await, Err(OrderError::NoHours)));
    let settings = CompanySettingsChange { calling_hours: Some(None), ..Default::default() };
    world.store.change_company(COMPANY, CompanyChange { settings, ..Default::default() }).await.unwrap();
    world.begin_campaign(&desk).await;
    world.store.change_company(COMPANY, change).await.unwrap();
    desk.look_again();
    world.pass(1).await;
    assert_eq!(world.now_at().await.pause_reason, Some(PauseReason::NoHours));
    world.close(desk).await;
}

#[actix::test]
async fn no_more_are_rung_than_the_free_agents_bear() {
    let world = World::new(1).await;
    let pace = json!({ "agentsFactor": 2.0, "callsAtOnce": 5 });
    let desk = world.campaign(9, json!({ "pace": pace })).await;
    world.begin_campaign(&desk).await;
    world.pass(10).await;
    assert_eq!(world.dialled().len(), 2);
    assert_eq!(desk.waits_for(CAMPAIGN), Some(Hindrance::FreeAgents));
    world.rings_out(1, LegStatus::NoAnswer).await;
    world.pass(3).await;
    assert_eq!(world.dialled().len(), 3);
    let now = world.clock.now();
    world.store.set_agent_status(COMPANY, SUPERVISOR, Availability::Busy, now).await.unwrap();
    world.rings_out(2, LegStatus::NoAnswer).await;
    world.rings_out(3, LegStatus::NoAnswer).await;
    world.pass(10).await;
    assert_eq!(world.dialled().len(), 3, "nobody could take them");
    world.store.set_agent_status(COMPANY, SUPERVISOR, Availability::Available, now).await.unwrap();
    world.pass(5).await;
    assert_eq!(world.dialled().len(), 5);
    world.close(desk).await;
}

#[actix::test]
async fn no_more_calls_live_at_once_than_are_allowed() {
    let world = World::new(1).await;
    let desk = world.campaign(9, json!({ "pace": { "agentsFactor": null, "callsAtOnce": 2 } })).await;
    world.begin_campaign(&desk).await;
    world.pass(10).await;
    assert_eq!(world.dialled().len(), 2);
    assert_eq!(desk.waits_for(CAMPAIGN), Some(Hindrance::CallsAtOnce));
    world.rings_out(1, LegStatus::NoAnswer).await;
    world.pass(3).await;
    assert_eq!(world.dialled().len(), 3);
    world.close(desk).await;
}

/// The attempt of a server that died after it had claimed it, as the store has it.
async fn left_alone(world: &World, claimed_at: Time) -> CallId {
    let call = fresh(claimed_at);
    let lease = claimed_at.plus_secs(60);
    let entry = world.store.claim_entry(CAMPAIGN, call, claimed_at, lease).await.unwrap().unwrap();
    assert_eq!(entry.customer_id, customer(1));
    call
}

#[actix::test]
async fn an_attempt_that_a_dead_server_did_not_begin_is_begun_once_its_lease_is_over() {
    let world = World::new(1).await;
    world.draft(CAMPAIGN, 1, json!({})).await;
    world.order(CampaignOrder::Start).await.unwrap();
    let call = left_alone(&world, world.clock.now()).await;
    let desk = world.desk(CampaignLimits::default());
    world.pass(58).await;
    assert_eq!(world.calls().await, 0, "the other one may still come to it");
    world.pass(4).await;
    assert!(world.store.find_call(call).await.unwrap().is_some(), "under the id that was decided with it");
    world.pass(100).await;
    assert_eq!((world.calls().await, world.dialled().len()), (1, 1));
    world.rings_out(1, LegStatus::NoAnswer).await;
    world.pass(2).await;
    assert_eq!(world.entry(1).await.attempts.len(), 1);
    world.close(desk).await;
}

#[actix::test]
async fn an_attempt_that_a_dead_server_had_begun_is_followed_and_not_begun_again() {
    let mut world = World::new(1).await;
    let first = world.campaign(2, json!({})).await;
    world.begin_campaign(&first).await;
    world.pass(1).await;
    // It goes down without a word, and another one comes up.
    tokio::join!(first.stop(), world.rest());
    world.restart().await;
    world.board.recover().await.unwrap();
    let second = world.desk(CampaignLimits::default());
    world.pass(1).await;
    assert_eq!(world.dialled().len(), 2);
    world.rings_out(1, LegStatus::Busy).await;
    world.pass(2).await;
    let entry = world.entry(1).await;
    assert_eq!((entry.attempts.len(), entry.result), (1, Some(AttemptResult::Busy)));
    world.pass(100).await;
    assert_eq!(world.times_dialled(&customer_phone(1)), 1);
    world.close(second).await;
}

#[actix::test]
async fn what_ended_while_no_server_ran_is_looked_up() {
    let mut world = World::new(1).await;
    let first = world.campaign(1, json!({ "retries": { "busy": { "attempts": 1, "waitSecs": 60 } } })).await;
    world.begin_campaign(&first).await;
    world.pass(1).await;
    tokio::join!(first.stop(), world.rest());
    world.rings_out(1, LegStatus::Busy).await;
    world.restart().await;
    world.pass(500).await;
    assert_eq!(world.entry(1).await.state, EntryState::Calling, "nobody looked");
    let second = world.desk(CampaignLimits::default());
    world.pass(1).await;
    assert_eq!(world.entry(1).await.state, EntryState::Failed);
    assert_eq!(world.now_at().await.state, CampaignState::Completed);
    world.close(second).await;
}

#[actix::test]
async fn two_servers_over_one_store_ring_everybody_once() {
    let world = World::new(1).await;
    let limits = CampaignLimits { calls_per_second: 20.0, ..CampaignLimits::default() };
    let pace = json!({ "agentsFactor": null, "callsAtOnce": 50, "callsPerSecond": 20.0 });
    world.draft(CAMPAIGN, 9, json!({ "pace": pace })).await;
    let (one, other) = (world.desk(limits), world.desk(limits));
    world.begin_campaign(&one).await;
    other.look_again();
    world.pass(12).await;
    for number in 1..=9 {
        assert_eq!(world.times_dialled(&customer_phone(number)), 1, "customer {number}");
    }
    tokio::join!(other.stop(), world.rest());
    world.close(one).await;
}
