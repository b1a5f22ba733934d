//! Agents who are gone as soon as they have come.

use super::{LIMIT, NOBODY_COMES, SPEED, accepted, check_alone, hand_over};
use crate::{
    crowd::{Crowd, all_well},
    site::Team,
};

const AGENT_IS_DONE: &str = "通話は終了しました";
const THANKS: &str = "本日はお時間をいただき、誠にありがとうございました";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_is_gone_before_the_customer_comes_leaves_nobody_alone() {
    let crowd = Crowd::with_team(SPEED, &["interested-at-once"], 1, Team(&[("+81701008", 1, 50)])).await;
    let ids = hand_over(&crowd, 1).await;
    let client = crowd.server.client().await;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(|call| call.check_company(NOBODY_COMES)));
    assert_eq!(ended[0].record["outcome"], "follow_up", "{}", ended[0].record);
    check_alone(&crowd, &ended[0].leg.sid).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_leaves_right_after_joining_leaves_the_customer_with_a_goodbye() {
    let crowd = Crowd::with_team(SPEED, &["interested-at-once"], 1, Team(&[("+81709000", 1, 50)])).await;
    let client = crowd.server.client().await;
    let id = client.start(crowd.site.customers[0].id, None).await;
    let agent = accepted(&crowd, &client, &id).await;
    crowd.sandbox.hang_up(&agent).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &[id]).await;
    let last = ended[0].leg.spoken_to().last().copied().unwrap_or_default();
    assert!(last.contains(THANKS), "the last that the customer heard was {last:?}");
    assert_eq!(ended[0].record["outcome"], "success", "{}", ended[0].record);
    check_alone(&crowd, &ended[0].leg.sid).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conference_that_ends_by_itself_leaves_nobody_in_silence() {
    let mut crowd = Crowd::with_team(SPEED, &["interested-at-once"], 1, Team(&[("+81709000", 1, 50)])).await;
    let client = crowd.server.client().await;
    let id = client.start(crowd.site.customers[0].id, None).await;
    let agent = accepted(&crowd, &client, &id).await;
    let live: Vec<_> = crowd.sandbox.conferences().await;
    assert_eq!(live.iter().map(|conference| conference.status.as_str()).collect::<Vec<_>>(), ["in-progress"]);
    crowd.sandbox.end_conference(&live[0].sid).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &[id]).await;
    let last = ended[0].leg.spoken_to().last().copied().unwrap_or_default();
    assert!(last.contains(THANKS), "the last that the customer heard was {last:?}");
    let agent = crowd.sandbox.leg(&agent).await;
    let word = agent.spoken_to().last().copied().unwrap_or_default();
    assert!(word.contains(AGENT_IS_DONE), "the last that the agent heard was {word:?}");
    assert_eq!(agent.status, "completed");
    assert_eq!(
        (ended[0].record["outcome"].as_str(), ended[0].record["endReason"].as_str()),
        (Some("success"), Some("human_done")),
        "{}",
        ended[0].record
    );
    assert_eq!(crowd.sandbox.conferences().await.len(), 1, "nobody was put into another one");
    check_alone(&crowd, &ended[0].leg.sid).await;
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}
