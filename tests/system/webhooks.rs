//! Webhooks: receivers that are well, fail, are slow, are gone, or die, while the server is killed in the middle. What was
//! journalled reaches each that wants it, signed by the Standard Webhooks convention.

use crate::{
    client::Client,
    crowd::{Crowd, MIXED_TEAM},
    wait::until,
};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

const CALLS: usize = 12;
const SPEED: u32 = 10;
const LIMIT: Duration = Duration::from_secs(90);

/// What a receiver was sent.
#[derive(Debug, Clone)]
struct Letter {
    path: String,
    headers: HashMap<String, String>,
    body: String,
}

/// A receiver for each path of one address: `/well` takes everything, `/flaky` each at the third time, `/slow` after a while, `/gone`
/// answers 410, `/moved` sends on to `/well`, and `/dies` breaks off until it is told to live.
#[derive(Default)]
struct Receivers {
    letters: Mutex<Vec<Letter>>,
    alive: AtomicU32,
}

impl Receivers {
    async fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let receivers = Arc::<Self>::default();
        let all = receivers.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let all = all.clone();
                tokio::spawn(async move { all.serve(stream).await });
            }
        });
        (receivers, base)
    }

    /// Answers one connection until it ends; whatever is wrong with it ends it.
    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some(letter) = read(&mut stream).await {
            let path = letter.path.clone();
            let dead = path == "/dies" && self.alive.load(Ordering::Relaxed) == 0;
            let answer = match path.as_str() {
                "/dies" if dead => return,
                "/flaky" if self.times(&letter) < 2 => "500 Oops",
                "/gone" => "410 Gone",
                "/moved" => "307 Elsewhere\r\nLocation: /well",
                "/slow" => {
                    tokio::time::sleep(Duration::from_millis(700)).await;
                    "200 OK"
                }
                _ => "204 Fine",
            };
            self.letters.lock().unwrap().push(letter);
            let length = if answer.starts_with("204") { "" } else { "Content-Length: 0\r\n" };
            let answer = format!("HTTP/1.1 {answer}\r\n{length}\r\n");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    /// How often a receiver was sent an event before.
    fn times(&self, letter: &Letter) -> usize {
        let id = &letter.headers["webhook-id"];
        self.at(&letter.path).iter().filter(|other| other.headers["webhook-id"] == *id).count()
    }

    fn at(&self, path: &str) -> Vec<Letter> {
        self.letters.lock().unwrap().iter().filter(|letter| letter.path == path).cloned().collect()
    }

    /// The ids of the events that a receiver was sent.
    fn ids(&self, path: &str) -> BTreeSet<String> {
        self.at(path).into_iter().map(|letter| letter.headers["webhook-id"].clone()).collect()
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Letter> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    Some(Letter { path, headers, body: String::from_utf8(body).ok()? })
}

/// By the convention's own library: the signature is right, and the time is near.
fn verify(letter: &Letter, secret: &str) -> Result<(), String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &letter.headers {
        headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    let webhook = standardwebhooks::Webhook::new(secret).map_err(|error| error.to_string())?;
    webhook.verify(letter.body.as_bytes(), &headers).map_err(|error| error.to_string())
}

async fn register(client: &Client, url: String) -> (String, String) {
    let (status, answer) = client.post("/api/webhooks", json!({ "url": url })).await;
    assert_eq!(status, 201, "{answer}");
    let text = |key: &str| answer["data"][key].as_str().unwrap().to_owned();
    (text("_id"), text("secret"))
}

/// The events of which receivers must hear, by their ids, as the journals have them: start, each state, end.
fn expected(call: &str, events: &[Value]) -> BTreeMap<String, &'static str> {
    let of = |kind: &str, name: &'static str| {
        let kind = kind.to_owned();
        events
            .iter()
            .filter(move |entry| entry["event"]["type"] == kind.as_str())
            .map(move |entry| (format!("{call}-{}", entry["seq"]), name))
            .collect::<Vec<_>>()
    };
    [
        of("created", "call.started"),
        of("handoverRequested", "call.handoff.requested"),
        of("ended", "call.ended"),
    ]
    .concat()
    .into_iter()
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_arrives_although_the_server_is_killed_and_receivers_fail() {
    let (receivers, base) = Receivers::start().await;
    let settings = [("TSUNAGU_WEBHOOKS__ALLOW_PRIVATE", "true"), ("TSUNAGU_WEBHOOKS__ALLOW_HTTP", "true")];
    let personas = ["interested-manager", "asks-company-first", "refuses", "absent"];
    let mut crowd = Crowd::with(SPEED, &personas, CALLS, MIXED_TEAM, &settings).await;
    let admin = crowd.server.admin().await;
    let client = crowd.server.client().await;
    let mut hooks = HashMap::new();
    for path in ["/well", "/flaky", "/slow", "/gone", "/moved", "/dies"] {
        hooks.insert(path, register(&admin, format!("{base}{path}")).await);
    }
    let (refused, _) = client.post("/api/webhooks", json!({ "url": base })).await;
    assert_eq!(refused, 403, "a supervisor registers none");

    let ids = crowd.ring_all(&client).await;
    until("events arrive while calls are under way", LIMIT, || async {
        let arrived = receivers.ids("/well").len();
        if arrived >= CALLS * 2 { Ok(()) } else { Err(arrived) }
    })
    .await;
    crowd.server.program.kill();
    let before = receivers.ids("/well").len();
    crowd.server.restart();
    let client = crowd.server.client().await;
    let admin = crowd.server.admin().await;
    crowd.until_over(&client, LIMIT).await;
    receivers.alive.store(1, Ordering::Relaxed);

    let mut wanted = BTreeMap::new();
    for id in &ids {
        wanted.extend(expected(id, &client.events(id).await));
    }
    assert!(wanted.len() >= 2 * CALLS, "{wanted:?}");
    for path in ["/well", "/flaky", "/slow", "/dies"] {
        until(path, LIMIT, || async {
            let arrived = receivers.ids(path);
            let told = |entry: &String| {
                arrived.iter().any(|id| id.rsplit_once('-').is_some_and(|(of, _)| of == entry))
            };
            let missing: Vec<_> = wanted.iter().filter(|(entry, _)| !told(entry)).collect();
            let waiting = pending(&admin, &hooks[path].0).await;
            if missing.is_empty() && waiting == 0 {
                Ok(())
            } else {
                Err(format!("{waiting} wait, {missing:?}"))
            }
        })
        .await;
        for letter in receivers.at(path) {
            verify(&letter, &hooks[path].1).unwrap_or_else(|why| panic!("{path}: {why}: {letter:?}"));
            assert!(verify(&letter, &hooks["/gone"].1).is_err());
        }
    }
    assert!(receivers.ids("/well").len() > before);
    assert_eq!(receivers.ids("/well"), receivers.ids("/slow"));
    in_order(&receivers.at("/well"));

    let (_, gone) = admin.get(&format!("/api/webhooks/{}", hooks["/gone"].0)).await;
    assert_eq!(
        (&gone["data"]["enabled"], &gone["data"]["disabled"]["reason"]),
        (&json!(false), &json!("gone"))
    );
    let (_, moved) = admin.get(&format!("/api/webhooks/{}", hooks["/moved"].0)).await;
    assert!(!receivers.at("/moved").is_empty() && moved["data"]["failingSince"].is_string(), "{moved}");
    let (_, tested) = admin.post(&format!("/api/webhooks/{}/test", hooks["/well"].0), json!({})).await;
    assert_eq!(
        (&tested["data"]["delivered"], &tested["data"]["status"]),
        (&json!(true), &json!(204)),
        "{tested}"
    );
    assert!(crowd.server.program.terminate().success());
}

async fn pending(admin: &Client, webhook: &str) -> u64 {
    let (status, answer) = admin.get(&format!("/api/webhooks/{webhook}/deliveries?state=pending")).await;
    assert_eq!(status, 200, "{answer}");
    answer["total"].as_u64().unwrap()
}

/// The first time that an event of a call is told, all earlier ones have been.
fn in_order(letters: &[Letter]) {
    let mut last: HashMap<String, u64> = HashMap::new();
    let mut known = BTreeSet::new();
    for letter in letters {
        let body: Value = serde_json::from_str(&letter.body).unwrap();
        let (Some(call), Some(sequence)) =
            (body["data"]["callId"].as_str(), body["data"]["sequence"].as_u64())
        else {
            continue;
        };
        if known.insert(letter.headers["webhook-id"].clone()) {
            let before = last.insert(call.to_owned(), sequence).unwrap_or(0);
            assert!(before <= sequence, "{call}: {sequence} after {before}");
        }
    }
}

/// Without leave nothing of the machine's own network is a receiver, whatever it is called.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_not_told_otherwise_posts_to_nobody_near() {
    let crowd = Crowd::with(SPEED, &["refuses"], 1, MIXED_TEAM, &[]).await;
    let admin = crowd.server.admin().await;
    for url in [
        "https://127.0.0.1/",
        "https://localhost/",
        "http://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/",
    ] {
        let (status, answer) = admin.post("/api/webhooks", json!({ "url": url })).await;
        assert_eq!((status, &answer["details"][0]["field"]), (422, &json!("url")), "{url}: {answer}");
    }
}
