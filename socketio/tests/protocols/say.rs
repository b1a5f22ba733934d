//! Socket.IO: events and acknowledgements.

use crate::client::{Said, Server, text};

#[actix_web::test]
async fn a_plain_text_packet_is_sent() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("42[\"message\",1,\"2\",{\"3\":[true]}]").await;
    assert_eq!(socket.heard().await, text("42[\"message-back\",1,\"2\",{\"3\":[true]}]"));
}

#[actix_web::test]
async fn a_packet_with_binary_attachments_is_sent() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    let with = |kind: &str, name: &str| {
        format!("{kind}[{name}{{\"_placeholder\":true,\"num\":0}},{{\"_placeholder\":true,\"num\":1}}]")
    };
    socket.say(&with("452-", "\"message\",")).await;
    socket.say_bytes(&[1, 2, 3]).await;
    socket.say_bytes(&[4, 5, 6]).await;
    assert_eq!(socket.heard().await, Said::Text(with("452-", "\"message-back\",")));
    assert_eq!(socket.heard().await, Said::Binary(vec![1, 2, 3]));
    assert_eq!(socket.heard().await, Said::Binary(vec![4, 5, 6]));
}

#[actix_web::test]
async fn a_plain_text_packet_with_an_ack_is_sent() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]").await;
    assert_eq!(socket.heard().await, text("43456[1,\"2\",{\"3\":[false]}]"));
}

#[actix_web::test]
async fn a_packet_with_binary_attachments_and_an_ack_is_sent() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    let with = |kind: &str, name: &str| {
        format!("{kind}[{name}{{\"_placeholder\":true,\"num\":0}},{{\"_placeholder\":true,\"num\":1}}]")
    };
    socket.say(&with("452-789", "\"message-with-ack\",")).await;
    socket.say_bytes(&[1, 2, 3]).await;
    socket.say_bytes(&[4, 5, 6]).await;
    assert_eq!(socket.heard().await, Said::Text(with("462-789", "")));
    assert_eq!(socket.heard().await, Said::Binary(vec![1, 2, 3]));
    assert_eq!(socket.heard().await, Said::Binary(vec![4, 5, 6]));
}

async fn closes(says: &[&str]) {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    for text in says {
        socket.say(text).await;
    }
    socket.closed().await;
}

#[actix_web::test]
async fn the_connection_is_closed_upon_an_unknown_packet_type() {
    closes(&["4abc"]).await;
}

#[actix_web::test]
async fn the_connection_is_closed_upon_an_invalid_payload_format() {
    closes(&["42{}"]).await;
}

#[actix_web::test]
async fn the_connection_is_closed_upon_an_invalid_ack_id() {
    closes(&["42abc[\"message-with-ack\",1,\"2\",{\"3\":[false]}]"]).await;
}

#[actix_web::test]
async fn the_connection_is_closed_upon_text_where_bytes_are_due() {
    closes(&["451-[\"message\"]", "42[\"message\"]"]).await;
}

#[actix_web::test]
async fn the_connection_is_closed_upon_bytes_where_none_are_due() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say_bytes(&[1]).await;
    socket.closed().await;
}

#[actix_web::test]
async fn the_connection_is_closed_upon_too_many_attachments() {
    closes(&["411-[\"message\"]"]).await;
    closes(&["4511-[\"message\"]"]).await;
}

#[actix_web::test]
async fn the_server_asks_and_the_client_acknowledges() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("42[\"ask-me\"]").await;
    assert_eq!(socket.heard().await, text("420[\"question\",7]"));
    socket.say("4399[\"nobody asked\"]").await;
    socket.say("461-0[{\"_placeholder\":true,\"num\":0}]").await;
    socket.say_bytes(&[9]).await;
    let answered = "451-[\"answered\",{\"_placeholder\":true,\"num\":0}]";
    assert_eq!(socket.heard().await, text(answered));
    assert_eq!(socket.heard().await, Said::Binary(vec![9]));
}

#[actix_web::test]
async fn the_server_asks_and_the_client_is_silent() {
    let server = Server::start().await;
    let mut socket = server.connected().await;
    socket.say("42[\"ask-me\"]").await;
    assert_eq!(socket.heard().await, text("420[\"question\",7]"));
    let unanswered = "42[\"unanswered\",\"the client did not acknowledge in time\"]";
    assert_eq!(socket.heard().await, text(unanswered));
}
