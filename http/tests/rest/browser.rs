//! What browsers are told.

use crate::world::{Client, World};
use actix_web::http::Method;

const DESK: (&str, &str) = ("Origin", "https://desk.example.jp");

async fn preflight(client: &Client, origin: &str) -> crate::world::Answer {
    let asked = |request: actix_web::test::TestRequest| {
        request
            .insert_header(("Origin", origin))
            .insert_header(("Access-Control-Request-Method", "PUT"))
            .insert_header(("Access-Control-Request-Headers", "authorization,content-type"))
    };
    client.send(Method::OPTIONS, "/api/calls/0001027f80ff090807060504/notes", asked).await
}

#[actix_web::test]
async fn a_page_of_the_front_end_may_ask_and_others_may_not() {
    let world = World::new().await;
    let client = world.nobody();
    let allowed = preflight(&client, "https://desk.example.jp").await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("Access-Control-Allow-Origin"), Some("https://desk.example.jp"));
    assert!(allowed.header("Access-Control-Allow-Methods").unwrap().contains("PUT"));
    let refused = preflight(&client, "https://evil.example.com").await;
    assert_eq!((refused.status, refused.header("Access-Control-Allow-Origin")), (400, None));

    let client = world.client(&world.ours.agent).await;
    let shown = client.send(Method::GET, "/api/auth/me", |request| request.insert_header(DESK)).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.header("Access-Control-Allow-Origin"), Some("https://desk.example.jp"));
    let refused =
        world.nobody().send(Method::GET, "/api/auth/me", |request| request.insert_header(DESK)).await;
    assert_eq!(refused.status, 401);
    assert!(refused.header("Access-Control-Allow-Origin").is_some(), "the page reads why");
}

#[actix_web::test]
async fn an_answer_says_how_it_may_be_used() {
    let world = World::new().await;
    for path in ["/api/auth/me", "/api/nothing", "/docs/"] {
        let answer = world.nobody().get(path).await;
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with(if path == "/docs/" {
            "default-src 'self'"
        } else {
            "default-src 'none'"
        }));
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("X-Frame-Options"), Some("DENY"), "{path}");
        assert!(answer.header("Strict-Transport-Security").is_some(), "{path}");
    }
}

#[actix_web::test]
async fn what_a_client_has_is_not_sent_again() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let path = format!("/api/calls/{call}");
    let first = client.get(&path).await;
    let tag = first.header("ETag").unwrap().to_owned();
    let again = |held: String| {
        move |request: actix_web::test::TestRequest| request.insert_header(("If-None-Match", held))
    };
    let same = client.send(Method::GET, &path, again(tag.clone())).await;
    assert_eq!((same.status, same.text.as_str(), same.header("ETag")), (304, "", Some(tag.as_str())));
    let notes = serde_json::json!({ "notes": "折り返し" });
    client.send(Method::PUT, &format!("{path}/notes"), |request| request.set_json(&notes)).await;
    let changed = client.send(Method::GET, &path, again(tag)).await;
    assert!(changed.status == 200 && changed.text.contains("折り返し"), "{}", changed.text);
}

#[actix_web::test]
async fn the_page_that_a_browser_has_may_do_what_it_might_before() {
    let world = World::new().await;
    let client = world.nobody();
    let first = client.get("/").await;
    let tag = first.header("ETag").unwrap().to_owned();
    let again = client.send(Method::GET, "/", |request| request.insert_header(("If-None-Match", tag))).await;
    assert_eq!(again.status, 304);
    for name in ["Content-Security-Policy", "Permissions-Policy"] {
        assert!(first.header(name).is_some() && first.header(name) == again.header(name), "{name}");
    }
}

#[actix_web::test]
async fn long_answers_are_compressed_for_those_who_ask() {
    let world = World::new().await;
    let asked = |request: actix_web::test::TestRequest| request.insert_header(("Accept-Encoding", "gzip"));
    let client = world.nobody();
    let plain = client.get("/api/openapi.json").await;
    let small = client.send(Method::GET, "/api/openapi.json", asked).await;
    assert_eq!(plain.header("Content-Encoding"), None);
    assert_eq!(small.header("Content-Encoding"), Some("gzip"));
    assert!(small.text.len() < plain.text.len(), "{} of {}", small.text.len(), plain.text.len());
}
