//! The log as a machine reads it: each line an object, calls named, and nothing in it that is nobody's business.

use crate::{
    crowd::Crowd,
    sandbox::{OUR_NUMBER, TOKEN},
    server::SECRET,
    site::{PASSWORD, SUPERVISORS_PHONE},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_names_calls_and_tells_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.log");
    let mut settings = vec![
        ("LOG_FORMAT", "json"),
        // As much as there is: what is not in there is in no log.
        ("RUST_LOG", "trace"),
        ("TSUNAGU_LOG__FILE", file.to_str().unwrap()),
    ];
    if cfg!(feature = "otel") {
        // A collector that is not there disturbs nobody.
        settings.extend([
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a-key-for-the-collector"),
        ]);
    }
    let personas = ["interested-manager", "refuses", "asks-company-first"];
    let mut crowd = Crowd::with(20, &personas, 6, crate::crowd::MIXED_TEAM, &settings).await;
    crowd
        .sandbox
        .set_faults(json!({ "rest": { "too_many": 0.2, "too_many_burst": 1, "answer_lost": 0.1 } }))
        .await;
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, Duration::from_secs(120)).await;
    let gather = format!("{}/api/twilio/voice/gather/{}", crowd.server.program.url, ids[0]);
    client.http.post(gather).body("SpeechResult=%E7%A7%98%E5%AF%86").send().await.unwrap();
    let wrong = json!({ "email": "supervisor@example.jp", "password": "a-wrong-password" });
    client
        .http
        .post(format!("{}/api/auth/login", crowd.server.program.url))
        .json(&wrong)
        .send()
        .await
        .unwrap();
    let mut said = BTreeSet::new();
    for id in &ids {
        for line in client.call(id).await["transcript"].as_array().unwrap() {
            said.insert(line["message"].as_str().unwrap().to_owned());
        }
    }
    let began = tokio::time::Instant::now();
    assert!(crowd.server.program.terminate().success());
    assert!(began.elapsed() < Duration::from_secs(30), "a missing collector does not hold up the end");

    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not an object: {line}")))
        .collect();
    assert!(lines.len() > 100);
    for line in &lines {
        assert!(
            line["timestamp"].is_string() && line["level"].is_string() && line["target"].is_string(),
            "{line}"
        );
    }
    let named: BTreeSet<_> = lines.iter().filter_map(call_of).collect();
    for id in &ids {
        assert!(named.contains(id.as_str()), "{id} is in no line");
    }
    // What is said about the carrier's answers names the call, except where nobody's call is asked for.
    let of_carrier: Vec<_> = lines
        .iter()
        .filter(|line| {
            let operation = line["operation"].as_str();
            operation.is_some_and(|operation| operation != "account.check")
                && line["target"].as_str().is_some_and(|target| target.starts_with("tsunagu_carrier"))
        })
        .collect();
    assert!(!of_carrier.is_empty(), "the carrier refused something");
    for line in of_carrier {
        assert!(call_of(line).is_some(), "which call? {line}");
    }
    let warned = lines.iter().filter(|line| {
        line["message"].as_str().is_some_and(|text| text.starts_with("traces cannot be sent"))
    });
    assert_eq!(warned.count(), usize::from(cfg!(feature = "otel")), "told once, not at every try");

    let digits = |number: &str| number.trim_start_matches('+').to_owned();
    let mut unspeakable: Vec<(&str, String)> = vec![
        ("the secret of tokens", SECRET.to_owned()),
        ("the carrier's token", TOKEN.to_owned()),
        ("a password", PASSWORD.to_owned()),
        ("a wrong password", "a-wrong-password".to_owned()),
        ("the collector's key", "a-key-for-the-collector".to_owned()),
        ("a token", client.token.clone()),
        ("our number", digits(OUR_NUMBER)),
        ("the supervisor's number", digits(SUPERVISORS_PHONE)),
        ("a word in a forged webhook", "秘密".to_owned()),
        ("the same, encoded", "%E7%A7%98".to_owned()),
    ];
    unspeakable
        .extend(crowd.site.customers.iter().map(|customer| ("a customer's number", digits(&customer.phone))));
    unspeakable.extend(crowd.site.agents.iter().map(|(_, phone)| ("an agent's number", digits(phone))));
    unspeakable.extend(
        said.into_iter().filter(|words| words.chars().count() > 5).map(|words| ("what was said", words)),
    );
    for (what, words) in unspeakable {
        let found = text.lines().find(|line| line.contains(&words));
        assert!(found.is_none(), "{what} ({words}) is in the log: {found:?}");
    }
}

fn call_of(line: &Value) -> Option<&str> {
    let spans = line["spans"].as_array().into_iter().flatten();
    line["callId"].as_str().or_else(|| spans.filter_map(|span| span["callId"].as_str()).next())
}
