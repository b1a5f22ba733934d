//! The server on a real socket.

use crate::world::World;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};
use tsunagu_http::LiveConfig;

/// Sends bytes and reads until the other side closes or says no more.
async fn exchange(address: SocketAddr, request: String) -> String {
    let exchanged = actix_web::web::block(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    exchanged.await.unwrap()
}

fn live() -> LiveConfig {
    let second = Duration::from_secs(1);
    LiveConfig { ping_interval: second, ping_timeout: second, sign_in_timeout: second, grace: second }
}

#[actix_web::test]
async fn it_answers_on_its_address_and_stops_when_told() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let bound = tsunagu_http::bind(world.app.clone(), live(), listener, 1).unwrap();
    let (address, handle) = (bound.address, bound.server.handle());
    let server = actix_web::rt::spawn(bound.server);

    let live = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = exchange(address, live.to_owned()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains(r#""status":"live""#), "{answer}");

    let long = "x".repeat(300_000);
    let large = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        long.len()
    );
    let answer = exchange(address, large).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");

    handle.stop(true).await;
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}
