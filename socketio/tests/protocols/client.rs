//! A server of its own for each test, and clients that say exactly what they are told.

use crate::servers;
use actix_web::{
    App, HttpServer,
    dev::{Server as Serving, ServerHandle},
    rt,
    web::ServiceConfig,
};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use std::{
    net::{SocketAddr, TcpListener},
    sync::Once,
    time::Duration,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Bytes, Error, Message},
};
use tsunagu_socketio::{engine, wire};

/// Whatever is waited for comes within this, or the test fails.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a client does in time may take so long: a machine that stands still for a moment keeps no shorter times.
pub const UNHURRIED: Duration = Duration::from_secs(5);

pub const CONFIG: wire::Config = wire::Config {
    workers: 1,
    connections: 100,
    keep_alive: Duration::from_secs(5),
    request_head: Duration::from_secs(5),
    shutdown: Duration::from_secs(5),
    prepare: |_| {},
};

pub struct Server {
    pub address: SocketAddr,
    pub http: reqwest::Client,
    handle: ServerHandle,
}

/// What the suites expect, but for the times. Nobody has been asked for a sign of life before what is tried is done.
pub fn unhurried() -> engine::Config {
    engine::Config {
        ping_interval: Duration::from_secs(3),
        ping_timeout: UNHURRIED,
        upgrade_timeout: UNHURRIED,
        ..servers::config()
    }
}

impl Server {
    /// Both echo servers.
    pub async fn start() -> Self {
        Self::of_echoes(unhurried())
    }

    /// The same, asking for signs of life as often as the suites expect. They may take so long.
    pub async fn pinging(ping_timeout: Duration) -> Self {
        Self::of_echoes(engine::Config { ping_timeout, ..servers::config() })
    }

    fn of_echoes(config: engine::Config) -> Self {
        let engine = servers::engine(config.clone()).unwrap();
        let socket = servers::socket(config, UNHURRIED).unwrap();
        Self::with(move |service| {
            engine.configure(service);
            socket.configure(service);
        })
    }

    pub fn with(configure: impl Fn(&mut ServiceConfig) + Send + Clone + 'static) -> Self {
        let app = move || App::new().configure(configure.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        Self::of(address, wire::listen(listener, CONFIG, app).unwrap())
    }

    /// In actix-web's own server, from which connections are not taken.
    pub fn within(configure: impl Fn(&mut ServiceConfig) + Send + Clone + 'static) -> Self {
        let app = move || App::new().configure(configure.clone());
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        Self::of(server.addrs()[0], server.run())
    }

    pub fn of(address: SocketAddr, server: Serving) -> Self {
        static TLS: Once = Once::new();
        TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let handle = server.handle();
        rt::spawn(server);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { address, http, handle }
    }

    /// Stops it, once those who are connected are gone.
    pub fn stop(&self) -> impl Future<Output = ()> + use<> {
        self.handle.stop(true)
    }

    pub fn url(&self, path: &str, query: &str) -> String {
        format!("http://{}{path}?{query}", self.address)
    }

    pub async fn get(&self, path: &str, query: &str) -> (u16, String) {
        said(self.http.get(self.url(path, query))).await
    }

    pub async fn post(&self, path: &str, query: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
        said(self.http.post(self.url(path, query)).body(body)).await
    }

    /// Opens a session by polling; its id.
    pub async fn session(&self, path: &str) -> Polled<'_> {
        let (status, text) = self.get(path, "EIO=4&transport=polling").await;
        assert_eq!(status, 200, "{text}");
        let opened: Value = serde_json::from_str(text.strip_prefix('0').unwrap()).unwrap();
        let sid = opened["sid"].as_str().unwrap().to_owned();
        Polled {
            server: self,
            path: path.to_owned(),
            query: format!("EIO=4&transport=polling&sid={sid}"),
            sid,
        }
    }

    pub async fn try_websocket(&self, path: &str, query: &str) -> Result<WebSocket, Error> {
        let url = format!("ws://{}{path}?{query}", self.address);
        let stream = soon(connect_async(url)).await?.0;
        Ok(WebSocket { stream })
    }

    pub async fn websocket(&self, path: &str, query: &str) -> WebSocket {
        self.try_websocket(path, query).await.unwrap()
    }

    /// Opens a session by WebSocket, and hears the handshake.
    pub async fn linked(&self, path: &str) -> WebSocket {
        let mut socket = self.websocket(path, "EIO=4&transport=websocket").await;
        assert!(socket.text().await.starts_with("0{"));
        socket
    }

    /// A client in the main namespace, after it has heard its `auth`.
    pub async fn connected(&self) -> WebSocket {
        let mut socket = self.linked("/socket.io/").await;
        socket.say("40").await;
        for head in ["40{", "42[\"auth\""] {
            let Said::Text(heard) = socket.heard().await else { panic!("not a text") };
            assert!(heard.starts_with(head), "{heard}");
        }
        socket
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// A session that polls.
pub struct Polled<'a> {
    pub server: &'a Server,
    pub sid: String,
    path: String,
    query: String,
}

impl Polled<'_> {
    pub async fn poll(&self) -> (u16, String) {
        self.server.get(&self.path, &self.query).await
    }

    pub async fn post(&self, body: impl Into<reqwest::Body>) -> (u16, String) {
        self.server.post(&self.path, &self.query, body).await
    }

    /// Brings a WebSocket to the session.
    pub async fn websocket(&self) -> WebSocket {
        let query = format!("EIO=4&transport=websocket&sid={}", self.sid);
        self.server.websocket(&self.path, &query).await
    }

    /// Brings a WebSocket, and changes over to it.
    pub async fn upgraded(&self) -> WebSocket {
        let mut socket = self.websocket().await;
        socket.say("2probe").await;
        assert_eq!(socket.text().await, "3probe");
        socket.say("5").await;
        socket
    }
}

pub struct WebSocket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

#[derive(Debug, PartialEq)]
pub enum Said {
    Text(String),
    Binary(Vec<u8>),
    Closed,
}

impl WebSocket {
    pub async fn say(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        self.stream.send(Message::binary(Bytes::copy_from_slice(bytes))).await.unwrap();
    }

    /// What comes next.
    pub async fn next(&mut self) -> Said {
        loop {
            match soon(self.stream.next()).await {
                Some(Ok(Message::Text(text))) => return Said::Text(text.to_string()),
                Some(Ok(Message::Binary(bytes))) => return Said::Binary(bytes.to_vec()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Said::Closed,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The text that comes next.
    pub async fn text(&mut self) -> String {
        match self.next().await {
            Said::Text(text) => text,
            other => panic!("not a text: {other:?}"),
        }
    }

    /// What comes next that is no ping; pings are answered.
    pub async fn heard(&mut self) -> Said {
        loop {
            match self.next().await {
                Said::Text(text) if text == "2" => self.say("3").await,
                said => return said,
            }
        }
    }

    /// Whatever still comes is heard, until the server closes.
    pub async fn closed(&mut self) {
        while self.next().await != Said::Closed {}
    }
}

pub fn text(text: &str) -> Said {
    Said::Text(text.to_owned())
}

async fn said(request: reqwest::RequestBuilder) -> (u16, String) {
    let answer = soon(request.send()).await.unwrap();
    (answer.status().as_u16(), soon(answer.text()).await.unwrap())
}

pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap()
}
