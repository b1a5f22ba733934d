//! The server dies in the middle of hand-overs.

use super::{LIMIT, SPEED, accepted, agent_leg, stage, stage_of, status, with_ai};
use crate::{
    crowd::{Crowd, all_well, check_agents},
    home::Home,
    site::Team,
};

/// `kill -9` with one hand-over in each stage; each goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hand_overs_go_on_after_the_server_was_killed_in_any_stage() {
    killed_in_any_stage(Home::folder()).await;
}

/// The same wherever the data are kept.
pub async fn killed_in_any_stage(home: Home) {
    // Each is brought to its stage by the agent's doing, and stays there for as long as the agent likes.
    const STAGES: [&str; 4] = ["ringing", "briefing", "bridging", "bridged"];
    let team = Team(&[("+81701002", 1, 0), ("+81709000", 3, 0)]);
    // Nobody is hurried while the others are brought to their stages.
    let patience = [("TSUNAGU_CALLS__BRIDGING_SECS", "120"), ("TSUNAGU_CALLS__BRIEFING_SECS", "300")];
    let mut crowd = Crowd::at(home, SPEED, &["manual"], STAGES.len(), team, &patience).await;
    let client = crowd.server.client().await;
    let sandbox = &crowd.sandbox;
    let mut ids = Vec::new();
    // The last stage first, so that the telephone that rings has only just begun to.
    for (index, stage) in STAGES.iter().enumerate().rev() {
        let (agent, _) = &crowd.site.agents[index];
        let id = client.start(crowd.site.customers[index].id, Some(agent.to_string())).await;
        status(&client, &id, "ai-responding").await;
        let customer = client.call(&id).await["twilioCallSid"].as_str().unwrap().to_owned();
        if *stage == "bridging" {
            let late = serde_json::json!({ "conference": { "delay_min_ms": 4000, "delay_max_ms": 4000 } });
            sandbox.set_faults(late).await;
        }
        sandbox.press(&customer, "0").await;
        if *stage != "ringing" {
            stage_of(&client, &id, "briefing").await;
        }
        if matches!(*stage, "bridging" | "bridged") {
            let agent = agent_leg(&client, &id).await;
            // A key counts once the briefing is being said.
            sandbox.heard(&agent, "1を").await;
            sandbox.press(&agent, "1").await;
        }
        stage_of(&client, &id, stage).await;
        ids.push(id);
    }
    crowd.server.program.kill();
    crowd.sandbox.set_faults(serde_json::json!({})).await;
    crowd.server.restart();

    let client = crowd.server.client().await;
    for (stage, id) in STAGES.iter().rev().zip(&ids) {
        if *stage == "briefing" {
            let agent = agent_leg(&client, id).await;
            crowd.sandbox.press(&agent, "1").await;
        }
        status(&client, id, "human-connected").await;
        let (status, answer) = client.post(&format!("/api/calls/{id}/end"), serde_json::json!({})).await;
        assert_eq!((status, answer["data"]["result"].as_str()), (200, Some("成功")), "{stage}: {answer}");
    }
    crowd.until_over(&client, LIMIT).await;
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// `kill -9` while customers wait in line for the only agent: one is served when the agent comes free, one has hung up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_who_wait_in_line_are_served_or_let_go_after_the_server_was_killed() {
    let team = Team(&[("+81709000", 1, 50)]);
    let mut crowd = Crowd::with_team(SPEED, &["manual"], 3, team).await;
    let client = crowd.server.client().await;
    let (engaged, leg) = with_ai(&crowd, &client, 0).await;
    crowd.sandbox.press(&leg, "0").await;
    accepted(&crowd, &client, &engaged).await;
    let (patient, leg) = with_ai(&crowd, &client, 1).await;
    crowd.sandbox.press(&leg, "0").await;
    let (impatient, impatient_leg) = with_ai(&crowd, &client, 2).await;
    crowd.sandbox.press(&impatient_leg, "0").await;
    for call in [&patient, &impatient] {
        stage_of(&client, call, "reserving").await;
    }
    crowd.server.program.kill();
    crowd.sandbox.hang_up(&impatient_leg).await;
    crowd.server.restart();

    let client = crowd.server.client().await;
    status(&client, &impatient, "completed").await;
    let record = client.call(&impatient).await;
    assert_eq!(
        (record["outcome"].as_str(), record["endReason"].as_str()),
        (Some("follow_up"), Some("customer_hung_up_waiting")),
        "{record}"
    );
    assert_eq!(stage(&client, &patient).await, "reserving", "the agent has somebody still");
    assert_eq!(client.call(&engaged).await["status"], "human-connected");
    for call in [&engaged, &patient] {
        if call == &patient {
            accepted(&crowd, &client, &patient).await;
        }
        let (status, answer) = client.post(&format!("/api/calls/{call}/end"), serde_json::json!({})).await;
        assert_eq!((status, answer["data"]["result"].as_str()), (200, Some("成功")), "{answer}");
    }
    crowd.until_over(&client, LIMIT).await;
    let agents = crowd.sandbox.legs().await.into_iter().filter(|leg| leg.to.starts_with("+81709000"));
    assert_eq!(agents.count(), 2, "one leg for each who was served");
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}
