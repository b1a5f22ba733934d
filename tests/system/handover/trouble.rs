//! A carrier that does not do as it is told.

use super::{LIMIT, check_alone_for};
use crate::{
    client::Client,
    crowd::{Crowd, all_well, check_agents},
    site::Team,
    wait::until,
};
use serde_json::Value;
use std::time::Duration;

/// A clock on which a carrier that has to be asked several times does not use up the patience of everybody.
const TROUBLED_AT_SPEED: u32 = 4;
/// Those for whom the carrier did nothing are seen to as soon as by default.
const SEEN_TO_SOON: [(&str, &str); 1] = [("TSUNAGU_CALLS__BRIDGING_SECS", "10")];
const LONG_LIMIT: Duration = Duration::from_secs(180);

/// How long a customer may be alone while the carrier does not do as it is told: `bridging_secs` (10), and three commands
/// at each of which the carrier is asked four times, on a clock that is four times as fast.
const ALONE_IN_TROUBLE: f64 = 10.0 + 3.0 * 2.1 * TROUBLED_AT_SPEED as f64;

/// The carrier refuses for a while, fails, or does as it was told and does not say so: hand-overs take longer for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_in_trouble_delays_hand_overs_and_leaves_nobody_alone() {
    const CUSTOMERS: usize = 12;
    let team = Team(&[("+81701001", CUSTOMERS, 50)]);
    let mut crowd =
        Crowd::with(TROUBLED_AT_SPEED, &["interested-at-once"], CUSTOMERS, team, &SEEN_TO_SOON).await;
    let client = crowd.server.client().await;
    let trouble = serde_json::json!({
        "rest": { "too_many": 0.15, "too_many_burst": 2, "unavailable": 0.1, "answer_lost": 0.15 }
    });
    crowd.sandbox.set_faults(trouble).await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, LONG_LIMIT).await;
    let mut ended = Vec::new();
    for id in &ids {
        ended.push((client.call(id).await, done_about(&client, id).await));
    }
    let met = ended.iter().filter(|(record, _)| record["outcome"] == "success").count();
    // How many meet one is left to chance; that hardly anybody did would be a fault.
    assert!(met * 2 >= CUSTOMERS, "{met} of {CUSTOMERS} met a human: {ended:#?}");
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    for (record, _) in ended.iter().filter(|(record, _)| record["twilioCallSid"].is_string()) {
        check_alone_for(&crowd, record["twilioCallSid"].as_str().unwrap(), ALONE_IN_TROUBLE).await;
    }
    assert!(crowd.sandbox.conferences().await.iter().all(|conference| conference.status == "completed"));
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

/// What a call wanted done is done: the results, once there are no more to come.
async fn done_about(client: &Client, id: &str) -> Vec<Value> {
    until("all that was wanted is done", LIMIT, || async {
        let events: Vec<Value> =
            client.events(id).await.into_iter().map(|entry| entry["event"].clone()).collect();
        let ids = |kind: &str| -> Vec<u64> {
            let of_kind = events.iter().filter(|event| event["type"] == kind);
            of_kind.map(|event| event["id"].as_u64().unwrap()).collect()
        };
        let settled = ids("settled");
        let pending: Vec<u64> = ids("intended").into_iter().filter(|id| !settled.contains(id)).collect();
        if pending.is_empty() { Ok(events) } else { Err(pending) }
    })
    .await
}
