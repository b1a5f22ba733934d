//! Two hundred customers who want a human in the same moment, and twenty humans.

use crate::{
    crowd::{Crowd, Ended, all_well, check_agents, check_conferences},
    site::Team,
};
use jiff::Timestamp;
use std::{collections::HashMap, time::Duration};

const CUSTOMERS: usize = 200;
const AGENTS: usize = 20;
const SPEED: u32 = 10;
const LIMIT: Duration = Duration::from_secs(240);

/// How long, in seconds of call time, a customer may be in the conference before the agent is seen there: five, and what the machine
/// is late. Less than the twenty after which whoever is alone hangs up.
const ALONE: f64 = 5.0 + 1.2 * SPEED as f64;

/// Everybody has the patience that the last of them needs.
const PATIENCE: [(&str, &str); 2] =
    [("TSUNAGU_CALLS__LONGEST_SECS", "3600"), ("TSUNAGU_CONVERSATION__MAX_COMFORTS", "1000")];

/// The moment of the first event that this is true of.
fn moment(call: &Ended<'_>, of: impl Fn(&serde_json::Value) -> bool) -> Option<Timestamp> {
    let event = call.events.iter().find(|event| of(&event["event"]))?;
    event["at"].as_str()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_served_in_turn_and_the_agents_share_them_evenly() {
    let team = Team(&[("+81701001", AGENTS, 50)]);
    let mut crowd = Crowd::with(SPEED, &["interested-at-once"], CUSTOMERS, team, &PATIENCE).await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(Ended::check_outcome));
    all_well(ended.iter().map(Ended::check_journal));
    all_well([
        check_agents(&crowd.sandbox.legs().await, &crowd.site.agents),
        check_conferences(&crowd.sandbox, &ended, ALONE).await,
    ]);

    let mut load: HashMap<&str, usize> = HashMap::new();
    let mut waits = Vec::new();
    for call in &ended {
        *load.entry(call.record["assignedAgent"]["_id"].as_str().unwrap()).or_default() += 1;
        let asked = moment(call, |event| event["type"] == "handoverRequested").unwrap();
        let met = moment(call, |event| event["stage"]["at"] == "bridged").unwrap();
        waits.push(met.duration_since(asked).as_secs());
    }
    waits.sort_unstable();
    let (least, most) = (load.values().min().unwrap(), load.values().max().unwrap());
    println!(
        "{CUSTOMERS} hand-overs at once, {AGENTS} agents: {least} to {most} each; waits in seconds of call time: \
         median {}, longest {}",
        waits[waits.len() / 2],
        waits[waits.len() - 1]
    );
    assert_eq!(load.len(), AGENTS, "nobody sat idle");
    let even = CUSTOMERS / AGENTS;
    assert!(*least + 1 >= even && *most <= even + 1, "the load is within one call of even: {load:?}");
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
}
