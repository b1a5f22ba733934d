//! Agents who do not come.

use super::{NOBODY_COMES, SPEED, hand_over};
use crate::{
    crowd::{Crowd, Ended, all_well, check_agents},
    site::Team,
};

/// What may keep an agent from coming, by the prefix of the numbers of those to whom it happens.
const OBSTACLES: [(&str, &str); 6] = [
    ("+81701003", "declines"),
    ("+81701004", "hangs up in the briefing"),
    ("+81701005", "does not answer"),
    ("+81701006", "is engaged"),
    ("+81701007", "has voicemail"),
    ("+81701009", "has a number that is not in use"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_keeps_an_agent_the_next_one_comes_and_the_customer_is_kept_company() {
    let mut team: Vec<_> = OBSTACLES.iter().map(|(prefix, _)| (*prefix, 1, 0)).collect();
    team.push(("+81701001", OBSTACLES.len(), 90));
    let mut crowd = Crowd::with_team(SPEED, &["interested-at-once"], OBSTACLES.len(), Team(&team)).await;
    let ids = hand_over(&crowd, OBSTACLES.len()).await;
    let client = crowd.server.client().await;
    let ended = crowd.accounts(&client, &ids).await;
    let conferences = crowd.sandbox.conferences().await;
    all_well(ended.iter().zip(OBSTACLES).map(|(call, (prefix, what))| {
        let (rung, stages) = (call.rung(), call.stages());
        let first = rung.first().is_some_and(|phone| phone.starts_with(prefix));
        let second = rung.get(1).is_some_and(|phone| phone.starts_with("+81701001"));
        match first && second && stages.ends_with(&["briefing", "bridging", "bridged"]) {
            true => Ok(()),
            false => Err(format!("an agent who {what}: {rung:?} were rung, {stages:?}")),
        }
    }));
    all_well(ended.iter().map(Ended::check_outcome));
    all_well(ended.iter().map(Ended::check_journal));
    all_well(ended.iter().map(|call| call.check_company("担当の者におつなぎいたします")));
    all_well(ended.iter().map(|call| call.check_conference(&conferences, 2)));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_nobody_who_comes_the_customer_hears_so_and_is_promised_a_call() {
    let team: Vec<_> = OBSTACLES.iter().map(|(prefix, _)| (*prefix, 1, 0)).collect();
    let mut crowd = Crowd::with_team(SPEED, &["interested-at-once"], 3, Team(&team)).await;
    let ids = hand_over(&crowd, OBSTACLES.len()).await;
    let client = crowd.server.client().await;
    let ended = crowd.accounts(&client, &ids).await;
    let conferences = crowd.sandbox.conferences().await;
    all_well(ended.iter().map(|call| {
        let kept = call.events.iter().any(|event| event["event"]["command"]["do"] == "keepCallback");
        match (call.record["outcome"].as_str(), kept, call.stages().last()) {
            (Some("follow_up"), true, Some(&"failed")) => Ok(()),
            other => Err(format!("{other:?}: {}", call.record)),
        }
    }));
    all_well(ended.iter().map(|call| call.check_company(NOBODY_COMES)));
    all_well(ended.iter().map(|call| call.check_conference(&conferences, 0)));
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}
