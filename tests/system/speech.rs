//! What a company has of its own for the talk of its calls: saved through REST, it counts for the calls of the running server.

use crate::{crowd::Crowd, handover::with_ai, site::Team};
use serde_json::{Value, json};
use std::time::Duration;

const SPEED: u32 = 4;
const LIMIT: Duration = Duration::from_secs(60);
const HOUSE: &str = "本社のほうで一括なんで";

/// The templates of the greeting, whatever is told before it.
fn opening(events: &[Value]) -> Vec<&str> {
    let said = events.iter().map(|entry| &entry["event"]).find(|event| event["type"] == "said");
    let lines = said.and_then(|event| event["directive"]["say"].as_array());
    let lines = lines.unwrap_or_else(|| panic!("{events:?}"));
    let templates = lines.iter().map(|line| line["template"].as_str().unwrap());
    templates.filter(|template| *template != "recording_notice").collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phrase_counts_for_the_call_under_way_and_a_script_for_the_next() {
    let crowd = Crowd::with_team(SPEED, &["manual"], 2, Team(&[])).await;
    let (client, admin) = (crowd.server.client().await, crowd.server.admin().await);
    let (call, leg) = with_ai(&crowd, &client, 0).await;

    let phrases = json!({ "phrases": [{ "language": "ja", "intent": "wrong_number", "text": HOUSE }] });
    let (status, kept) = admin.put("/api/company/phrases", phrases).await;
    assert_eq!((status, kept["count"].as_u64()), (200, Some(1)), "{kept}");
    let (_, script) = admin.get("/api/company/script?language=ja").await;
    let text = script["data"]["builtIn"].as_str().unwrap();
    let own = text.replace("prompt = [\"initial\"]", "prompt = [\"greet_again\", \"request\"]");
    let (status, kept) = admin.put("/api/company/script", json!({ "language": "ja", "text": own })).await;
    assert_eq!((status, kept["data"]["own"].as_bool()), (200, Some(true)), "{kept}");

    crowd.sandbox.say(&leg, HOUSE).await;
    crowd.until_over(&client, LIMIT).await;
    let events = client.events(&call).await;
    assert_eq!(opening(&events), ["initial"], "it began before");
    assert_eq!(client.call(&call).await["outcome"], "failed");
    let why = format!("\"kind\":\"own\",\"weight\":1.0,\"words\":\"{HOUSE}\"");
    assert!(Value::from(events).to_string().contains(&why), "the company's own phrase is told as the reason");

    let (next, leg) = with_ai(&crowd, &client, 1).await;
    assert_eq!(opening(&client.events(&next).await), ["greet_again", "request"]);
    crowd.sandbox.hang_up(&leg).await;
    crowd.until_over(&client, LIMIT).await;
}
