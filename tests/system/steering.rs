//! A person at the screen steers a call: puts a human on the line, and ends it for everybody.

use crate::{crowd::Crowd, wait::until};
use serde_json::json;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_puts_a_human_through_and_ends_the_call() {
    let crowd = Crowd::gather(10, &["manual", "no-answer"], 2).await;
    let client = crowd.server.client().await;
    let start = async |persona: &str| {
        let customer = crowd.site.customers.iter().find(|customer| customer.persona == persona).unwrap();
        client.start(customer.id, None).await
    };
    let rings = start("no-answer").await;
    let (status, refused) = client.post(&format!("/api/calls/{rings}/handoff"), json!({})).await;
    assert_eq!(
        (status, refused["code"].as_str()),
        (409, Some("not_ai_responding")),
        "nobody has picked up: {refused}"
    );

    let call = start("manual").await;
    let path = format!("/api/calls/{call}");
    let reached = |wanted: &'static str| {
        let (client, call) = (client.clone(), call.clone());
        until(wanted, LIMIT, move || {
            let (client, call) = (client.clone(), call.clone());
            async move {
                let record = client.call(&call).await;
                if record["status"] == wanted { Ok(record) } else { Err(record["status"].clone()) }
            }
        })
    };
    reached("ai-responding").await;

    let (agent, phone) = &crowd.site.agents[0];
    let wish = json!({ "agentId": agent.to_string(), "reason": "the customer is a friend" });
    let (status, answer) = client.post(&format!("{path}/handoff"), wish).await;
    assert_eq!((status, answer["data"]["status"].as_str()), (200, Some("transferring")), "{answer}");
    let agent_leg = answer["data"]["agentCallSid"].as_str().expect("the agent's leg is named").to_owned();

    let record = reached("human-connected").await;
    assert_eq!(record["assignedAgent"]["_id"], agent.to_string());
    let leg = crowd.sandbox.leg(&agent_leg).await;
    assert_eq!(&leg.to, phone, "the agent who was named is the one who is rung");
    let briefing = leg.heard().concat();
    for part in ["山田商事の顧客000様", "the customer is a friend", "1を"] {
        assert!(briefing.contains(part), "{part} in {briefing}");
    }

    let (status, answer) = client.post(&format!("{path}/end"), json!({ "notes": "done" })).await;
    assert_eq!((status, answer["data"]["status"].as_str()), (200, Some("completed")), "{answer}");
    assert_eq!(answer["data"]["result"], "成功");
    let (status, _) = client.post(&format!("{path}/end"), json!({})).await;
    assert_eq!(status, 409, "it is over");
    crowd.until_over(&client, LIMIT).await;
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
}

/// SIGTERM lets go of the calls in order; the next start has them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_hands_its_calls_to_the_journal() {
    let mut crowd = Crowd::gather(1, &["manual"], 3).await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    assert!(crowd.server.program.terminate().success());
    crowd.server.restart();
    let client = crowd.server.client().await;
    until("the calls are live again", LIMIT, || async {
        let (_, active) = client.get("/api/calls/active").await;
        if active["count"] == 3 { Ok(()) } else { Err(active["count"].clone()) }
    })
    .await;
    for id in ids {
        let (status, answer) =
            client.post(&format!("/api/calls/{id}/end"), json!({ "result": "不在" })).await;
        assert_eq!((status, answer["data"]["result"].as_str()), (200, Some("不在")), "{answer}");
    }
    crowd.until_over(&client, LIMIT).await;
}
