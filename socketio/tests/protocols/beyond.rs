//! What an owner relies on beyond the suites: bounds, origins, and that it hears of everybody who came and went.

use crate::{
    client::{Said, Server, soon, text},
    servers,
};
use actix_web::HttpRequest;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use std::time::Duration;
use tokio::{io::AsyncReadExt, sync::mpsc};
use tokio_tungstenite::tungstenite::{
    Bytes, Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};
use tsunagu_socketio::{
    engine::{self, Bounds, Origins, SendError},
    socket::{Client, Config, Connect, Event, Handler, Reason, Refused, Rooms, SocketIo, encode},
};

const PATH: &str = "/socket.io/";

/// An owner that writes down whom it hears of.
struct Watcher {
    told: mpsc::UnboundedSender<Told>,
    deciding: Duration,
}

enum Told {
    Connected(Client<u64>),
    Event(String),
    Disconnected(u64, Reason),
}

impl Handler for Watcher {
    type Guest = u64;
    type State = u64;

    fn admit(&self, request: &HttpRequest) -> Option<u64> {
        let guest = request.query_string().split("guest=").nth(1).unwrap_or("7");
        guest.parse().ok()
    }

    async fn connect(&self, guest: &u64, _: Connect) -> Result<u64, Refused> {
        tokio::time::sleep(self.deciding).await;
        Ok(*guest)
    }

    fn connected(&self, client: &Client<u64>) {
        self.told.send(Told::Connected(client.clone())).unwrap();
    }

    fn event(&self, _: &Client<u64>, event: Event) {
        self.told.send(Told::Event(event.name)).unwrap();
    }

    fn disconnected(&self, client: &Client<u64>, reason: Reason) {
        self.told.send(Told::Disconnected(*client.state(), reason)).unwrap();
    }
}

struct Watched {
    server: Server,
    io: SocketIo,
    told: mpsc::UnboundedReceiver<Told>,
}

fn calm() -> Config {
    let mut config = Config::default();
    config.engine.origins = Origins::Any;
    config
}

fn watch(config: Config, deciding: Duration) -> Watched {
    let (sender, told) = mpsc::unbounded_channel();
    let io = SocketIo::start(config, Watcher { told: sender, deciding }).unwrap();
    let mounted = io.clone();
    Watched { server: Server::with(move |service| mounted.configure(service)), io, told }
}

impl Watched {
    async fn client(&mut self) -> Client<u64> {
        match soon(self.told.recv()).await {
            Some(Told::Connected(client)) => client,
            _ => panic!("nobody came"),
        }
    }

    async fn gone(&mut self) -> (u64, Reason) {
        match soon(self.told.recv()).await {
            Some(Told::Disconnected(who, reason)) => (who, reason),
            _ => panic!("nobody went"),
        }
    }

    async fn none(&mut self) {
        while self.io.sessions() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[actix_web::test]
async fn an_owner_hears_who_came_and_who_went() {
    let mut world = watch(calm(), Duration::ZERO);
    let mut socket = world.server.websocket(PATH, "EIO=4&transport=websocket&guest=3").await;
    socket.say("40").await;
    let client = world.client().await;
    assert_eq!((*client.state(), client.namespace(), client.is_connected()), (3, "/", true));
    socket.say("42[\"a\"]").await;
    assert!(matches!(soon(world.told.recv()).await, Some(Told::Event(name)) if name == "a"));
    drop(socket);
    assert_eq!(world.gone().await, (3, Reason::Session(engine::Reason::TransportClose)));
    assert_eq!(client.try_emit(&encode::event("/", "a", &[])), Err(SendError::Closed));
    soon(world.none()).await;
}

#[actix_web::test]
async fn an_owner_refuses_a_request() {
    let world = watch(calm(), Duration::ZERO);
    let refused = world.server.get(PATH, "EIO=4&transport=polling&guest=nobody").await;
    assert_eq!(refused, (403, json!({"code": 4, "message": "Forbidden"}).to_string()));
}

#[actix_web::test]
async fn a_client_that_goes_while_the_owner_decides_is_never_told_of() {
    let mut world = watch(calm(), Duration::from_millis(100));
    let mut first = world.server.linked(PATH).await;
    first.say("40").await;
    first.say("1").await;
    first.closed().await;
    let mut second = world.server.websocket(PATH, "EIO=4&transport=websocket&guest=2").await;
    second.say("40").await;
    assert_eq!(*world.client().await.state(), 2);
}

#[actix_web::test]
async fn a_jammed_client_is_found_out_and_let_go() {
    let mut config = calm();
    config.engine.queue = Bounds { packets: 64, bytes: 1 << 20 };
    let mut world = watch(config, Duration::ZERO);
    let mut socket = world.server.linked(PATH).await;
    socket.say("40").await;
    let client = world.client().await;
    let packet = encode::event("/", "much", &[json!("x".repeat(10_000))]);
    // Nobody reads: the kernel's buffers fill, then ours.
    let error = soon(async {
        loop {
            match client.try_emit(&packet) {
                Ok(()) => tokio::task::yield_now().await,
                Err(error) => return error,
            }
        }
    });
    assert_eq!(error.await, SendError::Full);
    client.let_go(&encode::event("/", "let-go", &[]));
    assert_eq!(world.gone().await, (7, Reason::Session(engine::Reason::Overrun)));
    assert_eq!(client.try_emit(&packet), Err(SendError::Closed));
    // What was in the kernel's buffers, then why.
    let mut last = String::new();
    while let Said::Text(text) = socket.heard().await {
        if text != "1" {
            last = text;
        }
    }
    assert_eq!(last, r#"42["let-go"]"#);
    assert_eq!(world.io.sessions(), 0);
}

#[actix_web::test]
async fn a_jammed_client_is_ended_by_its_heartbeat() {
    let mut config = calm();
    // Time enough to come in before.
    let ping_timeout = Duration::from_secs(2);
    config.engine = engine::Config { path: PATH.into(), ping_timeout, ..servers::config() };
    let mut world = watch(config, Duration::ZERO);
    let mut socket = world.server.linked(PATH).await;
    socket.say("40").await;
    let client = world.client().await;
    let packet = encode::event("/", "much", &[json!("x".repeat(100_000))]);
    while client.try_emit(&packet).is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.gone().await, (7, Reason::Session(engine::Reason::PingTimeout)));
}

#[actix_web::test]
async fn a_broadcast_reaches_both_transports() {
    let mut world = watch(calm(), Duration::ZERO);
    let mut rooms = Rooms::default();
    let mut socket = world.server.linked(PATH).await;
    socket.say("40").await;
    rooms.enter(world.client().await);
    let session = world.server.session(PATH).await;
    assert_eq!(session.post("40").await.0, 200);
    let polled = match soon(world.told.recv()).await {
        Some(Told::Connected(client)) => client,
        _ => panic!("nobody came"),
    };
    rooms.enter(polled.clone());
    assert!(session.poll().await.1.starts_with("40{"));
    let bytes = [Bytes::from_static(&[1, 2])];
    let packet = encode::event_with("/", "news", &[encode::placeholder(0)], &bytes);
    assert!(rooms.broadcast_all(&packet).is_empty());
    let head = "451-[\"news\",{\"_placeholder\":true,\"num\":0}]";
    assert_eq!(session.poll().await.1, format!("{head}\u{1e}bAQI="));
    assert!(socket.text().await.starts_with("40{"));
    assert_eq!(socket.next().await, text(head));
    assert_eq!(socket.next().await, Said::Binary(vec![1, 2]));
}

#[actix_web::test]
async fn a_shutdown_ends_all_sessions() {
    let mut world = watch(calm(), Duration::ZERO);
    let mut socket = world.server.linked(PATH).await;
    socket.say("40").await;
    let client = world.client().await;
    client.try_emit(&encode::event("/", "last", &[])).unwrap();
    world.io.close();
    assert_eq!(world.gone().await, (7, Reason::Session(engine::Reason::Shutdown)));
    assert!(socket.text().await.starts_with("40{"));
    assert_eq!(socket.next().await, text("42[\"last\"]"));
    assert_eq!(socket.next().await, Said::Closed);
    soon(world.none()).await;
    // Who comes back too early, by a connection that is kept open, is to look elsewhere.
    assert_eq!(world.server.get(PATH, "EIO=4&transport=polling").await.0, 503);
    assert!(world.server.try_websocket(PATH, "EIO=4&transport=websocket").await.is_err());
}

#[actix_web::test]
async fn sessions_are_bounded() {
    let mut config = calm();
    config.engine.sessions = 1;
    let world = watch(config, Duration::ZERO);
    let _first = world.server.linked(PATH).await;
    assert_eq!(world.server.get(PATH, "EIO=4&transport=polling").await.0, 503);
    assert!(world.server.try_websocket(PATH, "EIO=4&transport=websocket").await.is_err());
}

#[actix_web::test]
async fn a_message_in_several_frames_is_joined_and_bounded() {
    let server = Server::start().await;
    let mut socket = server.linked("/engine.io/").await;
    let part = |bytes: &'static [u8], code, last| {
        Message::Frame(Frame::message(Bytes::from_static(bytes), OpCode::Data(code), last))
    };
    for frame in [
        part(b"4hel", Data::Text, false),
        part(b"l", Data::Continue, false),
        part(b"o", Data::Continue, true),
    ] {
        futures_util::SinkExt::send(&mut socket.stream, frame).await.unwrap();
    }
    assert_eq!(socket.heard().await, text("4hello"));
    static MUCH: [u8; 600_000] = [b'4'; 600_000];
    for frame in [part(&MUCH, Data::Text, false), part(&MUCH, Data::Continue, false)] {
        // The server may have closed before the last is written.
        let _ = futures_util::SinkExt::send(&mut socket.stream, frame).await;
    }
    socket.closed().await;
}

#[actix_web::test]
async fn a_message_that_is_too_long_closes_the_session() {
    let server = Server::start().await;
    let mut socket = server.linked("/engine.io/").await;
    let longest = format!("4{}", "a".repeat(999_999));
    socket.say(&longest).await;
    assert_eq!(socket.heard().await, text(&longest));
    let _ = futures_util::SinkExt::send(&mut socket.stream, Message::text(longest + "a")).await;
    socket.closed().await;
}

#[actix_web::test]
async fn pages_of_other_origins_are_answered_as_configured() {
    let mut config = calm();
    config.engine.origins = Origins::Only(vec!["https://desk.example.jp".into()]);
    let world = watch(config, Duration::ZERO);
    let url = world.server.url(PATH, "EIO=4&transport=polling");
    let ask = |method, origin: &'static str| {
        let request = world.server.http.request(method, &url).header("origin", origin);
        request.header("access-control-request-method", "POST").send()
    };
    let allowed = ask(reqwest::Method::GET, "https://desk.example.jp").await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "https://desk.example.jp");
    let preflight = ask(reqwest::Method::OPTIONS, "https://desk.example.jp").await.unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-credentials"], "true");
    assert!(preflight.headers()["access-control-allow-methods"].to_str().unwrap().contains("POST"));
    let other = ask(reqwest::Method::GET, "https://evil.example").await.unwrap();
    assert_eq!(other.status(), 403);
    assert!(!other.headers().contains_key("access-control-allow-origin"));
}

#[actix_web::test]
async fn the_connection_of_a_websocket_that_was_closed_ends() {
    let server = Server::start().await;
    let mut socket = server.linked("/engine.io/").await;
    socket.say("1").await;
    socket.closed().await;
    let mut rest = Vec::new();
    soon(socket.stream.get_mut().read_to_end(&mut rest)).await.unwrap();
}

#[actix_web::test]
async fn sessions_are_counted_by_their_transport() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let gathered = recorder.handle();
    let counted = |polling: u64, websocket: u64| {
        let text = gathered.render();
        for (transport, count) in [("polling", polling), ("websocket", websocket)] {
            let line = format!("socketio_sessions{{transport=\"{transport}\"}} {count}\n");
            assert!(text.contains(&line), "{line} is not in\n{text}");
        }
    };
    let mut world = metrics::with_local_recorder(&recorder, || watch(calm(), Duration::ZERO));
    let _linked = world.server.linked(PATH).await;
    let session = world.server.session(PATH).await;
    counted(1, 1);
    let mut socket = session.upgraded().await;
    socket.say("40").await;
    soon(socket.text()).await;
    counted(0, 2);
    world.io.close();
    soon(async {
        while world.io.sessions() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert!(matches!(soon(world.told.recv()).await, Some(Told::Connected(_))));
    counted(0, 0);
}

#[actix_web::test]
async fn clients_are_told_apart_by_ids_of_their_own() {
    let mut world = watch(calm(), Duration::ZERO);
    let (mut sockets, mut ids) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let mut socket = world.server.linked(PATH).await;
        socket.say("40").await;
        ids.push(world.client().await.id());
        sockets.push(socket);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}
