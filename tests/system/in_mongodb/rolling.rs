//! Servers are restarted one after the other while calls go on: screens come back elsewhere by themselves, and miss nothing.

use super::{nats, nodes::Row};
use crate::{
    client::{Client, http},
    clients::prepared,
    crowd::{Ended, all_well, check_agents},
    home::Home,
    live::{
        official::{Scene, given},
        plain::Socket,
    },
    sandbox::Sandbox,
    server::Server,
    site::{Site, Team},
    wait::until,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

const SERVERS: usize = 3;
const SPEED: u32 = 12;
/// How many screens of each kind there are.
const SCREENS: usize = 3;
/// Whoever is handed over talks through all of the restarts; with whoever refuses a call begins before each, and may end in it.
const LONG: &str = "interested-manager";
const SHORT: &str = "refuses";
const TAKERS: Team<'static> = Team(&[("+81701001", 4, 50)]);
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screens_miss_nothing_while_servers_are_restarted_one_after_the_other() {
    let Some(home) = Home::mongodb() else { return };
    let Some(modules) = prepared("TSUNAGU_TEST_SOCKETIO") else { return };
    let nats = nats::Server::start().await;
    let anchor = Timestamp::now();
    let sandbox = Sandbox::start(SPEED, anchor);
    let site = Site::seed_in(home, &[LONG, SHORT], 2 * SERVERS, TAKERS).await;
    let mut row = Row::before(site, sandbox, (SPEED, anchor), SERVERS, nats.as_ref()).await;
    let (client, url) = (row.client().await, row.balancer.url.clone());

    let mut about = given(&row.crowd, &url);
    about["screens"] = json!(SCREENS);
    let mut official = Scene::begin(&modules, "rolling", &about);
    let plain: Vec<_> = (0..SCREENS).map(|_| Wall::begin(&url, &client.token)).collect();
    assert_eq!(official.asks().as_deref(), Some("restart all"));
    until("all screens are shown the present", LIMIT, || async {
        if plain.iter().all(|wall| wall.look().place.is_some()) { Ok(()) } else { Err(()) }
    })
    .await;

    let mut calls: BTreeMap<String, String> = BTreeMap::new();
    let customers = row.crowd.site.customers.clone();
    let (long, short): (Vec<_>, Vec<_>) = customers.iter().partition(|customer| customer.persona == LONG);
    for customer in long {
        calls.insert(customer.phone.clone(), client.start(customer.id, None).await);
    }
    let mut said = 0;
    for (place, customer) in short.into_iter().enumerate() {
        let client = row.client().await;
        calls.insert(customer.phone.clone(), client.start(customer.id, None).await);
        let server = if place == 0 { &mut row.crowd.server } else { &mut row.others[place - 1] };
        said += usize::from(restart(server).await);
    }
    assert!(said > 0, "no server said that it was not ready before it went");
    let client = row.client().await;
    row.crowd.until_over(&client, LIMIT).await;

    let ids: Vec<_> = customers.iter().map(|customer| calls[&customer.phone].clone()).collect();
    for id in &ids {
        is_known_to_all(&client, &plain, id).await;
    }
    official.answer(&json!(ids).to_string());
    assert_eq!(official.asks(), None);
    official.end();
    // Those of the official client have signed out by now; these came by another sign-in.
    for wall in &plain {
        let seen = wall.look();
        assert!(!seen.partings.is_empty(), "each server was restarted, and so each screen cut off");
        let expected = ("shutting_down".to_owned(), u16::from(CloseCode::Restart));
        assert!(seen.partings.iter().all(|parting| *parting == expected), "{:?}", seen.partings);
    }

    let ended = row.crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(Ended::check_journal));
    all_well([check_agents(&row.crowd.sandbox.legs().await, &row.crowd.site.agents)]);
}

/// Takes a server down and puts it up again, as whoever runs it does; whether it was heard to say that it is not ready before it went.
/// A second is all that it has for that, and it goes sooner where it has no calls.
async fn restart(server: &mut Server) -> bool {
    let ready = format!("{}/health/ready", server.program.url);
    let status = || async { http().get(&ready).send().await.map(|answer| answer.status().as_u16()) };
    server.program.ask_to_stop();
    let said = until("it is not ready, or gone", LIMIT, || async {
        match status().await {
            Ok(503) => Ok(true),
            Err(_) => Ok(false),
            Ok(seen) => Err(seen),
        }
    })
    .await;
    assert!(server.program.wait().success());
    server.restart();
    until("it is ready again", LIMIT, || async {
        match status().await {
            Ok(200) => Ok(()),
            seen => Err(seen),
        }
    })
    .await;
    said
}

/// Every plain screen knows all that was said on a call, in order and once.
async fn is_known_to_all(client: &Client, walls: &[Wall], call: &str) {
    let record = client.call(call).await;
    let said = lines(&record["transcript"]);
    assert!(!said.is_empty(), "{record}");
    until("all screens know what was said", LIMIT, || async {
        let known: Vec<_> = walls.iter().map(|wall| wall.look().talks.get(call).cloned()).collect();
        if known.iter().flatten().filter(|known| **known == said).count() == walls.len() {
            return Ok(());
        }
        Err(format!("{call}: said {said:#?}, known {known:#?}"))
    })
    .await;
}

fn lines(transcript: &Value) -> Vec<String> {
    let message = |line: &Value| line["message"].as_str().unwrap().to_owned();
    transcript.as_array().unwrap().iter().map(message).collect()
}

/// A screen on a plain WebSocket that looks at every call, and comes back by itself when its server goes down.
struct Wall {
    seen: Arc<Mutex<Seen>>,
    work: tokio::task::JoinHandle<()>,
}

#[derive(Default, Clone)]
struct Seen {
    /// The place of the last event.
    place: Option<String>,
    /// What was said on each call that was shown.
    talks: BTreeMap<String, Vec<String>>,
    /// Calls that were asked for and have not been shown.
    asked: BTreeSet<String>,
    /// Why it was cut off, in words and by its code.
    partings: Vec<(String, u16)>,
}

impl Wall {
    fn begin(base: &str, token: &str) -> Self {
        let seen = Arc::<Mutex<Seen>>::default();
        let work = tokio::spawn(keep_looking(base.to_owned(), token.to_owned(), seen.clone()));
        Self { seen, work }
    }

    fn look(&self) -> Seen {
        assert!(!self.work.is_finished(), "a screen broke: see above");
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Wall {
    fn drop(&mut self) {
        self.work.abort();
    }
}

async fn keep_looking(base: String, token: String, seen: Arc<Mutex<Seen>>) {
    loop {
        let Ok(mut socket) = Socket::try_open(&base).await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Seen { place, talks, asked, .. } = seen.lock().unwrap().clone();
        let watch: Vec<_> = talks.into_keys().collect();
        socket.say(json!({ "token": token, "since": place, "watch": watch })).await;
        for call in asked {
            socket.say(json!({ "command": "monitor-call", "data": call })).await;
        }
        let mut reason = String::new();
        let code = loop {
            match socket.hear().await {
                Ok(event) if event.get("answer").is_some() => assert_eq!(event["success"], true, "{event}"),
                Ok(event) if event["event"] == "session-ended" => {
                    reason = event["data"]["reason"].to_string().replace('"', "");
                }
                Ok(event) => {
                    let call = seen.lock().unwrap().take(&event);
                    for call in call {
                        socket.say(json!({ "command": "monitor-call", "data": call })).await;
                    }
                }
                Err(code) => break code,
            }
        };
        seen.lock().unwrap().partings.push((reason, code));
    }
}

impl Seen {
    /// Takes an event in; gives the calls that are new.
    fn take(&mut self, event: &Value) -> Vec<String> {
        let data = &event["data"];
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        self.place = Some(id(&event["at"]));
        let named = match event["event"].as_str().unwrap() {
            "active-calls" => data.as_array().unwrap().iter().map(|call| id(&call["_id"])).collect(),
            "call-started" => vec![id(&data["callId"])],
            "call-details" => {
                self.asked.remove(&id(&data["_id"]));
                self.talks.insert(id(&data["_id"]), lines(&data["transcript"]));
                Vec::new()
            }
            "transcript-update" => {
                let talk = self.talks.get_mut(&id(&data["callId"])).expect("it was shown first");
                talk.push(id(&data["message"]));
                Vec::new()
            }
            _ => Vec::new(),
        };
        let is_new = |call: &String| !self.talks.contains_key(call) && !self.asked.contains(call);
        let new: Vec<_> = named.into_iter().filter(is_new).collect();
        self.asked.extend(new.iter().cloned());
        new
    }
}
