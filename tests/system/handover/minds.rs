//! People who change their minds while an agent is fetched.

use super::{LIMIT, NOBODY_COMES, SPEED, stage_of, status, with_ai};
use crate::{
    crowd::{Crowd, all_well, check_agents},
    site::Team,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_wants_nobody_any_more_is_let_go_and_so_is_the_agent() {
    let team = Team(&[("+81701005", 1, 50)]);
    let mut crowd = Crowd::with_team(SPEED, &["manual"], 1, team).await;
    let client = crowd.server.client().await;
    let (call, leg) = with_ai(&crowd, &client, 0).await;
    crowd.sandbox.press(&leg, "0").await;
    stage_of(&client, &call, "ringing").await;
    crowd.sandbox.say(&leg, "やっぱり結構です").await;
    crowd.until_over(&client, LIMIT).await;
    let record = client.call(&call).await;
    assert_eq!(record["outcome"], "rejected", "{record}");
    let agents = crowd.sandbox.legs().await.into_iter().filter(|leg| leg.to.starts_with("+81701005"));
    let agents: Vec<String> = agents.map(|leg| leg.status).collect();
    assert_eq!(agents, ["canceled"]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_names_another_agent_or_takes_the_request_back() {
    let team = Team(&[("+81701005", 2, 50), ("+81701001", 1, 0)]);
    let mut crowd = Crowd::with_team(SPEED, &["manual"], 2, team).await;
    let client = crowd.server.client().await;
    let (named, _) = with_ai(&crowd, &client, 0).await;
    let ask = async |call: &str, agent: usize| {
        let wish = serde_json::json!({ "agentId": crowd.site.agents[agent].0.to_string() });
        let (status, answer) = client.post(&format!("/api/calls/{call}/handoff"), wish).await;
        assert_eq!(status, 200, "{answer}");
    };
    ask(&named, 0).await;
    stage_of(&client, &named, "ringing").await;
    ask(&named, 2).await;
    status(&client, &named, "human-connected").await;
    client.post(&format!("/api/calls/{named}/end"), serde_json::json!({})).await;

    let (taken_back, leg) = with_ai(&crowd, &client, 1).await;
    ask(&taken_back, 1).await;
    stage_of(&client, &taken_back, "ringing").await;
    let (status, answer) = client.delete(&format!("/api/calls/{taken_back}/handoff")).await;
    assert_eq!((status, answer["data"]["status"].as_str()), (200, Some("ai-responding")), "{answer}");
    crowd.sandbox.heard(&leg, NOBODY_COMES).await;
    crowd.sandbox.hang_up(&leg).await;
    crowd.until_over(&client, LIMIT).await;
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}
