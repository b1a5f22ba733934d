//! Every route of people's, one by one: signed out, below the role it takes, another company's, malformed, an unknown filter,
//! another method.

use crate::world::World;
use actix_web::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tsunagu_store::UserRole::{self, Admin, Agent, Supervisor};

/// How a route is asked.
struct Ask {
    method: Method,
    /// With `{call}` or `{callback}` where an id belongs.
    path: &'static str,
    /// A body that is right.
    body: Option<Value>,
    /// Who may; anybody, signed in or not, when absent.
    least: Option<UserRole>,
}

fn asks() -> Vec<Ask> {
    let ask = |method, path, body, least| Ask { method, path, body, least };
    let open = |path, body| ask(Method::POST, path, Some(body), None);
    let get = |path| ask(Method::GET, path, None, Some(Agent));
    let post = |path, body, least| ask(Method::POST, path, Some(body), Some(least));
    let put = |path, body, least| ask(Method::PUT, path, Some(body), Some(least));
    let patch = |path, body, least| ask(Method::PATCH, path, Some(body), Some(least));
    let delete = |path, least| ask(Method::DELETE, path, None, Some(least));
    vec![
        open("/api/auth/signup", json!({})),
        open("/api/auth/register", json!({})),
        open("/api/auth/login", json!({ "email": "a@b.jp", "password": "x" })),
        open("/api/auth/refresh", json!({ "refreshToken": "x" })),
        open("/api/auth/logout", json!({ "refreshToken": "x" })),
        get("/api/auth/me"),
        get("/api/auth/profile"),
        post("/api/calls/start", json!({ "customerId": "0001027f80ff090807060504" }), Agent),
        get("/api/calls/active"),
        get("/api/calls/history"),
        get("/api/calls/statistics"),
        get("/api/calls/export.csv"),
        get("/api/calls/{call}"),
        get("/api/calls/{call}/events"),
        get("/api/calls/{call}/recording"),
        post("/api/calls/{call}/recording/pause", json!({}), Agent),
        post("/api/calls/{call}/recording/resume", json!({}), Agent),
        post("/api/calls/{call}/handoff", json!({}), Agent),
        delete("/api/calls/{call}/handoff", Agent),
        post("/api/calls/{call}/supervise", json!({ "mode": "listen" }), Supervisor),
        delete("/api/calls/{call}/supervise", Supervisor),
        post("/api/calls/{call}/takeover", json!({}), Supervisor),
        patch("/api/calls/{call}/participants/{leg}", json!({ "onHold": true }), Agent),
        delete("/api/calls/{call}/participants/{leg}", Supervisor),
        post("/api/calls/{call}/end", json!({}), Agent),
        put("/api/calls/{call}/transcript", json!({ "speaker": "agent", "message": "はい" }), Agent),
        put("/api/calls/{call}/notes", json!({ "notes": "折り返し" }), Agent),
        ask(Method::GET, "/api/agents", None, Some(Supervisor)),
        get("/api/agents/profile"),
        put("/api/agents/profile", json!({}), Agent),
        put("/api/agents/phone", json!({ "phoneNumber": "110" }), Agent),
        put("/api/agents/conversation", json!({}), Agent),
        get("/api/agents/conversation/script"),
        post("/api/agents/conversation/try", json!({ "text": "はい" }), Agent),
        put("/api/agents/notifications", json!({}), Agent),
        put("/api/agents/status", json!({}), Agent),
        get("/api/agents/available"),
        get("/api/agents/statistics"),
        ask(Method::GET, "/api/agents/{user}", None, Some(Supervisor)),
        put("/api/agents/{user}/status", json!({ "status": "busy" }), Supervisor),
        put("/api/agents/{user}/settings", json!({ "priority": 7 }), Admin),
        get("/api/customers"),
        post("/api/customers", json!({ "name": "山田", "phone": "110" }), Agent),
        ask(Method::POST, "/api/customers/import", None, Some(Agent)),
        get("/api/customers/imports/{import}"),
        get("/api/customers/export.csv"),
        get("/api/customers/{customer}"),
        put("/api/customers/{customer}", json!({}), Agent),
        patch("/api/customers/{customer}", json!({}), Agent),
        delete("/api/customers/{customer}", Admin),
        get("/api/callbacks"),
        get("/api/callbacks/{callback}"),
        patch("/api/callbacks/{callback}", json!({ "status": "done" }), Agent),
        get("/api/campaigns"),
        post("/api/campaigns", json!({ "name": "春の案内" }), Supervisor),
        get("/api/campaigns/{campaign}"),
        patch("/api/campaigns/{campaign}", json!({ "name": "春の案内" }), Supervisor),
        delete("/api/campaigns/{campaign}", Admin),
        ask(Method::POST, "/api/campaigns/{campaign}/check", None, Some(Supervisor)),
        ask(Method::POST, "/api/campaigns/{campaign}/start", None, Some(Supervisor)),
        ask(Method::POST, "/api/campaigns/{campaign}/pause", None, Some(Supervisor)),
        ask(Method::POST, "/api/campaigns/{campaign}/resume", None, Some(Supervisor)),
        ask(Method::POST, "/api/campaigns/{campaign}/stop", None, Some(Supervisor)),
        get("/api/campaigns/{campaign}/customers"),
        post("/api/campaigns/{campaign}/customers", json!({ "customerIds": [] }), Supervisor),
        get("/api/company"),
        patch("/api/company", json!({ "name": "青空商事" }), Admin),
        get("/api/company/phrases"),
        put("/api/company/phrases", json!({ "phrases": [] }), Admin),
        get("/api/company/readings"),
        put("/api/company/readings", json!({ "readings": [] }), Admin),
        get("/api/company/script"),
        put("/api/company/script", json!({ "language": "ja", "text": null }), Admin),
        post("/api/company/script/check", json!({ "language": "ja", "text": "start = 1" }), Admin),
        open("/api/auth/reset-password", json!({ "token": "x", "newPassword": "kT8 vQ2-zR5" })),
        put("/api/auth/password", json!({ "currentPassword": "x", "newPassword": "kT8 vQ2-zR5" }), Agent),
        ask(Method::GET, "/api/users", None, Some(Admin)),
        ask(Method::GET, "/api/users/{user}", None, Some(Admin)),
        patch("/api/users/{user}", json!({ "firstName": "花子" }), Admin),
        post("/api/users/{user}/password-reset", json!({}), Admin),
        ask(Method::GET, "/api/invitations", None, Some(Admin)),
        post("/api/invitations", json!({ "email": "new@example.jp", "role": "agent" }), Admin),
        delete("/api/invitations/{invitation}", Admin),
        get("/api/demo"),
        post("/api/demo/calls", json!({ "persona": "visitor" }), Agent),
        post("/api/demo/calls/{call}/say", json!({ "text": "はい" }), Agent),
        post("/api/demo/calls/{call}/hangup", json!({}), Agent),
        ask(Method::GET, "/api/webhooks", None, Some(Admin)),
        post("/api/webhooks", json!({ "url": "https://93.184.216.34/hook" }), Admin),
        ask(Method::GET, "/api/webhooks/{webhook}", None, Some(Admin)),
        patch("/api/webhooks/{webhook}", json!({ "enabled": false }), Admin),
        delete("/api/webhooks/{webhook}", Admin),
        ask(Method::POST, "/api/webhooks/{webhook}/test", None, Some(Admin)),
        post("/api/webhooks/{webhook}/secret", json!({ "overlapSecs": 60 }), Admin),
        ask(Method::POST, "/api/webhooks/{webhook}/replay", None, Some(Admin)),
        ask(Method::GET, "/api/webhooks/{webhook}/deliveries", None, Some(Admin)),
        ask(Method::POST, "/api/webhooks/{webhook}/deliveries/{delivery}/replay", None, Some(Admin)),
        ask(Method::GET, "/health/live", None, None),
        ask(Method::GET, "/health/ready", None, None),
    ]
}

impl Ask {
    /// Its path, about this thing.
    fn about(&self, id: &str) -> String {
        self.path
            .replace("{call}", id)
            .replace("{callback}", id)
            .replace("{campaign}", id)
            .replace("{customer}", id)
            .replace("{user}", id)
            .replace("{import}", id)
            .replace("{invitation}", id)
            .replace("{leg}", "CA00")
            .replace("{webhook}", id)
            .replace("{delivery}", id)
    }
}

#[actix_web::test]
async fn who_has_not_signed_in_gets_nothing() {
    let world = World::new().await;
    let (call, _) = world.call_by(&world.ours.agent, world.ours.customer).await;
    for ask in asks() {
        let path = ask.about(&call.to_string());
        let Ask { method, body, least, .. } = ask;
        let shape = |request: actix_web::test::TestRequest| match &body {
            Some(body) => request.set_json(body),
            None => request,
        };
        let answer = world.nobody().send(method, &path, shape).await;
        if least.is_some() {
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
    for ask in asks().into_iter().filter(|ask| ask.least.is_some() && ask.method == Method::GET) {
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

#[actix_web::test]
async fn a_role_does_what_it_may_and_nothing_else() {
    let world = World::new().await;
    for user in [&world.ours.agent, &world.ours.supervisor, &world.ours.admin] {
        let client = world.client(user).await;
        for ask in asks() {
            // About something that is not there, so that every role finds the same.
            let path = ask.about("0001027f80ff090807060504");
            let Ask { method, body, least, .. } = ask;
            let shape = |request: actix_web::test::TestRequest| match &body {
                Some(body) => request.set_json(body),
                None => request,
            };
            let answer = client.send(method.clone(), &path, shape).await;
            let refused = answer.status == 403;
            let may = least.is_none_or(|least| user.role >= least);
            assert_eq!(refused, !may, "{:?} {method} {path}: {}", user.role, answer.text);
        }
    }
}

/// What the interface says of itself is what is walked through above.
#[actix_web::test]
async fn no_route_is_left_out() {
    let world = World::new().await;
    let document = world.nobody().get("/api/openapi.json").await.json();
    let mut told = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters") {
            told.insert((path.clone(), method.to_uppercase(), operation.get("security").is_some()));
        }
    }
    let walked: BTreeSet<_> = asks()
        .into_iter()
        .map(|ask| (ask.path.to_owned(), ask.method.to_string(), ask.least.is_some()))
        .collect();
    let missing: Vec<_> = told.symmetric_difference(&walked).collect();
    assert!(missing.is_empty(), "told or walked alone: {missing:#?}");
}
