//! Engine.IO: messages.

use crate::client::{Said, Server, text};
use std::time::Duration;

const PATH: &str = "/engine.io/";

#[actix_web::test]
async fn polling_sends_and_receives_one_plain_text_packet() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    assert_eq!(session.post("4hello").await, (200, "ok".into()));
    assert_eq!(session.poll().await, (200, "4hello".into()));
}

#[actix_web::test]
async fn polling_sends_and_receives_several_plain_text_packets() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    let payload = "4test1\u{1e}4test2\u{1e}4test3";
    assert_eq!(session.post(payload).await, (200, "ok".into()));
    assert_eq!(session.poll().await, (200, payload.into()));
}

#[actix_web::test]
async fn polling_sends_and_receives_plain_text_and_binary_packets() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    let payload = "4hello\u{1e}bAQIDBA==";
    assert_eq!(session.post(payload).await, (200, "ok".into()));
    assert_eq!(session.poll().await, (200, payload.into()));
}

#[actix_web::test]
async fn polling_closes_the_session_upon_invalid_packet_format() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    assert_eq!(session.post("abc").await.0, 400);
    assert_eq!(session.poll().await.0, 400);
}

#[actix_web::test]
async fn polling_closes_the_session_upon_text_that_is_not_utf8() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    assert_eq!(session.post(vec![b'4', 0xff]).await.0, 400);
    assert_eq!(session.poll().await.0, 400);
}

#[actix_web::test]
async fn polling_closes_the_session_upon_duplicate_poll_requests() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    // Which of the two comes first is not known; the other one is refused.
    let (one, other) = tokio::join!(session.poll(), session.poll());
    let (answered, refused) = if one.0 == 200 { (one, other) } else { (other, one) };
    assert_eq!(answered, (200, "1".into()));
    assert_eq!(refused.0, 400);
    assert_eq!(session.poll().await.0, 400);
}

#[actix_web::test]
async fn polling_closes_the_session_upon_a_cancelled_poll() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    // Until the first ping there is nothing to answer: the poll is cancelled while it waits.
    let cancelled = tokio::time::timeout(Duration::from_millis(500), session.poll()).await;
    assert!(cancelled.is_err());
    assert_eq!(session.poll().await.0, 400);
}

#[actix_web::test]
async fn polling_refuses_a_payload_that_is_too_long() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    let longest = format!("4{}", "a".repeat(999_999));
    assert_eq!(session.post(longest.clone()).await.0, 200);
    assert_eq!(session.poll().await.1.len(), 1_000_000);
    assert_eq!(session.post(longest + "a").await.0, 413);
    assert_eq!(session.post("4still there").await.0, 200);
}

#[actix_web::test]
async fn polling_takes_no_bytes_as_they_are() {
    let server = Server::start().await;
    let session = server.session(PATH).await;
    let url = server.url(PATH, &format!("EIO=4&transport=polling&sid={}", session.sid));
    let request = server.http.post(url).header("content-type", "application/octet-stream").body("4a");
    assert_eq!(request.send().await.unwrap().status(), 400);
    assert_eq!(session.poll().await.0, 400);
}

#[actix_web::test]
async fn websocket_sends_and_receives_a_plain_text_packet() {
    let server = Server::start().await;
    let mut socket = server.linked(PATH).await;
    socket.say("4hello").await;
    assert_eq!(socket.heard().await, text("4hello"));
}

#[actix_web::test]
async fn websocket_sends_and_receives_a_binary_packet() {
    let server = Server::start().await;
    let mut socket = server.linked(PATH).await;
    socket.say_bytes(&[1, 2, 3, 4]).await;
    assert_eq!(socket.heard().await, Said::Binary(vec![1, 2, 3, 4]));
}

#[actix_web::test]
async fn websocket_closes_the_session_upon_invalid_packet_format() {
    let server = Server::start().await;
    let mut socket = server.linked(PATH).await;
    socket.say("abc").await;
    socket.closed().await;
}
