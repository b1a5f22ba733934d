//! Every route of people's, one by one: signed out, another company's, malformed, an unknown filter, another method.

use crate::world::World;
use actix_web::http::Method;
use serde_json::{Value, json};

/// How a route is asked.
struct Ask {
    method: Method,
    /// With `{call}` or `{callback}` where an id belongs.
    path: &'static str,
    /// A body that is right.
    body: Option<Value>,
    /// Only for those who have signed in.
    guarded: bool,
}

fn asks() -> Vec<Ask> {
    let ask = |method, path, body, guarded| Ask { method, path, body, guarded };
    let get = |path, guarded| ask(Method::GET, path, None, guarded);
    let post = |path, body, guarded| ask(Method::POST, path, Some(body), guarded);
    let put = |path, body| ask(Method::PUT, path, Some(body), true);
    vec![
        post("/api/auth/signup", json!({}), false),
        post("/api/auth/register", json!({}), false),
        post("/api/auth/login", json!({ "email": "a@b.jp", "password": "x" }), false),
        post("/api/auth/refresh", json!({ "refreshToken": "x" }), false),
        post("/api/auth/logout", json!({ "refreshToken": "x" }), false),
        get("/api/auth/me", true),
        get("/api/auth/profile", true),
        post("/api/auth/reset-password", json!({ "token": "x", "newPassword": "kT8 vQ2-zR5" }), false),
        put("/api/auth/password", json!({ "currentPassword": "x", "newPassword": "kT8 vQ2-zR5" })),
        get("/api/users", true),
        get("/api/users/{user}", true),
        ask(Method::PATCH, "/api/users/{user}", Some(json!({ "firstName": "花子" })), true),
        post("/api/users/{user}/password-reset", json!({}), true),
        get("/api/invitations", true),
        post("/api/invitations", json!({ "email": "new@example.jp", "role": "agent" }), true),
        ask(Method::DELETE, "/api/invitations/{invitation}", None, true),
        post("/api/calls/start", json!({ "customerId": "0001027f80ff090807060504" }), true),
        get("/api/calls/active", true),
        get("/api/calls/{call}", true),
        get("/api/calls/{call}/events", true),
        get("/api/calls/{call}/recording", true),
        ask(Method::HEAD, "/api/calls/{call}/recording", None, true),
        post("/api/calls/{call}/recording/pause", json!({}), true),
        post("/api/calls/{call}/recording/resume", json!({}), true),
        post("/api/calls/{call}/handoff", json!({}), true),
        ask(Method::DELETE, "/api/calls/{call}/handoff", None, true),
        post("/api/calls/{call}/supervise", json!({ "mode": "listen" }), true),
        ask(Method::DELETE, "/api/calls/{call}/supervise", None, true),
        post("/api/calls/{call}/takeover", json!({}), true),
        ask(Method::PATCH, "/api/calls/{call}/participants/{leg}", Some(json!({ "onHold": true })), true),
        ask(Method::DELETE, "/api/calls/{call}/participants/{leg}", None, true),
        post("/api/calls/{call}/end", json!({}), true),
        put("/api/calls/{call}/transcript", json!({ "speaker": "agent", "message": "はい" })),
        put("/api/calls/{call}/notes", json!({ "notes": "折り返し" })),
        get("/api/callbacks", true),
        get("/api/callbacks/{callback}", true),
        ask(Method::PATCH, "/api/callbacks/{callback}", Some(json!({ "status": "done" })), true),
        get("/health/live", false),
        get("/health/ready", false),
    ]
}

impl Ask {
    /// Its path, about this thing.
    fn about(&self, id: &str) -> String {
        self.path
            .replace("{call}", id)
            .replace("{callback}", id)
            .replace("{leg}", "CA00")
            .replace("{user}", id)
            .replace("{invitation}", id)
    }
}

#[actix_web::test]
async fn who_has_not_signed_in_gets_nothing() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    for ask in asks() {
        let path = ask.about(&call.to_string());
        let Ask { method, body, guarded, .. } = ask;
        let shape = |request: actix_web::test::TestRequest| match &body {
            Some(body) => request.set_json(body),
            None => request,
        };
        let answer = world.nobody().send(method, &path, shape).await;
        if guarded {
            assert_eq!(answer.failure(401), "not_signed_in", "{path}");
        } else {
            assert_ne!(answer.json()["code"], "not_signed_in", "{path}");
        }
    }
}

#[actix_web::test]
async fn another_companys_call_is_not_there_and_nor_is_one_without_a_proper_id() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let stranger = world.client(&world.theirs.admin).await;
    let before = world.client(&world.ours.admin).await.get(&format!("/api/calls/{call}/events")).await.text;
    for ask in asks().into_iter().filter(|ask| ask.path.contains('{')) {
        let Ask { method, body, .. } = &ask;
        for call in [call.to_string(), "0001027f80ff090807060504".into(), "nonsense".into(), "%FF".into()] {
            let path = ask.about(&call);
            let shape = |request: actix_web::test::TestRequest| match body {
                Some(body) => request.set_json(body),
                None => request,
            };
            let answer = stranger.send(method.clone(), &path, shape).await;
            assert_eq!(answer.failure(404), "not_found", "{method} {path}");
        }
    }
    let after = world.client(&world.ours.admin).await.get(&format!("/api/calls/{call}/events")).await.text;
    assert_eq!(before, after, "nothing has changed");
}

#[actix_web::test]
async fn a_malformed_body_is_400_everywhere() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let client = world.client(&world.ours.admin).await;
    for ask in asks().into_iter().filter(|ask| ask.body.is_some()) {
        let (path, method) = (ask.about(&call.to_string()), ask.method);
        for (kind, payload, status) in
            [("application/json", "{\"a\":", 400), ("text/plain", "{}", 415), ("application/json", "7", 422)]
        {
            let shape = |request: actix_web::test::TestRequest| {
                request.insert_header(("Content-Type", kind)).set_payload(payload)
            };
            let answer = client.send(method.clone(), &path, shape).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
            answer.failure(status);
        }
    }
}

#[actix_web::test]
async fn an_unknown_filter_is_an_error_everywhere() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    let client = world.client(&world.ours.admin).await;
    for ask in asks().into_iter().filter(|ask| ask.guarded && ask.method == Method::GET) {
        let path = format!("{}?colour=blue", ask.about(&call.to_string()));
        let answer = client.get(&path).await;
        assert_eq!(
            (answer.failure(422).as_str(), answer.blamed()),
            ("invalid", vec!["colour".to_owned()]),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn another_method_is_405_everywhere() {
    let world = World::new().await;
    let unknown = Method::from_bytes(b"BREW").unwrap();
    for ask in asks() {
        let path = ask.about("0001027f80ff090807060504");
        let answer = world.nobody().send(unknown.clone(), &path, |request| request).await;
        assert_eq!(answer.failure(405), "method_not_allowed", "{path}");
        let allowed = answer.header("Allow").unwrap_or_default();
        assert!(allowed.split(", ").any(|method| method == ask.method.as_str()), "{path}: {allowed}");
    }
}

/// A route that is added must be added above, too.
#[test]
fn no_route_is_left_out() {
    for (scope, source) in [
        ("/api/auth", include_str!("../../src/auth.rs")),
        ("/api/calls", include_str!("../../src/calls.rs")),
        ("/api/callbacks", include_str!("../../src/callbacks.rs")),
        ("/api/users", include_str!("../../src/users.rs")),
        ("/api/invitations", include_str!("../../src/invitations.rs")),
        ("/health", include_str!("../../src/health.rs")),
    ] {
        let code = source.split("fn routes").nth(1).unwrap();
        let paths: Vec<_> = code.split('"').filter(|part| part.starts_with('/')).collect();
        assert!(!paths.is_empty(), "{scope}");
        for path in paths {
            let path = format!("{scope}{path}");
            assert!(asks().iter().any(|ask| ask.path == path), "{path} has no test");
        }
    }
}
