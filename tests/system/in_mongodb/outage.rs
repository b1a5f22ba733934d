//! MongoDB is away for ten seconds and more, in the middle of calls.

use super::proxy::{Proxy, Weather};
use crate::{
    client::{Client, http},
    crowd::{Crowd, Ended, MIXED_TEAM, all_well, check_agents},
    home::Home,
    wait::until,
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const CALLS: usize = 16;
/// How long it is away. One that hangs does so a little longer than anybody is let wait.
const GONE: Duration = Duration::from_secs(10);
const HUNG: Duration = Duration::from_secs(13);
/// What somebody hears whose call cannot be looked up at the moment.
const ONE_MOMENT: &str = "少々お待ちくださいませ。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_outlast_a_server_that_was_gone() {
    let personas = ["interested-at-once", "asks-a-question", "refuses", "silent"];
    // On this clock, on which the carrier is less patient.
    let entered = outlast(Weather::Cut, 4, &personas, "serverSelectionTimeoutMS=2000").await;
    assert!(entered.is_none_or(|entered| entered.refused > 0), "nobody noticed that anything was away");
}

/// On the telephone's own clock: the carrier waits 15 seconds for an answer, and we answer after 10 that we cannot. Nobody is
/// handed over, whose talk would take long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_outlast_a_server_that_hung() {
    outlast(Weather::Frozen, 1, &["refuses", "silent"], "serverSelectionTimeoutMS=5000").await;
}

/// Nothing where no MongoDB is.
#[expect(clippy::print_stdout, reason = "whoever runs the tests wants to know")]
async fn outlast(weather: Weather, speed: u32, personas: &[&str], options: &str) -> Option<Entering> {
    let home = Home::mongodb()?;
    let proxy = Proxy::before(home.uri()).await?;
    let uri = format!("{}{}{options}", proxy.uri, if proxy.uri.contains('?') { '&' } else { '?' });
    let settings = [("MONGODB_URI", uri.as_str())];
    let mut crowd = Crowd::at(home, speed, personas, CALLS, MIXED_TEAM, &settings).await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    let told = until("the calls are under way", Duration::from_secs(60), || async {
        let mut told = HashMap::new();
        for id in &ids {
            told.insert(id.clone(), client.events(id).await);
        }
        let talking = told.values().filter(|events| count(events, "heard") > 0).count();
        if talking >= CALLS / 2 { Ok(told) } else { Err(format!("{talking} are talking")) }
    })
    .await;

    let over = Arc::new(AtomicBool::new(false));
    let entering = tokio::spawn(enter_customers(client.clone(), over.clone()));
    proxy.turn(weather);
    let away = tokio::time::sleep(if weather == Weather::Frozen { HUNG } else { GONE });
    assert!(!is_ready(&client).await, "a server that cannot write says so");
    away.await;
    proxy.turn(Weather::Fair);

    until("the server is ready by itself", Duration::from_secs(30), || async {
        if is_ready(&client).await { Ok(()) } else { Err("not ready") }
    })
    .await;
    crowd.until_over(&client, Duration::from_secs(120)).await;
    over.store(true, Ordering::Relaxed);
    let entered = entering.await.unwrap();
    for customer in &entered.acknowledged {
        let (status, _) = client.get(&format!("/api/customers/{customer}")).await;
        assert_eq!(status, 200, "a customer who was acknowledged is gone");
    }

    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(|call| {
        match call.events.starts_with(&told[call.record["_id"].as_str().unwrap()]) {
            true => Ok(()),
            false => Err(format!("{}: events told before are gone or changed", call.customer.persona)),
        }
    }));
    all_well(ended.iter().map(Ended::check_journal));
    all_well(ended.iter().map(check_kept_on_the_line));
    all_well([check_agents(&crowd.sandbox.legs().await, &crowd.site.agents)]);
    let put_off = ended.iter().filter(|call| waited(call)).count();
    println!(
        "{CALLS} calls, {put_off} were asked to wait; {} customers entered meanwhile, {} refused",
        entered.acknowledged.len(),
        entered.refused
    );
    assert!(put_off > 0, "nobody was asked to wait");
    drop(ended);
    assert!(crowd.server.program.terminate().success());
    all_well([crowd.site.check_released().await]);
    Some(entered)
}

fn count(events: &[Value], of: &str) -> usize {
    events.iter().filter(|event| event["event"]["type"] == of).count()
}

fn waited(call: &Ended<'_>) -> bool {
    call.leg.heard().iter().any(|text| text == ONE_MOMENT)
}

/// The carrier found nothing wrong with how the customer was served, and the call came to an end of its own.
fn check_kept_on_the_line(call: &Ended<'_>) -> Result<(), String> {
    let complaints = call.leg.complaints();
    if !complaints.is_empty() {
        return Err(format!("{}: {complaints:?}", call.customer.persona));
    }
    match (call.record["status"].as_str(), call.record["outcome"].as_str()) {
        (Some("completed"), Some(_)) => Ok(()),
        (status, outcome) => Err(format!("{}: {status:?}, {outcome:?}", call.customer.persona)),
    }
}

/// Whether the server says that it can do its work.
async fn is_ready(client: &Client) -> bool {
    let answer = http().get(format!("{}/health/ready", client.base)).send().await.unwrap();
    answer.status().is_success()
}

struct Entering {
    acknowledged: Vec<String>,
    refused: u32,
}

/// Enters one customer after the other until told otherwise.
async fn enter_customers(client: Client, over: Arc<AtomicBool>) -> Entering {
    let mut entering = Entering { acknowledged: Vec::new(), refused: 0 };
    let mut number = 0;
    while !over.load(Ordering::Relaxed) {
        number += 1;
        let body = json!({ "name": format!("新規{number}"), "phone": format!("+8190300{number:05}") });
        match client.post("/api/customers", body).await {
            (201, answer) => entering.acknowledged.push(answer["data"]["_id"].as_str().unwrap().to_owned()),
            (503, _) => entering.refused += 1,
            (status, answer) => panic!("{status}: {answer}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    entering
}
