//! Socket.IO: coming into a namespace, and leaving it.

use crate::{
    client::{Said, Server, UNHURRIED, WebSocket, text},
    servers,
};
use serde_json::Value;

async fn connects(says: &str, head: &str, auth: &str) {
    let server = Server::start().await;
    let mut socket = server.linked("/socket.io/").await;
    socket.say(says).await;
    let answer = socket.text().await;
    let handshake: Value = serde_json::from_str(answer.strip_prefix(head).unwrap()).unwrap();
    assert_eq!(handshake.as_object().unwrap().len(), 1);
    assert_eq!(handshake["sid"].as_str().unwrap().len(), 20);
    assert_eq!(socket.text().await, auth);
}

#[actix_web::test]
async fn connection_to_the_main_namespace_is_allowed() {
    connects("40", "40", "42[\"auth\",{}]").await;
}

#[actix_web::test]
async fn connection_to_the_main_namespace_with_a_payload_is_allowed() {
    connects("40{\"token\":\"123\"}", "40", "42[\"auth\",{\"token\":\"123\"}]").await;
}

#[actix_web::test]
async fn connection_to_a_custom_namespace_is_allowed() {
    connects("40/custom,", "40/custom,", "42/custom,[\"auth\",{}]").await;
}

#[actix_web::test]
async fn connection_to_a_custom_namespace_with_a_payload_is_allowed() {
    connects("40/custom,{\"token\":\"abc\"}", "40/custom,", "42/custom,[\"auth\",{\"token\":\"abc\"}]").await;
}

async fn hears(says: &str, answer: &str) -> WebSocket {
    let server = Server::start().await;
    let mut socket = server.linked("/socket.io/").await;
    socket.say(says).await;
    assert_eq!(socket.heard().await, text(answer));
    socket
}

#[actix_web::test]
async fn connection_to_an_unknown_namespace_is_disallowed() {
    hears("40/random", "44/random,{\"message\":\"Invalid namespace\"}").await;
}

#[actix_web::test]
async fn a_refusal_has_a_message_and_data() {
    let refused = "{\"message\":\"You may not come in\",\"data\":{\"code\":\"REFUSED\"}}";
    hears("40{\"refuse\":true}", &format!("44{refused}")).await;
    hears("40/custom,{\"refuse\":true}", &format!("44/custom,{refused}")).await;
}

#[actix_web::test]
async fn connection_with_an_invalid_handshake_is_disallowed() {
    let server = Server::start().await;
    let mut socket = server.linked("/socket.io/").await;
    socket.say("4abc").await;
    socket.closed().await;
}

#[actix_web::test]
async fn the_connection_is_closed_if_no_handshake_is_received() {
    let server = Server::pinging(UNHURRIED).await;
    let mut socket = server.linked("/socket.io/").await;
    // Its heartbeat is fine; it is closed all the same.
    while socket.heard().await != Said::Closed {}
}

#[actix_web::test]
async fn the_connection_is_kept_if_a_handshake_is_received() {
    let server = Server::pinging(UNHURRIED).await;
    let mut socket = server.connected().await;
    // Longer than it may be there without one.
    for _ in 0..=UNHURRIED.as_millis() / servers::config().ping_interval.as_millis() {
        assert_eq!(socket.text().await, "2");
        socket.say("3").await;
    }
}

#[actix_web::test]
async fn a_client_disconnects_from_the_main_namespace() {
    let server = Server::pinging(UNHURRIED).await;
    let mut socket = server.connected().await;
    socket.say("41").await;
    assert_eq!(socket.text().await, "2");
}

#[actix_web::test]
async fn a_client_connects_then_disconnects_from_a_custom_namespace() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("40/custom").await;
    for head in ["40/custom,{", "42/custom,[\"auth\""] {
        let Said::Text(heard) = socket.heard().await else { panic!("not a text") };
        assert!(heard.starts_with(head), "{heard}");
    }
    socket.say("41/custom").await;
    socket.say("42[\"message\",\"message to main namespace\"]").await;
    assert_eq!(socket.heard().await, text("42[\"message-back\",\"message to main namespace\"]"));
}

#[actix_web::test]
async fn a_client_is_sent_away_from_one_namespace() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("42[\"leave\"]").await;
    assert_eq!(socket.heard().await, text("41"));
    socket.say("40").await;
    assert!(matches!(socket.heard().await, Said::Text(heard) if heard.starts_with("40{")));
}

#[actix_web::test]
async fn a_client_is_sent_away_with_its_session() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("42[\"leave-all\"]").await;
    assert_eq!(socket.heard().await, text("41"));
    assert_eq!(socket.heard().await, Said::Closed);
}

#[actix_web::test]
async fn a_client_that_polls_is_sent_away_with_its_session() {
    let server = Server::start().await;
    let session = server.session("/socket.io/").await;
    assert_eq!(session.post("40").await.0, 200);
    let mut heard = String::new();
    while !heard.contains("auth") {
        heard = session.poll().await.1;
    }
    assert_eq!(session.post("42[\"leave-all\"]").await.0, 200);
    assert_eq!(session.poll().await, (200, "41".into()));
    assert_eq!(session.poll().await, (200, "1".into()));
    assert_eq!(session.poll().await.0, 400);
}
