//! Many live connections at once: some never read, some come and go.

use crate::world::{World, id, now};
use actix_web::rt;
use futures_util::{SinkExt, StreamExt, future::join_all};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use tsunagu_actors::{Facts, HubHandle};
use tsunagu_call::{
    CallId, CompanyId, Created, CustomerRef, Entry, Event, Rules, handover::Requester, routing::Needs,
};
use tsunagu_conversation::{Limits, Profile};
use tsunagu_http::{Live, LiveConfig};

const PATIENCE: Duration = Duration::from_secs(60);

/// A server, and a call on which things happen.
struct Stage {
    address: SocketAddr,
    token: String,
    hub: HubHandle,
    call: CallId,
    company: CompanyId,
    told: u64,
    handle: actix_web::dev::ServerHandle,
    live: Live,
}

impl Stage {
    async fn set() -> Self {
        let world = World::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let second = Duration::from_secs(1);
        let live = LiveConfig {
            ping_interval: 20 * second,
            ping_timeout: 20 * second,
            sign_in_timeout: 30 * second,
            grace: second,
        };
        let bound = tsunagu_http::bind(world.app.clone(), live, listener, 2).unwrap();
        let (address, handle, live) = (bound.address, bound.server.handle(), bound.live);
        rt::spawn(bound.server);
        let token = world.client(&world.ours.supervisor).await.token.unwrap();
        let hub = world.app.board.ports().hub.clone();
        Self { address, token, hub, call: id(), company: world.ours.company, told: 0, handle, live }
    }

    /// The next thing happens on the call: `handoff-initiated` with its number, of at least so many bytes.
    fn happen(&mut self, bytes: usize) {
        self.told += 1;
        let event = match self.told {
            1 => created(self.company),
            number => Event::HandoverRequested {
                by: Requester::Script,
                reason: format!("{:width$}", number - 1, width = bytes),
                agent: None,
                needs: Needs::default(),
                takeover: false,
            },
        };
        let entries = vec![Entry { seq: self.told, at: now(), event }];
        self.hub.tell(Facts { company: self.company, call: self.call, entries, record: None });
    }

    async fn connect(&self) -> Client {
        let stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        let request = format!("ws://{}/ws", self.address).into_client_request().unwrap();
        Client(client_async(request, stream).await.unwrap().0)
    }

    async fn clear(self) {
        self.live.close().await;
        self.handle.stop(true).await;
    }
}

fn created(company: CompanyId) -> Event {
    Event::Created(Box::new(Created {
        company_id: company,
        customer: CustomerRef {
            id: id(), name: "佐藤".into(), company: None, phone: "+819000000000".into()
        },
        from: "+815000000000".into(),
        profile: Profile::default(),
        limits: Limits::default(),
        script: 0,
        rules: Rules::default(),
        agent: None,
        started_by: None,
    }))
}

struct Client(WebSocketStream<tokio::net::TcpStream>);

impl Client {
    async fn greet(&mut self, token: &str, since: Option<&str>) {
        let greeting = json!({ "token": token, "since": since });
        self.0.send(Message::text(greeting.to_string())).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("something is told") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The number of the next thing that happened; of the present, that of the last one before it.
    async fn next(&mut self) -> (String, u64, bool) {
        loop {
            let event = self.hear().await;
            let place = event["at"].as_str().unwrap().to_owned();
            let number = |reason: &Value| reason.as_str().map_or(0, |reason| reason.trim().parse().unwrap());
            match event["event"].as_str().unwrap() {
                "active-calls" => return (place, number(&event["data"][0]["handoffReason"]), true),
                "handoff-initiated" => return (place, number(&event["data"]["reason"]), false),
                _ => {}
            }
        }
    }
}

/// A client that never reads, with as small a buffer as can be.
fn sleeper(address: SocketAddr, head: &str, then: &str) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(&address.into()).unwrap();
    let mut stream = TcpStream::from(socket);
    let request = format!(
        "GET {head}\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    // A frame of text, masked with zeros as a client's must be masked.
    let length = u16::try_from(then.len()).unwrap().to_be_bytes();
    stream.write_all(&[0x81, 0xfe, length[0], length[1], 0, 0, 0, 0]).unwrap();
    stream.write_all(then.as_bytes()).unwrap();
    stream
}

#[actix_web::test]
async fn those_who_never_read_are_gone_and_the_others_are_told_everything() {
    const LARGE: usize = 1500;
    const BURST: u64 = 100;
    let mut stage = Stage::set().await;
    let greeting = json!({ "token": stage.token }).to_string();
    let packet = format!("40{greeting}");
    let sleepers: Vec<_> = (0..20)
        .map(|number| match number % 2 {
            0 => sleeper(stage.address, "/ws HTTP/1.1", &greeting),
            _ => sleeper(stage.address, "/socket.io/?EIO=4&transport=websocket HTTP/1.1", &packet),
        })
        .collect();
    let mut readers = Vec::new();
    for _ in 0..20 {
        let mut reader = stage.connect().await;
        reader.greet(&stage.token, None).await;
        reader.next().await;
        readers.push(reader);
    }
    // More than the kernel keeps for those who do not read, and more than we do.
    stage.happen(LARGE);
    for _ in 0..60 {
        for _ in 0..BURST {
            stage.happen(LARGE);
        }
        let last = stage.told - 1;
        join_all(readers.iter_mut().map(async |reader| {
            for number in last - BURST + 1..=last {
                assert_eq!(reader.next().await.1, number);
            }
        }))
        .await;
    }
    let gone = sleepers.into_iter().map(|stream| rt::task::spawn_blocking(move || ends(stream)));
    for gone in join_all(gone).await {
        assert!(gone.unwrap(), "who never read is still connected");
    }
    stage.clear().await;
}

/// Reads what the kernel still has, to the end of the connection.
fn ends(mut stream: TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_secs(45))).unwrap();
    let mut rest = vec![0; 1 << 16];
    loop {
        match stream.read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

#[actix_web::test]
async fn whoever_comes_and_goes_misses_nothing_and_sees_nothing_twice() {
    comings_and_goings(60, 2_000, Duration::from_millis(1)).await;
}

#[actix_web::test]
#[ignore = "takes minutes: cargo nextest run --release -p tsunagu-http --all-features --run-ignored only comes_and_goes"]
async fn whoever_of_a_thousand_comes_and_goes_misses_nothing_and_sees_nothing_twice() {
    comings_and_goings(1_000, 10_000, Duration::from_millis(10)).await;
}

async fn comings_and_goings(clients: u64, events: u64, pause: Duration) {
    let mut stage = Stage::set().await;
    // The floor is open from the first who looks on; what happened before that is in the journal alone, and here is none.
    let mut first = stage.connect().await;
    first.greet(&stage.token, None).await;
    first.next().await;
    drop(first);
    let clients = (0..clients).map(|seed| {
        let (address, token) = (stage.address, stage.token.clone());
        rt::spawn(come_and_go(address, token, seed, events))
    });
    let clients: Vec<_> = clients.collect();
    for _ in 0..=events {
        stage.happen(1);
        sleep(pause).await;
    }
    for client in clients {
        let breaks = client.await.unwrap();
        assert!(breaks > 0, "nobody came back");
    }
    stage.clear().await;
}

/// Is there for some events at a time, until it has seen the last. Says how often it came back.
async fn come_and_go(address: SocketAddr, token: String, seed: u64, last: u64) -> u32 {
    let mut chance = SmallRng::seed_from_u64(seed);
    let (mut place, mut seen, mut breaks) = (None::<String>, None::<u64>, 0);
    loop {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("ws://{address}/ws").into_client_request().unwrap();
        let mut client = Client(client_async(request, stream).await.unwrap().0);
        client.greet(&token, place.as_deref()).await;
        let mut left: u64 = chance.random_range(1..80);
        while left > 0 {
            let (at, number, present) = client.next().await;
            match seen {
                Some(before) if present => {
                    assert!(number >= before, "the present is older than what was seen")
                }
                Some(before) => assert_eq!(number, before + 1),
                None => assert!(present, "the present comes first"),
            }
            (place, seen, left) = (Some(at), Some(number), left - 1);
            if number == last {
                return breaks;
            }
        }
        breaks += 1;
        sleep(Duration::from_millis(chance.random_range(0..30))).await;
    }
}
