//! Engine.IO: the heartbeat.

use crate::{
    PATHS,
    client::{Server, UNHURRIED},
    servers,
};
use std::time::Duration;

/// A sign of life that does not come: this is time enough to be waiting when it is due.
const MISSED: Duration = Duration::from_secs(2);

#[actix_web::test]
async fn polling_sends_ping_and_takes_pong() {
    let server = Server::pinging(UNHURRIED).await;
    for path in PATHS {
        let session = server.session(path).await;
        for _ in 0..3 {
            assert_eq!(session.poll().await, (200, "2".into()));
            assert_eq!(session.post("3").await, (200, "ok".into()));
        }
    }
}

#[actix_web::test]
async fn polling_closes_the_session_upon_ping_timeout() {
    let server = Server::pinging(servers::config().ping_timeout).await;
    for path in PATHS {
        let session = server.session(path).await;
        let config = servers::config();
        // And some time more, in which the server sees to it.
        tokio::time::sleep(config.ping_interval + 5 * config.ping_timeout).await;
        assert_eq!(session.poll().await.0, 400);
    }
}

#[actix_web::test]
async fn a_poll_that_waits_is_told_of_the_ping_timeout() {
    let server = Server::pinging(MISSED).await;
    for path in PATHS {
        let session = server.session(path).await;
        assert_eq!(session.poll().await, (200, "2".into()));
        assert_eq!(session.poll().await, (200, "1".into()));
        assert_eq!(session.poll().await.0, 400);
    }
}

#[actix_web::test]
async fn websocket_sends_ping_and_takes_pong() {
    let server = Server::pinging(UNHURRIED).await;
    for path in PATHS {
        let mut socket = server.linked(path).await;
        for _ in 0..3 {
            assert_eq!(socket.text().await, "2");
            socket.say("3").await;
        }
    }
}

#[actix_web::test]
async fn websocket_closes_the_session_upon_ping_timeout() {
    let server = Server::pinging(servers::config().ping_timeout).await;
    for path in PATHS {
        let mut socket = server.linked(path).await;
        assert_eq!(socket.text().await, "2");
        socket.closed().await;
    }
}

#[actix_web::test]
async fn a_client_must_not_ask() {
    let server = Server::start().await;
    for path in PATHS {
        let mut socket = server.linked(path).await;
        socket.say("2").await;
        socket.closed().await;
    }
}
