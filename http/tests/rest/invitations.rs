//! Invitations, and sign-ups with them.

use crate::world::{World, now};
use serde_json::{Value, json};
use tsunagu_store::{Invitation, InvitationStore, UserStore};

fn joining(token: &Value, email: &str) -> Value {
    json!({
        "invitation": token, "email": email, "password": "long enough to be safe", "firstName": "太郎",
        "lastName": "新人", "phone": "090-1234-5678"
    })
}

#[actix_web::test]
async fn who_is_invited_joins_with_the_role_that_the_admin_chose() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let invited = admin
        .post("/api/invitations", &json!({ "email": "Taro@New.example.jp", "role": "supervisor" }))
        .await;
    let invited = invited.data(201);
    assert_eq!(
        (invited["email"].as_str(), invited["role"].as_str()),
        (Some("taro@new.example.jp"), Some("supervisor"))
    );
    let list = admin.get("/api/invitations").await;
    assert_eq!(
        (list.json()["count"].clone(), list.data(200)[0]["_id"].clone()),
        (json!(1), invited["_id"].clone())
    );
    assert!(
        !list.text.contains(invited["token"].as_str().unwrap()) && !list.text.contains("hash"),
        "{}",
        list.text
    );

    let body = joining(&invited["token"], "taro@new.example.jp");
    let answer = world.nobody().post("/api/auth/signup", &body).await;
    let data = answer.data(201);
    assert_eq!((data["role"].as_str(), data["companyName"].as_str()), (Some("supervisor"), Some("青空商事")));
    let me = world.with_token(answer.json()["token"].as_str().unwrap()).get("/api/auth/me").await.data(200);
    assert_eq!(me["companyId"], json!(world.ours.company));

    assert_eq!(admin.get("/api/invitations").await.json()["count"], 0);
    let again =
        world.nobody().post("/api/auth/signup", &joining(&invited["token"], "other@new.example.jp")).await;
    assert_eq!((again.failure(422).as_str(), again.blamed()), ("invalid", vec!["invitation".into()]));
}

#[actix_web::test]
async fn an_invitation_is_for_one_address_alone() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let invited =
        admin.post("/api/invitations", &json!({ "email": "taro@new.example.jp", "role": "agent" })).await;
    let token = invited.data(201)["token"].clone();
    let other = world.nobody().post("/api/auth/signup", &joining(&token, "jiro@new.example.jp")).await;
    assert_eq!((other.failure(422).as_str(), other.blamed()), ("invalid", vec!["email".into()]));
    let mut easy = joining(&token, "taro@new.example.jp");
    easy["password"] = "青空商事青空商事".into();
    let easy = world.nobody().post("/api/auth/signup", &easy).await;
    assert_eq!((easy.failure(422).as_str(), easy.blamed()), ("invalid", vec!["password".into()]));
    world.nobody().post("/api/auth/register", &joining(&token, "Taro@new.example.jp")).await.data(201);
}

#[actix_web::test]
async fn an_agent_may_be_invited_as_older_clients_call_them() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let body = json!({ "email": "taro@new.example.jp", "role": "user" });
    let invited = admin.post("/api/invitations", &body).await.data(201);
    assert_eq!(invited["role"], "agent");
    let joined = joining(&invited["token"], "taro@new.example.jp");
    let joined = world.nobody().post("/api/auth/signup", &joined).await;
    assert_eq!(joined.data(201)["role"], "agent");
}

#[actix_web::test]
async fn of_many_who_sign_up_with_an_invitation_at_once_one_succeeds() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let invited =
        admin.post("/api/invitations", &json!({ "email": "taro@new.example.jp", "role": "agent" })).await;
    let body = joining(&invited.data(201)["token"], "taro@new.example.jp");
    let tries = (0..6).map(|_| {
        let (client, body) = (world.nobody(), body.clone());
        async move { client.post("/api/auth/signup", &body).await.status }
    });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(statuses[1..].iter().all(|status| matches!(status, 409 | 422)), "{statuses:?}");
}

#[actix_web::test]
async fn a_revoked_a_replaced_and_an_expired_one_are_void() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let body = json!({ "email": "taro@new.example.jp", "role": "agent", "expiresInDays": 30 });
    let first = admin.post("/api/invitations", &body).await.data(201);
    let second = admin.post("/api/invitations", &body).await.data(201);
    let sign_up = |token: &Value| {
        let (client, body) = (world.nobody(), joining(token, "taro@new.example.jp"));
        async move { client.post("/api/auth/signup", &body).await }
    };
    assert_eq!(sign_up(&first["token"]).await.blamed(), ["invitation"]);
    let path = format!("/api/invitations/{}", second["_id"].as_str().unwrap());
    assert_eq!(admin.remove(&path).await.data(200)["revoked"], true);
    assert_eq!(admin.remove(&path).await.failure(404), "not_found");
    assert_eq!(sign_up(&second["token"]).await.blamed(), ["invitation"]);

    let third = admin.post("/api/invitations", &body).await.data(201);
    let kept = world.store.invitations(world.ours.company).await.unwrap().remove(0);
    let expired = Invitation { expires_at: now().plus_millis(-1), ..kept };
    let before = now().plus_millis(-1_000);
    world.store.put_invitation(expired, 10, before).await.unwrap();
    assert_eq!(admin.get("/api/invitations").await.data(200)[0]["expired"], true);
    assert_eq!(sign_up(&third["token"]).await.blamed(), ["invitation"]);
    assert_eq!(world.store.user_by_email("taro@new.example.jp").await.unwrap(), None);
}

#[actix_web::test]
async fn what_an_invitation_cannot_be_is_refused() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let wrong = json!({ "email": "nobody", "role": "boss", "expiresInDays": 31 });
    let wrong = admin.post("/api/invitations", &wrong).await;
    assert_eq!((wrong.failure(422).as_str(), wrong.blamed().len()), ("invalid", 3));
    let known = json!({ "email": world.theirs.agent.email, "role": "agent" });
    assert_eq!(admin.post("/api/invitations", &known).await.failure(409), "email_in_use");
}

#[actix_web::test]
async fn only_admins_invite_and_only_to_their_own_company() {
    let world = World::new().await;
    let body = json!({ "email": "taro@new.example.jp", "role": "admin" });
    let admin = world.client(&world.ours.admin).await;
    let invited = admin.post("/api/invitations", &body).await.data(201);
    let path = format!("/api/invitations/{}", invited["_id"].as_str().unwrap());
    for user in [&world.ours.agent, &world.ours.supervisor] {
        let client = world.client(user).await;
        assert_eq!(client.post("/api/invitations", &body).await.failure(403), "forbidden");
        assert_eq!(client.get("/api/invitations").await.failure(403), "forbidden");
        assert_eq!(client.remove(&path).await.failure(403), "forbidden");
    }
    let stranger = world.client(&world.theirs.admin).await;
    assert_eq!(stranger.get("/api/invitations").await.json()["count"], 0);
    assert_eq!(stranger.remove(&path).await.failure(404), "not_found");
    assert_eq!(admin.get("/api/invitations").await.json()["count"], 1);
}
