//! Starting calls and looking at them.

use crate::world::{World, change, id};
use actix_web::http::Method;
use serde_json::{Value, json};
use tsunagu_call::{CallRecord, Input, Speaker};
use tsunagu_carrier::script::{Command, Fault};
use tsunagu_store::{AgentStore, CallStore, CustomerChange, CustomerMark, CustomerStore};

#[actix_web::test]
async fn a_call_is_started_and_the_carrier_is_told() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let data = client.post("/api/calls/start", &json!({ "customerId": world.ours.customer })).await.data(201);
    assert_eq!(data["status"], "initiated");
    let commands = world.carrier.commands();
    let [Command::CreateCall { call, call_sid }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(data["twilioCallSid"], *call_sid);
    assert_eq!(call.to, "+81312345678");
}

#[actix_web::test]
async fn the_same_key_starts_nothing_again() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let start = |key: &'static str| {
        let (client, body) = (client.clone(), json!({ "customerId": world.ours.customer }));
        async move {
            let shape = |request: actix_web::test::TestRequest| {
                request.insert_header(("Idempotency-Key", key)).set_json(&body)
            };
            client.send(Method::POST, "/api/calls/start", shape).await
        }
    };
    let first = start("a").await.data(201);
    let again = start("a").await.data(200);
    assert_eq!(first, again);
    assert_eq!(start("b").await.failure(409), "customer_busy");
    assert_eq!(world.carrier.calls().len(), 1);
    let other = json!({ "customerId": world.customer(world.ours.company, "+81312345600").await });
    let shape = |request: actix_web::test::TestRequest| {
        request.insert_header(("Idempotency-Key", "a")).set_json(&other)
    };
    let reused = client.send(Method::POST, "/api/calls/start", shape).await;
    assert_eq!(reused.failure(409), "idempotency_key_reused");
    assert_eq!(world.carrier.calls().len(), 1);
    let empty = start("").await;
    assert_eq!((empty.failure(422).as_str(), empty.blamed()), ("invalid", vec!["Idempotency-Key".into()]));
}

#[actix_web::test]
async fn a_carrier_that_refuses_leaves_a_call_without_a_sid() {
    let world = World::new().await;
    world.carrier.fail_next(1, Fault::Rejected(21211));
    let client = world.client(&world.ours.agent).await;
    let data = client.post("/api/calls/start", &json!({ "customerId": world.ours.customer })).await.data(201);
    assert_eq!((data["twilioCallSid"].as_str(), data["status"].as_str()), (None, Some("failed")));
}

#[actix_web::test]
async fn what_may_not_be_rung_is_not() {
    let world = World::new().await;
    let (team, client) = (&world.ours, world.client(&world.ours.agent).await);
    let start = |customer: Value| {
        let client = client.clone();
        async move { client.post("/api/calls/start", &json!({ "customerId": customer })).await }
    };
    assert_eq!(start(json!(id::<()>())).await.failure(404), "not_found");
    assert_eq!(start(json!("nonsense")).await.failure(404), "not_found");
    assert_eq!(start(json!(world.theirs.customer)).await.failure(404), "not_found");
    assert_eq!(start(json!(null)).await.blamed(), ["customerId"]);
    assert_eq!(start(json!(7)).await.failure(422), "invalid");

    let never = world.customer(team.company, "+81312345679").await;
    world.store.mark_customer(never, CustomerMark::DoNotCall).await.unwrap();
    assert_eq!(start(json!(never)).await.failure(409), "do_not_call");
    let wrong = world.customer(team.company, "+81312345670").await;
    world.store.mark_customer(wrong, CustomerMark::WrongNumber).await.unwrap();
    assert_eq!(start(json!(wrong)).await.failure(409), "wrong_number");

    let never = json!({ "settings": { "callingHours": { "days": [] } } });
    world.client(&team.admin).await.patch("/api/company", &never).await.data(200);
    assert_eq!(start(json!(team.customer)).await.failure(409), "outside_calling_hours");
    assert!(world.carrier.calls().is_empty());
}

#[actix_web::test]
async fn what_is_not_set_up_is_422() {
    let mut world = World::new().await;
    let mut settings =
        world.store.agent(world.ours.company, world.ours.agent.id).await.unwrap().unwrap().settings.unwrap();
    settings.conversation_settings.company_name.clear();
    world.store.put_agent_settings(settings).await.unwrap();
    let body = json!({ "customerId": world.ours.customer });
    let client = world.client(&world.ours.agent).await;
    assert_eq!(client.post("/api/calls/start", &body).await.failure(422), "no_settings");
    let conversation = json!({ "settings": { "conversation": { "companyName": "青空商事" } } });
    world.client(&world.ours.admin).await.patch("/api/company", &conversation).await.data(200);
    let call = client.post("/api/calls/start", &body).await.data(201)["callId"].clone();
    let shown = client.get(&format!("/api/calls/{}", call.as_str().unwrap())).await.data(200);
    assert_eq!(
        shown["aiConfiguration"]["companyName"], "青空商事",
        "the company says what its agents leave open"
    );
    let foreign = json!({ "customerId": world.ours.customer, "agentId": world.theirs.agent.id });
    assert_eq!(client.post("/api/calls/start", &foreign).await.failure(404), "not_found");

    let mut defaults = (*world.app.defaults).clone();
    defaults.from.clear();
    world.app.defaults = defaults.into();
    let client = world.client(&world.ours.agent).await;
    assert_eq!(client.post("/api/calls/start", &body).await.failure(422), "no_number");
}

#[actix_web::test]
async fn a_server_that_drains_starts_nothing() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    world.app.board.drain(std::time::Duration::from_millis(1)).await;
    let answer = client.post("/api/calls/start", &json!({ "customerId": world.ours.customer })).await;
    assert_eq!(answer.failure(503), "draining");
    assert!(answer.header("Retry-After").is_some());
}

#[actix_web::test]
async fn active_calls_are_whole_and_ones_own_companys() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.call_by(&world.theirs.agent, world.theirs.customer).await;
    world.answer(call, &call_sid).await;
    let line =
        Input::Spoke { speaker: Speaker::Customer, message: "もしもし".into(), confidence: Some(0.9) };
    world.app.board.tell(call, line).await.unwrap();

    let client = world.client(&world.ours.colleague).await;
    let answer = client.get("/api/calls/active").await;
    let list = answer.data(200);
    assert_eq!((answer.json()["count"].as_u64(), list.as_array().unwrap().len()), (Some(1), 1));
    let shown = &list[0];
    assert_eq!(
        (shown["_id"].as_str(), shown["status"].as_str()),
        (Some(call.to_string().as_str()), Some("ai-responding"))
    );
    assert_eq!(shown["customerId"]["name"], "鈴木 一郎");
    assert_eq!(shown["customerId"]["_id"], world.ours.customer.to_string());
    assert_eq!(shown["assignedAgent"], Value::Null);
    let transcript = shown["transcript"].as_array().unwrap();
    assert_eq!(transcript.first().unwrap()["speaker"], "ai");
    assert_eq!(transcript.last().unwrap()["message"], "もしもし");
    assert!(answer.text.contains(r#""confidence":0.9"#), "{}", answer.text);
    assert_eq!(client.get(&format!("/api/calls/{call}")).await.data(200), *shown);
}

#[actix_web::test]
async fn a_call_is_shown_with_every_key_of_its_record() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let record: CallRecord = world.store.find_call(call).await.unwrap().unwrap();
    let kept = serde_json::to_value(&record).unwrap();
    let shown = world.client(&world.ours.agent).await.get(&format!("/api/calls/{call}")).await.data(200);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&shown), keys(&kept));
    for key in keys(&kept).iter().filter(|key| *key != "customerId" && *key != "assignedAgent") {
        assert_eq!(shown[key], kept[key], "{key}");
    }
}

#[actix_web::test]
async fn a_call_stays_whole_when_its_customer_is_removed() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let client = world.client(&world.ours.agent).await;
    client.post(&format!("/api/calls/{call}/end"), &json!({})).await.data(200);
    world.store.delete_customer(world.ours.company, world.ours.customer).await.unwrap();
    let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!(shown["customerId"]["_id"], world.ours.customer.to_string());
    assert_eq!(
        (shown["customerId"]["name"].as_str(), shown["customerId"]["phone"].as_str()),
        (Some("鈴木 一郎"), Some("+81312345678"))
    );
}

#[actix_web::test]
async fn a_customer_is_shown_as_they_are_now() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let married = CustomerChange { name: Some("佐藤 一郎".into()), ..Default::default() };
    world.store.change_customer(world.ours.company, world.ours.customer, married).await.unwrap();
    let shown = world.client(&world.ours.agent).await.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!(shown["customerId"]["name"], "佐藤 一郎");
}

#[actix_web::test]
async fn a_call_that_lives_elsewhere_is_folded_from_its_journal() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let line = Input::Spoke { speaker: Speaker::Customer, message: "もしもし".into(), confidence: None };
    world.app.board.tell(call, line).await.unwrap();
    let client = world.client(&world.ours.agent).await;
    let here = client.get(&format!("/api/calls/{call}")).await.data(200);
    world.app.board.put_down().await;
    assert_eq!(world.app.board.living(), 0);
    let elsewhere = client.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!(here, elsewhere);
    assert_eq!(elsewhere["transcript"].as_array().unwrap().last().unwrap()["message"], "もしもし");
}

#[actix_web::test]
async fn events_come_in_order_and_in_parts() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.colleague).await;
    let all = client.get(&format!("/api/calls/{call}/events")).await;
    let events = all.data(200);
    let events = events.as_array().unwrap();
    assert_eq!(events[0]["event"]["type"], "created");
    let seqs: Vec<_> = events.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=events.len() as u64).collect::<Vec<_>>());
    let part = client.get(&format!("/api/calls/{call}/events?from=2&limit=1")).await.data(200);
    assert_eq!(part.as_array().unwrap(), &events[1..2]);
    for (query, field) in
        [("from=0", "from"), ("limit=0", "limit"), ("limit=x", "limit"), ("limit=10001", "limit")]
    {
        let answer = client.get(&format!("/api/calls/{call}/events?{query}")).await;
        assert_eq!(
            (answer.failure(422).as_str(), answer.blamed()),
            ("invalid", vec![field.to_owned()]),
            "{query}"
        );
    }
    let past = format!("/api/calls/{call}/events?from={}", i64::MAX);
    assert_eq!(client.get(&past).await.data(200), json!([]));
}

#[actix_web::test]
async fn an_assigned_agent_is_shown_by_name() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.supervisor).await;
    client.post(&format!("/api/calls/{call}/handoff"), &json!({})).await.data(200);
    change(&world, world.ours.agent.id, |user| user.first_name = "次郎".into()).await;
    let shown = client.get("/api/calls/active").await.data(200);
    let agent = &shown[0]["assignedAgent"];
    assert_eq!(agent["_id"], world.ours.agent.id.to_string());
    assert_eq!((agent["firstName"].as_str(), agent["lastName"].as_str()), (Some("次郎"), Some("山田")));
    assert_eq!(agent["passwordHash"], Value::Null);
}
