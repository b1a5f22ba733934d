//! Handing over, ending, and writing to calls: what it does, and who may.

use crate::world::{World, change, id};
use actix_web::http::Method;
use serde_json::{Value, json};
use tsunagu_call::CallId;
use tsunagu_carrier::script::Command;
use tsunagu_store::{AgentStore, Availability, User};

#[actix_web::test]
async fn a_hand_over_rings_an_agent_and_names_the_leg() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.supervisor).await;
    let body = json!({ "agentId": world.ours.agent.id, "reason": "料金の質問" });
    let data = client.post(&format!("/api/calls/{call}/handoff"), &body).await.data(200);
    assert_eq!(
        (data["callId"].as_str(), data["status"].as_str()),
        (Some(call.to_string().as_str()), Some("transferring"))
    );
    let rung = world.carrier.commands().into_iter().find_map(|command| match command {
        Command::CreateCall { call, call_sid } if call.to == "+819011112222" => Some(call_sid),
        Command::CreateParticipant { participant, call_sid, .. } if participant.to == "+819011112222" => {
            Some(call_sid)
        }
        _ => None,
    });
    assert_eq!(data["agentCallSid"].as_str(), rung.as_deref());
    assert!(rung.is_some());
    let again = client.post(&format!("/api/calls/{call}/handoff"), &json!({})).await;
    assert_eq!(again.failure(409), "not_ai_responding");
    let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!(shown["handoffReason"], "料金の質問");
}

#[actix_web::test]
async fn a_hand_over_needs_no_body() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.supervisor).await;
    let path = format!("/api/calls/{call}/handoff");
    client.send(Method::POST, &path, |request| request).await.data(200);
}

#[actix_web::test]
async fn a_hand_over_that_cannot_be_is_409() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    let client = world.client(&world.ours.supervisor).await;
    let path = format!("/api/calls/{call}/handoff");
    assert_eq!(
        client.post(&path, &json!({})).await.failure(409),
        "not_ai_responding",
        "nobody has picked up"
    );
    world.answer(call, &call_sid).await;
    for stranger in [json!(world.theirs.agent.id), json!(id::<()>()), json!("nonsense")] {
        assert_eq!(client.post(&path, &json!({ "agentId": stranger })).await.failure(404), "not_found");
    }
    let (team, now) = (&world.ours, crate::world::now());
    world.store.set_agent_status(team.company, team.agent.id, Availability::Offline, now).await.unwrap();
    assert_eq!(client.post(&path, &json!({})).await.failure(409), "no_agent_available");
    assert_eq!(client.get(&format!("/api/calls/{call}")).await.data(200)["status"], "ai-responding");
}

#[actix_web::test]
async fn a_call_is_ended_with_a_judgement_or_without() {
    let world = World::new().await;
    let client = world.client(&world.ours.supervisor).await;
    for (number, (word, result)) in [
        (json!("成功"), "成功"),
        (json!("follow_up"), "要フォロー"),
        (json!("手動終了"), "不在"),
        (json!("完了"), "不在"),
        (Value::Null, "不在"),
    ]
    .into_iter()
    .enumerate()
    {
        let customer = world.customer(world.ours.company, &format!("+8131234500{number}")).await;
        let (call, call_sid) = world.call_by(&world.ours.supervisor, customer).await;
        world.answer(call, &call_sid).await;
        let body = json!({ "result": word, "notes": "担当者は金曜に戻る" });
        let data = client.post(&format!("/api/calls/{call}/end"), &body).await.data(200);
        assert_eq!(
            (data["result"].as_str(), data["status"].as_str()),
            (Some(result), Some("completed")),
            "{word}"
        );
        assert!(data["duration"].is_u64());
        let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
        assert_eq!(
            (shown["notes"].as_str(), shown["endReason"].as_str()),
            (Some("担当者は金曜に戻る"), Some("ended_by_user"))
        );
        assert!(world.carrier.commands().contains(&Command::HangUp { call_sid }));
        let again = client.post(&format!("/api/calls/{call}/end"), &body).await;
        assert_eq!(again.failure(409), "call_over");
    }
    assert_eq!(client.get("/api/calls/active").await.data(200), json!([]));
}

#[actix_web::test]
async fn an_unknown_result_changes_nothing() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    let client = world.client(&world.ours.supervisor).await;
    let body = json!({ "result": "よかった", "notes": 7 });
    let answer = client.post(&format!("/api/calls/{call}/end"), &body).await;
    assert_eq!(
        (answer.failure(422).as_str(), answer.blamed()),
        ("invalid", vec!["result".into(), "notes".into()])
    );
    assert_eq!(client.get("/api/calls/active").await.json()["count"], 1);
}

#[actix_web::test]
async fn a_client_adds_to_the_transcript_while_the_call_lives() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.agent).await;
    let path = format!("/api/calls/{call}/transcript");
    let line = json!({ "speaker": "agent", "message": "お電話代わりました", "confidence": 0.8 });
    let first = client.put(&path, &line).await.data(200);
    let second = client.put(&path, &line).await.data(200);
    assert_eq!(
        second["transcriptLength"].as_u64(),
        first["transcriptLength"].as_u64().map(|length| length + 1)
    );
    let wrong = json!({ "speaker": "robot", "message": "", "confidence": 3 });
    let wrong = client.put(&path, &wrong).await;
    assert_eq!(
        (wrong.failure(422).as_str(), wrong.blamed()),
        ("invalid", vec!["speaker".into(), "message".into(), "confidence".into()])
    );
    client.post(&format!("/api/calls/{call}/end"), &json!({})).await.data(200);
    assert_eq!(client.put(&path, &line).await.failure(409), "call_over");
}

#[actix_web::test]
async fn notes_are_written_during_a_call_and_afterwards() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.agent).await;
    let path = format!("/api/calls/{call}/notes");
    assert_eq!(client.put(&path, &json!({ "notes": "一回目" })).await.data(200)["notes"], "一回目");
    client.post(&format!("/api/calls/{call}/end"), &json!({ "result": "拒否" })).await.data(200);
    let after = client.put(&path, &json!({ "notes": "二回目", "result": "拒否" })).await.data(200);
    assert_eq!((after["notes"].as_str(), after["callResult"].as_str()), (Some("二回目"), Some("拒否")));
    for wrong in [json!({}), json!({ "notes": 7 })] {
        assert_eq!(client.put(&path, &wrong).await.blamed(), ["notes"]);
    }
    assert_eq!(client.get(&format!("/api/calls/{call}")).await.data(200)["notes"], "二回目");
    for nothing in [json!(""), json!(" \n"), Value::Null] {
        client.put(&path, &json!({ "notes": "三回目" })).await.data(200);
        assert_eq!(client.put(&path, &json!({ "notes": nothing })).await.data(200)["notes"], Value::Null);
    }
}

#[actix_web::test]
async fn what_came_of_a_call_may_be_said_with_the_notes() {
    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.agent).await;
    let path = format!("/api/calls/{call}/notes");
    let said = |data: &Value| (data["notes"].clone(), data["callResult"].clone(), data["outcome"].clone());
    let live = client.put(&path, &json!({ "notes": "一回目", "result": "要フォロー" })).await.data(200);
    assert_eq!(said(&live), (json!("一回目"), Value::Null, Value::Null), "it is not over");
    client.post(&format!("/api/calls/{call}/end"), &json!({})).await.data(200);
    let shown = client.get(&format!("/api/calls/{call}")).await.data(200);
    assert_eq!(said(&shown), (json!("一回目"), json!("要フォロー"), json!("follow_up")));
    let other = client.put(&path, &json!({ "notes": "二回目", "result": "成功" })).await.data(200);
    assert_eq!(said(&other), (json!("二回目"), json!("成功"), json!("success")));
    for result in [json!("完了"), json!("")] {
        let same = client.put(&path, &json!({ "notes": "三回目", "result": result })).await.data(200);
        assert_eq!(said(&same), (json!("三回目"), json!("成功"), json!("success")));
    }
    let counted = client.get("/api/calls/statistics").await.data(200);
    assert_eq!(counted["successfulCalls"], 1);
    let history = client.get("/api/calls/history?result=success").await.data(200);
    assert_eq!(history[0]["_id"], call.to_string());
}

#[actix_web::test]
async fn notes_are_written_on_a_call_that_an_older_server_left() {
    let world = World::new().await;
    let leave = |status: &str| {
        let call: CallId = id();
        let left = json!({
            "_id": call, "companyId": world.ours.company, "customerId": world.ours.customer, "status": status,
            "startTime": "2025-03-01T01:00:00Z", "endTime": "2025-03-01T01:02:00Z", "callResult": "完了",
            "assignedAgent": world.ours.agent.id,
            "transcript": [{ "timestamp": "2025-03-01T01:01:00Z", "speaker": "agent", "message": "はい" }],
        });
        world.store.leave_call(serde_json::from_value(left).unwrap()).unwrap();
        format!("/api/calls/{call}")
    };
    let client = world.client(&world.ours.agent).await;
    let call = leave("completed");
    let noted = client.put(&format!("{call}/notes"), &json!({ "notes": "再度確認" })).await.data(200);
    assert_eq!((&noted["notes"], &noted["callResult"]), (&json!("再度確認"), &json!("完了")));
    let body = json!({ "notes": "成約", "result": "成功" });
    let judged = client.put(&format!("{call}/notes"), &body).await.data(200);
    assert_eq!((&judged["notes"], &judged["callResult"]), (&json!("成約"), &json!("成功")));
    assert_eq!(client.get(&call).await.data(200), judged);
    assert_eq!(judged["transcript"][0]["message"], "はい");
    assert_eq!(client.get(&format!("{call}/events")).await.data(200), json!([]));
    let stranger = world.client(&world.ours.colleague).await;
    assert_eq!(stranger.put(&format!("{call}/notes"), &body).await.failure(403), "forbidden");
    let abandoned = leave("ai-responding");
    assert_eq!(client.put(&format!("{abandoned}/notes"), &body).await.failure(409), "call_abandoned");
}

#[actix_web::test]
async fn agents_steer_their_own_calls_and_supervisors_any() {
    let world = World::new().await;
    let team = &world.ours;
    let steer = |user: &User, call: String| {
        let (world, user) = (&world, user.clone());
        async move {
            let client = world.client(&user).await;
            client.put(&format!("/api/calls/{call}/notes"), &json!({ "notes": "x" })).await.status
        }
    };
    let (started, call_sid) = world.call_by(&team.colleague, team.customer).await;
    let call = started.to_string();
    assert_eq!(steer(&team.colleague, call.clone()).await, 200, "who started it");
    assert_eq!(steer(&team.supervisor, call.clone()).await, 200, "a supervisor");
    assert_eq!(steer(&team.admin, call.clone()).await, 200, "an admin");
    assert_eq!(steer(&team.agent, call.clone()).await, 403, "another agent");
    let client = world.client(&team.agent).await;
    for (method, path) in [(Method::POST, "handoff"), (Method::POST, "end"), (Method::PUT, "transcript")] {
        let body = json!({ "speaker": "agent", "message": "x" });
        let path = format!("/api/calls/{call}/{path}");
        let answer = client.send(method, &path, |request| request.set_json(&body)).await;
        assert_eq!(answer.failure(403), "forbidden", "{path}");
    }
    client.get(&format!("/api/calls/{call}")).await.data(200);

    world.answer(started, &call_sid).await;
    let supervisor = world.client(&team.supervisor).await;
    supervisor.post(&format!("/api/calls/{call}/handoff"), &json!({})).await.data(200);
    assert_eq!(steer(&team.agent, call.clone()).await, 200, "who is to have the customer");

    let customer = world.customer(team.company, "+81312345679").await;
    let body = json!({ "customerId": customer, "agentId": team.agent.id });
    let named =
        supervisor.post("/api/calls/start", &body).await.data(201)["callId"].as_str().unwrap().to_owned();
    assert_eq!(steer(&team.agent, named.clone()).await, 200, "in whose name it was started");
    assert_eq!(steer(&team.colleague, named.clone()).await, 403);
    change(&world, team.colleague.id, |user| user.role = tsunagu_store::UserRole::Supervisor).await;
    assert_eq!(steer(&team.colleague, named).await, 200, "since they are a supervisor");
}
