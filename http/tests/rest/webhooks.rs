//! Webhooks: registered, tested, changed, and what became of their deliveries.

use crate::world::{Answer, Client, World, id, now};
use actix_web::http::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use tsunagu_call::{DeliveryId, WebhookId};
use tsunagu_store::{Attempt, AttemptResult, Delivery, DeliveryState, Outgoing, WEBHOOKS_MOST, WebhookStore};

/// A receiver on the internet.
const URL: &str = "https://93.184.216.34/hook?key=private";

impl Client {
    async fn register(&self, body: Value) -> Answer {
        self.post("/api/webhooks", &body).await
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, &format!("/api/webhooks/{path}"), |request| request.set_json(&body)).await
    }
}

/// A registered webhook's id and secret.
async fn registered(client: &Client) -> (String, String) {
    let made = client.register(json!({ "url": URL })).await.data(201);
    (made["_id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

/// Puts a delivery that has come out so into the store. One that waits does so for a long time.
async fn queued(world: &World, webhook: &str, result: Option<AttemptResult>) -> DeliveryId {
    let webhook: WebhookId = webhook.parse().unwrap();
    let delivery = Delivery {
        id: id(),
        webhook_id: webhook,
        company_id: world.ours.company,
        event_id: format!("event-{}", id::<()>()),
        event: "call.ended".into(),
        call_id: None,
        state: DeliveryState::Pending,
        attempts: 0,
        next_attempt_at: Some(now().plus_secs(3600)),
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        created_at: now(),
    };
    let id = delivery.id;
    world.store.dispatch(0, vec![Outgoing { delivery, payload: Arc::from("{}") }]).await.unwrap();
    if let Some(result) = result {
        let attempt = Attempt { webhook, delivery: id, now: now(), status: Some(500), result };
        world.store.note_attempt(attempt).await.unwrap();
    }
    id
}

fn dead() -> Option<AttemptResult> {
    Some(AttemptResult::Dead { error: "answered 500".into(), gone: false })
}

#[actix_web::test]
async fn a_secret_is_shown_once_and_never_again() {
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    let body = json!({ "url": URL, "events": ["call.ended", "call.handoff.*"], "description": " CRM " });
    let made = client.register(body).await.data(201);
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(
        (&made["url"], &made["description"], &made["enabled"]),
        (&json!(URL), &json!("CRM"), &json!(true))
    );
    assert_eq!(made["events"], json!(["call.ended", "call.handoff.*"]));
    let id = made["_id"].as_str().unwrap();
    let shown = client.get(&format!("/api/webhooks/{id}")).await;
    let listed = client.get("/api/webhooks").await;
    assert_eq!((listed.json()["count"].as_u64(), &listed.data(200)[0]), (Some(1), &shown.data(200)));
    assert!(!shown.text.contains("whsec_") && !listed.text.contains("whsec_"));

    let rotated =
        client.ask(Method::POST, &format!("{id}/secret"), json!({ "overlapSecs": 60 })).await.data(200);
    assert_ne!(rotated["secret"], made["secret"]);
    assert!(rotated["previousSecretExpiresAt"].is_string());
    assert!(!client.get("/api/webhooks").await.text.contains("whsec_"));
    let too_long = client.ask(Method::POST, &format!("{id}/secret"), json!({ "overlapSecs": 604_801 })).await;
    assert_eq!(too_long.blamed(), ["overlapSecs"]);
}

#[actix_web::test]
async fn receivers_within_and_unknown_events_are_refused() {
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    for url in [
        "https://127.0.0.1/",
        "https://localhost/",
        "http://93.184.216.34/",
        "https://[::1]/",
        "x",
        "",
        "https://nobody.invalid/",
    ] {
        let answer = client.register(json!({ "url": url })).await;
        assert_eq!(
            (answer.failure(422).as_str(), answer.blamed()),
            ("invalid", vec!["url".to_owned()]),
            "{url}"
        );
    }
    let wrong = json!({ "url": 7, "events": ["call.begun"], "description": 7, "enabled": "yes" });
    assert_eq!(client.register(wrong).await.blamed(), ["url", "events", "description", "enabled"]);
    let (id, _) = registered(&client).await;
    let moved = client.ask(Method::PATCH, &id, json!({ "url": "https://10.0.0.1/" })).await;
    assert_eq!(moved.blamed(), ["url"]);
    assert_eq!(client.get(&format!("/api/webhooks/{id}")).await.data(200)["url"], URL);
}

#[actix_web::test]
async fn a_webhook_is_changed_and_removed() {
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    let (id, _) = registered(&client).await;
    let change = json!({ "events": ["callback.created"], "enabled": false, "description": "退避" });
    let changed = client.ask(Method::PATCH, &id, change).await.data(200);
    assert_eq!((&changed["url"], &changed["enabled"]), (&json!(URL), &json!(false)));
    assert_eq!((&changed["events"], &changed["description"]), (&json!(["callback.created"]), &json!("退避")));
    let emptied = client.ask(Method::PATCH, &id, json!({ "description": null })).await.data(200);
    assert_eq!(emptied["description"], Value::Null);
    let gone = client.send(Method::DELETE, &format!("/api/webhooks/{id}"), |request| request).await;
    assert_eq!(gone.data(200)["_id"], id);
    assert_eq!(client.get(&format!("/api/webhooks/{id}")).await.failure(404), "not_found");
}

#[actix_web::test]
async fn there_are_no_more_than_so_many() {
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    for _ in 0..WEBHOOKS_MOST {
        registered(&client).await;
    }
    assert_eq!(client.register(json!({ "url": URL })).await.failure(409), "too_many");
}

#[actix_web::test]
async fn a_test_is_posted_signed_and_told_of() {
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    let (id, _) = registered(&client).await;
    client.ask(Method::POST, &format!("{id}/secret"), json!({})).await.data(200);
    let told =
        client.send(Method::POST, &format!("/api/webhooks/{id}/test"), |request| request).await.data(200);
    assert_eq!(
        (&told["delivered"], &told["status"], &told["error"]),
        (&json!(true), &json!(200), &Value::Null)
    );
    let posted = world.posted.0.lock().unwrap().clone();
    let [letter] = posted.as_slice() else { panic!("{posted:?}") };
    assert_eq!(letter.url, URL);
    let body: Value = serde_json::from_str(&letter.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["webhookId"]), (&json!("webhook.test"), &json!(id)));
    let names: Vec<_> = letter.headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["webhook-id", "webhook-timestamp", "webhook-signature"]);
    assert_eq!(letter.headers[2].1.split(' ').filter(|signature| signature.starts_with("v1,")).count(), 2);
}

#[actix_web::test]
async fn deliveries_are_listed_by_state_and_replayed() {
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    let (hook, _) = registered(&client).await;
    let waiting = queued(&world, &hook, None).await;
    let first = queued(&world, &hook, dead()).await;
    let second = queued(&world, &hook, dead()).await;
    let taken = queued(&world, &hook, Some(AttemptResult::Delivered)).await;

    let all = client.get(&format!("/api/webhooks/{hook}/deliveries?limit=2")).await;
    assert_eq!(
        (all.json()["total"].as_u64(), all.json()["pagination"]["hasNext"].as_bool()),
        (Some(4), Some(true))
    );
    assert_eq!(all.data(200)[0]["_id"], taken.to_string());
    let letters = client.get(&format!("/api/webhooks/{hook}/deliveries?state=dead")).await.data(200);
    assert_eq!(
        (&letters[0]["_id"], &letters[1]["_id"]),
        (&json!(second.to_string()), &json!(first.to_string()))
    );
    assert_eq!(
        (&letters[0]["state"], &letters[0]["attempts"], &letters[0]["lastStatus"], &letters[0]["lastError"]),
        (&json!("dead"), &json!(1), &json!(500), &json!("answered 500"))
    );
    let unknown = client.get(&format!("/api/webhooks/{hook}/deliveries?state=lost")).await;
    assert_eq!(unknown.blamed(), ["state"]);

    let replay = |what: String| client.send(Method::POST, what.leak(), |request| request);
    let one = |delivery| format!("/api/webhooks/{hook}/deliveries/{delivery}/replay");
    assert_eq!(replay(one(waiting)).await.failure(409), "delivery_pending");
    assert_eq!(replay(one(first)).await.data(200)["attempts"], 0);
    assert_eq!(replay(one(id())).await.failure(404), "not_found");
    assert_eq!(replay(format!("/api/webhooks/{hook}/replay")).await.data(200)["replayed"], 1);

    let stranger = world.client(&world.theirs.admin).await;
    let path = format!("/api/webhooks/{hook}/deliveries");
    assert_eq!(stranger.get(&path).await.failure(404), "not_found");
    assert_eq!(stranger.send(Method::POST, &one(taken), |request| request).await.failure(404), "not_found");
}
