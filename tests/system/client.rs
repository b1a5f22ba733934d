//! A client of the REST contract.

use serde_json::{Value, json};
use std::sync::Once;

/// A client for plain HTTP on this machine.
pub fn http() -> reqwest::Client {
    static TLS: Once = Once::new();
    TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub token: String,
    pub http: reqwest::Client,
}

impl Client {
    pub async fn sign_in(base: &str, email: &str, password: &str) -> Self {
        let http = http();
        let answer = http
            .post(format!("{base}/api/auth/login"))
            .json(&json!({ "email": email, "password": password }))
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 200, "{body}");
        Self { base: base.to_owned(), token: body["token"].as_str().unwrap().to_owned(), http }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.http.post(format!("{}{path}", self.base)).bearer_auth(&self.token).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.http.put(format!("{}{path}", self.base)).bearer_auth(&self.token).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.http.patch(format!("{}{path}", self.base)).bearer_auth(&self.token).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        answer(self.http.delete(format!("{}{path}", self.base)).bearer_auth(&self.token)).await
    }

    /// Starts a call and gives its id.
    pub async fn start(&self, customer: impl ToString, agent: Option<String>) -> String {
        let mut body = json!({ "customerId": customer.to_string() });
        if let Some(agent) = agent {
            body["agentId"] = agent.into();
        }
        let (status, answer) = self.post("/api/calls/start", body).await;
        assert_eq!(status, 201, "{answer}");
        answer["data"]["callId"].as_str().unwrap().to_owned()
    }

    pub async fn call(&self, id: &str) -> Value {
        let (status, mut body) = self.get(&format!("/api/calls/{id}")).await;
        assert_eq!(status, 200, "{body}");
        body["data"].take()
    }

    pub async fn events(&self, id: &str) -> Vec<Value> {
        let (status, mut body) = self.get(&format!("/api/calls/{id}/events")).await;
        assert_eq!(status, 200, "{body}");
        match body["data"].take() {
            Value::Array(events) => events,
            other => panic!("{other}"),
        }
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}")))
}
