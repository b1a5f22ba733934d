//! A plain WebSocket: it misses nothing when it is cut off, is refused where it must be, and everything that is told is as
//! `docs/realtime.md` says.

use crate::{client::Client, crowd::Crowd, site::Team};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::frame::coding::CloseCode},
};

const LIMIT: Duration = Duration::from_secs(90);
/// Some take the call and some do not, so that there is something to be told of both.
const TEAM: Team<'static> = Team(&[("+81701003", 1, 90), ("+81701001", 4, 50)]);
const PERSONAS: [&str; 4] = ["interested-manager", "engaged", "absent", "voicemail"];

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn open(base: &str) -> Self {
        Self::try_open(base).await.unwrap()
    }

    pub async fn try_open(base: &str) -> Result<Self, Error> {
        Ok(Self(connect_async(format!("{}/ws", base.replace("http", "ws"))).await?.0))
    }

    /// Signs in at an empty floor.
    pub async fn sign_in(base: &str, token: &str) -> Self {
        let mut socket = Self::open(base).await;
        socket.say(json!({ "token": token })).await;
        let shown = socket.hear().await.unwrap();
        assert_eq!((&shown["event"], &shown["data"]), (&json!("active-calls"), &json!([])));
        socket
    }

    pub async fn say(&mut self, message: impl ToString) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message, or with which code it was closed.
    pub async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(LIMIT, self.0.next()).await.expect("something is told") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(0, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

/// What a client knows of the talk on each call, and all that it was told.
#[derive(Default)]
pub struct Seen {
    events: Vec<Value>,
    lines: BTreeMap<String, Vec<Value>>,
    ended: BTreeSet<String>,
}

impl Seen {
    fn take(&mut self, event: Value) {
        let data = &event["data"];
        let call = |key: &str| data[key].as_str().unwrap_or_default().to_owned();
        match event["event"].as_str().unwrap_or_default() {
            "call-details" => {
                self.lines.insert(call("_id"), data["transcript"].as_array().unwrap().clone());
            }
            "transcript-update" => {
                self.lines.get_mut(&call("callId")).expect("it was shown first").push(data.clone());
            }
            "call-ended" => assert!(self.ended.insert(call("callId")), "told twice: {event}"),
            _ => {}
        }
        self.events.push(event);
    }

    /// Looks at every call from its beginning on, until so many are over, or so long. The present has been shown to whoever signed in.
    pub async fn of_all_calls(mut socket: Socket, calls: usize, limit: Duration) -> Self {
        const AT_ONCE: usize = 32;
        let mut seen = Self::default();
        let (mut unseen, mut asked) = (VecDeque::new(), 0);
        let looking = async {
            while seen.ended.len() < calls || !seen.ended.iter().all(|call| seen.lines.contains_key(call)) {
                let event = socket.hear().await.unwrap();
                if event["event"] == "call-started" {
                    unseen.push_back(event["data"]["callId"].clone());
                }
                match event.get("answer") {
                    Some(_) => asked -= 1,
                    None => seen.take(event),
                }
                while asked < AT_ONCE
                    && let Some(call) = unseen.pop_front()
                {
                    socket.say(json!({ "command": "monitor-call", "data": call, "id": 1 })).await;
                    asked += 1;
                }
            }
        };
        drop(timeout(limit, looking).await);
        seen
    }

    /// Whether it was shown a call, from its beginning to its end.
    pub fn saw(&self, call: &str) -> Result<(), String> {
        match (self.lines.contains_key(call), self.ended.contains(call)) {
            (true, true) => Ok(()),
            seen => Err(format!("{call}: shown and told of its end: {seen:?}")),
        }
    }

    /// What was said on a call.
    pub fn messages(&self, call: &str) -> Vec<&str> {
        self.lines[call].iter().map(|line| line["message"].as_str().unwrap()).collect()
    }

    fn last_place(&self) -> Option<String> {
        self.events.iter().rev().find_map(|event| event["at"].as_str().map(str::to_owned))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_cut_off_misses_nothing_and_all_is_as_described() {
    let settings = [("TSUNAGU_CALLS__RECORD", "true"), ("TSUNAGU_REALTIME__AWAY_SECS", "0")];
    let crowd = Crowd::with(10, &PERSONAS, 8, TEAM, &settings).await;
    let base = crowd.server.program.url.clone();
    let client = crowd.server.client().await;
    let mut socket = Socket::open(&base).await;
    let mut seen = Seen::default();
    socket.say(json!({ "token": client.token, "progress": true })).await;
    seen.take(socket.hear().await.unwrap());
    assert_eq!(seen.events[0]["event"], "active-calls");

    let calls = crowd.ring_all(&client).await;
    let mut cuts = 0;
    while seen.ended.len() < calls.len() {
        let event = socket.hear().await.unwrap();
        if let Some(answer) = event.get("answer") {
            assert_eq!((&event["success"], answer), (&json!(true), &json!("please")), "{event}");
            continue;
        }
        let name = event["event"].as_str().unwrap().to_owned();
        if name == "call-started" {
            let call = &event["data"]["callId"];
            socket.say(json!({ "command": "monitor-call", "data": call, "id": "please" })).await;
        }
        seen.take(event);
        // Every sixtieth event is the last before the network fails.
        if seen.events.len() % 60 == 0 && seen.lines.len() == calls.len() {
            drop(socket);
            socket = Socket::open(&base).await;
            let watched: Vec<_> = seen.lines.keys().collect();
            let token = &client.token;
            let since = seen.last_place();
            let back = json!({ "token": token, "since": since, "watch": watched, "progress": true });
            socket.say(back).await;
            cuts += 1;
        }
    }
    assert!(cuts >= 2, "{cuts} of {} events", seen.events.len());
    let presents = seen.events.iter().filter(|event| event["event"] == "active-calls").count();
    assert_eq!(presents, 1, "what was missed was told, and not the present again");
    for call in &calls {
        let kept = client.call(call).await;
        let messages = |lines: &[Value]| lines.iter().map(|line| line["message"].clone()).collect::<Vec<_>>();
        let whole = messages(kept["transcript"].as_array().unwrap());
        assert_eq!(messages(&seen.lines[call]), whole, "{call}");
    }

    // What needs a person at the screen.
    socket.say(json!({ "command": "request-statistics" })).await;
    socket.say(json!({ "command": "update-agent-status", "data": "busy" })).await;
    socket.say(json!({ "command": "request-handoff", "data": { "callId": calls[0] } })).await;
    let wanted = ["statistics-update", "agent-status-changed", "recording-available"];
    while wanted.iter().any(|name| !seen.events.iter().any(|event| event["event"] == *name)) {
        seen.take(socket.hear().await.unwrap());
    }
    is_as_described(&seen.events);
}

/// Each event has the keys of its example, and those that may be absent are there at least once.
fn is_as_described(events: &[Value]) {
    let page = include_str!("../../../docs/realtime.md");
    let examples = page.lines().filter(|line| line.starts_with(r#"{ "event""#));
    let examples: Vec<Value> = examples.map(|line| serde_json::from_str(line).unwrap()).collect();
    let keys = |data: &Value| -> BTreeSet<String> {
        data.as_object().map(|data| data.keys().cloned().collect()).unwrap_or_default()
    };
    // Said to one client of Socket.IO alone, or before the end.
    let elsewhere = ["handoff-error", "session-ended"];
    for example in &examples {
        let name = example["event"].as_str().unwrap();
        let told: Vec<_> = events.iter().filter(|event| event["event"] == name).collect();
        assert!(!told.is_empty() || elsewhere.contains(&name), "{name} was never told");
        if ["call-details", "active-calls"].contains(&name) {
            continue;
        }
        let described = keys(&example["data"]);
        let mut found = BTreeSet::new();
        for event in told {
            let keys = keys(&event["data"]);
            assert!(keys.is_subset(&described), "{name} has more than is described: {event}");
            found.extend(keys);
        }
        assert!(
            elsewhere.contains(&name) || found == described,
            "{name}: described {described:?}, told {found:?}"
        );
    }
    for event in events.iter().filter_map(|event| event["event"].as_str()) {
        assert!(examples.iter().any(|example| example["event"] == event), "{event} is not described");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_no_token_or_rubbish_is_told_why_and_closed() {
    // Who does sign in has the time for it on a slow machine, too.
    let crowd = Crowd::with(10, &["manual"], 1, TEAM, &[("TSUNAGU_REALTIME__SIGN_IN_SECS", "5")]).await;
    let base = &crowd.server.program.url;
    let client = crowd.server.client().await;

    for (said, code, closed) in [
        (json!({ "token": "rubbish" }).to_string(), "not_signed_in", 4401),
        ("rubbish".to_owned(), "malformed", 4400),
        (json!({ "watch": [] }).to_string(), "malformed", 4400),
    ] {
        let mut socket = Socket::open(base).await;
        socket.say(&said).await;
        assert_eq!(socket.hear().await.unwrap()["code"], code, "{said}");
        assert_eq!(socket.hear().await, Err(closed), "{said}");
    }
    let mut silent = Socket::open(base).await;
    assert_eq!(silent.hear().await.unwrap()["code"], "not_signed_in");
    assert_eq!(silent.hear().await, Err(4401));

    let offer = |protocols: String| {
        let mut request = format!("{}/ws", base.replace("http", "ws")).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        connect_async(request)
    };
    match offer("tsunagu, rubbish".to_owned()).await {
        Err(Error::Http(refused)) => assert_eq!(refused.status(), 401),
        other => panic!("{other:?}"),
    }
    let (socket, answer) = offer(format!("tsunagu, {}", client.token)).await.unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], "tsunagu");
    let mut socket = Socket(socket);
    assert_eq!(socket.hear().await.unwrap()["event"], "active-calls");

    for rubbish in ["", "{}", "[]", r#"{"command":7}"#] {
        socket.say(rubbish).await;
        assert_eq!(socket.hear().await.unwrap()["code"], "malformed", "{rubbish}");
    }
    socket.say(json!({ "command": "monitor-call", "data": crowd.site.customers[0].id, "id": 1 })).await;
    let answer = socket.hear().await.unwrap();
    assert_eq!((&answer["code"], &answer["answer"]), (&json!("not_found"), &json!(1)));
    socket.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(socket.hear().await.unwrap()["code"], "malformed");
    assert_eq!(socket.hear().await, Err(4400));
    let mut long = Socket::open(base).await;
    long.say("x".repeat(70_000)).await;
    assert_eq!(long.hear().await.unwrap()["code"], "too_large");
    assert_eq!(long.hear().await, Err(CloseCode::Size.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_down_says_so() {
    let mut crowd = Crowd::gather(10, &["manual"], 1).await;
    let client: Client = crowd.server.client().await;
    let mut socket = Socket::open(&crowd.server.program.url).await;
    socket.say(json!({ "token": client.token })).await;
    assert_eq!(socket.hear().await.unwrap()["event"], "active-calls");
    let stopped = tokio::task::spawn_blocking(move || crowd.server.program.terminate());
    let last = socket.hear().await.unwrap();
    assert_eq!((&last["event"], &last["data"]["reason"]), (&json!("session-ended"), &json!("shutting_down")));
    assert_eq!(socket.hear().await, Err(CloseCode::Restart.into()));
    assert!(stopped.await.unwrap().success());
}
