//! Callbacks: the list of what is due, who takes them, and what becomes of them.

use crate::world::{Answer, Client, World, change, id, now};
use actix_web::http::Method;
use serde_json::{Value, json};
use tsunagu_call::{CallbackId, CompanyId, Time, UserId};
use tsunagu_store::{Callback, CallbackStatus, CallbackStore, CustomerStore, User};

impl World {
    /// A callback of a call that was never made.
    async fn promise(
        &self,
        company: CompanyId,
        due_at: Option<Time>,
        assigned_to: Option<UserId>,
    ) -> CallbackId {
        let callback = Callback {
            id: id(),
            company_id: company,
            customer_id: self.ours.customer,
            call_id: id(),
            words: Some("三時ごろ".into()),
            due_at,
            status: CallbackStatus::Open,
            assigned_to,
            notes: None,
            created_at: now(),
        };
        self.store.keep_callback(callback).await.unwrap().id
    }
}

impl Client {
    async fn change(&self, callback: CallbackId, body: Value) -> Answer {
        let path = format!("/api/callbacks/{callback}");
        self.send(Method::PATCH, &path, |request| request.set_json(&body)).await
    }
}

fn ids(answer: &Answer) -> Vec<String> {
    let data = answer.data(200);
    data.as_array().unwrap().iter().map(|shown| shown["_id"].as_str().unwrap().to_owned()).collect()
}

fn names(callbacks: &[CallbackId]) -> Vec<String> {
    callbacks.iter().map(ToString::to_string).collect()
}

#[actix_web::test]
async fn callbacks_are_listed_as_they_fall_due() {
    let world = World::new().await;
    let company = world.ours.company;
    let later = world.promise(company, Some(now().plus_secs(7200)), None).await;
    let soon = world.promise(company, Some(now().plus_secs(3600)), Some(world.ours.agent.id)).await;
    let at_once = world.promise(company, None, None).await;
    world.promise(world.theirs.company, None, None).await;
    let client = world.client(&world.ours.colleague).await;

    let all = client.get("/api/callbacks").await;
    assert_eq!(ids(&all), names(&[at_once, soon, later]));
    let json = all.json();
    assert_eq!((json["count"].as_u64(), json["total"].as_u64()), (Some(3), Some(3)));
    assert_eq!(json["pagination"], json!({ "current": 1, "total": 1, "hasNext": false, "hasPrev": false }));
    let second = client.get("/api/callbacks?page=2&limit=2").await;
    assert_eq!(ids(&second), names(&[later]));
    assert_eq!(
        second.json()["pagination"],
        json!({ "current": 2, "total": 2, "hasNext": false, "hasPrev": true })
    );

    let of = |query: String| {
        let client = client.clone();
        async move { ids(&client.get(&format!("/api/callbacks?{query}")).await) }
    };
    assert_eq!(of("due=true".into()).await, names(&[at_once]));
    assert_eq!(of("assignedTo=none".into()).await, names(&[at_once, later]));
    assert_eq!(of(format!("assignedTo={}", world.ours.agent.id)).await, names(&[soon]));
    let (from, to) = (now().plus_secs(3000), now().plus_secs(7000));
    assert_eq!(of(format!("dueAfter={from}&dueBefore={to}")).await, names(&[soon]));
    let due_at = world.store.callback(company, soon).await.unwrap().unwrap().due_at.unwrap();
    assert_eq!(of(format!("dueBefore={due_at}")).await, names(&[at_once]), "before is before");
    assert_eq!(of(format!("dueAfter={due_at}")).await, names(&[soon, later]), "after is from then on");

    client.change(at_once, json!({ "status": "done" })).await.data(200);
    assert_eq!(of("status=open".into()).await, names(&[soon, later]));
    assert_eq!(of("status=done".into()).await, names(&[at_once]));
    assert_eq!(of("due=true".into()).await, names(&[]));
}

#[actix_web::test]
async fn a_filter_that_makes_no_sense_is_named() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let answer = client
        .get("/api/callbacks?page=0&limit=101&status=pending&assignedTo=me&dueAfter=now&due=yes&colour=blue")
        .await;
    assert_eq!(answer.failure(422), "invalid");
    assert_eq!(answer.blamed(), ["page", "limit", "status", "assignedTo", "dueAfter", "due", "colour"]);
    assert_eq!(client.get("/api/callbacks?due=true&status=done").await.blamed(), ["status"]);
}

#[actix_web::test]
async fn a_callback_is_shown_with_its_customer_its_call_and_its_agent() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.supervisor).await;
    client.post(&format!("/api/calls/{call}/end"), &json!({ "notes": "留守" })).await.data(200);
    let callback = Callback {
        id: id(),
        company_id: world.ours.company,
        customer_id: world.ours.customer,
        call_id: call,
        words: Some("三時ごろ".into()),
        due_at: None,
        status: CallbackStatus::Open,
        assigned_to: Some(world.ours.agent.id),
        notes: None,
        created_at: now(),
    };
    world.store.keep_callback(callback.clone()).await.unwrap();
    let path = format!("/api/callbacks/{}", callback.id);
    let shown = client.get(&path).await.data(200);
    assert_eq!(shown["customerId"]["name"], "鈴木 一郎");
    assert_eq!(
        (shown["callId"]["_id"].as_str(), shown["callId"]["notes"].as_str()),
        (Some(call.to_string().as_str()), Some("留守"))
    );
    assert_eq!(shown["callId"]["status"], "completed");
    assert_eq!(
        (shown["assignedTo"]["_id"].as_str(), shown["assignedTo"]["firstName"].as_str()),
        (Some(world.ours.agent.id.to_string().as_str()), Some("agent"))
    );
    assert_eq!((shown["status"].as_str(), shown["words"].as_str()), (Some("open"), Some("三時ごろ")));
    assert_eq!((&shown["dueAt"], &shown["wantedAt"]), (&Value::Null, &shown["createdAt"]));

    world.store.delete_customer(world.ours.company, world.ours.customer).await.unwrap();
    let shown = client.get(&path).await.data(200);
    assert_eq!(shown["customerId"]["phone"], "+81312345678", "the call remembers who it was");
}

#[actix_web::test]
async fn an_agent_takes_a_callback_moves_it_and_sees_to_it() {
    let world = World::new().await;
    let callback = world.promise(world.ours.company, None, None).await;
    let client = world.client(&world.ours.agent).await;
    let taken = client.change(callback, json!({ "assignedTo": world.ours.agent.id })).await.data(200);
    assert_eq!(taken["assignedTo"]["_id"], world.ours.agent.id.to_string());
    let moved = json!({ "wantedAt": "2026-11-22T10:00:00+09:00", "notes": "午前中がよい" });
    let moved = client.change(callback, moved).await.data(200);
    assert_eq!(
        (&moved["wantedAt"], &moved["dueAt"]),
        (&json!("2026-11-22T01:00:00.000Z"), &moved["wantedAt"])
    );
    assert_eq!(moved["notes"], "午前中がよい");

    let other = world.client(&world.ours.colleague).await;
    let grab = json!({ "assignedTo": world.ours.colleague.id });
    assert_eq!(other.change(callback, grab.clone()).await.failure(409), "callback_taken");
    assert_eq!(other.change(callback, json!({ "status": "done" })).await.failure(403), "forbidden");
    let gift = json!({ "assignedTo": world.ours.colleague.id });
    assert_eq!(client.change(callback, gift).await.failure(403), "forbidden");
    let back = client.change(callback, json!({ "assignedTo": null, "wantedAt": null, "notes": "" })).await;
    let back = back.data(200);
    assert_eq!(
        (&back["assignedTo"], &back["dueAt"], &back["notes"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    other.change(callback, grab).await.data(200);
    assert_eq!(other.change(callback, json!({ "status": "done" })).await.data(200)["status"], "done");
    assert_eq!(other.change(callback, json!({ "assignedTo": null })).await.failure(409), "callback_closed");
    assert_eq!(
        other.change(callback, json!({ "status": "cancelled" })).await.failure(409),
        "callback_closed"
    );
    assert_eq!(other.change(callback, json!({ "status": "open" })).await.data(200)["status"], "open");
}

#[actix_web::test]
async fn a_supervisor_gives_a_callback_to_whoever_works_there() {
    let world = World::new().await;
    let callback = world.promise(world.ours.company, None, Some(world.ours.agent.id)).await;
    let client = world.client(&world.ours.supervisor).await;
    let give = |user: &User| client.change(callback, json!({ "assignedTo": user.id }));
    assert_eq!(
        give(&world.ours.colleague).await.data(200)["assignedTo"]["_id"],
        world.ours.colleague.id.to_string()
    );
    let stranger = give(&world.theirs.agent).await;
    assert_eq!((stranger.failure(422).as_str(), stranger.blamed()), ("invalid", vec!["assignedTo".into()]));
    change(&world, world.ours.agent.id, |user| user.disabled = true).await;
    assert_eq!(give(&world.ours.agent).await.blamed(), ["assignedTo"]);
    let kept = world.store.callback(world.ours.company, callback).await.unwrap().unwrap();
    assert_eq!(kept.assigned_to, Some(world.ours.colleague.id));
}

#[actix_web::test]
async fn every_field_that_is_wrong_is_told_and_nothing_is_changed() {
    let world = World::new().await;
    let callback = world.promise(world.ours.company, None, None).await;
    let before = world.store.callback(world.ours.company, callback).await.unwrap();
    let client = world.client(&world.ours.admin).await;
    let wrong = json!({ "status": "pending", "assignedTo": "me", "wantedAt": "tomorrow", "notes": 7 });
    let answer = client.change(callback, wrong).await;
    assert_eq!(answer.failure(422), "invalid");
    assert_eq!(answer.blamed(), ["status", "assignedTo", "wantedAt", "notes"]);
    let nothing = client.change(callback, json!({})).await.data(200);
    assert_eq!(nothing["_id"], callback.to_string());
    assert_eq!(world.store.callback(world.ours.company, callback).await.unwrap(), before);
}

#[actix_web::test]
async fn another_companys_callback_is_not_there() {
    let world = World::new().await;
    let callback = world.promise(world.ours.company, None, None).await;
    let stranger = world.client(&world.theirs.admin).await;
    assert_eq!(stranger.get(&format!("/api/callbacks/{callback}")).await.failure(404), "not_found");
    assert_eq!(stranger.change(callback, json!({ "status": "done" })).await.failure(404), "not_found");
    assert_eq!(ids(&stranger.get("/api/callbacks").await), names(&[]));
}
