use super::world::*;
use crate::sandbox::{Faults, HookFaults, RestFaults};
use serde_json::json;
use std::collections::HashSet;

fn short(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/voice" => twiml("<Say>やあ</Say>"),
        _ => nothing(),
    }
}

async fn with(faults: Faults) -> World {
    world_with(move |config| config.faults = faults, short).await
}

#[tokio::test]
async fn doubled_webhooks_have_one_token() {
    let twice = HookFaults { duplicate: 1.0, ..HookFaults::default() };
    let world = with(Faults { status: twice, voice: twice, ..Faults::default() }).await;
    world.ring(SILENT, &[]).await;
    world.until(|seen| seen.iter().filter(|s| s.get("CallStatus") == "completed").count() == 2).await;
    for path in ["/status", "/voice"] {
        let seen = world.at(path);
        let tokens: HashSet<_> = seen.iter().map(|seen| seen.token.clone()).collect();
        assert_eq!(seen.len(), tokens.len() * 2, "{path}");
    }
    assert_eq!(world.at("/status").len(), 8);
    world.end().await;
}

#[tokio::test]
async fn reordered_webhooks_all_arrive() {
    let held = HookFaults { reorder: 1.0, ..HookFaults::default() };
    let world = with(Faults { status: held, ..Faults::default() }).await;
    world.ring(SILENT, &[]).await;
    world.until(|seen| seen.iter().filter(|s| s.path == "/status").count() == 4).await;
    let order: Vec<_> = world.at("/status").iter().map(|s| s.get("SequenceNumber").to_owned()).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(sorted, ["0", "1", "2", "3"]);
    assert_ne!(order, sorted);
    world.end().await;
}

#[tokio::test]
async fn lost_webhooks_leave_a_trace() {
    let lost = HookFaults { drop: 1.0, ..HookFaults::default() };
    let world = with(Faults { status: lost, voice: lost, ..Faults::default() }).await;
    let sid = world.ring(SILENT, &[]).await;
    loop {
        let (_, call) = world.get(&format!("Calls/{sid}.json")).await;
        if call["status"] == "completed" {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!((world.at("/voice").len(), world.at("/status").len()), (1, 0));
    assert_eq!(world.log(&sid, "lost").await.len(), 4);
    assert_eq!(world.inspect("counters").await["webhooks_dropped"], 4);
    world.end().await;
}

#[tokio::test]
async fn an_answer_is_lost_after_its_effect() {
    let rest = RestFaults { answer_lost: 1.0, ..RestFaults::default() };
    let world = with(Faults { rest, ..Faults::default() }).await;
    let form = [("To", SILENT), ("From", US), ("Url", &world.url("/voice"))];
    let request = world.client.post(world.account("Calls.json")).basic_auth(ACCOUNT, Some(TOKEN)).form(&form);
    assert!(request.send().await.is_err());
    world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
    assert_eq!(world.inspect("calls").await["calls"].as_array().unwrap().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn refusals_come_and_go_at_run_time() {
    let world = with(Faults::default()).await;
    let (status, _) = world.control("faults", json!({ "rest": { "too_many": 1.0 } })).await;
    assert_eq!(status, 200);
    let (status, body) = world.get("Calls.json").await;
    assert_eq!((status, &body["code"]), (429, &json!(20429)));
    let (status, _) = world.control("faults", json!({ "rest": { "unavailable": 1.0 } })).await;
    assert_eq!(status, 200);
    assert_eq!(world.get("Calls.json").await.1["code"], 20503);
    assert_eq!(world.control("faults", json!({ "rest": { "unavailable": 7 } })).await.0, 400);
    assert_eq!(world.control("faults", json!({ "rain": true })).await.0, 400);
    let url = format!("{}/sandbox/v1/faults", world.sandbox.url());
    world.client.delete(url).send().await.unwrap();
    assert_eq!(world.get("Calls.json").await.0, 200);
    world.end().await;
}

#[tokio::test]
async fn a_hundred_calls_at_once() {
    let world = world_with(|config| config.keep_calls = 60, short).await;
    let rings = (0..100).map(|_| world.ring(SILENT, &[]));
    let sids: HashSet<String> = futures_util::future::join_all(rings).await.into_iter().collect();
    assert_eq!(sids.len(), 100);
    world.until(|seen| seen.iter().filter(|s| s.get("CallStatus") == "completed").count() == 100).await;
    let counters = world.inspect("counters").await;
    assert_eq!((&counters["calls_live"], &counters["calls_ended"]["completed"]), (&json!(0), &json!(100)));
    // Only the newest ended calls are remembered.
    let (_, page) = world.get("Calls.json?PageSize=1000").await;
    assert_eq!(page["calls"].as_array().unwrap().len(), 60);
    world.end().await;
}

#[tokio::test]
async fn somebody_else_answers_from_now_on() {
    let world = with(Faults::default()).await;
    let body = json!({ "number": SILENT, "persona": "busy" });
    assert_eq!(world.control("personas", body).await.0, 200);
    world.ring(SILENT, &[]).await;
    world.until_status("busy").await;
    let body = json!({ "number": SILENT, "persona": "unknown" });
    assert_eq!(world.control("personas", body).await.0, 400);
    world.end().await;
}

#[tokio::test]
async fn slow_is_the_answer_and_not_the_work() {
    let rest = RestFaults { delay_min_ms: 2_000, delay_max_ms: 2_000, ..RestFaults::default() };
    let world = with(Faults { rest, ..Faults::default() }).await;
    let form = [("To", SILENT), ("From", US), ("Url", &world.url("/voice"))];
    let request = world.client.post(world.account("Calls.json")).basic_auth(ACCOUNT, Some(TOKEN)).form(&form);
    assert!(request.timeout(std::time::Duration::from_millis(500)).send().await.unwrap_err().is_timeout());
    world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
    world.end().await;
}
