//! Engine.IO: from polling to a WebSocket.

use crate::{
    PATHS,
    client::{Said, Server, text},
};

#[actix_web::test]
async fn a_session_successfully_upgrades_from_polling_to_websocket() {
    let server = Server::start().await;
    for path in PATHS {
        let session = server.session(path).await;
        let mut socket = session.websocket().await;
        socket.say("2probe").await;
        assert_eq!(socket.text().await, "3probe");
        assert_eq!(session.poll().await, (200, "6".into()));
        socket.say("5").await;
        socket.say("40").await;
        // One server says it back, the other lets the client in.
        let Said::Text(heard) = socket.heard().await else { panic!("not a text") };
        assert!(heard.starts_with("40"), "{heard}");
    }
}

#[actix_web::test]
async fn a_poll_that_waits_is_ended_by_the_probe() {
    let server = Server::start().await;
    for path in PATHS {
        let session = server.session(path).await;
        let mut socket = session.websocket().await;
        let (polled, ()) = tokio::join!(session.poll(), socket.say("2probe"));
        assert_eq!(polled, (200, "6".into()));
    }
}

#[actix_web::test]
async fn http_requests_with_the_same_sid_are_ignored_after_the_upgrade() {
    let server = Server::start().await;
    let session = server.session("/engine.io/").await;
    let mut socket = session.upgraded().await;
    socket.say("4there").await;
    assert_eq!(socket.heard().await, text("4there"));
    assert_eq!(session.poll().await.0, 400);
    assert_eq!(session.post("4hello").await.0, 400);
    socket.say("4hello").await;
    assert_eq!(socket.heard().await, text("4hello"));
}

#[actix_web::test]
async fn a_websocket_with_the_same_sid_is_ignored_after_the_upgrade() {
    let server = Server::start().await;
    for path in PATHS {
        let session = server.session(path).await;
        let mut socket = session.upgraded().await;
        session.websocket().await.closed().await;
        socket.say("40").await;
        assert!(matches!(socket.heard().await, Said::Text(_)), "the first one lives");
    }
}

#[actix_web::test]
async fn a_second_websocket_is_ignored_during_the_upgrade() {
    let server = Server::start().await;
    for path in PATHS {
        let session = server.session(path).await;
        let mut first = session.websocket().await;
        session.websocket().await.closed().await;
        first.say("2probe").await;
        assert_eq!(first.text().await, "3probe");
    }
}

#[actix_web::test]
async fn what_waits_at_the_upgrade_is_heard_after_it() {
    let server = Server::start().await;
    let session = server.session("/engine.io/").await;
    assert_eq!(session.post("4one\u{1e}4two\u{1e}bAQID").await.0, 200);
    let mut socket = session.upgraded().await;
    socket.say("4three").await;
    assert_eq!(socket.heard().await, text("4one"));
    assert_eq!(socket.heard().await, text("4two"));
    assert_eq!(socket.heard().await, Said::Binary(vec![1, 2, 3]));
    assert_eq!(socket.heard().await, text("4three"));
}

#[actix_web::test]
async fn a_websocket_that_is_lost_on_trial_leaves_the_session_polling() {
    let server = Server::start().await;
    let session = server.session("/engine.io/").await;
    let mut socket = session.websocket().await;
    socket.say("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    socket.say("4out of turn").await;
    socket.closed().await;
    assert_eq!(session.post("4hello").await.0, 200);
    assert_eq!(session.poll().await, (200, "4hello".into()));
    let mut socket = session.upgraded().await;
    socket.say("4again").await;
    assert_eq!(socket.heard().await, text("4again"));
}
