//! Deliveries on virtual time: what happens on live calls reaches receivers that fail, are slow, or go away.

use crate::world::{COMPANY, World};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tsunagu_actors::{Answer, Courier, DeliveryDesk, DeliveryPorts, LAST_ATTEMPT, Letter, Trouble};
use tsunagu_call::{NodeId, WebhookId};
use tsunagu_store::{
    CallbackStore, Delivery, DeliveryState, DisabledReason, Paging, Webhook, WebhookChange, WebhookStore,
};

/// How a receiver behaves.
#[derive(Debug, Clone, Copy)]
enum Habit {
    Answers(u16),
    /// Answers 200 after so many seconds.
    Slow(u64),
    Away,
}

/// How long a receiver may take.
const LONGEST: Duration = Duration::from_secs(900);

/// Receivers by their addresses; those that are not named answer 200.
#[derive(Default)]
struct Receivers {
    habits: Mutex<HashMap<String, Habit>>,
    posted: Mutex<Vec<Letter>>,
    under_way: Mutex<HashMap<String, usize>>,
    most_under_way: Mutex<HashMap<String, usize>>,
}

#[async_trait]
impl Courier for Receivers {
    async fn post(&self, letter: Letter) -> Result<Answer, Trouble> {
        let url = letter.url.clone();
        let habit = self.habits.lock().unwrap().get(&url).copied().unwrap_or(Habit::Answers(200));
        self.posted.lock().unwrap().push(letter);
        let now = {
            let mut under_way = self.under_way.lock().unwrap();
            let count = under_way.entry(url.clone()).or_default();
            *count += 1;
            *count
        };
        {
            let mut most = self.most_under_way.lock().unwrap();
            let most = most.entry(url.clone()).or_default();
            *most = (*most).max(now);
        }
        let answer = match habit {
            Habit::Answers(status) => Ok(Answer { status, retry_after: None }),
            Habit::Slow(secs) => {
                tokio::time::sleep(Duration::from_secs(secs)).await;
                Ok(Answer { status: 200, retry_after: None })
            }
            Habit::Away => Err(Trouble::Unreachable("connection refused".into())),
        };
        *self.under_way.lock().unwrap().get_mut(&url).unwrap() -= 1;
        answer
    }

    fn longest(&self) -> Duration {
        LONGEST
    }
}

impl Receivers {
    fn behave(&self, url: &str, habit: Habit) {
        self.habits.lock().unwrap().insert(url.to_owned(), habit);
    }

    /// The events that were posted to a receiver, as type and sequence, in the order of posting.
    fn got(&self, url: &str) -> Vec<(String, u64)> {
        let posted = self.posted.lock().unwrap();
        let bodies = posted.iter().filter(|letter| letter.url == url).map(body);
        bodies
            .map(|body| {
                (body["type"].as_str().unwrap().to_owned(), body["data"]["sequence"].as_u64().unwrap_or(0))
            })
            .collect()
    }

    fn count(&self, url: &str) -> usize {
        self.got(url).len()
    }
}

fn body(letter: &Letter) -> Value {
    serde_json::from_str(&letter.body).unwrap()
}

/// A world whose company has receivers.
struct Stage {
    world: World,
    receivers: Arc<Receivers>,
    desk: DeliveryDesk,
}

const HOOK: &str = "https://one.example.jp/";
const OTHER: &str = "https://two.example.jp/";

impl Stage {
    async fn new(urls: &[&str], events: &[&str]) -> Self {
        let world = World::new(1).await;
        for (number, url) in (1..).zip(urls) {
            world.store.memory.create_webhook(webhook(number, url, events)).await.unwrap();
        }
        let receivers = Arc::<Receivers>::default();
        let desk = desk(&world, &receivers);
        Self { world, receivers, desk }
    }

    async fn deliveries(&self, state: DeliveryState) -> Vec<Delivery> {
        let paging = Paging::new(1, 100);
        self.world.store.memory.deliveries(COMPANY, id(1), Some(state), paging).await.unwrap().items
    }

    async fn webhook(&self) -> Webhook {
        self.world.store.memory.webhook(COMPANY, id(1)).await.unwrap().unwrap()
    }

    /// A call that is answered and hung up at once.
    async fn short_call(&self, number: u8) {
        let call = self.world.start(number).await;
        self.world.picks_up(call, number).await;
        self.world.hangs_up(call, number).await;
    }

    async fn end(self) {
        self.world.wait(30).await;
        self.desk.stop().await;
        self.world.end().await;
    }
}

fn desk(world: &World, receivers: &Arc<Receivers>) -> DeliveryDesk {
    let ports = DeliveryPorts { store: world.store.clone(), courier: receivers.clone(), clock: world.clock };
    DeliveryDesk::start(ports, None)
}

fn id(number: u8) -> WebhookId {
    WebhookId::from_bytes([number; 12])
}

fn webhook(number: u8, url: &str, events: &[&str]) -> Webhook {
    serde_json::from_value(json!({
        "_id": id(number), "companyId": COMPANY, "url": url, "events": events, "enabled": true,
        "secrets": [{ "key": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "createdAt": "2026-11-20T01:00:00Z" }],
        "createdAt": "2026-11-20T01:00:00Z",
    }))
    .unwrap()
}

fn types(got: &[(String, u64)]) -> Vec<&str> {
    got.iter().map(|(event, _)| event.as_str()).collect()
}

#[actix_rt::test]
async fn of_nodes_that_share_a_store_one_posts() {
    let stage = Stage::new(&[HOOK], &["call.started"]).await;
    let Stage { world, receivers, desk } = &stage;
    desk.stop().await;
    // So slow as one may be, noting included: as long as this node is at it, no other begins.
    receivers.behave(HOOK, Habit::Slow(LONGEST.as_secs() - 1));
    let desk_of = |number: u8| {
        let store = Arc::new(world.store.memory.as_node(NodeId::from_bytes([number; 12])));
        DeliveryDesk::start(DeliveryPorts { store, courier: receivers.clone(), clock: world.clock }, None)
    };
    let desks = [desk_of(1), desk_of(2), desk_of(3)];
    stage.short_call(1).await;
    // While it is under way, and after it is there, every node looks what is due.
    for _ in 0..20 {
        world.wait(60).await;
        desks.iter().for_each(|desk| desk.wake(id(1)));
        assert_eq!(receivers.count(HOOK), 1);
    }
    assert_eq!(stage.deliveries(DeliveryState::Delivered).await.len(), 1);
    for desk in desks {
        desk.stop().await;
    }
    stage.end().await;
}

#[actix_rt::test]
async fn what_dies_on_the_way_is_delivered_all_the_same() {
    let stage = Stage::new(&[HOOK], &["call.started"]).await;
    for at in ["outbox", "due_deliveries", "note_attempt"] {
        stage.world.store.die_at(at);
    }
    stage.short_call(1).await;
    stage.world.wait(60).await;
    assert!(stage.world.store.all_died());
    assert_eq!(stage.deliveries(DeliveryState::Delivered).await.len(), 1);
    assert_eq!(stage.receivers.count(HOOK), 2, "what was posted and not noted is posted again");
    stage.end().await;
}

#[actix_rt::test]
async fn one_who_never_answers_is_given_up_and_tried_again() {
    let stage = Stage::new(&[HOOK], &["call.started"]).await;
    stage.receivers.behave(HOOK, Habit::Slow(LONGEST.as_secs() + 60));
    stage.short_call(1).await;
    stage.world.wait(LONGEST.as_secs() - 30).await;
    assert_eq!(stage.deliveries(DeliveryState::Pending).await[0].attempts, 0);
    stage.world.wait(60).await;
    let pending = &stage.deliveries(DeliveryState::Pending).await[0];
    assert_eq!((pending.attempts, pending.last_error.as_deref()), (1, Some("no answer in time")));
    assert_eq!(stage.receivers.count(HOOK), 2);
    stage.end().await;
}

#[actix_rt::test]
async fn a_call_is_told_from_its_start_to_its_end_in_order() {
    let stage = Stage::new(&[HOOK], &["*"]).await;
    let world = &stage.world;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    world.accepts(call, 1, 1).await;
    world.both_join(call, 1, 1).await;
    world.hangs_up(call, 1).await;
    world.wait(10).await;
    let got = stage.receivers.got(HOOK);
    assert_eq!(
        types(&got),
        [
            "call.started",
            "call.status",
            "call.status",
            "call.handoff.requested",
            "call.status",
            "call.handoff.connected",
            "call.status",
            "call.ended",
        ],
        "{got:?}"
    );
    assert!(got.is_sorted_by_key(|(_, sequence)| *sequence));
    let posted = stage.receivers.posted.lock().unwrap().clone();
    let statuses: Vec<_> = posted
        .iter()
        .map(body)
        .filter(|body| body["type"] == "call.status")
        .map(|body| {
            format!("{}>{}", body["data"]["previousStatus"], body["data"]["call"]["status"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        statuses,
        [
            "initiated>ai-responding",
            "ai-responding>transferring",
            "transferring>human-connected",
            "human-connected>completed"
        ]
    );
    for letter in &posted {
        let body = body(letter);
        assert_eq!((&body["data"]["callId"], letter.body.len() < 4096), (&json!(call), true), "{body}");
        assert_eq!(letter.headers[0].1.split('-').next(), Some(call.to_string().as_str()));
        assert!(!letter.body.contains("少々"), "what was said is not told");
    }
    let ids: std::collections::HashSet<_> = posted.iter().map(|letter| &letter.headers[0].1).collect();
    assert_eq!(ids.len(), posted.len());
    stage.end().await;
}

#[actix_rt::test]
async fn only_what_is_wanted_is_posted() {
    let stage = Stage::new(&[HOOK], &["call.ended"]).await;
    stage.short_call(1).await;
    stage.world.wait(5).await;
    assert_eq!(types(&stage.receivers.got(HOOK)), ["call.ended"]);
    stage.end().await;
}

#[actix_rt::test]
async fn one_who_fails_is_tried_again_for_hours_and_then_no_more() {
    let stage = Stage::new(&[HOOK], &["call.ended"]).await;
    stage.receivers.behave(HOOK, Habit::Answers(500));
    stage.short_call(1).await;
    stage.world.wait(3).await;
    assert_eq!(stage.receivers.count(HOOK), 1);
    stage.world.wait(25).await;
    assert_eq!(stage.receivers.count(HOOK), 3, "after 5 s and 15 s, a fifth more or less");
    let pending = stage.deliveries(DeliveryState::Pending).await;
    assert_eq!((pending[0].attempts, pending[0].last_status), (3, Some(500)));
    // A day in steps of a minute.
    for _ in 0..30 * 60 {
        tokio::time::advance(Duration::from_secs(60)).await;
        stage.world.rest().await;
    }
    assert_eq!(stage.receivers.count(HOOK), LAST_ATTEMPT as usize);
    let dead = stage.deliveries(DeliveryState::Dead).await;
    assert_eq!((dead.len(), dead[0].attempts), (1, LAST_ATTEMPT));
    assert_eq!(dead[0].last_error.as_deref(), Some("answered 500"));

    stage.receivers.behave(HOOK, Habit::Answers(204));
    stage.world.store.memory.replay_deliveries(COMPANY, id(1), None, stage.world.clock.now()).await.unwrap();
    stage.desk.wake(id(1));
    stage.world.rest().await;
    assert_eq!(stage.deliveries(DeliveryState::Delivered).await.len(), 1);
    assert_eq!(stage.webhook().await.failing_since, None);
    stage.end().await;
}

#[actix_rt::test]
async fn one_who_fails_keeps_the_order_and_is_asked_one_at_a_time() {
    let stage = Stage::new(&[HOOK], &["*"]).await;
    stage.receivers.behave(HOOK, Habit::Away);
    stage.short_call(1).await;
    stage.world.wait(12).await;
    let got = stage.receivers.got(HOOK);
    assert!(got.len() >= 2 && got.iter().all(|(event, _)| event == "call.started"), "{got:?}");
    stage.receivers.behave(HOOK, Habit::Answers(200));
    stage.world.wait(60).await;
    let got = stage.receivers.got(HOOK);
    assert!(got.is_sorted_by_key(|(_, sequence)| *sequence), "{got:?}");
    assert_eq!(got.last().map(|(event, _)| event.as_str()), Some("call.ended"));
    stage.end().await;
}

#[actix_rt::test]
async fn one_who_is_slow_delays_nobody_else() {
    let stage = Stage::new(&[HOOK, OTHER], &["*"]).await;
    stage.receivers.behave(HOOK, Habit::Slow(600));
    for number in 1..=9 {
        stage.short_call(number).await;
    }
    stage.world.wait(5).await;
    let got = stage.receivers.got(OTHER);
    assert_eq!(got.iter().filter(|(event, _)| event == "call.ended").count(), 9, "{got:?}");
    assert!(stage.receivers.most_under_way.lock().unwrap()[HOOK] <= 8);
    assert_eq!(stage.deliveries(DeliveryState::Delivered).await.len(), 0);
    stage.end().await;
}

#[actix_rt::test]
async fn one_who_is_gone_is_switched_off_and_told_no_more() {
    let stage = Stage::new(&[HOOK], &["*"]).await;
    stage.receivers.behave(HOOK, Habit::Answers(410));
    stage.short_call(1).await;
    stage.world.wait(10).await;
    assert_eq!(stage.receivers.count(HOOK), 1);
    assert_eq!(stage.webhook().await.disabled.map(|disabled| disabled.reason), Some(DisabledReason::Gone));
    stage.receivers.behave(HOOK, Habit::Answers(200));
    stage.short_call(2).await;
    stage.world.wait(10).await;
    assert_eq!(stage.receivers.count(HOOK), 1, "it is off");

    let on = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    stage.world.store.memory.change_webhook(COMPANY, id(1), on).await.unwrap();
    stage.desk.wake(id(1));
    stage.world.wait(5).await;
    let got = stage.receivers.got(HOOK);
    assert_eq!(types(&got), ["call.started", "call.status", "call.status", "call.ended"], "{got:?}");
    stage.end().await;
}

#[actix_rt::test]
async fn what_was_journalled_is_told_after_the_next_start() {
    let mut stage = Stage::new(&[HOOK], &["*"]).await;
    stage.desk.stop().await;
    stage.short_call(1).await;
    stage.world.wait(5).await;
    assert_eq!(stage.receivers.count(HOOK), 0);
    stage.desk = desk(&stage.world, &stage.receivers);
    stage.world.wait(5).await;
    let got = stage.receivers.got(HOOK);
    assert_eq!(types(&got), ["call.started", "call.status", "call.status", "call.ended"], "{got:?}");

    // What was queued and not taken before the next start is found as well.
    stage.receivers.behave(HOOK, Habit::Answers(503));
    stage.short_call(2).await;
    stage.world.wait(2).await;
    stage.desk.stop().await;
    stage.receivers.behave(HOOK, Habit::Answers(200));
    stage.desk = desk(&stage.world, &stage.receivers);
    stage.world.wait(40).await;
    assert_eq!(stage.deliveries(DeliveryState::Pending).await, []);
    assert_eq!(stage.deliveries(DeliveryState::Delivered).await.len(), 8);
    stage.end().await;
}

#[actix_rt::test]
async fn a_test_is_posted_at_once_and_not_kept() {
    let stage = Stage::new(&[HOOK], &["call.ended"]).await;
    stage.receivers.behave(HOOK, Habit::Answers(301));
    let tried = stage.desk.test(&stage.webhook().await).await.unwrap();
    assert_eq!(
        (tried.status, tried.error.as_deref()),
        (Some(301), Some("answered 301: redirects are not followed"))
    );
    assert_eq!(types(&stage.receivers.got(HOOK)), ["webhook.test"]);
    assert_eq!(stage.deliveries(DeliveryState::Dead).await, []);
    stage.end().await;
}

#[actix_rt::test]
async fn a_promise_to_ring_back_is_told() {
    let stage = Stage::new(&[HOOK], &["callback.created"]).await;
    let callback = json!({
        "_id": "0001027f80ff090807060504", "companyId": COMPANY, "customerId": "0001027f80ff090807060505",
        "callId": "0001027f80ff090807060506", "words": "三時ごろ", "createdAt": stage.world.clock.now(),
    });
    let callback = serde_json::from_value(callback).unwrap();
    stage.world.store.memory.keep_callback(callback).await.unwrap();
    stage.world.wait(5).await;
    let posted = stage.receivers.posted.lock().unwrap().clone();
    let told = body(posted.last().unwrap());
    assert_eq!((&told["type"], &told["data"]["words"]), (&json!("callback.created"), &json!("三時ごろ")));
    stage.end().await;
}
