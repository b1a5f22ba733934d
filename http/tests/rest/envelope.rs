//! What every answer has in common, whatever is asked for.

use crate::world::World;
use actix_web::http::Method;

#[actix_web::test]
async fn an_unknown_address_is_404_in_the_envelope() {
    let world = World::new().await;
    for path in ["/wall", "/api", "/api/calls", "/api/calls/", "/api/nothing", "/api/calls/a/b/c"] {
        assert_eq!(world.nobody().get(path).await.failure(404), "not_found", "{path}");
    }
}

#[actix_web::test]
async fn older_clients_write_a_slash_at_the_end_of_two_addresses() {
    let world = World::new().await;
    let client = world.client(&world.ours.supervisor).await;
    for path in ["/api/customers", "/api/agents"] {
        let with_slash = client.get(&format!("{path}/")).await;
        assert_eq!(with_slash.data(200), client.get(path).await.data(200));
        assert_eq!(world.nobody().get(&format!("{path}/")).await.failure(401), "not_signed_in");
        let answer = client.send(Method::DELETE, &format!("{path}/"), |request| request).await;
        assert_eq!(answer.failure(405), "method_not_allowed");
    }
    assert_eq!(world.client(&world.ours.agent).await.get("/api/agents/").await.failure(403), "forbidden");
    let entered = client.post("/api/customers/", &serde_json::json!({ "name": "", "phone": "" })).await;
    assert_eq!(entered.failure(422), "invalid");
}

#[actix_web::test]
async fn another_method_is_405_and_names_those_that_work() {
    let world = World::new().await;
    let answer = world.nobody().send(Method::DELETE, "/api/auth/login", |request| request).await;
    assert_eq!(answer.failure(405), "method_not_allowed");
    assert_eq!(answer.header("Allow"), Some("POST"));
}

#[actix_web::test]
async fn a_body_that_cannot_be_read_is_refused_for_what_it_is() {
    let world = World::new().await;
    let send = |kind: &'static str, body: Vec<u8>| {
        let client = world.nobody();
        async move {
            let shape = |request: actix_web::test::TestRequest| {
                request.insert_header(("Content-Type", kind)).set_payload(body)
            };
            client.send(Method::POST, "/api/auth/login", shape).await
        }
    };
    let json = "application/json";
    assert_eq!(send(json, b"{".to_vec()).await.failure(400), "malformed");
    assert_eq!(send(json, b" ".to_vec()).await.failure(400), "malformed");
    assert_eq!(send(json, b"{\"email\":\"\xff\xfe\"}".to_vec()).await.failure(400), "malformed");
    assert_eq!(send(json, "[".repeat(200_000).into_bytes()).await.failure(400), "malformed");
    assert_eq!(send(json, b"[]".to_vec()).await.failure(422), "invalid");
    assert_eq!(send("text/plain", b"{}".to_vec()).await.failure(415), "unsupported_media_type");
    let large = format!(r#"{{"email":"{}"}}"#, "x".repeat(300_000));
    assert_eq!(send(json, large.into_bytes()).await.failure(413), "too_large");
}

#[actix_web::test]
async fn a_body_that_is_left_out_has_no_type_to_be_refused_for() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let (call, call_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    for kind in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
        let shape = |request: actix_web::test::TestRequest| request.insert_header(("Content-Type", kind));
        client.send(Method::PUT, "/api/agents/status", shape).await.data(200);
        let empty = |request: actix_web::test::TestRequest| shape(request).set_payload("");
        let answer = client.send(Method::POST, "/api/auth/login", empty).await;
        assert_eq!(answer.blamed(), ["email", "password"], "{kind}");
    }
    let json = |request: actix_web::test::TestRequest| {
        request.insert_header(("Content-Type", "application/json")).insert_header(("Content-Length", "0"))
    };
    client.send(Method::POST, &format!("/api/calls/{call}/end"), json).await.data(200);
}

#[actix_web::test]
async fn all_invalid_fields_are_told_at_once() {
    let world = World::new().await;
    let body = serde_json::json!({ "companyName": 7, "email": "nobody", "password": "short", "phone": "12" });
    let answer = world.nobody().post("/api/auth/signup", &body).await;
    assert_eq!(answer.failure(422), "invalid");
    assert_eq!(answer.blamed(), ["companyName", "email", "firstName", "lastName", "phone", "password"]);
}

#[actix_web::test]
async fn a_store_that_is_gone_is_503_and_says_nothing_inner() {
    use tsunagu_store::Store;
    let world = World::new().await;
    let client = world.client(&world.ours.admin).await;
    world.store.close().await.unwrap();
    let answer = client.get("/api/calls/active").await;
    assert_eq!(answer.failure(503), "store_unavailable");
    assert!(answer.header("Retry-After").is_some());
    assert!(!answer.text.contains("closed"), "{}", answer.text);
}
