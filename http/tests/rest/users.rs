//! Users as their admins manage them.

use crate::world::{PASSWORD, World};
use serde_json::{Value, json};
use tsunagu_store::{UserRole, UserStore};

fn names(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|user| user["firstName"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn only_admins_manage_users() {
    let world = World::new().await;
    for user in [&world.ours.agent, &world.ours.supervisor] {
        let client = world.client(user).await;
        let other = format!("/api/users/{}", world.ours.colleague.id);
        assert_eq!(client.get("/api/users").await.failure(403), "forbidden");
        assert_eq!(client.get(&other).await.failure(403), "forbidden");
        assert_eq!(client.patch(&other, &json!({ "role": "admin" })).await.failure(403), "forbidden");
        let own = format!("/api/users/{}", user.id);
        assert_eq!(client.patch(&own, &json!({ "role": "admin" })).await.failure(403), "forbidden");
        let reset = format!("{other}/password-reset");
        assert_eq!(client.post(&reset, &json!({})).await.failure(403), "forbidden");
    }
}

#[actix_web::test]
async fn users_are_listed_in_pages_without_their_hashes() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let all = admin.get("/api/users").await;
    assert_eq!(names(&all.json()), ["admin", "supervisor", "agent", "colleague"]);
    assert_eq!(all.json()["total"], 4);
    assert!(!all.text.contains("$2") && !all.text.contains("asswordHash"), "{}", all.text);
    let page = admin.get("/api/users?limit=3&page=2").await.json();
    assert_eq!((names(&page), page["pagination"]["hasPrev"].clone()), (vec!["colleague"], json!(true)));
    for word in ["agent", "user"] {
        let agents = admin.get(&format!("/api/users?role={word}")).await;
        assert_eq!(names(&agents.json()), ["agent", "colleague"], "{word}");
    }
    assert_eq!(names(&admin.get("/api/users?disabled=true").await.json()), [""; 0]);
    let wrong = admin.get("/api/users?role=boss&disabled=maybe").await;
    assert_eq!(
        (wrong.failure(422).as_str(), wrong.blamed()),
        ("invalid", vec!["role".into(), "disabled".into()])
    );
}

#[actix_web::test]
async fn a_user_is_shown_and_changed() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let path = format!("/api/users/{}", world.ours.agent.id);
    assert_eq!(admin.get(&path).await.data(200)["role"], "agent");
    assert_eq!(admin.patch(&path, &json!({ "role": "supervisor" })).await.data(200)["role"], "supervisor");
    assert_eq!(admin.patch(&path, &json!({ "role": "user" })).await.data(200)["role"], "agent");
    let change = json!({
        "role": "supervisor", "firstName": "花子", "lastName": " 佐藤 ", "phone": "03-1234-5678",
        "email": "Hanako@Ours.example.jp"
    });
    let changed = admin.patch(&path, &change).await.data(200);
    assert_eq!(
        [&changed["role"], &changed["firstName"], &changed["lastName"], &changed["phone"], &changed["email"]],
        ["supervisor", "花子", "佐藤", "+81312345678", "hanako@ours.example.jp"]
    );
    assert_eq!(admin.get(&path).await.data(200), changed);
    assert_eq!(admin.patch(&path, &json!({ "phone": null })).await.data(200)["phone"], Value::Null);
    let login = json!({ "email": "hanako@ours.example.jp", "password": PASSWORD });
    world.nobody().post("/api/auth/login", &login).await.data(200);
}

#[actix_web::test]
async fn what_a_user_cannot_be_is_told_at_once() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let path = format!("/api/users/{}", world.ours.agent.id);
    let wrong = json!({
        "role": "boss", "disabled": "yes", "firstName": "", "lastName": null, "phone": "12", "email": "nobody"
    });
    let answer = admin.patch(&path, &wrong).await;
    assert_eq!(answer.failure(422), "invalid");
    assert_eq!(answer.blamed(), ["role", "disabled", "firstName", "lastName", "phone", "email"]);
    let taken = json!({ "email": world.theirs.agent.email });
    assert_eq!(admin.patch(&path, &taken).await.failure(409), "email_in_use");
}

#[actix_web::test]
async fn who_is_disabled_is_out_at_once_and_stays_out_when_enabled_again() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let login = json!({ "email": world.ours.agent.email, "password": PASSWORD });
    let pair = world.nobody().post("/api/auth/login", &login).await.json();
    let agent = world.with_token(pair["token"].as_str().unwrap());
    let refresh = json!({ "refreshToken": pair["refreshToken"] });
    agent.get("/api/auth/me").await.data(200);

    let path = format!("/api/users/{}", world.ours.agent.id);
    assert_eq!(admin.patch(&path, &json!({ "disabled": true })).await.data(200)["disabled"], true);
    assert_eq!(agent.get("/api/auth/me").await.failure(401), "not_signed_in");
    assert_eq!(world.nobody().post("/api/auth/refresh", &refresh).await.failure(401), "refresh_token_void");
    assert_eq!(world.nobody().post("/api/auth/login", &login).await.failure(403), "account_disabled");
    assert_eq!(names(&admin.get("/api/users?disabled=true").await.json()), ["agent"]);

    admin.patch(&path, &json!({ "disabled": false })).await.data(200);
    assert_eq!(agent.get("/api/auth/me").await.failure(401), "not_signed_in");
    assert_eq!(world.nobody().post("/api/auth/refresh", &refresh).await.failure(401), "refresh_token_void");
    world.nobody().post("/api/auth/login", &login).await.data(200);
}

#[actix_web::test]
async fn the_last_admin_stays_one() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let own = format!("/api/users/{}", world.ours.admin.id);
    for change in [json!({ "role": "agent" }), json!({ "disabled": true })] {
        assert_eq!(admin.patch(&own, &change).await.failure(409), "last_admin", "{change}");
    }
    admin.patch(&own, &json!({ "role": "admin", "firstName": "Ayako" })).await.data(200);
    let other = format!("/api/users/{}", world.ours.supervisor.id);
    admin.patch(&other, &json!({ "role": "admin" })).await.data(200);
    admin.patch(&own, &json!({ "role": "agent" })).await.data(200);
    assert_eq!(admin.get("/api/users").await.failure(403), "forbidden");
    assert_eq!(world.store.find_user(world.ours.admin.id).await.unwrap().unwrap().role, UserRole::Agent);
}

#[actix_web::test]
async fn another_companys_user_is_not_there() {
    let world = World::new().await;
    let stranger = world.client(&world.theirs.admin).await;
    let path = format!("/api/users/{}", world.ours.agent.id);
    assert_eq!(stranger.get(&path).await.failure(404), "not_found");
    assert_eq!(stranger.patch(&path, &json!({ "disabled": true })).await.failure(404), "not_found");
    let reset = format!("{path}/password-reset");
    assert_eq!(stranger.post(&reset, &json!({})).await.failure(404), "not_found");
    assert_eq!(world.store.find_user(world.ours.agent.id).await.unwrap().unwrap(), world.ours.agent);
}
