//! What is not the carrier's, not TwiML, too large or not text is refused clearly, and changes nothing.

use crate::{
    client::Client,
    crowd::Crowd,
    sandbox::{ACCOUNT, OUR_NUMBER, TOKEN},
    wait::until,
};
use serde_json::{Value, json};
use std::time::Duration;
use tsunagu_twiml::{signature::Signer, webhook::Form};

struct Stage {
    crowd: Crowd,
    client: Client,
    call: String,
    sid: String,
}

impl Stage {
    /// One live call to a person who is played by hand, so that nothing happens that the test does not do.
    async fn set() -> Self {
        let crowd = Crowd::gather(1, &["manual"], 1).await;
        let client = crowd.server.client().await;
        let call = client.start(crowd.site.customers[0].id, None).await;
        let sid = until("the customer answers", Duration::from_secs(20), || async {
            let record = client.call(&call).await;
            match (record["status"].as_str(), record["twilioCallSid"].as_str()) {
                (Some("ai-responding"), Some(sid)) => Ok(sid.to_owned()),
                _ => Err(record["status"].clone()),
            }
        })
        .await;
        Self { crowd, client, call, sid }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.crowd.server.program.url)
    }

    fn form(&self) -> Form {
        Form::new()
            .with("CallSid", &self.sid)
            .with("AccountSid", ACCOUNT)
            .with("From", OUR_NUMBER)
            .with("To", &self.crowd.site.customers[0].phone)
            .with("CallStatus", "in-progress")
            .with("SpeechResult", "二度とかけてこないでください")
            .with("Confidence", "0.9")
    }

    async fn post(
        &self,
        path: &str,
        body: impl Into<reqwest::Body>,
        signature: Option<String>,
    ) -> (u16, String) {
        let mut request = self
            .client
            .http
            .post(self.url(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body);
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn signed(&self, path: &str, form: &Form) -> (u16, String) {
        let signature = Signer::new(TOKEN).sign(&self.url(path), form);
        self.post(path, form.to_body(), Some(signature)).await
    }

    /// What has happened in the talk; the call's own errands go on beside it.
    async fn events(&self) -> Vec<Value> {
        let events = self.client.events(&self.call).await;
        let errand = |event: &Value| {
            matches!(event["event"]["type"].as_str(), Some("intended" | "settled" | "progressed"))
        };
        events.into_iter().filter(|event| !errand(event)).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_that_are_not_the_carriers_change_nothing() {
    let stage = Stage::set().await;
    let gather = format!("/api/twilio/voice/gather/{}?turn=1", stage.call);
    let (form, before) = (stage.form(), stage.events().await);

    let (status, body) = stage.post(&gather, form.to_body(), None).await;
    assert_eq!(status, 403, "unsigned: {body}");
    let other = Signer::new("another token").sign(&stage.url(&gather), &form);
    assert_eq!(stage.post(&gather, form.to_body(), Some(other)).await.0, 403, "another token");
    let elsewhere = Signer::new(TOKEN).sign(&stage.url("/api/twilio/voice/gather/another"), &form);
    assert_eq!(
        stage.post(&gather, form.to_body(), Some(elsewhere)).await.0,
        403,
        "signed for another address"
    );
    let changed = form.to_body().replace("0.9", "0.8");
    let signature = Signer::new(TOKEN).sign(&stage.url(&gather), &form);
    assert_eq!(stage.post(&gather, changed, Some(signature)).await.0, 403, "a changed parameter");
    assert_eq!(
        stage.post(&gather, form.to_body(), Some("rubbish".into())).await.0,
        403,
        "no signature at all"
    );

    let (status, body) = stage.post(&gather, vec![b'a'; 70_000], Some("x".into())).await;
    assert_eq!(status, 413, "too large: {body}");
    let (status, body) = stage.post(&gather, &b"SpeechResult=%ff%fe"[..], Some("x".into())).await;
    assert_eq!(status, 400, "not UTF-8: {body}");
    assert_eq!(stage.events().await, before, "nothing has changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_are_not_there_end_politely() {
    let stage = Stage::set().await;
    for call in ["0123456789abcdef01234567", "rubbish", "%E3%81%82"] {
        let (status, body) =
            stage.signed(&format!("/api/twilio/voice/gather/{call}?turn=1"), &stage.form()).await;
        assert_eq!(status, 200, "{call}: {body}");
        assert!(body.contains("<Say") && body.contains("<Hangup"), "{call}: {body}");
        let status_form = stage.form().with("SequenceNumber", "3");
        let (status, body) = stage.signed(&format!("/api/twilio/call/status/{call}"), &status_form).await;
        assert_eq!(status, 404, "{call}: {body}");
    }
    let (status, body) = stage.client.get("/api/calls/0123456789abcdef01234567").await;
    assert_eq!((status, body["success"].as_bool()), (404, Some(false)), "{body}");
}

/// A webhook delivered twice gets the same answer twice and counts once; one that was answered long ago changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_twice_counts_once() {
    let stage = Stage::set().await;
    let gather = format!("/api/twilio/voice/gather/{}?turn=1", stage.call);
    let first = stage.signed(&gather, &stage.form()).await;
    assert_eq!(first.0, 200);
    let after = stage.events().await;
    assert_eq!(stage.signed(&gather, &stage.form()).await, first, "the same answer again");
    assert_eq!(stage.events().await, after, "and nothing new");

    let customer = &stage.client.call(&stage.call).await["customerId"];
    until("the customer is marked", Duration::from_secs(10), || async {
        let body = json!({ "customerId": customer["_id"] });
        let (status, body) = stage.client.post("/api/calls/start", body).await;
        if status == 409 && body["code"] == "do_not_call" { Ok(()) } else { Err(body) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sandbox_refuses_rubbish_and_says_so() {
    let stage = Stage::set().await;
    let sandbox = &stage.crowd.sandbox.program.url;
    let calls = format!("{sandbox}/2010-04-01/Accounts/{ACCOUNT}/Calls.json");
    let create = |twiml: &str| {
        let form = [("To", "+815090000042"), ("From", OUR_NUMBER), ("Twiml", twiml)];
        let body = form.iter().fold(Form::new(), |form, (name, value)| form.with(name, value)).to_body();
        stage
            .client
            .http
            .post(&calls)
            .basic_auth(ACCOUNT, Some(TOKEN))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
    };
    let placed: Value = create("<Respond><Say>x</Say></Respond>").send().await.unwrap().json().await.unwrap();
    let leg = until("the leg is over", Duration::from_secs(20), || async {
        let leg = stage.crowd.sandbox.leg(placed["sid"].as_str().unwrap()).await;
        if leg.ended_at.is_some() { Ok(leg) } else { Err(leg.status) }
    })
    .await;
    assert!(leg.complaints().iter().any(|complaint| complaint.contains("12102")), "{:?}", leg.complaints());

    let refused: Value = create(&"x".repeat(4001)).send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["status"], 400, "{refused}");
    let unknown = stage.client.http.post(&calls).basic_auth(ACCOUNT, Some("wrong")).send().await.unwrap();
    assert_eq!(unknown.status(), 401);
    let large = stage
        .client
        .http
        .post(&calls)
        .basic_auth(ACCOUNT, Some(TOKEN))
        .body(vec![b'a'; 3_000_000])
        .send()
        .await;
    assert!(large.is_err() || large.unwrap().status() == 413);
}
