//! The official client, in `tests/clients/socketio`.

use crate::{
    clients::prepared,
    crowd::{Crowd, MIXED_TEAM},
    server::SECRET,
    site::{ADMIN, EMAIL, PASSWORD, Team},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Agents who take every call.
const TAKERS: Team<'static> = Team(&[("+81701001", 2, 50)]);
/// Where a network dies that is noticed soon, but not while the machine only stands still for a moment.
const SIGNS_OF_LIFE: [(&str, &str); 2] =
    [("REALTIME_PING_INTERVAL_MS", "2000"), ("REALTIME_PING_TIMEOUT_MS", "2000")];
/// Who is gone for so long is away; who only comes back is not, on a slow machine either.
const AWAY: [(&str, &str); 1] = [("TSUNAGU_REALTIME__AWAY_SECS", "5")];
const RECORDED: [(&str, &str); 1] = [("TSUNAGU_CALLS__RECORD", "true")];

async fn play(scenario: &'static str, persona: &str, team: Team<'_>, settings: &[(&'static str, &str)]) {
    let Some(modules) = prepared("TSUNAGU_TEST_SOCKETIO") else { return };
    let crowd = Crowd::with(10, &[persona], 1, team, settings).await;
    tokio::task::spawn_blocking(move || run(&modules, scenario, crowd)).await.unwrap();
}

/// Runs a scenario to its end, and does what it asks for on the way.
fn run(modules: &str, scenario: &str, mut crowd: Crowd) {
    let mut scene = Scene::begin(modules, scenario, &given(&crowd, &crowd.server.program.url));
    while let Some(asked) = scene.asks() {
        match asked.as_str() {
            "kill" => crowd.server.program.kill(),
            "restart" => crowd.server.restart(),
            other => panic!("{scenario} asks for {other}"),
        }
        scene.answer("done");
    }
    scene.end();
}

/// What the client is to know of a crowd whose server it reaches there.
pub fn given(crowd: &Crowd, base: &str) -> Value {
    let (agent, _) = &crowd.site.agents[0];
    json!({
        "base": base,
        "supervisor": EMAIL,
        "admin": ADMIN,
        "agent": crowd.site.email(*agent),
        "password": PASSWORD,
        "secret": SECRET,
        "customers": crowd.site.customers.iter().map(|customer| customer.id).collect::<Vec<_>>(),
    })
}

/// A scenario that the client plays, in a process of its own.
pub struct Scene {
    name: String,
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    answers: ChildStdin,
}

impl Scene {
    pub fn begin(modules: &str, name: &str, given: &Value) -> Self {
        let mut process = Command::new("node")
            .arg(Path::new(modules).join("live.mjs"))
            .args([name, &given.to_string()])
            .env("NO_PROXY", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let answers = process.stdin.take().unwrap();
        Self { name: name.to_owned(), process, said, answers }
    }

    /// What it asks for next; waits for it. Nothing when it has come to its end.
    pub fn asks(&mut self) -> Option<String> {
        self.said.by_ref().find_map(|line| line.unwrap().strip_prefix("ASK ").map(str::to_owned))
    }

    /// What was asked for is done.
    pub fn answer(&mut self, words: &str) {
        writeln!(self.answers, "{words}").unwrap();
    }

    /// It has come to its end.
    ///
    /// # Panics
    /// When it does not say that all is well.
    pub fn end(mut self) {
        assert!(self.process.wait().unwrap().success(), "{}: see above", self.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_seen_from_its_beginning_to_its_end() {
    play("call", "interested-manager", TAKERS, &RECORDED).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_and_every_command() {
    play("doors", "manual", MIXED_TEAM, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_is_there_as_long_as_one_tab_is() {
    play("presence", "manual", TAKERS, &AWAY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_look_any_more_is_disconnected() {
    play("leaving", "manual", TAKERS, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_shows_the_truth_again() {
    play("restart", "interested-manager", TAKERS, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_is_slow_or_dead() {
    play("network", "interested-manager", TAKERS, &SIGNS_OF_LIFE).await;
}
