//! New passwords: by who knows the old one, and by whom an admin gave a token.

use crate::world::{PASSWORD, World};
use serde_json::{Value, json};
use tsunagu_store::UserStore;

const NEW: &str = "kT8 vQ2-zR5 wY1";

async fn sign_in(world: &World, password: &str) -> crate::world::Answer {
    let body = json!({ "email": world.ours.agent.email, "password": password });
    world.nobody().post("/api/auth/login", &body).await
}

fn token(pair: &Value) -> &str {
    pair["token"].as_str().unwrap()
}

#[actix_web::test]
async fn a_new_password_ends_every_other_session() {
    let world = World::new().await;
    let (here, elsewhere) = (sign_in(&world, PASSWORD).await.json(), sign_in(&world, PASSWORD).await.json());
    let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
    let answer = world.with_token(token(&here)).put("/api/auth/password", &body).await;
    assert_eq!(answer.data(200)["email"], world.ours.agent.email);
    for pair in [&here, &elsewhere] {
        assert_eq!(world.with_token(token(pair)).get("/api/auth/me").await.failure(401), "not_signed_in");
        let refresh = json!({ "refreshToken": pair["refreshToken"] });
        assert_eq!(
            world.nobody().post("/api/auth/refresh", &refresh).await.failure(401),
            "refresh_token_void"
        );
    }
    let pair = answer.json();
    world.with_token(token(&pair)).get("/api/auth/me").await.data(200);
    let refresh = json!({ "refreshToken": pair["refreshToken"] });
    assert_eq!(world.nobody().post("/api/auth/refresh", &refresh).await.status, 200);
    assert_eq!(sign_in(&world, PASSWORD).await.failure(401), "wrong_credentials");
    sign_in(&world, NEW).await.data(200);
}

#[actix_web::test]
async fn a_new_password_is_refused_for_what_is_wrong_with_it() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let put = |current: &str, new: &str| {
        let (client, body) = (client.clone(), json!({ "currentPassword": current, "newPassword": new }));
        async move { client.put("/api/auth/password", &body).await }
    };
    for easy in
        ["short", "password1", "agent@ours.example.jp", "青空商事青空商事", PASSWORD, "", "kT8 vQ2-\0zR5"]
    {
        let answer = put(PASSWORD, easy).await;
        assert_eq!(
            (answer.failure(422).as_str(), answer.blamed()),
            ("invalid", vec!["newPassword".into()]),
            "{easy}"
        );
    }
    let answer = put("wrong password", NEW).await;
    assert_eq!((answer.failure(422).as_str(), answer.blamed()), ("invalid", vec!["currentPassword".into()]));
    assert_eq!(
        client.put("/api/auth/password", &json!({})).await.blamed(),
        ["currentPassword", "newPassword"]
    );
    client.get("/api/auth/me").await.data(200);
}

#[actix_web::test]
async fn of_two_who_change_a_password_at_once_one_succeeds() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    let put = |new: &str| {
        let (client, body) = (client.clone(), json!({ "currentPassword": PASSWORD, "newPassword": new }));
        async move { client.put("/api/auth/password", &body).await.status }
    };
    let (one, two) = tokio::join!(put(NEW), put("another 4711 zebra"));
    assert!(matches!((one, two), (200, 409 | 401) | (409 | 401, 200)), "{one} {two}");
}

#[actix_web::test]
async fn an_admins_reset_lets_a_user_in_once() {
    let world = World::new().await;
    let before = sign_in(&world, PASSWORD).await.json();
    let admin = world.client(&world.ours.admin).await;
    let path = format!("/api/users/{}/password-reset", world.ours.agent.id);
    let void = admin.post(&path, &json!({})).await.data(201)["token"].clone();
    let reset = admin.post(&path, &json!({})).await.data(201);
    let post = |token: &Value, new: &str| {
        let (client, body) = (world.nobody(), json!({ "token": token, "newPassword": new }));
        async move { client.post("/api/auth/reset-password", &body).await }
    };
    assert_eq!(post(&void, NEW).await.blamed(), ["token"], "the newer one counts");
    assert_eq!(post(&reset["token"], "agent@ours.example.jp").await.blamed(), ["newPassword"]);
    world.with_token(token(&before)).get("/api/auth/me").await.data(200);

    let answer = post(&reset["token"], NEW).await;
    assert_eq!(answer.data(200)["email"], world.ours.agent.email);
    world.with_token(token(&answer.json())).get("/api/auth/me").await.data(200);
    assert_eq!(world.with_token(token(&before)).get("/api/auth/me").await.failure(401), "not_signed_in");
    assert_eq!(post(&reset["token"], "another 4711 zebra").await.blamed(), ["token"], "once");
    sign_in(&world, NEW).await.data(200);
    let nothing = world.nobody().post("/api/auth/reset-password", &json!({})).await;
    assert_eq!(nothing.blamed(), ["token", "newPassword"]);
}

#[actix_web::test]
async fn a_reset_is_nothing_for_who_is_disabled() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let user = format!("/api/users/{}", world.ours.agent.id);
    let reset = admin.post(&format!("{user}/password-reset"), &json!({})).await.data(201);
    admin.patch(&user, &json!({ "disabled": true })).await.data(200);
    let body = json!({ "token": reset["token"], "newPassword": NEW });
    assert_eq!(world.nobody().post("/api/auth/reset-password", &body).await.blamed(), ["token"]);
    let again = admin.post(&format!("{user}/password-reset"), &json!({})).await;
    assert_eq!(again.failure(409), "user_disabled");
    let kept = world.store.find_user(world.ours.agent.id).await.unwrap().unwrap();
    assert_eq!(kept.password_hash, world.ours.agent.password_hash);
}
