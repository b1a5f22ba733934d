//! What is secret stays so: no password and no token stands in the log or in an answer that does not hand it out.

use crate::world::{Answer, JWT_SECRET, World};
use actix_web::http::Method;
use serde_json::{Value, json};
use std::{
    io::Write,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

const FIRST: &str = "Zebra-4711-recognisable";
const SECOND: &str = "Okapi-0815-recognisable";
const WRONG: &str = "Wrong-9999-recognisable";

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Everything that was answered, and what was handed out on purpose.
#[derive(Default)]
struct Heard {
    answers: Vec<String>,
    handed_out: Vec<String>,
}

impl Heard {
    fn note(&mut self, answer: Answer) -> Value {
        let json = answer.json();
        for key in ["token", "refreshToken"] {
            for place in [&json[key], &json["data"][key]] {
                self.handed_out.extend(place.as_str().map(str::to_owned));
            }
        }
        self.answers.push(answer.text);
        json
    }
}

#[actix_web::test]
async fn passwords_and_tokens_are_neither_logged_nor_told() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let _logging = tracing::subscriber::set_default(lines.finish());
    let world = World::new().await;
    let mut heard = Heard::default();
    let nobody = world.nobody();

    let mut sign_up = json!({
        "companyName": "新しい会社", "email": "hanako@new.example.jp", "password": FIRST, "firstName": "花子",
        "lastName": "佐藤", "phone": "03-1234-5678"
    });
    let pair = heard.note(nobody.post("/api/auth/signup", &sign_up).await);
    let client = world.with_token(pair["token"].as_str().unwrap());
    heard.note(client.get("/api/auth/me").await);
    heard.note(nobody.post("/api/auth/signup", &sign_up).await);
    for (field, value) in
        [("phone", json!(FIRST)), ("password", json!([FIRST])), ("email", json!({ "a": FIRST }))]
    {
        sign_up[field] = value;
        heard.note(nobody.post("/api/auth/signup", &sign_up).await);
    }
    for password in [FIRST, WRONG] {
        let login = json!({ "email": "hanako@new.example.jp", "password": password });
        heard.note(nobody.post("/api/auth/login", &login).await);
    }
    for payload in [
        format!("{{\"password\":\"{WRONG}\""),
        format!("\"{WRONG}\""),
        format!("{{\"email\":\"a@b.jp\",\"password\":{WRONG}}}"),
        format!("password={WRONG}"),
    ] {
        let shape = |request: actix_web::test::TestRequest| {
            request.insert_header(("Content-Type", "application/json")).set_payload(payload)
        };
        heard.note(nobody.send(Method::POST, "/api/auth/login", shape).await);
    }
    heard.note(nobody.post("/api/auth/refresh", &json!({ "refreshToken": pair["refreshToken"] })).await);
    heard.note(nobody.post("/api/auth/refresh", &json!({ "refreshToken": pair["refreshToken"] })).await);
    let change = json!({ "currentPassword": WRONG, "newPassword": SECOND });
    heard.note(client.put("/api/auth/password", &change).await);
    let change = json!({ "currentPassword": FIRST, "newPassword": SECOND });
    let pair = heard.note(client.put("/api/auth/password", &change).await);
    let client = world.with_token(pair["token"].as_str().unwrap());

    let own = format!("/api/users/{}", pair["data"]["id"].as_str().unwrap());
    heard.note(client.get("/api/users").await);
    heard.note(client.patch(&own, &json!({ "lastName": "鈴木" })).await);
    let reset = heard.note(client.post(&format!("{own}/password-reset"), &json!({})).await);
    let body = json!({ "token": reset["data"]["token"], "newPassword": FIRST });
    let pair = heard.note(nobody.post("/api/auth/reset-password", &body).await);
    heard.note(nobody.post("/api/auth/reset-password", &body).await);
    let client = world.with_token(pair["token"].as_str().unwrap());
    let invitation = json!({ "email": "taro@new.example.jp", "role": "agent" });
    heard.note(client.post("/api/invitations", &invitation).await);
    heard.note(client.get("/api/invitations").await);
    heard.note(nobody.post("/api/auth/logout", &json!({ "refreshToken": pair["refreshToken"] })).await);

    let text = log.text();
    assert!(
        text.contains("company signed up") && text.contains("password reset"),
        "the log was not kept: {text}"
    );
    assert!(text.contains("a spent refresh token came again"), "{text}");
    for secret in [FIRST, SECOND, WRONG, JWT_SECRET, "$2b$"] {
        assert!(!text.contains(secret), "{secret} stands in the log: {text}");
        let telling = heard.answers.iter().find(|answer| answer.contains(secret));
        assert!(telling.is_none(), "{secret} stands in an answer: {telling:?}");
    }
    assert!(heard.handed_out.len() >= 9, "{:?}", heard.handed_out.len());
    for token in &heard.handed_out {
        assert!(!text.contains(token.as_str()), "a token stands in the log: {text}");
        // Sign-in tokens of one second are alike.
        if token.contains('.') {
            continue;
        }
        let told = heard.answers.iter().filter(|answer| answer.contains(token.as_str())).count();
        assert_eq!(told, 1, "a token is told again");
    }
}
