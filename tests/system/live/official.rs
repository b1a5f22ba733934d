//! The official client, in `tests/clients/socketio`.

use crate::{
    clients::prepared,
    crowd::{Crowd, MIXED_TEAM},
    server::SECRET,
    site::{ADMIN, EMAIL, PASSWORD, Team},
};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

/// Agents who take every call.
const TAKERS: Team<'static> = Team(&[("+81701001", 2, 50)]);
/// Signs of life every half second; and who is gone for a second is away.
const SHORT: [(&str, &str); 4] = [
    ("REALTIME_PING_INTERVAL_MS", "500"),
    ("REALTIME_PING_TIMEOUT_MS", "400"),
    ("TSUNAGU_REALTIME__AWAY_SECS", "1"),
    ("TSUNAGU_CALLS__RECORD", "true"),
];

async fn play(scenario: &'static str, persona: &str, team: Team<'_>) {
    let Some(modules) = prepared("TSUNAGU_TEST_SOCKETIO") else { return };
    let crowd = Crowd::with(10, &[persona], 1, team, &SHORT).await;
    tokio::task::spawn_blocking(move || run(&modules, scenario, crowd)).await.unwrap();
}

/// Runs a scenario to its end, and does what it asks for on the way.
fn run(modules: &str, scenario: &str, mut crowd: Crowd) {
    let (agent, _) = &crowd.site.agents[0];
    let given = json!({
        "base": crowd.server.program.url,
        "supervisor": EMAIL,
        "admin": ADMIN,
        "agent": crowd.site.email(*agent),
        "password": PASSWORD,
        "secret": SECRET,
        "customers": crowd.site.customers.iter().map(|customer| customer.id).collect::<Vec<_>>(),
    });
    let mut client = Command::new("node")
        .arg(Path::new(modules).join("live.mjs"))
        .args([scenario, &given.to_string()])
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = client.stdin.take().unwrap();
    for line in BufReader::new(client.stdout.take().unwrap()).lines() {
        match line.unwrap().as_str() {
            "ASK kill" => crowd.server.program.kill(),
            "ASK restart" => crowd.server.restart(),
            _ => continue,
        }
        writeln!(answers, "done").unwrap();
    }
    assert!(client.wait().unwrap().success(), "{scenario}: see above");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_seen_from_its_beginning_to_its_end() {
    play("call", "interested-manager", TAKERS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_and_every_command() {
    play("doors", "manual", MIXED_TEAM).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_is_there_as_long_as_one_tab_is() {
    play("presence", "manual", TAKERS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_look_any_more_is_disconnected() {
    play("leaving", "manual", TAKERS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_shows_the_truth_again() {
    play("restart", "interested-manager", TAKERS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_is_slow_or_dead() {
    play("network", "interested-manager", TAKERS).await;
}
