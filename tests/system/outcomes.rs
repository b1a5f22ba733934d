//! A hundred calls at once, to all kinds of people: each ends as it should, on a good day and on a bad one.

use crate::crowd::{Crowd, Ended, MIXED_TEAM, all_well, check_agents, check_conferences};
use serde_json::json;
use std::time::Duration;

const CALLS: usize = 100;
const SPEED: u32 = 10;
/// Where news of the conference is lost, the carrier is asked on this clock two seconds of real time later, and more than one before
/// the first customers have said all they had to say.
const SPEED_ON_A_BAD_NETWORK: u32 = 6;
const ASKED_SOON: [(&str, &str); 1] = [("TSUNAGU_CALLS__BRIDGING_SECS", "12")];
const LIMIT: Duration = Duration::from_secs(150);
/// How long, in seconds of call time, a customer may be in the conference before the agent is seen there: five, and what the machine
/// is late. Less than the twenty after which whoever is alone hangs up.
const ALONE: f64 = 5.0 + 1.2 * SPEED as f64;

/// A call to everybody, and what both sides tell of it.
pub async fn check(mut crowd: Crowd) {
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(Ended::check_outcome));
    all_well(ended.iter().map(Ended::check_transcript));
    all_well(ended.iter().map(Ended::check_human_part));
    all_well(ended.iter().map(Ended::check_journal));
    all_well([
        check_agents(&crowd.sandbox.legs().await, &crowd.site.agents),
        check_conferences(&crowd.sandbox, &ended, ALONE).await,
    ]);
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_calls_end_as_they_should() {
    check(Crowd::gather(SPEED, &[], CALLS).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_calls_end_as_they_should_on_a_bad_network() {
    let crowd = Crowd::with(SPEED_ON_A_BAD_NETWORK, &[], CALLS, MIXED_TEAM, &ASKED_SOON).await;
    let told =
        json!({ "drop": 0.1, "duplicate": 0.3, "reorder": 0.3, "delay_min_ms": 0, "delay_max_ms": 150 });
    let faults = json!({
        "voice": { "duplicate": 0.3, "delay_min_ms": 0, "delay_max_ms": 40 },
        "status": told, "conference": told, "recording": told, "amd": told,
    });
    crowd.sandbox.set_faults(faults).await;
    check(crowd).await;
}
