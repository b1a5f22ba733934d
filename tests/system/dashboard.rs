//! The dashboard in a real browser, in `tests/clients/dashboard`, against the binary in demo mode.

#![expect(clippy::print_stdout, reason = "what a scenario says belongs to the test's output")]

mod demo;
mod gap;

use crate::{
    client::Client,
    clients::{chromium, prepared},
};
use demo::Demo;
use gap::Gap;
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

async fn walk(scenario: &'static str, calls: usize) {
    let (Some(modules), true) = (prepared("TSUNAGU_TEST_DASHBOARD"), chromium()) else { return };
    let demo = Demo::start(calls);
    let gap = Gap::open(demo.port).await;
    let admin = Client::sign_in(&demo.url(), demo::ADMIN, demo::PASSWORD).await;
    let runtime = tokio::runtime::Handle::current();
    let ended = tokio::task::spawn_blocking(move || {
        let given = json!({ "base": gap.url(), "password": demo::PASSWORD });
        let mut client = Command::new("node")
            .arg(Path::new(&modules).join("walk.mjs"))
            .args([scenario, &given.to_string()])
            .env("NO_PROXY", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = client.stdin.take().unwrap();
        for line in BufReader::new(client.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["ASK", "cut"] => gap.cut(),
                ["ASK", "mend"] => gap.mend(),
                ["ASK", "end", call] => {
                    let path = format!("/api/calls/{call}/end");
                    let (status, answer) = runtime.block_on(admin.post(&path, json!({})));
                    assert_eq!(status, 200, "{answer}");
                }
                _ => {
                    println!("{line}");
                    continue;
                }
            }
            writeln!(answers, "done").unwrap();
        }
        client.wait().unwrap()
    });
    assert!(ended.await.unwrap().success(), "{scenario}: see above");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_as_each_role() {
    walk("pages", 6).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_is_put_through_and_the_agent_sees_it_come() {
    walk("handover", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_comes_onto_the_line_and_hears_the_recording() {
    walk("supervision", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_lost_and_comes_back() {
    walk("break", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_call_goes_on_being_shown_over_breaks() {
    walk("follow", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_that_is_changed_is_heard_in_the_next_call() {
    walk("sentence", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_is_made_started_watched_and_stopped() {
    walk("campaign", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_company_and_a_session_that_lasts_until_it_ends() {
    walk("session", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_calls_on_one_screen() {
    walk("crowd", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_are_entered_imported_and_marked() {
    walk("customers", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_rings_a_persona_and_is_the_customer() {
    walk("demo", 1).await;
}

#[test]
fn the_types_hold_and_the_libraries_are_what_they_say() {
    let Some(modules) = prepared("TSUNAGU_TEST_DASHBOARD") else { return };
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    let checked = Command::new("node").arg(Path::new(&modules).join("check.mjs")).arg(web).status().unwrap();
    assert!(checked.success(), "see above");
}
