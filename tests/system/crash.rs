//! The server dies in the middle of everything, and starts again.

use crate::{
    crowd::{Crowd, Ended, MIXED_TEAM, all_well, check_agents},
    wait::until,
};
use std::{collections::HashMap, time::Duration};

const CALLS: usize = 50;
const SPEED: u32 = 8;
/// What was told while nobody heard it is asked for before the first customers have said all they had to say.
const ASKED_SOON: [(&str, &str); 1] = [("TSUNAGU_CALLS__BRIDGING_SECS", "14")];

/// `kill -9` in the middle of fifty calls: each goes on from where it was, and nothing that was told is forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_go_on_after_the_server_was_killed() {
    let personas =
        ["interested-manager", "asks-company-first", "asks-a-question", "absent", "refuses", "silent"];
    let mut crowd = Crowd::with(SPEED, &personas, CALLS, MIXED_TEAM, &ASKED_SOON).await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;

    // In the middle: most have been talking, some may be with a human already.
    let told = until("the calls are under way", Duration::from_secs(30), || async {
        let mut told = HashMap::new();
        for id in &ids {
            told.insert(id.clone(), client.events(id).await);
        }
        let talking = told
            .values()
            .filter(|events| events.iter().any(|event| event["event"]["type"] == "heard"))
            .count();
        if talking >= CALLS / 2 { Ok(told) } else { Err(format!("{talking} are talking")) }
    })
    .await;
    crowd.server.program.kill();
    crowd.server.restart();

    let client = crowd.server.client().await;
    crowd.until_over(&client, Duration::from_secs(120)).await;
    let ended = crowd.accounts(&client, &ids).await;
    // What had been told to anybody before is there still, unchanged and in its place.
    all_well(ended.iter().map(|call| {
        let before = &told[call.record["_id"].as_str().unwrap()];
        match call.events.starts_with(before) {
            true => Ok(()),
            false => {
                Err(format!("{}: events told before the crash are gone or changed", call.customer.persona))
            }
        }
    }));
    all_well(ended.iter().map(Ended::check_outcome));
    all_well(ended.iter().map(Ended::check_transcript));
    all_well(ended.iter().map(Ended::check_journal));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}
