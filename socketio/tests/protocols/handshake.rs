//! Engine.IO: opening a session.

use crate::{PATHS, client::Server, servers};
use serde_json::{Value, json};

fn check(handshake: &str, upgrades: &[&str]) {
    let mut value: Value = serde_json::from_str(handshake.strip_prefix('0').unwrap()).unwrap();
    let sid = value.as_object_mut().unwrap().remove("sid").unwrap();
    assert_eq!(sid.as_str().unwrap().len(), 20);
    let expected = json!({
        "upgrades": upgrades, "pingInterval": 300, "pingTimeout": 200, "maxPayload": 1_000_000,
    });
    assert_eq!(value, expected);
}

/// The code of a refusal.
fn code(answer: (u16, String)) -> u64 {
    assert_eq!(answer.0, 400, "{}", answer.1);
    let body: Value = serde_json::from_str(&answer.1).unwrap();
    assert!(body["message"].is_string());
    body["code"].as_u64().unwrap()
}

#[actix_web::test]
async fn polling_successfully_opens_a_session() {
    let server = Server::pinging(servers::config().ping_timeout).await;
    for path in PATHS {
        let (status, text) = server.get(path, "EIO=4&transport=polling").await;
        assert_eq!(status, 200);
        check(&text, &["websocket"]);
    }
}

#[actix_web::test]
async fn polling_fails_with_an_invalid_eio_parameter() {
    let server = Server::start().await;
    for path in PATHS {
        for query in ["transport=polling", "EIO=abc&transport=polling", "EIO=3&transport=polling"] {
            assert_eq!(code(server.get(path, query).await), 5, "{query}");
        }
    }
}

#[actix_web::test]
async fn polling_fails_with_an_invalid_transport_parameter() {
    let server = Server::start().await;
    for path in PATHS {
        for query in ["EIO=4", "EIO=4&transport=abc"] {
            assert_eq!(code(server.get(path, query).await), 0, "{query}");
        }
    }
}

#[actix_web::test]
async fn polling_fails_with_an_invalid_request_method() {
    let server = Server::start().await;
    for path in PATHS {
        let query = "EIO=4&transport=polling";
        assert_eq!(code(server.post(path, query, "").await), 2);
        let put = server.http.put(server.url(path, query)).send().await.unwrap();
        assert_eq!(code((put.status().as_u16(), put.text().await.unwrap())), 2);
    }
}

#[actix_web::test]
async fn polling_fails_with_an_unknown_session() {
    let server = Server::start().await;
    for path in PATHS {
        for sid in ["abc", "abcdefghijabcdefghij"] {
            let query = format!("EIO=4&transport=polling&sid={sid}");
            assert_eq!(code(server.get(path, &query).await), 1);
            assert_eq!(code(server.post(path, &query, "3").await), 1);
        }
    }
}

#[actix_web::test]
async fn websocket_successfully_opens_a_session() {
    let server = Server::pinging(servers::config().ping_timeout).await;
    for path in PATHS {
        let mut socket = server.websocket(path, "EIO=4&transport=websocket").await;
        check(&socket.text().await, &[]);
    }
}

#[actix_web::test]
async fn websocket_fails_with_an_invalid_eio_parameter() {
    let server = Server::start().await;
    for path in PATHS {
        for query in ["transport=websocket", "EIO=abc&transport=websocket"] {
            assert!(server.try_websocket(path, query).await.is_err(), "{query}");
        }
    }
}

#[actix_web::test]
async fn websocket_fails_with_an_invalid_transport_parameter() {
    let server = Server::start().await;
    for path in PATHS {
        for query in ["EIO=4", "EIO=4&transport=abc", "EIO=4&transport=polling"] {
            assert!(server.try_websocket(path, query).await.is_err(), "{query}");
        }
    }
}

#[actix_web::test]
async fn websocket_fails_with_an_unknown_session() {
    let server = Server::start().await;
    for path in PATHS {
        let query = "EIO=4&transport=websocket&sid=abcdefghijabcdefghij";
        assert!(server.try_websocket(path, query).await.is_err());
    }
}

#[actix_web::test]
async fn websocket_without_an_upgrade_is_a_bad_request() {
    let server = Server::start().await;
    for path in PATHS {
        assert_eq!(code(server.get(path, "EIO=4&transport=websocket").await), 3);
    }
}
