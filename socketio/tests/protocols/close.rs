//! Engine.IO: closing a session.

use crate::{PATHS, client::Server};

#[actix_web::test]
async fn polling_forcefully_closes_the_session() {
    let server = Server::start().await;
    for path in PATHS {
        let session = server.session(path).await;
        // Whichever comes first, the poll ends with nothing to say.
        let (polled, posted) = tokio::join!(session.poll(), session.post("1"));
        assert_eq!(polled, (200, "6".into()));
        assert_eq!(posted.0, 200);
        assert_eq!(session.poll().await.0, 400);
    }
}

#[actix_web::test]
async fn websocket_forcefully_closes_the_session() {
    let server = Server::start().await;
    for path in PATHS {
        let mut socket = server.linked(path).await;
        socket.say("1").await;
        socket.closed().await;
    }
}
