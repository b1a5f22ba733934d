//! A WebSocket server of the application's.

use super::world::TOKEN;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use tsunagu_twiml::signature::{Body, HEADER, SignedRequest, Verifier};

const PATIENCE: Duration = Duration::from_secs(20);

/// Listens where only plain connections are accepted, at a `wss://` address.
pub struct Server {
    listener: TcpListener,
    pub url: String,
}

/// An accepted connection.
pub struct Peer {
    ws: WebSocketStream<TcpStream>,
    /// Verified against the URL as it stands in the TwiML.
    pub signed: bool,
}

impl Server {
    pub async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://{}/socket", listener.local_addr().unwrap());
        Self { listener, url }
    }

    /// The address of a server that has gone.
    pub async fn gone() -> String {
        Self::listen().await.url
    }

    pub async fn accept(&self) -> Peer {
        let (stream, _) = timeout(PATIENCE, self.listener.accept()).await.expect("nobody came").unwrap();
        let mut signed = false;
        #[expect(clippy::result_large_err, reason = "the callback's type is the library's")]
        let look = |request: &Request, response: Response| {
            let signature = request.headers().get(HEADER).map(|value| value.to_str().unwrap());
            let request = SignedRequest { url: &self.url, body: Body::WebSocket, signature };
            signed = Verifier::new([TOKEN]).verify(&request).is_ok();
            assert!(Verifier::new(["54321"]).verify(&request).is_err());
            Ok(response)
        };
        let ws = accept_hdr_async(stream, look).await.unwrap();
        Peer { ws, signed }
    }

    /// Answers the upgrade with a plain HTTP status.
    pub async fn refuse(&self) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = timeout(PATIENCE, self.listener.accept()).await.expect("nobody came").unwrap();
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request).await.unwrap();
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    }
}

impl Peer {
    /// The next message, or the code of the close.
    pub async fn receive(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(PATIENCE, self.ws.next()).await.expect("no message came") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next message whose `key` has this value; the others are passed over.
    pub async fn until(&mut self, key: &str, value: &str) -> Value {
        loop {
            let message = self.receive().await.unwrap_or_else(|code| panic!("closed with {code}"));
            if message[key] == value {
                return message;
            }
        }
    }

    /// What else comes, up to the close, and its code.
    pub async fn rest(&mut self) -> (Vec<Value>, u16) {
        let mut messages = Vec::new();
        loop {
            match self.receive().await {
                Ok(message) => messages.push(message),
                Err(code) => return (messages, code),
            }
        }
    }

    pub async fn send(&mut self, message: Value) {
        self.ws.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn send_binary(&mut self) {
        self.ws.send(Message::binary(vec![0; 8])).await.unwrap();
    }

    /// Sends something that a relay answers with an error, so that everything before it has been taken in.
    pub async fn settle(&mut self) {
        self.send(json!({ "type": "settle" })).await;
        self.until("type", "error").await;
    }

    pub async fn close(mut self, code: u16) {
        self.ws.close(Some(CloseFrame { code: code.into(), reason: "done".into() })).await.unwrap();
        while let Some(Ok(_)) = self.ws.next().await {}
    }

    /// Goes without a word.
    pub fn vanish(self) {
        drop(self.ws);
    }
}
