//! What is tried too often is put off, by address and by account.

use crate::world::{Answer, PASSWORD, World, unlimited};
use actix_web::http::Method;
use serde_json::json;
use tsunagu_http::{Rate, SignInLimits};

/// An hour between two tries: nothing grows back while a test runs.
fn rate(burst: u32) -> Rate {
    Rate::new(burst, 1)
}

async fn login(world: &World, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    world.nobody().at(address).post("/api/auth/login", &body).await
}

#[actix_web::test]
async fn an_account_is_closed_to_an_address_whether_it_exists_or_not() {
    let world = World::limited(&SignInLimits { account: rate(3), ..unlimited() }).await;
    let known = world.ours.agent.email.clone();
    let mut answers: Vec<Vec<(u16, String)>> = Vec::new();
    for email in [known.as_str(), "nobody@example.jp"] {
        let mut told = Vec::new();
        for _ in 0..4 {
            let answer = login(&world, "192.0.2.1", email, "wrong password").await;
            told.push((answer.status, answer.text));
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1], "an unknown account is told from a known one");
    assert_eq!(answers[0].iter().map(|(status, _)| *status).collect::<Vec<_>>(), [401, 401, 401, 429]);
    let right = login(&world, "192.0.2.1", &known.to_uppercase(), PASSWORD).await;
    assert_eq!(right.failure(429), "too_many_tries");
    let wait: u32 = right.header("Retry-After").unwrap().parse().unwrap();
    assert!((3_500..=3_600).contains(&wait), "{wait}");
    // From elsewhere the owner comes in, and so do their colleagues.
    login(&world, "192.0.2.2", &known, PASSWORD).await.data(200);
    login(&world, "192.0.2.1", &world.ours.colleague.email, PASSWORD).await.data(200);
}

#[actix_web::test]
async fn guesses_from_many_addresses_do_not_keep_the_owner_out() {
    let world = World::limited(&SignInLimits { strangers: rate(4), ..unlimited() }).await;
    let email = world.ours.agent.email.clone();
    login(&world, "192.0.2.1", &email, PASSWORD).await.data(200);
    for number in 10..20 {
        login(&world, &format!("198.51.100.{number}"), &email, "wrong password").await;
    }
    assert_eq!(login(&world, "198.51.100.9", &email, PASSWORD).await.failure(429), "too_many_tries");
    login(&world, "192.0.2.1", &email, PASSWORD).await.data(200);
}

#[actix_web::test]
async fn an_address_has_one_allowance_for_all_accounts() {
    let world = World::limited(&SignInLimits { address: rate(3), ..unlimited() }).await;
    for number in 0..3 {
        let answer =
            login(&world, "192.0.2.1", &format!("nobody{number}@example.jp"), "wrong password").await;
        assert_eq!(answer.failure(401), "wrong_credentials");
    }
    assert_eq!(login(&world, "192.0.2.1", "more@example.jp", PASSWORD).await.failure(429), "too_many_tries");
    let reset = json!({ "token": "x", "newPassword": "kT8 vQ2-zR5" });
    let client = world.nobody().at("192.0.2.1");
    assert_eq!(client.post("/api/auth/reset-password", &reset).await.failure(429), "too_many_tries");
    login(&world, "192.0.2.2", &world.ours.agent.email, PASSWORD).await.data(200);
}

#[actix_web::test]
async fn a_proxy_that_is_trusted_tells_addresses_apart_and_a_stranger_does_not() {
    let world = World::limited(&SignInLimits { address: rate(1), ..unlimited() }).await;
    let post = |peer: &str, forwarded: &'static str| {
        let client = world.nobody().at(peer);
        async move {
            let body = json!({ "email": "nobody@example.jp", "password": "wrong password" });
            let shape = |request: actix_web::test::TestRequest| {
                request.insert_header(("X-Forwarded-For", forwarded)).set_json(body)
            };
            client.send(Method::POST, "/api/auth/login", shape).await.status
        }
    };
    assert_eq!([post("10.0.0.1", "192.0.2.1").await, post("10.0.0.1", "192.0.2.2").await], [401, 401]);
    assert_eq!(post("10.0.0.1", "192.0.2.2").await, 429);
    assert_eq!([post("10.0.0.2", "192.0.2.3").await, post("10.0.0.2", "192.0.2.4").await], [401, 429]);
}

#[actix_web::test]
async fn sign_ups_and_renewals_are_counted() {
    let limits = SignInLimits { sign_ups: rate(2), refreshes: rate(2), ..unlimited() };
    let world = World::limited(&limits).await;
    let client = world.nobody().at("192.0.2.1");
    for (path, body) in
        [("/api/auth/signup", json!({})), ("/api/auth/refresh", json!({ "refreshToken": "rubbish" }))]
    {
        for _ in 0..2 {
            assert_ne!(client.post(path, &body).await.status, 429, "{path}");
        }
        assert_eq!(client.post(path, &body).await.failure(429), "too_many_tries", "{path}");
    }
    assert_eq!(client.post("/api/auth/register", &json!({})).await.status, 429);
}

#[actix_web::test]
async fn the_old_password_is_not_to_be_guessed_at_by_who_has_a_token() {
    let world = World::limited(&SignInLimits { account: rate(3), ..unlimited() }).await;
    let client = world.client(&world.ours.agent).await.at("192.0.2.1");
    let wrong = json!({ "currentPassword": "wrong password", "newPassword": "kT8 vQ2-zR5" });
    for _ in 0..3 {
        assert_eq!(client.put("/api/auth/password", &wrong).await.failure(422), "invalid");
    }
    let right = json!({ "currentPassword": PASSWORD, "newPassword": "kT8 vQ2-zR5" });
    assert_eq!(client.put("/api/auth/password", &right).await.failure(429), "too_many_tries");
}
