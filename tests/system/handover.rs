//! Hand-overs on which something goes wrong: what becomes of the agent, and what the customer hears meanwhile.

mod company;
pub mod killed;
mod leaving;
mod minds;
mod obstacles;
mod trouble;

use crate::{client::Client, crowd::Crowd, wait::until};
use serde_json::Value;
use std::time::Duration;

/// A clock on which people at the keys have the time to press them.
const SPEED: u32 = 4;
const LIMIT: Duration = Duration::from_secs(150);

/// How long, in seconds of call time, a customer may be alone: a moment of five, and what the machine is late. Less than the twenty
/// after which whoever is alone hangs up.
const ALONE: f64 = 5.0 + 1.5 * SPEED as f64;

const NOBODY_COMES: &str = "あいにく担当の者がほかの電話に出ております";

/// A crowd of customers who agree at once, and a call to each of them, for which the agents are tried first in turn.
async fn hand_over(crowd: &Crowd, first: usize) -> Vec<String> {
    let client = crowd.server.client().await;
    let mut ids = Vec::new();
    for (index, customer) in crowd.site.customers.iter().enumerate() {
        let (agent, _) = &crowd.site.agents[index % first];
        ids.push(client.start(customer.id, Some(agent.to_string())).await);
    }
    crowd.until_over(&client, LIMIT).await;
    ids
}

/// An agent played by the test hears the briefing, presses the key, and has the customer; the agent's leg.
async fn accepted(crowd: &Crowd, client: &Client, call: &str) -> String {
    stage_of(client, call, "briefing").await;
    let agent = agent_leg(client, call).await;
    // A key counts once the briefing is being said.
    crowd.sandbox.heard(&agent, "1を").await;
    crowd.sandbox.press(&agent, "1").await;
    stage_of(client, call, "bridged").await;
    agent
}

/// The customer was not alone in a conference for longer than a moment.
async fn check_alone(crowd: &Crowd, customer: &str) {
    check_alone_for(crowd, customer, ALONE).await;
}

async fn check_alone_for(crowd: &Crowd, customer: &str, most: f64) {
    for conference in crowd.sandbox.conferences().await {
        for alone in conference.alone.iter().filter(|alone| alone.call_sid == customer) {
            assert!(alone.secs < most, "the customer was alone in {} for {} s", conference.name, alone.secs);
        }
    }
}

/// A customer played by the test talks with the AI; the call and the customer's leg.
pub async fn with_ai(crowd: &Crowd, client: &Client, customer: usize) -> (String, String) {
    let call = client.start(crowd.site.customers[customer].id, None).await;
    status(client, &call, "ai-responding").await;
    let leg = client.call(&call).await["twilioCallSid"].as_str().unwrap().to_owned();
    (call, leg)
}

pub async fn status(client: &Client, id: &str, wanted: &str) {
    until(wanted, LIMIT, || async {
        let record = client.call(id).await;
        if record["status"] == wanted { Ok(()) } else { Err(record["status"].clone()) }
    })
    .await;
}

/// Waits until the hand-over is in this stage.
pub async fn stage_of(client: &Client, id: &str, wanted: &str) {
    until(wanted, LIMIT, || async {
        let stage = stage(client, id).await;
        if stage == wanted { Ok(()) } else { Err(stage) }
    })
    .await;
}

/// The stage of the hand-over, which begins with an agent being looked for; null without one.
async fn stage(client: &Client, id: &str) -> Value {
    let events = client.events(id).await;
    let mut events = events.iter().rev().map(|event| &event["event"]);
    events
        .find_map(|event| match event["type"].as_str() {
            Some("handoverMoved") => Some(event["stage"]["at"].clone()),
            Some("handoverRequested") => Some("reserving".into()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The carrier's name of the leg of the agent who is being fetched.
pub async fn agent_leg(client: &Client, id: &str) -> String {
    let events = client.events(id).await;
    let legs = events
        .iter()
        .rev()
        .map(|event| &event["event"])
        .filter(|event| event["type"] == "progressed" && event["leg"].get("agent").is_some());
    let sid = legs.filter_map(|event| event["callSid"].as_str()).next();
    sid.expect("the agent has a leg").to_owned()
}
