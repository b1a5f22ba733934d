//! A campaign of sixty customers of all kinds, on a line that dials two calls a second, with the server killed in the middle.

use crate::{
    client::Client,
    crowd::{MIXED_TEAM, all_well},
    sandbox::{Leg, Sandbox},
    server::Server,
    site::{Site, SiteCustomer},
    wait::until,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use tsunagu_store::CustomerMark;

const CUSTOMERS: usize = 60;
const SPEED: u32 = 10;
/// Calls a second, of the sandbox's line and of the campaigns.
const CPS: u32 = 2;
const CALLS_AT_ONCE: usize = 20;
const LIMIT: Duration = Duration::from_secs(180);
/// Where the news of the conference came to nobody, the carrier is asked before the first customers have said all they had to say.
const ASKED_SOON: &str = "14";
const PERSONAS: [&str; 10] = [
    "interested-manager",
    "absent",
    "engaged",
    "no-answer",
    "refuses",
    "never-call-again",
    "voicemail",
    "silent",
    "wrong-number",
    "not-in-use",
];

/// Every tenth customer asked never to be rung.
fn is_spared(number: usize) -> bool {
    number % 10 == 4
}

struct Play {
    site: Site,
    sandbox: Sandbox,
    server: Server,
}

impl Play {
    async fn begin() -> Self {
        let anchor = Timestamp::now();
        let cps = CPS.to_string();
        let sandbox = Sandbox::with(SPEED, anchor, &["--cps", &cps]);
        let site = Site::seed(&PERSONAS, CUSTOMERS, MIXED_TEAM).await;
        let store = site.home.open().await;
        for (number, customer) in site.customers.iter().enumerate() {
            if is_spared(number) {
                store.mark_customer(customer.id, CustomerMark::DoNotCall).await.unwrap();
            }
        }
        store.close().await.unwrap();
        let settings = [
            ("TSUNAGU_CAMPAIGNS__CALLS_PER_SECOND", cps.as_str()),
            ("TSUNAGU_CALLS__BRIDGING_SECS", ASKED_SOON),
        ];
        let server = Server::with(&site, &sandbox, SPEED, anchor, &settings);
        Self { site, sandbox, server }
    }

    /// The legs to customers, in the order in which they were asked for.
    async fn legs(&self) -> Vec<Leg> {
        let phones: HashSet<&str> =
            self.site.customers.iter().map(|customer| customer.phone.as_str()).collect();
        let mut legs = self.sandbox.legs().await;
        legs.retain(|leg| phones.contains(leg.to.as_str()));
        legs.sort_by_key(|leg| leg.created_at);
        legs
    }

    async fn until_rung(&self, count: usize) {
        until("customers are rung", LIMIT, || async {
            let rung = self.legs().await.len();
            if rung >= count { Ok(()) } else { Err(rung) }
        })
        .await;
    }
}

async fn make(client: &Client) -> String {
    let retry = json!({ "attempts": 2, "waitSecs": 60 });
    let body = json!({
        "name": "春の案内",
        "pace": { "callsPerSecond": CPS, "callsAtOnce": CALLS_AT_ONCE, "agentsFactor": 3 },
        "retries": { "absent": retry, "busy": retry, "failed": { "attempts": 1 } },
    });
    let (status, made) = client.post("/api/campaigns", body).await;
    assert_eq!(status, 201, "{made}");
    made["data"]["_id"].as_str().unwrap().to_owned()
}

async fn order(client: &Client, campaign: &str, order: &str) -> Value {
    let (status, answer) = client.post(&format!("/api/campaigns/{campaign}/{order}"), json!({})).await;
    assert_eq!(status, 200, "{order}: {answer}");
    answer["data"].clone()
}

async fn show(client: &Client, campaign: &str) -> Value {
    let (status, answer) = client.get(&format!("/api/campaigns/{campaign}")).await;
    assert_eq!(status, 200, "{answer}");
    answer["data"].clone()
}

/// The entries by customer.
async fn entries(client: &Client, campaign: &str) -> HashMap<String, Value> {
    let (status, answer) = client.get(&format!("/api/campaigns/{campaign}/customers?limit=100")).await;
    assert_eq!((status, answer["total"].as_u64()), (200, Some(CUSTOMERS as u64)), "{answer}");
    let entries = answer["data"].as_array().unwrap().iter();
    entries.map(|entry| (entry["customerId"].as_str().unwrap().to_owned(), entry.clone())).collect()
}

/// How many calls the campaign has made so far.
async fn attempts(client: &Client, campaign: &str) -> usize {
    let entries = entries(client, campaign).await;
    entries.values().map(|entry| entry["attempts"].as_array().map_or(0, Vec::len)).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_rings_everybody_as_planned_though_the_server_is_killed() {
    let mut play = Play::begin().await;
    let client = play.server.client().await;
    let campaign = make(&client).await;
    let path = format!("/api/campaigns/{campaign}/customers");
    let (status, added) = client.post(&path, json!({ "filter": {} })).await;
    assert_eq!((status, added["data"]["added"].as_u64()), (200, Some(CUSTOMERS as u64)), "{added}");
    let spared = (0..CUSTOMERS).filter(|number| is_spared(*number)).count();
    let checked = order(&client, &campaign, "check").await;
    assert_eq!(checked["toRing"], CUSTOMERS - spared);
    assert_eq!(checked["skippedBecause"], json!({ "do_not_call": spared }));
    order(&client, &campaign, "start").await;

    play.until_rung(CUSTOMERS / 4).await;
    play.server.program.kill();
    play.server.restart();
    let client = play.server.client().await;
    assert_eq!(show(&client, &campaign).await["state"], "running");

    play.until_rung(CUSTOMERS / 2).await;
    let paused = order(&client, &campaign, "pause").await;
    assert_eq!((&paused["state"], &paused["pauseReason"]), (&json!("paused"), &json!("asked")));
    // Who was to be rung just before still is; then nobody any more, though many would be due before the last call is over.
    tokio::time::sleep(Duration::from_secs(1) / SPEED).await;
    let rung = until("who was to be rung before the pause is", LIMIT, || async {
        let attempts = attempts(&client, &campaign).await;
        let rung = play.legs().await.len();
        if rung == attempts { Ok(rung) } else { Err((rung, attempts)) }
    })
    .await;
    until("the calls that live come to their end", LIMIT, || async {
        let progress = show(&client, &campaign).await["progress"].clone();
        if progress["calling"] == 0 { Ok(()) } else { Err(progress) }
    })
    .await;
    assert_eq!(play.legs().await.len(), rung, "rung while it was paused");

    order(&client, &campaign, "resume").await;
    until("everybody has been seen to", LIMIT, || async {
        let shown = show(&client, &campaign).await;
        if shown["state"] == "completed" { Ok(()) } else { Err(shown.to_string()) }
    })
    .await;
    until("no leg is left", LIMIT, || async {
        let live = play.sandbox.live_legs().await;
        if live == 0 { Ok(()) } else { Err(live) }
    })
    .await;

    let (legs, entries) = (play.legs().await, entries(&client, &campaign).await);
    let mut calls = HashSet::new();
    for (number, customer) in play.site.customers.iter().enumerate() {
        let entry = &entries[&customer.id.to_string()];
        let rung: Vec<_> = legs.iter().filter(|leg| leg.to == customer.phone).collect();
        let attempts = entry["attempts"].as_array().unwrap();
        assert_eq!(rung.len(), attempts.len(), "{}: one leg for each attempt: {entry}", customer.persona);
        if is_spared(number) {
            assert_eq!((&entry["state"], &entry["skipped"]), (&json!("skipped"), &json!("do_not_call")));
            assert!(rung.is_empty(), "{} asked never to be rung", customer.phone);
            continue;
        }
        for attempt in attempts {
            let call = attempt["callId"].as_str().unwrap();
            assert!(calls.insert(call.to_owned()), "{call} is two attempts");
            check_outcome(&client, customer, call).await;
        }
        check_end(customer, entry);
    }
    let shown = show(&client, &campaign).await;
    let count = |field: &str| shown["progress"][field].as_u64().unwrap();
    assert_eq!((count("waiting"), count("calling"), count("skipped")), (0, 0, spared as u64));
    assert_eq!(count("done") + count("failed") + count("skipped"), count("customers"));
    assert_eq!(count("customers"), CUSTOMERS as u64);
    let attempts = entries.values().flat_map(|entry| entry["attempts"].as_array().unwrap());
    let decided =
        attempts.map(|attempt| attempt["startedAt"].as_str().unwrap().parse::<Timestamp>().unwrap());
    // A machine that stood still may ring at once all who may be rung at once; when each was to be does not depend on that.
    all_well([
        check_pace(decided.collect(), 0),
        check_pace(legs.iter().map(|leg| leg.created_at).collect(), CALLS_AT_ONCE),
    ]);
    println!(
        "{CUSTOMERS} customers, {} calls in {} s of call time: {}",
        legs.len(),
        legs.last().unwrap().created_at.duration_since(legs[0].created_at).as_secs(),
        shown["progress"]["results"]
    );
    assert!(play.server.program.terminate().success());
    all_well([play.site.check_released().await]);
}

async fn check_outcome(client: &Client, customer: &SiteCustomer, call: &str) {
    let record = client.call(call).await;
    let outcome = record["outcome"].as_str().unwrap_or("none");
    let expected = &customer.expected;
    assert!(expected.iter().any(|one| one == outcome), "{}: {outcome}, not {expected:?}", customer.persona);
}

/// Whoever cannot be reached was rung as often as planned, and nobody else more than once.
fn check_end(customer: &SiteCustomer, entry: &Value) {
    let attempts = entry["attempts"].as_array().unwrap();
    let again = attempts.iter().rev().skip(1);
    for attempt in again {
        let result = attempt["result"].as_str().unwrap();
        assert!(["absent", "busy"].contains(&result), "{} was rung again after {result}", customer.persona);
    }
    let last = entry["result"].as_str().unwrap();
    let (state, most) = match last {
        "absent" | "busy" => ("failed", 2),
        "failed" => ("failed", 1),
        _ => ("done", 2),
    };
    assert_eq!(entry["state"], state, "{}: {entry}", customer.persona);
    assert!(attempts.len() <= most, "{}: {entry}", customer.persona);
    assert!(state == "done" || attempts.len() == most || last == "failed", "{}: {entry}", customer.persona);
}

/// In ten seconds of call time there are no more calls than the line dials, and so many that were `delayed`.
fn check_pace(mut calls: Vec<Timestamp>, delayed: usize) -> Result<(), String> {
    const SECS: usize = 10;
    let most = SECS * CPS as usize + delayed;
    calls.sort_unstable();
    for (place, call) in calls.iter().enumerate() {
        let within = calls[place..]
            .iter()
            .take_while(|later| later.duration_since(*call).as_secs() < SECS as i64)
            .count();
        if within > most {
            return Err(format!("{within} calls in {SECS} seconds from {call}"));
        }
    }
    Ok(())
}
