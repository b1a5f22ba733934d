//! The advisor against an endpoint that is well, and against those that are not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect fails there and then"
)]

use std::net::TcpListener;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, rt, web};
use serde_json::{Value, json};
use tsunagu_advisor::{Advisor, AdvisorConfig, AdvisorError};
use tsunagu_conversation::{Failure, Prompt, Tokens};

/// An endpoint that does what the model's name says.
fn endpoint() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/", listener.local_addr().unwrap());
    let app = || App::new().route("/v1/chat/completions", web::post().to(completions));
    rt::spawn(HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run());
    url
}

async fn completions(body: web::Json<Value>) -> HttpResponse {
    let model = body["model"].as_str().unwrap_or_default();
    match model {
        "echo" => HttpResponse::Ok().json(json!({
            "choices": [{ "message": { "content": body["messages"].to_string() } }],
            "usage": { "prompt_tokens": 5, "completion_tokens": 7 },
        })),
        "silent" => HttpResponse::Ok().json(json!({ "choices": [{ "message": { "content": null } }] })),
        "empty" => HttpResponse::Ok().json(json!({ "choices": [] })),
        "page" => HttpResponse::Ok().body("<html>"),
        "huge" => HttpResponse::Ok().body("x".repeat(1 << 20)),
        "moved" => {
            HttpResponse::TemporaryRedirect().insert_header(("Location", "/v1/chat/completions")).finish()
        }
        "slow" => {
            rt::time::sleep(Duration::from_secs(60)).await;
            HttpResponse::Ok().finish()
        }
        status => HttpResponse::build(status.parse::<u16>().unwrap().try_into().unwrap()).finish(),
    }
}

fn config(url: &str, model: &str) -> AdvisorConfig {
    AdvisorConfig {
        url: url.to_owned(),
        key: "a key".into(),
        model: model.to_owned(),
        budget: Duration::from_secs(20),
        max_in_flight: 1,
        failures: 2,
        pause: Duration::from_secs(600),
    }
}

fn prompt() -> Prompt {
    Prompt { system: "the system".into(), user: "{\"utterance\":\"hm\"}".into(), max_tokens: 10 }
}

#[actix_web::test]
async fn what_the_model_writes_comes_back_with_its_cost() {
    let advisor = Advisor::new(config(&endpoint(), "echo")).unwrap();
    let reply = advisor.ask(&prompt()).await.unwrap();
    let text = reply.text.unwrap();
    assert!(text.contains("the system") && text.contains("utterance"), "{text}");
    assert_eq!((reply.model.as_str(), reply.tokens), ("echo", Some(Tokens { prompt: 5, completion: 7 })));
}

#[actix_web::test]
async fn each_failure_has_its_name() {
    let url = endpoint();
    for (model, failure) in [
        ("429", Failure::Limited),
        ("500", Failure::Broken),
        ("503", Failure::Broken),
        ("401", Failure::Refused),
        ("moved", Failure::Refused),
        ("huge", Failure::TooBig),
        ("page", Failure::Rubbish),
        ("empty", Failure::Rubbish),
        ("silent", Failure::Rubbish),
    ] {
        let advisor = Advisor::new(config(&url, model)).unwrap();
        assert_eq!(advisor.ask(&prompt()).await.unwrap().text, Err(failure), "{model}");
    }
    let slow = AdvisorConfig { budget: Duration::from_millis(100), ..config(&url, "slow") };
    assert_eq!(Advisor::new(slow).unwrap().ask(&prompt()).await.unwrap().text, Err(Failure::Late));
}

#[actix_web::test]
async fn one_that_is_dead_is_asked_no_more_for_a_while() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let advisor = Advisor::new(config(&format!("http://{port}"), "any")).unwrap();
    for _ in 0..2 {
        assert!(advisor.accepts());
        assert_eq!(advisor.ask(&prompt()).await.unwrap().text, Err(Failure::Unreachable));
    }
    assert!(!advisor.accepts());
    assert_eq!(advisor.ask(&prompt()).await, None);
}

#[actix_web::test]
async fn there_are_only_so_many_places() {
    let slow = AdvisorConfig { budget: Duration::from_millis(300), ..config(&endpoint(), "slow") };
    let advisor = Advisor::new(slow).unwrap();
    let other = advisor.clone();
    let prompt = prompt();
    let (first, second) = futures_util::future::join(advisor.ask(&prompt), other.ask(&prompt)).await;
    assert_eq!((first.unwrap().text, second), (Err(Failure::Late), None));
}

#[test]
fn settings_that_cannot_work_are_refused_and_no_key_is_shown() {
    let url = "http://127.0.0.1/v1";
    for url in ["", "model.example.jp", "ftp://model.example.jp"] {
        assert!(matches!(Advisor::new(config(url, "any")), Err(AdvisorError::Url(_))), "{url}");
    }
    assert!(matches!(Advisor::new(config(url, " ")), Err(AdvisorError::Name)));
    let none = AdvisorConfig { max_in_flight: 0, ..config(url, "any") };
    assert!(matches!(Advisor::new(none), Err(AdvisorError::Limits)));
    let key = AdvisorConfig { key: "a\nkey".into(), ..config(url, "any") };
    assert!(matches!(Advisor::new(key), Err(AdvisorError::Key)));
    let shown = format!("{:?} {:?}", config(url, "any"), Advisor::new(config(url, "any")).unwrap());
    assert!(!shown.contains("a key"), "{shown}");
}
