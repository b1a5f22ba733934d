//! A language model as an option: an endpoint that is well, slow, refuses, fails and writes rubbish, each towards one customer.
//! Whatever it does changes nothing but the wording, and who refuses is never told to it.

use crate::{
    client::Client,
    crowd::{Crowd, Ended, MIXED_TEAM, all_well},
    home::Home,
    sandbox::Sandbox,
    server::Server,
    site::{Site, SiteCustomer},
    wait::until,
};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};
use tsunagu_carrier::sandbox::persona::Cast;

const SPEED: u32 = 10;
const LIMIT: Duration = Duration::from_secs(60);
/// How many customers are rung at once: on a busy machine a quarter of a second is over before it is known what to ask, and a call
/// goes on without advice. Who was not asked about is rung again, so many times in all.
const AT_ONCE: usize = 2;
const TRIES: usize = 3;
const KEY: &str = "the-key-of-the-model";
const FACTS: &str = "クラウド勤怠サービスは月額980円です。初期費用は無料です。";

/// What each customer says when the AI has said who calls, and what the endpoint does then.
const SAID: [(&str, &str, Does); 9] = [
    ("answered", "料金はおいくらですか", Does::Answer("月額980円です。")),
    ("invented", "月々いくらかかるんですか", Does::Answer("月額500円です。")),
    ("late", "費用はどのくらいですか", Does::Wait),
    ("broken", "どんな機能があるんですか", Does::Status(500)),
    ("limited", "値段を教えてもらえますか", Does::Status(429)),
    ("too-big", "使うのにいくらかかりますか", Does::Flood),
    ("rubbish", "導入にはいくらかかりますか", Does::Babble),
    ("unknown", "赤い電車がまっすぐ走って", Does::Classify("ask_purpose")),
    ("refuses", "うちは結構です", Does::Classify("affirm")),
];

#[derive(Debug, Clone, Copy)]
enum Does {
    Answer(&'static str),
    Classify(&'static str),
    Wait,
    Status(u16),
    Flood,
    Babble,
}

/// What the endpoint was asked: the head's key and the body.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// An endpoint as many have them, in a thread of its own.
fn endpoint() -> (Asked, String) {
    let asked = Asked::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let kept = asked.clone();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = move || {
                let route = web::post().to(completions);
                App::new().app_data(web::Data::new(kept.clone())).route("/v1/chat/completions", route)
            };
            HttpServer::new(app).workers(1).listen(listener).unwrap().run().await.unwrap();
        });
    });
    (asked, url)
}

async fn completions(asked: web::Data<Asked>, request: HttpRequest, body: String) -> HttpResponse {
    let key = request.headers().get("authorization").and_then(|key| key.to_str().ok()).unwrap_or_default();
    asked.lock().unwrap().push((key.to_owned(), body.clone()));
    let says = |content: Value| {
        HttpResponse::Ok().json(json!({
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 700, "completion_tokens": 20, "total_tokens": 720 },
        }))
    };
    let reply =
        |intent: &str, answer: Value| says(json!({ "intent": intent, "answer": answer }).to_string().into());
    match SAID.iter().find(|(_, said, _)| body.contains(said)).map(|(.., does)| *does) {
        Some(Does::Answer(answer)) => reply("ask_question", answer.into()),
        Some(Does::Classify(intent)) => reply(intent, Value::Null),
        Some(Does::Wait) => {
            tokio::time::sleep(LIMIT).await;
            HttpResponse::Ok().finish()
        }
        Some(Does::Status(status)) => HttpResponse::build(status.try_into().unwrap()).body("no"),
        Some(Does::Flood) => HttpResponse::Ok().body("x".repeat(1 << 20)),
        Some(Does::Babble) => says("I would say the customer is interested!".into()),
        None => reply("unknown", Value::Null),
    }
}

/// A person who says one thing and hangs up some time after the answer.
fn persona(number: usize, name: &str, said: &str) -> String {
    format!(
        r#"
name = "{name}"
about = "一言だけ言う。"
translated = "Says one thing."
role = "customer"
lang = "ja"
numbers = ["+8150103{number}####"]
expected = ["success", "absent", "rejected", "follow_up", "failed"]

[greeting]
say = ["はい"]

[[rules]]
step = "start"
when = "."
say = ["{said}"]
goto = "said"

[[rules]]
step = "said"
when = "."
hang_up = true
after_secs = [2, 3]

[default]
say = ["はい"]
"#
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_language_model_does_changes_nothing_but_the_wording() {
    let (asked, url) = endpoint();
    let people: Vec<(String, String)> = (0..)
        .zip(SAID)
        .map(|(number, (name, said, _))| (format!("{name}.toml"), persona(number, name, said)))
        .collect();
    let cast = Cast::from_sources(&people).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &people {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let anchor = Timestamp::now();
    let sandbox = Sandbox::with(SPEED, anchor, &["--personas", folder.path().to_str().unwrap()]);
    let cast: Vec<_> = cast.iter().collect();
    let site = Site::seed_cast(Home::folder(), &cast, cast.len(), MIXED_TEAM).await;
    let settings = [
        ("LANGUAGE_MODEL_URL", url.as_str()),
        ("LANGUAGE_MODEL_KEY", KEY),
        ("LANGUAGE_MODEL_NAME", "small-1"),
        // The longest that there is, for a machine that does much else.
        ("TSUNAGU_LANGUAGE_MODEL__BUDGET_MS", "3000"),
        // What is told apart here is that each fails in its own way.
        ("TSUNAGU_LANGUAGE_MODEL__FAILURES", "100"),
    ];
    let server = Server::with(&site, &sandbox, SPEED, anchor, &settings);
    let crowd = Crowd { site, sandbox, server };
    let facts = json!({ "settings": { "facts": FACTS } });
    let (status, answer) = crowd.server.admin().await.patch("/api/company", facts).await;
    assert_eq!((status, &answer["data"]["settings"]["facts"]), (200, &FACTS.into()));

    let client = crowd.server.client().await;
    let calls = stream::iter(&crowd.site.customers).map(|customer| asked_about(&client, customer));
    let ids: Vec<String> = calls.buffered(AT_ONCE).collect().await;
    crowd.until_over(&client, LIMIT).await;
    let ended = crowd.accounts(&client, &ids).await;
    all_well(ended.iter().map(Ended::check_journal));
    all_well(ended.iter().map(Ended::check_transcript));
    for call in &ended {
        check(call);
    }
    check_what_was_sent(&asked, &crowd);
    check_metrics(&client).await;
}

/// A call to this customer, about whose words the model was asked where it may be; the last one where it never was.
async fn asked_about(client: &Client, customer: &SiteCustomer) -> String {
    let said = SAID.iter().find(|(name, ..)| *name == customer.persona).map(|(_, said, _)| *said);
    let mut tries = 1;
    loop {
        let call = client.start(customer.id, None).await;
        until("the call is over", LIMIT, || async {
            let record = client.call(&call).await;
            if record["status"] == "completed" { Ok(()) } else { Err(record["status"].clone()) }
        })
        .await;
        let events = client.events(&call).await;
        let heard = events.iter().find(|entry| entry["event"]["text"].as_str() == said);
        let is_asked = heard.is_some_and(|entry| entry["event"]["advice"].is_object());
        if is_asked || customer.persona == "refuses" || tries == TRIES {
            return call;
        }
        tries += 1;
    }
}

/// What the journal says of the one thing that this customer said, and what they heard then.
fn check(call: &Ended<'_>) {
    let (name, said, _) =
        SAID.into_iter().find(|(name, ..)| *name == call.customer.persona).expect("one of these");
    let events: Vec<&Value> = call.events.iter().map(|event| &event["event"]).collect();
    let place = events.iter().position(|event| event["type"] == "heard" && event["text"] == said);
    let place = place.unwrap_or_else(|| panic!("{name}: {said} was not heard: {events:#?}"));
    let advice = &events[place]["advice"];
    let answer = events[place..].iter().find(|event| event["type"] == "said").unwrap();
    let spoken = answer["directive"].to_string();
    let template = "ご説明いたします";
    match name {
        "answered" => {
            assert_eq!(
                (&advice["used"], &advice["answer"]),
                (&true.into(), &"月額980円です。".into()),
                "{advice}"
            );
            assert_eq!(advice["tokens"], json!({ "prompt": 700, "completion": 20 }));
            assert_eq!(advice["model"], "small-1");
            assert!(advice["millis"].is_u64() && spoken.contains("月額980円です。"), "{spoken}");
        }
        "unknown" => {
            assert_eq!(
                (&advice["used"], &advice["intent"]),
                (&true.into(), &"ask_purpose".into()),
                "{advice}"
            );
            assert_eq!(events[place]["intent"], "ask_purpose");
        }
        "refuses" => {
            assert!(advice.is_null(), "{advice}");
            assert_eq!(call.record["outcome"], "rejected");
        }
        _ => {
            let why = match name {
                "invented" => json!({ "objection": "number" }),
                "rubbish" => json!({ "objection": "malformed" }),
                failure => json!({ "failure": failure.replace('-', "_") }),
            };
            let (key, value) = why.as_object().unwrap().iter().next().unwrap();
            assert_eq!(&advice[key], value, "{name}: {advice}");
            assert!(advice["used"].is_null() && advice["answer"].is_null(), "{name}: {advice}");
            assert!(spoken.contains(template) && !spoken.contains("500"), "{name}: {spoken}");
        }
    }
}

/// What was said, the phase and the facts: nothing that tells who the customer is, and nothing of who refused.
fn check_what_was_sent(asked: &Asked, crowd: &Crowd) {
    let asked = asked.lock().unwrap();
    assert!(asked.len() >= SAID.len() - 1, "{asked:#?}");
    for (key, body) in &*asked {
        assert_eq!(key, &format!("Bearer {KEY}"));
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["model"], "small-1");
        let messages = body["messages"].as_array().unwrap();
        let user: Value = serde_json::from_str(messages[1]["content"].as_str().unwrap()).unwrap();
        let mut keys: Vec<_> = user.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!((messages.len(), keys.as_slice()), (2, ["facts", "phase", "utterance"].as_slice()));
        let sent = body.to_string();
        assert!(!sent.contains("結構"), "{sent}");
        for customer in &crowd.site.customers {
            assert!(
                !sent.contains(&customer.phone) && !sent.contains("顧客0") && !sent.contains("山田商事"),
                "{sent}"
            );
        }
    }
}

async fn check_metrics(client: &Client) {
    let metrics =
        client.http.get(format!("{}/metrics", client.base)).send().await.unwrap().text().await.unwrap();
    for line in [
        "language_model_advice_total{came_to=\"used\"} 2",
        "language_model_advice_total{came_to=\"number\"} 1",
        "language_model_advice_total{came_to=\"malformed\"} 1",
        "language_model_requests_total{outcome=\"late\"} 1",
        "language_model_requests_total{outcome=\"too_big\"} 1",
    ] {
        assert!(metrics.lines().any(|seen| seen == line), "{line} in {metrics}");
    }
    assert!(!metrics.contains(KEY));
}
