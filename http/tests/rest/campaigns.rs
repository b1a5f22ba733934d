//! Campaigns: put together, checked, run, and seen.

use crate::world::{World, now};
use actix_web::http::Method;
use serde_json::{Value, json};
use tsunagu_call::CustomerId;
use tsunagu_store::{CustomerMark, CustomerStore};

impl World {
    /// A campaign of our supervisor's, with these customers on its list.
    async fn campaign(&self, customers: &[CustomerId]) -> String {
        let client = self.client(&self.ours.supervisor).await;
        let made = client.post("/api/campaigns", &json!({ "name": "春の案内" })).await.data(201);
        let id = made["_id"].as_str().unwrap().to_owned();
        let path = format!("/api/campaigns/{id}/customers");
        client.post(&path, &json!({ "customerIds": customers })).await.data(200);
        id
    }
}

#[actix_web::test]
async fn a_supervisor_puts_a_campaign_together_and_changes_it() {
    let world = World::new().await;
    let client = world.client(&world.ours.supervisor).await;
    let body = json!({
        "name": "春の案内",
        "script": { "agentId": world.ours.agent.id, "serviceName": "クラウド勤怠", "language": "ja" },
        "pace": { "callsPerSecond": 0.5, "agentsFactor": null },
        "hours": { "start": "10:00", "end": "12:00", "days": ["mon"] },
        "retries": { "absent": { "attempts": 5 } },
    });
    let made = client.post("/api/campaigns", &body).await.data(201);
    assert_eq!((&made["state"], &made["pauseReason"]), (&json!("draft"), &Value::Null));
    assert_eq!(made["script"]["serviceName"], "クラウド勤怠");
    let pace = json!({ "callsPerSecond": 0.5, "callsAtOnce": 10, "agentsFactor": null });
    assert_eq!(made["pace"], pace);
    assert_eq!(made["retries"]["absent"], json!({ "attempts": 5, "waitSecs": 7200 }));
    assert_eq!(made["progress"]["customers"], 0);

    let path = format!("/api/campaigns/{}", made["_id"].as_str().unwrap());
    let change = json!({ "hours": null, "script": { "agentId": null }, "skip": { "won": false } });
    let changed = client.patch(&path, &change).await.data(200);
    assert_eq!((&changed["hours"], &changed["script"]["agentId"]), (&Value::Null, &Value::Null));
    assert_eq!(changed["skip"], json!({ "calledWithinSecs": 86400, "won": false }));
    assert_eq!(changed["name"], "春の案内");
    let agent = world.client(&world.ours.agent).await;
    assert_eq!(agent.get(&path).await.data(200), changed);
    assert_eq!(agent.get("/api/campaigns?state=draft").await.json()["total"], 1);
    assert_eq!(agent.get("/api/campaigns?state=running").await.json()["total"], 0);
    assert_eq!(world.client(&world.theirs.admin).await.get("/api/campaigns").await.json()["total"], 0);
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let world = World::new().await;
    let client = world.client(&world.ours.supervisor).await;
    let wrong = json!({
        "script": { "agentId": world.theirs.agent.id, "language": "fr", "serviceName": 7 },
        "pace": { "callsPerSecond": 2, "callsAtOnce": 0, "agentsFactor": "x" },
        "hours": { "start": "25:00" },
        "retries": { "absent": { "attempts": 11, "waitSecs": 59 }, "busy": 7 },
        "skip": { "won": "yes" }, "breaker": { "window": 4, "failureRate": 0 },
    });
    let answer = client.post("/api/campaigns", &wrong).await;
    assert_eq!(answer.failure(422), "invalid");
    let expected = [
        "script.serviceName",
        "script.language",
        "pace.callsPerSecond",
        "pace.callsAtOnce",
        "pace.agentsFactor",
        "hours.start",
        "retries.absent.attempts",
        "retries.absent.waitSecs",
        "retries.busy",
        "skip.won",
        "breaker.window",
        "breaker.failureRate",
        "script.agentId",
        "name",
    ];
    assert_eq!(answer.blamed(), expected);
    let campaign = world.campaign(&[]).await;
    let path = format!("/api/campaigns/{campaign}/customers");
    for body in [json!({}), json!({ "customerIds": [], "filter": {} })] {
        assert_eq!(client.post(&path, &body).await.blamed(), ["customerIds"], "{body}");
    }
    assert_eq!(client.post(&path, &json!({ "customerIds": ["me"] })).await.blamed(), ["customerIds"]);
    assert_eq!(client.post(&path, &json!({ "filter": { "search": 7 } })).await.blamed(), ["filter.search"]);
    let many: Vec<_> = (0..1001).map(|_| world.ours.customer).collect();
    assert_eq!(client.post(&path, &json!({ "customerIds": many })).await.blamed(), ["customerIds"]);
    assert_eq!(client.get(&format!("{path}?state=lost")).await.blamed(), ["state"]);
}

#[actix_web::test]
async fn customers_are_put_on_the_list_by_id_and_by_filter_once() {
    let world = World::new().await;
    let ours = world.ours.company;
    let (second, third) =
        (world.customer(ours, "+819000000002").await, world.customer(ours, "+819000000003").await);
    let campaign = world.campaign(&[second]).await;
    let client = world.client(&world.ours.supervisor).await;
    let path = format!("/api/campaigns/{campaign}/customers");
    let ids = json!({ "customerIds": [second, third, world.theirs.customer] });
    let added = client.post(&path, &ids).await.data(200);
    assert_eq!(added, json!({ "added": 1, "duplicates": 1, "unknown": 1, "leftOut": 0 }));
    let added = client.post(&path, &json!({ "filter": { "search": "鈴木" } })).await.data(200);
    assert_eq!(added, json!({ "added": 1, "duplicates": 2, "unknown": 0, "leftOut": 0 }));

    let listed = client.get(&format!("{path}?limit=2")).await;
    assert_eq!((listed.json()["total"].as_u64(), listed.json()["count"].as_u64()), (Some(3), Some(2)));
    let entry = &listed.data(200)[0];
    assert_eq!((&entry["customerId"], &entry["state"]), (&json!(second), &json!("waiting")));
    assert_eq!(entry["customer"]["phone"], "+819000000002");
    assert_eq!((&entry["attempts"], entry["nextAttemptAt"].is_string()), (&json!([]), true));
    assert_eq!(client.get(&format!("{path}?state=done")).await.json()["total"], 0);
}

#[actix_web::test]
async fn the_check_tells_who_will_be_skipped_and_changes_nothing() {
    let world = World::new().await;
    let ours = world.ours.company;
    let mut customers = vec![world.ours.customer];
    for number in 1..=4 {
        customers.push(world.customer(ours, &format!("+81900000000{number}")).await);
    }
    world.store.mark_customer(customers[1], CustomerMark::DoNotCall).await.unwrap();
    world.store.mark_customer(customers[2], CustomerMark::WrongNumber).await.unwrap();
    world.store.note_called(customers[3], now(), Some("成功".into())).await.unwrap();
    world.call_by(&world.ours.agent, customers[4]).await;
    let campaign = world.campaign(&customers).await;
    let client = world.client(&world.ours.supervisor).await;
    let before = client.get(&format!("/api/campaigns/{campaign}")).await.text;
    let checked =
        client.send(Method::POST, &format!("/api/campaigns/{campaign}/check"), |request| request).await;
    let checked = checked.data(200);
    assert_eq!((&checked["waiting"], &checked["toRing"]), (&json!(5), &json!(2)));
    assert_eq!(
        (&checked["skipped"], &checked["inCall"], &checked["leastSecs"]),
        (&json!(3), &json!(1), &json!(2))
    );
    assert_eq!(checked["skippedBecause"], json!({ "do_not_call": 1, "wrong_number": 1, "already_won": 1 }));
    assert!(checked["opensAt"].is_string());
    assert_eq!(client.get(&format!("/api/campaigns/{campaign}")).await.text, before);
}

#[actix_web::test]
async fn orders_are_obeyed_where_they_fit() {
    let world = World::new().await;
    let client = world.client(&world.ours.supervisor).await;
    let empty = world.campaign(&[]).await;
    let order = async |campaign: &str, order: &str| {
        client.send(Method::POST, &format!("/api/campaigns/{campaign}/{order}"), |request| request).await
    };
    assert_eq!(order(&empty, "start").await.failure(409), "no_customers");
    assert_eq!(order(&empty, "pause").await.failure(409), "campaign_not_started");
    let campaign = world.campaign(&[world.ours.customer]).await;
    assert_eq!(order(&campaign, "start").await.data(200)["state"], "running");
    assert_eq!(order(&campaign, "start").await.data(200)["state"], "running", "once more changes nothing");
    let path = format!("/api/campaigns/{campaign}");
    let admin = world.client(&world.ours.admin).await;
    let delete = async || admin.send(Method::DELETE, &path, |request| request).await;
    assert_eq!(delete().await.failure(409), "campaign_busy");
    let paused = order(&campaign, "pause").await.data(200);
    assert_eq!((&paused["state"], &paused["pauseReason"]), (&json!("paused"), &json!("asked")));
    assert_eq!(order(&campaign, "start").await.failure(409), "campaign_started");
    assert_eq!(order(&campaign, "stop").await.data(200)["state"], "stopped");
    assert_eq!(order(&campaign, "resume").await.failure(409), "campaign_over");
    assert_eq!(client.patch(&path, &json!({ "name": "夏" })).await.failure(409), "campaign_over");
    let late = json!({ "customerIds": [world.ours.customer] });
    assert_eq!(client.post(&format!("{path}/customers"), &late).await.failure(409), "campaign_over");
    delete().await.data(200);
    assert_eq!(delete().await.failure(404), "not_found");
}
