//! Sign-up, login, renewal, sign-out, and who counts as signed in.

use crate::world::{JWT_SECRET, PASSWORD, World, change, id};
use actix_web::http::Method;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use tsunagu_call::Time;
use tsunagu_store::{Spending, TokenStore, UserRole, UserStore};

fn sign_up(email: &str) -> Value {
    json!({
        "companyName": "新しい会社", "email": email, "password": "long enough to be safe", "firstName": "花子",
        "lastName": "佐藤", "phone": "03-1234-5678", "employees": 12
    })
}

#[actix_web::test]
async fn the_first_user_of_a_new_company_is_its_admin() {
    let world = World::new().await;
    for (path, email) in
        [("/api/auth/signup", "A@new.example.jp"), ("/api/auth/register", "b@new.example.jp")]
    {
        let answer = world.nobody().post(path, &sign_up(email)).await;
        let data = answer.data(201);
        assert_eq!(
            (data["role"].as_str(), data["companyName"].as_str(), data["firstName"].as_str()),
            (Some("admin"), Some("新しい会社"), Some("花子"))
        );
        assert_eq!(data["email"], email.to_lowercase());
        let mut keys: Vec<_> = data.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["companyName", "email", "firstName", "id", "lastName", "role"]);
        let json = answer.json();
        assert!(json["refreshToken"].is_string());
        let me = world.with_token(json["token"].as_str().unwrap()).get("/api/auth/me").await.data(200);
        assert_eq!((me["phone"].as_str(), me["_id"].as_str()), (Some("+81312345678"), data["id"].as_str()));
        assert_eq!(me["simulated"], true);
    }
}

#[actix_web::test]
async fn an_address_in_use_is_409() {
    let world = World::new().await;
    let taken = sign_up(&world.ours.agent.email.to_uppercase());
    assert_eq!(world.nobody().post("/api/auth/signup", &taken).await.failure(409), "email_in_use");
}

#[actix_web::test]
async fn of_two_who_sign_up_at_once_one_gets_the_address() {
    let world = World::new().await;
    let body = sign_up("both@new.example.jp");
    let (one, two) = (world.nobody(), world.nobody());
    let (one, two) = tokio::join!(one.post("/api/auth/signup", &body), two.post("/api/auth/signup", &body));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[actix_web::test]
async fn login_gives_the_data_twice_for_older_clients() {
    let world = World::new().await;
    let body =
        json!({ "email": format!(" {} ", world.ours.agent.email.to_uppercase()), "password": PASSWORD });
    let answer = world.nobody().post("/api/auth/login", &body).await;
    let data = answer.data(200);
    assert_eq!(answer.json()["user"], data);
    assert_eq!((data["role"].as_str(), data["companyName"].as_str()), (Some("agent"), Some("青空商事")));
    assert!(!answer.text.contains("$2"), "{}", answer.text);
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    let world = World::new().await;
    let wrong = json!({ "email": world.ours.agent.email, "password": "wrong password" });
    let unknown = json!({ "email": "nobody@example.jp", "password": PASSWORD });
    let (wrong, unknown) = (
        world.nobody().post("/api/auth/login", &wrong).await,
        world.nobody().post("/api/auth/login", &unknown).await,
    );
    assert_eq!(wrong.failure(401), "wrong_credentials");
    assert_eq!(wrong.text, unknown.text);
    assert_eq!(unknown.status, 401);
    let nothing = world.nobody().post("/api/auth/login", &json!({})).await;
    assert_eq!(
        (nothing.failure(422).as_str(), nothing.blamed()),
        ("invalid", vec!["email".into(), "password".into()])
    );
}

#[actix_web::test]
async fn a_disabled_user_is_out_at_once() {
    let world = World::new().await;
    let body = json!({ "email": world.ours.agent.email, "password": PASSWORD });
    let pair = world.nobody().post("/api/auth/login", &body).await.json();
    let client = world.with_token(pair["token"].as_str().unwrap());
    client.get("/api/auth/me").await.data(200);
    change(&world, world.ours.agent.id, |user| user.disabled = true).await;
    assert_eq!(client.get("/api/auth/me").await.failure(401), "not_signed_in");
    let refresh = json!({ "refreshToken": pair["refreshToken"] });
    assert_eq!(world.nobody().post("/api/auth/refresh", &refresh).await.failure(401), "refresh_token_void");
    assert_eq!(world.nobody().post("/api/auth/login", &body).await.failure(403), "account_disabled");
    let wrong = json!({ "email": world.ours.agent.email, "password": "wrong password" });
    assert_eq!(world.nobody().post("/api/auth/login", &wrong).await.failure(401), "wrong_credentials");
}

#[actix_web::test]
async fn a_role_is_that_of_the_moment_not_that_of_the_token() {
    let world = World::new().await;
    let client = world.client(&world.ours.agent).await;
    change(&world, world.ours.agent.id, |user| user.role = UserRole::Supervisor).await;
    assert_eq!(client.get("/api/auth/profile").await.data(200)["role"], "supervisor");
}

#[actix_web::test]
async fn a_refresh_token_is_good_once() {
    let world = World::new().await;
    let login = json!({ "email": world.ours.agent.email, "password": PASSWORD });
    let first = world.nobody().post("/api/auth/login", &login).await.json();
    let renew = |token: &Value| {
        let (client, body) = (world.nobody(), json!({ "refreshToken": token }));
        async move { client.post("/api/auth/refresh", &body).await }
    };
    let second = renew(&first["refreshToken"]).await;
    assert_eq!(second.status, 200, "{}", second.text);
    let second = second.json();
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    world.with_token(second["token"].as_str().unwrap()).get("/api/auth/me").await.data(200);

    // The first comes again: it was copied, and everything that grew out of it is void.
    assert_eq!(renew(&first["refreshToken"]).await.failure(401), "refresh_token_void");
    assert_eq!(renew(&second["refreshToken"]).await.failure(401), "refresh_token_void");
    // Another sign-in of the same user is not touched.
    let other = world.nobody().post("/api/auth/login", &login).await.json();
    assert_eq!(renew(&other["refreshToken"]).await.status, 200);
}

#[actix_web::test]
async fn of_many_who_use_a_refresh_token_at_once_one_at_most_gets_a_pair() {
    let world = World::new().await;
    let login = json!({ "email": world.ours.agent.email, "password": PASSWORD });
    let token = world.nobody().post("/api/auth/login", &login).await.json()["refreshToken"].clone();
    let body = json!({ "refreshToken": token });
    let asked = (0..8).map(|_| {
        let (client, body) = (world.nobody(), body.clone());
        async move { client.post("/api/auth/refresh", &body).await.status }
    });
    let statuses = futures_util::future::join_all(asked).await;
    assert!(statuses.iter().filter(|status| **status == 200).count() <= 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 401)), "{statuses:?}");
}

#[actix_web::test]
async fn a_renewal_whose_answer_was_lost_may_be_asked_for_again() {
    let world = World::new().await;
    let login = json!({ "email": world.ours.agent.email, "password": PASSWORD });
    let pair = world.nobody().post("/api/auth/login", &login).await.json();
    let first = pair["refreshToken"].as_str().unwrap();
    let renew = |token: &str, key: &'static str| {
        let (client, body) = (world.nobody(), json!({ "refreshToken": token }));
        let shape = move |request: actix_web::test::TestRequest| {
            request.insert_header(("Idempotency-Key", key)).set_json(&body)
        };
        async move { client.send(Method::POST, "/api/auth/refresh", shape).await }
    };
    let lost = renew(first, "aaaaaaaaaaaaaaaa").await.json();
    let again = renew(first, "aaaaaaaaaaaaaaaa").await;
    assert_eq!(again.status, 200, "{}", again.text);
    let second = again.json()["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(lost["refreshToken"], *second, "the same one");
    let third = renew(&second, "bbbbbbbbbbbbbbbb").await.json()["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(renew(&third, "too short").await.failure(422), "invalid");

    // Two pages that share the token ask at once.
    let at_once = futures_util::future::join_all((0..8).map(|_| renew(&third, "dddddddddddddddd"))).await;
    let fourth: HashSet<_> = at_once.iter().map(|answer| answer.json()["refreshToken"].to_string()).collect();
    assert_eq!(fourth.len(), 1, "{at_once:?}");
    let third = at_once[0].json()["refreshToken"].as_str().unwrap().to_owned();

    // Whoever has the token and not the key has copied it, and so has whoever comes after two minutes.
    let hash = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text));
    let past = Time::from_millis(Timestamp::now().as_millisecond() - 120_000);
    let spent =
        world.store.spend_refresh_token(&hash(&third), Some(&hash("cccccccccccccccc")), past).await.unwrap();
    assert!(matches!(spent, Spending::Fresh(_)));
    assert_eq!(renew(&third, "cccccccccccccccc").await.failure(401), "refresh_token_void");
    let pair = world.nobody().post("/api/auth/login", &login).await.json();
    let stolen = pair["refreshToken"].as_str().unwrap();
    let next = renew(stolen, "aaaaaaaaaaaaaaaa").await.json()["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(renew(stolen, "bbbbbbbbbbbbbbbb").await.failure(401), "refresh_token_void");
    assert_eq!(
        renew(&next, "aaaaaaaaaaaaaaaa").await.failure(401),
        "refresh_token_void",
        "the family is revoked"
    );
}

#[actix_web::test]
async fn signing_out_voids_the_refresh_token_and_may_be_repeated() {
    let world = World::new().await;
    let login = json!({ "email": world.ours.agent.email, "password": PASSWORD });
    let pair = world.nobody().post("/api/auth/login", &login).await.json();
    let body = json!({ "refreshToken": pair["refreshToken"] });
    world.nobody().post("/api/auth/logout", &body).await.data(200);
    assert_eq!(world.nobody().post("/api/auth/refresh", &body).await.failure(401), "refresh_token_void");
    world.nobody().post("/api/auth/logout", &body).await.data(200);
    world.nobody().post("/api/auth/logout", &json!({ "refreshToken": "rubbish" })).await.data(200);
    assert_eq!(world.nobody().post("/api/auth/logout", &json!({})).await.failure(422), "invalid");
}

#[actix_web::test]
async fn only_a_token_of_ours_counts() {
    let world = World::new().await;
    let sign = |claims: Value, secret: &str| {
        let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
    };
    let (user, company) = (world.ours.agent.id, world.ours.company);
    let exp = jiff::Timestamp::now().as_second() + 60;
    let right = json!({ "id": user, "companyId": company, "role": "user", "exp": exp });
    world.with_token(&sign(right.clone(), JWT_SECRET)).get("/api/auth/me").await.data(200);
    for (what, token) in [
        ("another secret", sign(right, "another secret")),
        (
            "expired",
            sign(json!({ "id": user, "companyId": company, "role": "user", "exp": exp - 61 }), JWT_SECRET),
        ),
        (
            "another company",
            sign(
                json!({ "id": user, "companyId": world.theirs.company, "role": "user", "exp": exp }),
                JWT_SECRET,
            ),
        ),
        (
            "nobody",
            sign(json!({ "id": id::<()>(), "companyId": company, "role": "user", "exp": exp }), JWT_SECRET),
        ),
        ("rubbish", "rubbish".to_owned()),
    ] {
        let answer = world.with_token(&token).get("/api/auth/me").await;
        assert_eq!(answer.failure(401), "not_signed_in", "{what}");
        assert_eq!(answer.header("WWW-Authenticate"), Some("Bearer"), "{what}");
    }
    let basic =
        |request: actix_web::test::TestRequest| request.insert_header(("Authorization", "Basic eDp5"));
    let answer = world.nobody().send(actix_web::http::Method::GET, "/api/auth/me", basic).await;
    assert_eq!(answer.failure(401), "not_signed_in");
}

#[actix_web::test]
async fn a_password_is_kept_as_a_hash_alone() {
    let world = World::new().await;
    world.nobody().post("/api/auth/signup", &sign_up("kept@new.example.jp")).await.data(201);
    let user = world.store.user_by_email("kept@new.example.jp").await.unwrap().unwrap();
    assert!(user.password_hash.starts_with("$2b$04$"));
}
