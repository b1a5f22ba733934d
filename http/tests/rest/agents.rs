//! Agents: their profile, telephone, words, hours and figures; the team, for those who lead it.

use crate::world::{Answer, World, now};
use serde_json::{Value, json};
use tsunagu_call::{CallId, CallRecord, CustomerId, Entry, Event, Speaker, Status};
use tsunagu_store::{AgentStore, CallStore, Commit, CustomerStore, Opening, UserRole};

const PHONE: &str = "/api/agents/phone";
const CONVERSATION: &str = "/api/agents/conversation";
const NOTIFICATIONS: &str = "/api/agents/notifications";

fn ids(answer: &Answer, of: &str) -> Vec<String> {
    let data = answer.data(200);
    data.as_array().unwrap().iter().map(|one| one.pointer(of).unwrap().as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_profile_is_shown_and_changed() {
    let world = World::new().await;
    let client = world.client(&world.ours.colleague).await;
    let profile = client.get("/api/agents/profile").await.data(200);
    assert_eq!((&profile["settings"], &profile["status"]), (&Value::Null, &Value::Null));
    assert_eq!(profile["user"]["email"], world.ours.colleague.email);
    assert!(profile["user"].get("passwordHash").is_none());

    let change = json!({ "firstName": "花子", "email": "Hanako@example.jp", "phone": "03-1111-2222" });
    let changed = client.put("/api/agents/profile", &change).await.data(200);
    assert_eq!((changed["firstName"].as_str(), changed["lastName"].as_str()), (Some("花子"), Some("山田")));
    assert_eq!(
        (changed["email"].as_str(), changed["phone"].as_str()),
        (Some("hanako@example.jp"), Some("+81311112222"))
    );
    assert_eq!(changed["role"], "agent");
    let shown = client.get("/api/agents/profile").await.data(200);
    assert_eq!(shown["user"], changed);
    let taken = client.put("/api/agents/profile", &json!({ "email": world.theirs.agent.email })).await;
    assert_eq!(taken.failure(409), "email_in_use");
    let wrong =
        json!({ "firstName": "", "lastName": null, "email": "nobody", "phone": "12", "role": "admin" });
    let wrong = client.put("/api/agents/profile", &wrong).await;
    let mut blamed = wrong.blamed();
    blamed.sort();
    assert_eq!(
        (wrong.failure(422).as_str(), blamed),
        ("invalid", ["email", "firstName", "lastName", "phone"].map(str::to_owned).to_vec())
    );
    let kept = world.store.agent(world.ours.company, world.ours.colleague.id).await.unwrap().unwrap();
    assert_eq!(kept.role, UserRole::Agent, "nobody raises themselves");
}

#[actix_web::test]
async fn the_scripts_sentences_are_shown_and_the_engine_may_be_tried() {
    let world = World::new().await;
    let client = world.client(&world.ours.colleague).await;
    let script = client.get("/api/agents/conversation/script?language=ja").await.data(200);
    let initial = &script["templates"][0];
    assert_eq!((script["language"].as_str(), initial["key"].as_str()), (Some("ja"), Some("initial")));
    assert!(initial["text"].as_str().unwrap().contains("{{companyName}}"));
    assert_eq!(script["variables"].as_array().unwrap().len(), 6);
    assert_eq!(client.get("/api/agents/conversation/script?language=xx").await.blamed(), ["language"]);

    let own =
        json!({ "companyName": "青空", "customTemplates": { "rejection": "{{companyName}}、失礼します" } });
    client.put(CONVERSATION, &own).await.data(200);
    let tried = async |body: Value| client.post("/api/agents/conversation/try", &body).await;
    let no = tried(json!({ "text": "結構です、必要ありません", "phase": "pitch" })).await.data(200);
    assert_eq!((no["understanding"]["intent"].as_str(), no["then"].as_str()), (Some("reject"), Some("end")));
    assert!(!no["understanding"]["evidence"].as_array().unwrap().is_empty());
    assert!(no["say"].to_string().contains("青空、失礼します"), "{}", no["say"]);
    let yes = json!({ "text": "yes please, put me through", "phase": "pitch", "language": "en" });
    assert_eq!(tried(yes).await.data(200)["then"], "hand_over");
    let wrong = tried(json!({ "text": " ", "phase": "lunch", "language": "xx" })).await;
    let mut blamed = wrong.blamed();
    blamed.sort();
    assert_eq!(blamed, ["language", "phase", "text"]);
}

#[actix_web::test]
async fn a_telephone_makes_the_settings() {
    let world = World::new().await;
    let client = world.client(&world.ours.colleague).await;
    let settings = client.put(PHONE, &json!({ "phoneNumber": "090-1234-5678" })).await.data(200);
    assert_eq!(settings["phoneNumber"], "+819012345678");
    assert_eq!((settings["isAvailable"].as_bool(), settings["priority"].as_u64()), (Some(true), Some(50)));
    assert_eq!(settings["userId"], world.ours.colleague.id.to_string());
    for wrong in [json!({}), json!({ "phoneNumber": "110" }), json!({ "phoneNumber": 7 })] {
        assert_eq!(client.put(PHONE, &wrong).await.blamed(), ["phoneNumber"]);
    }
}

#[actix_web::test]
async fn a_conversation_is_changed_in_part_and_its_templates_are_checked() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let change = json!({
        "serviceName": "クラウド勤怠", "language": "en",
        "customTemplates": { "initial": "{{companyName}}の{{representativeName}}です", "closing": "では" },
    });
    let changed = client.put(CONVERSATION, &change).await.data(200)["conversationSettings"].clone();
    assert_eq!(
        (changed["companyName"].as_str(), changed["language"].as_str()),
        (Some("青空商事"), Some("en"))
    );
    assert_eq!(changed["customTemplates"]["closing"], "では");
    let back = json!({ "customTemplates": { "closing": null }, "language": null });
    let changed = client.put(CONVERSATION, &back).await.data(200)["conversationSettings"].clone();
    assert_eq!(
        changed["customTemplates"],
        json!({ "initial": "{{companyName}}の{{representativeName}}です" })
    );
    assert_eq!(changed["language"], Value::Null);

    let wrong = client
        .put(
            CONVERSATION,
            &json!({
                "companyName": "長".repeat(101), "language": "xx",
                "customTemplates": {
                    "greeting": "x", "absent": "{{compny}}", "closing": "あ".repeat(501), "rejection": 7,
                    "initial": "{{customerName}}".repeat(30),
                },
            }),
        )
        .await;
    assert_eq!(wrong.failure(422), "invalid");
    let mut blamed = wrong.blamed();
    blamed.sort();
    assert_eq!(
        blamed,
        [
            "companyName",
            "customTemplates.absent",
            "customTemplates.closing",
            "customTemplates.greeting",
            "customTemplates.initial",
            "customTemplates.rejection",
            "language",
        ]
    );
    assert!(wrong.text.contains("`compny`") && wrong.text.contains("`greeting`"), "{}", wrong.text);
}

#[actix_web::test]
async fn hours_are_checked() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let hours = json!({ "start": "22:00", "end": "06:00", "timezone": "Asia/Tokyo" });
    let change = json!({ "enableEmailNotifications": true, "workingHours": hours });
    let changed = client.put(NOTIFICATIONS, &change).await.data(200)["notificationPreferences"].clone();
    assert_eq!(changed["workingHours"], hours);
    assert_eq!(
        (changed["enableCallNotifications"].as_bool(), changed["enableEmailNotifications"].as_bool()),
        (Some(true), Some(true))
    );
    let change = json!({ "workingHours": { "end": "07:30" }, "enableCallNotifications": false });
    let changed = client.put(NOTIFICATIONS, &change).await.data(200)["notificationPreferences"].clone();
    assert_eq!(
        (changed["workingHours"]["start"].as_str(), changed["workingHours"]["end"].as_str()),
        (Some("22:00"), Some("07:30"))
    );
    let wrong = json!({ "workingHours": { "start": "9:00", "end": "25:00", "timezone": "Asia/Edo" } });
    let mut blamed = client.put(NOTIFICATIONS, &wrong).await.blamed();
    blamed.sort();
    assert_eq!(blamed, ["workingHours.end", "workingHours.start", "workingHours.timezone"]);
    let none = client.put(NOTIFICATIONS, &json!({ "workingHours": null })).await.data(200);
    assert_eq!(none["notificationPreferences"]["workingHours"], Value::Null);
}

#[actix_web::test]
async fn a_status_is_set_by_oneself_and_by_those_who_lead() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let path = "/api/agents/status";
    let set = client.put(path, &json!({ "status": "busy", "isAvailable": false })).await.data(200);
    assert_eq!((set["status"]["status"].as_str(), set["isAvailable"].as_bool()), (Some("busy"), Some(false)));
    let same = client.put(path, &json!({})).await.data(200);
    assert_eq!(same, set);
    assert_eq!(
        client.put(path, &json!({ "status": "asleep", "isAvailable": 1 })).await.blamed(),
        ["status", "isAvailable"]
    );
    assert_eq!(ids(&client.get("/api/agents/available").await, "/user/_id"), [""; 0]);

    let of = format!("/api/agents/{}/status", world.ours.agent.id);
    let body = json!({ "status": "available", "isAvailable": true });
    let colleague = world.client(&world.ours.colleague).await;
    assert_eq!(colleague.put(&of, &body).await.failure(403), "forbidden");
    let supervisor = world.client(&world.ours.supervisor).await;
    assert_eq!(supervisor.put(&of, &body).await.data(200)["status"]["status"], "available");
    let available = client.get("/api/agents/available").await;
    assert_eq!(ids(&available, "/settings/userId"), [world.ours.agent.id.to_string()]);
    assert_eq!(ids(&available, "/status/userId"), [world.ours.agent.id.to_string()]);
    let stranger = world.client(&world.theirs.admin).await;
    assert_eq!(stranger.put(&of, &body).await.failure(404), "not_found");
    assert_eq!(
        ids(&stranger.get("/api/agents/available").await, "/user/_id"),
        [world.theirs.agent.id.to_string()]
    );
}

#[actix_web::test]
async fn an_admin_changes_anybodys_settings() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let path = format!("/api/agents/{}/settings", world.ours.agent.id);
    let change = json!({
        "priority": 100, "skills": ["見積もり", " 技術 "], "languages": ["ja", "en"], "isAvailable": false, "phoneNumber": null,
        "conversationSettings": { "targetDepartment": "総務部" },
        "notificationPreferences": { "workingHours": { "start": "10:00" } },
    });
    let changed = admin.put(&path, &change).await.data(200);
    assert_eq!((changed["priority"].as_u64(), &changed["skills"]), (Some(100), &json!(["見積もり", "技術"])));
    assert_eq!((&changed["languages"], &changed["phoneNumber"]), (&json!(["ja", "en"]), &Value::Null));
    assert_eq!(changed["conversationSettings"]["companyName"], "青空商事", "what is not named stays");
    assert_eq!(changed["conversationSettings"]["targetDepartment"], "総務部");
    let wrong = json!({
        "priority": 101, "skills": [""], "languages": ["!"], "conversationSettings": { "customTemplates": { "x": "y" } },
    });
    let mut blamed = admin.put(&path, &wrong).await.blamed();
    blamed.sort();
    assert_eq!(blamed, ["conversationSettings.customTemplates.x", "languages", "priority", "skills"]);
    for person in [&world.ours.agent, &world.ours.supervisor] {
        assert_eq!(world.client(person).await.put(&path, &change).await.failure(403), "forbidden");
    }
    assert_eq!(world.client(&world.theirs.admin).await.put(&path, &change).await.failure(404), "not_found");
}

#[actix_web::test]
async fn the_team_is_shown_with_its_load() {
    let world = World::new().await;
    let supervisor = world.client(&world.ours.supervisor).await;
    record(&world, Status::HumanConnected, None, 0).await;
    let team = supervisor.get("/api/agents").await;
    assert_eq!(team.data(200).as_array().unwrap().len(), 4);
    let member = supervisor.get(&format!("/api/agents/{}", world.ours.agent.id)).await.data(200);
    assert_eq!(
        (member["liveCalls"].as_u64(), member["status"]["status"].as_str()),
        (Some(1), Some("available"))
    );
    let others = supervisor.get(&format!("/api/agents/{}", world.theirs.agent.id)).await;
    assert_eq!(others.failure(404), "not_found");
}

#[actix_web::test]
async fn figures_are_those_of_ones_own_calls_in_the_period() {
    let world = World::new().await;
    for (result, duration) in [(Some("成功"), 60), (Some("成功"), 31), (Some("不在"), 0), (None, 5)] {
        record(&world, Status::Completed, result, duration).await;
    }
    let client = world.client(&world.ours.agent).await;
    let path = "/api/agents/statistics";
    let all = client.get(path).await.data(200);
    assert_eq!((all["totalCalls"].as_u64(), all["totalDuration"].as_u64()), (Some(4), Some(96)));
    assert_eq!(all["averageResponseTime"].as_f64(), Some(0.0));
    let results = all["callStatistics"].as_array().unwrap();
    let success = results.iter().find(|one| one["_id"] == "成功").unwrap();
    assert_eq!((success["count"].as_u64(), success["avgDuration"].as_f64()), (Some(2), Some(45.5)));
    assert!(results.iter().any(|one| one["_id"].is_null()));
    let today = now().to_string();
    assert_eq!(client.get(&format!("{path}?startDate={today}")).await.data(200)["totalCalls"], 0);
    assert_eq!(
        client.get(&format!("{path}?startDate=2020-01-01&endDate=2020-12-31")).await.data(200)["totalCalls"],
        0
    );
    assert_eq!(
        client.get(&format!("{path}?startDate=2020-01-01&endDate=2199-12-31")).await.data(200)["totalCalls"],
        4
    );
    let wrong = client.get(&format!("{path}?startDate=soon&endDate=2026-13-01&agent=x")).await;
    assert_eq!(wrong.blamed(), ["startDate", "endDate", "agent"]);
    let colleague = world.client(&world.ours.colleague).await;
    assert_eq!(colleague.get(path).await.data(200)["totalCalls"], 0);
}

/// A call of the agent's.
async fn record(world: &World, status: Status, result: Option<&str>, duration: u32) -> CallId {
    let call: CallId = crate::world::id();
    let customer: CustomerId = crate::world::id();
    let entered = json!({
        "_id": customer, "companyId": world.ours.company, "name": "山田", "phone": customer.to_string(),
    });
    world.store.create_customer(serde_json::from_value(entered).unwrap()).await.unwrap();
    let record: CallRecord = serde_json::from_value(json!({
        "_id": call, "companyId": world.ours.company, "customerId": customer, "phoneNumber": "+819012345678",
        "status": "initiated", "startTime": now().plus_millis(-1000), "assignedAgent": world.ours.agent.id,
        "callResult": result, "duration": duration,
    }))
    .unwrap();
    let spoke = Event::Spoke { speaker: Speaker::Customer, message: "はい".into(), confidence: None };
    let entries = vec![Entry { seq: 1, at: now(), event: spoke }];
    world.store.open_call(Opening { record: record.clone(), entries, idempotency_key: None }).await.unwrap();
    let record = CallRecord { status, ..record };
    world.store.commit(Commit { call, entries: Vec::new(), record: Some(Box::new(record)) }).await.unwrap();
    call
}
