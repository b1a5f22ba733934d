//! Connections that change hands behind their handshake: what came before and after, what they count for, and a server from
//! which they cannot be taken.

use crate::client::{CONFIG, Said, Server, soon, text, unhurried};
use actix_web::{
    App,
    body::{BodySize, BoxBody, MessageBody},
    dev::Service,
    web::Bytes,
};
use futures_util::{FutureExt, SinkExt};
use std::{
    net::TcpListener,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{Message, handshake::client::generate_key};
use tsunagu_socketio::wire;

const PATH: &str = "/engine.io/";

/// The request of a handshake.
fn handshake(server: &Server) -> String {
    format!(
        "GET {PATH}?EIO=4&transport=websocket HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n",
        server.address,
        generate_key()
    )
}

/// A text of up to 125 bytes as a client's frame, masked with nothing.
fn frame(text: &str) -> Vec<u8> {
    [&[0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0], text.as_bytes()].concat()
}

/// What comes until it ends with this.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut came = Vec::new();
    while !came.ends_with(end.as_bytes()) {
        assert_ne!(soon(stream.read_buf(&mut came)).await.unwrap(), 0, "{}", String::from_utf8_lossy(&came));
    }
    String::from_utf8_lossy(&came).into_owned()
}

/// An answer's body that the HTTP server holds, and with it what is to be seen gone.
struct Held {
    body: BoxBody,
    _by_the_server: Arc<()>,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

#[actix_web::test]
async fn the_http_server_keeps_nothing_of_a_connection_that_changed_hands() {
    let (engine, held) = (crate::servers::engine(unhurried()).unwrap(), Arc::new(()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let (address, ours) = (listener.local_addr().unwrap(), held.clone());
    let served = wire::listen(listener, CONFIG, move || {
        let (engine, held) = (engine.clone(), held.clone());
        App::new().configure(|service| engine.configure(service)).wrap_fn(move |request, app| {
            let (answered, held) = (app.call(request), held.clone());
            async move {
                let answer = answered.await?;
                Ok(answer.map_body(|_, body| Held { body: body.boxed(), _by_the_server: held }))
            }
        })
    });
    let server = Server::of(address, served.unwrap());
    // The worker has its app when it answers, and an answer that is there is held no more.
    server.get(PATH, "EIO=3&transport=polling").await;
    let before = Arc::strong_count(&ours);
    let mut socket = server.linked(PATH).await;
    assert_eq!(Arc::strong_count(&ours), before);
    socket.say("4here").await;
    assert_eq!(socket.heard().await, text("4here"));
}

#[actix_web::test]
async fn what_a_client_sent_ahead_of_the_answer_is_heard() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let sent = [handshake(&server).into_bytes(), frame("4ahead")].concat();
    stream.write_all(&sent).await.unwrap();
    let heard = until(&mut stream, "4ahead").await;
    assert!(heard.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{heard}");
    stream.write_all(&frame("4behind")).await.unwrap();
    until(&mut stream, "4behind").await;
}

#[actix_web::test]
async fn a_connection_that_had_other_requests_is_handed_over_too() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let refused = format!("GET {PATH}?EIO=3&transport=polling HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    stream.write_all(refused.as_bytes()).await.unwrap();
    let answer = until(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    stream.write_all(handshake(&server).as_bytes()).await.unwrap();
    until(&mut stream, "}").await;
    stream.write_all(&frame("4on")).await.unwrap();
    until(&mut stream, "4on").await;
}

#[actix_web::test]
async fn long_messages_go_through_in_both_directions() {
    let server = Server::start().await;
    let mut socket = server.linked(PATH).await;
    let long = format!("4{}", "x".repeat(900_000));
    for _ in 0..3 {
        socket.say(&long).await;
        assert_eq!(socket.heard().await, text(&long));
    }
}

#[actix_web::test]
async fn a_client_that_says_much_at_once_is_heard_in_order() {
    let server = Server::start().await;
    let mut socket = server.linked(PATH).await;
    for number in 0..500 {
        let said = Message::text(format!("4{number:0>100}"));
        socket.stream.feed(said).await.unwrap();
    }
    socket.stream.flush().await.unwrap();
    for number in 0..500 {
        assert_eq!(socket.heard().await, text(&format!("4{number:0>100}")));
    }
}

#[actix_web::test]
async fn a_shutdown_waits_for_connections_that_changed_hands() {
    let server = Server::start().await;
    let mut socket = server.linked(PATH).await;
    let mut stopped = Box::pin(server.stop());
    socket.say("4still here").await;
    assert_eq!(socket.heard().await, text("4still here"));
    assert!(stopped.as_mut().now_or_never().is_none(), "the server has stopped");
    socket.stream.close(None).await.unwrap();
    socket.closed().await;
    soon(stopped).await;
}

#[actix_web::test]
async fn a_websocket_may_stay_with_another_server() {
    let engine = crate::servers::engine(unhurried()).unwrap();
    let server = Server::within(move |service| engine.configure(service));
    let mut socket = server.linked(PATH).await;
    socket.say("4here").await;
    assert_eq!(socket.heard().await, text("4here"));
    socket.say("1").await;
    assert_eq!(socket.heard().await, Said::Closed);
}
