use super::world::*;
use crate::sandbox::{SandboxConfig, serve};
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn only_the_account_may_ask() {
    let world = world(|_| nothing()).await;
    let url = world.account("Calls.json");
    let refused = |request: reqwest::RequestBuilder| async { answer(request).await };
    assert_eq!(refused(world.client.get(&url)).await.0, 401);
    let (status, body) = refused(world.client.get(&url).basic_auth(ACCOUNT, Some("54321"))).await;
    assert_eq!((status, &body["code"]), (401, &json!(20003)));
    assert_eq!(body["more_info"], "https://www.twilio.com/docs/errors/20003");
    let other = url.replace(ACCOUNT, "AC00000000000000000000000000000002");
    assert_eq!(refused(world.client.get(other).basic_auth(ACCOUNT, Some(TOKEN))).await.0, 404);
    assert_eq!(refused(world.client.get(&url).basic_auth(ACCOUNT, Some(TOKEN))).await.0, 200);
    world.end().await;
}

#[tokio::test]
async fn bad_requests_are_refused_and_change_nothing() {
    let world = world_with(|config| config.numbers = vec![US.into()], |_| nothing()).await;
    let url = "http://example.com/voice";
    let long = "x".repeat(4_001);
    let cases: &[(&[(&str, &str)], u64)] = &[
        (&[("From", US), ("Url", url)], 21201),
        (&[("To", SILENT), ("Url", url)], 21213),
        (&[("To", "090"), ("From", US), ("Url", url)], 21211),
        (&[("To", SILENT), ("From", "nobody"), ("Url", url)], 21212),
        (&[("To", SILENT), ("From", "+815099999999"), ("Url", url)], 21210),
        (&[("To", SILENT), ("From", US)], 21205),
        (&[("To", SILENT), ("From", US), ("Url", "ftp://example.com")], 21205),
        (&[("To", SILENT), ("From", US), ("Twiml", &long)], 32018),
        (
            &[
                ("To", SILENT),
                ("From", US),
                ("Url", url),
                ("MachineDetection", "Enable"),
                ("AsyncAmd", "true"),
            ],
            21262,
        ),
        (&[("To", SILENT), ("From", US), ("Url", url), ("MachineDetection", "Maybe")], 21263),
        (&[("To", SILENT), ("From", US), ("Url", url), ("Timeout", "soon")], 20001),
    ];
    for (form, code) in cases {
        let (status, body) = world.post("Calls.json", form).await;
        assert_eq!((status, &body["code"], &body["status"]), (400, &json!(code), &json!(400)), "{form:?}");
    }
    for path in [
        format!("Calls/CA{}.json", "0".repeat(32)),
        format!("Conferences/CF{}.json", "0".repeat(32)),
        format!("Recordings/RE{}.json", "0".repeat(32)),
        "Nonsense.json".into(),
    ] {
        let (status, body) = world.get(&path).await;
        assert_eq!((status, &body["code"]), (404, &json!(20404)), "{path}");
    }
    let (_, list) = world.get("Calls.json").await;
    assert_eq!(list["calls"], json!([]));
    assert_eq!(world.get("Calls.json?PageSize=5000").await.1["code"], 20006);
    world.end().await;
}

#[tokio::test]
async fn bodies_too_long_or_not_utf8_are_refused() {
    let world = world(|_| nothing()).await;
    let post = |body: Vec<u8>, kind: &str| {
        let request = world.client.post(world.account("Calls.json")).basic_auth(ACCOUNT, Some(TOKEN));
        answer(request.header("Content-Type", kind).body(body))
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(post(vec![b'a'; 70 * 1024], form).await.0, 413);
    let (status, body) = post(b"To=%FF%FE&From=x".to_vec(), form).await;
    assert_eq!((status, &body["code"]), (400, &json!(20001)));
    assert_eq!(post(b"{}".to_vec(), "application/json").await.0, 415);
    let (status, _) = world.control("inbound", json!({ "text": "x".repeat(70 * 1024) })).await;
    assert_eq!(status, 413);
    assert_eq!(world.control("inbound", json!({ "nonsense": 1 })).await.0, 400);
    world.end().await;
}

/// What an application may answer wrongly, and the error that Twilio's debugger would show.
#[tokio::test]
async fn rubbish_twiml_ends_the_call_with_an_apology() {
    let answers: [(Reply, u64); 7] = [
        (Reply { body: "<Response><Say>".into(), ..twiml("") }, 12100),
        (Reply { body: "<Html/>".into(), ..twiml("") }, 12102),
        (Reply { body: String::new(), ..twiml("") }, 11770),
        (Reply { body: "x".repeat(65 * 1024), ..twiml("") }, 11750),
        (Reply { kind: "application/json", body: "{}".into(), ..twiml("") }, 12300),
        (Reply { status: 500, ..twiml("") }, 11200),
        (Reply { status: 302, header: Some(("Location", "/voice".into())), ..twiml("") }, 11215),
    ];
    for (reply, code) in answers {
        let reply = Arc::new(reply);
        let world = world(move |seen| match seen.path.as_str() {
            "/voice" => Reply { body: reply.body.clone(), header: reply.header.clone(), ..*reply },
            _ => nothing(),
        })
        .await;
        let sid = world.ring(SILENT, &[]).await;
        world.until_status("completed").await;
        assert_eq!(world.log(&sid, "error").await[0]["code"], code);
        let heard = world.log(&sid, "heard_by").await;
        assert!(heard[0]["text"].as_str().unwrap().contains("application error"));
        world.end().await;
    }
}

#[tokio::test]
async fn plain_text_is_read_aloud_and_warnings_are_only_warnings() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => Reply { kind: "text/plain", body: "hello".into(), ..twiml("") },
        "/typo" => twiml(r#"<Say statuscallback="x">hi</Say><Nonsense/>"#),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    assert_eq!(world.log(&sid, "heard_by").await[0]["text"], "hello");
    let typo = world.url("/typo");
    let sid = world.ring(SILENT, &[("Url", &typo)]).await;
    world
        .until(|seen| seen.iter().any(|s| s.get("CallSid") == sid && s.get("CallStatus") == "completed"))
        .await;
    assert_eq!(world.log(&sid, "warning").await.len(), 2);
    assert_eq!(world.log(&sid, "heard_by").await[0]["text"], "hi");
    world.end().await;
}

#[tokio::test]
async fn the_fallback_is_asked_and_cookies_come_back() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => Reply { status: 503, header: Some(("Set-Cookie", "leg=1; Path=/".into())), ..twiml("") },
        "/fallback" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    let fallback = world.url("/fallback");
    world.ring(SILENT, &[("FallbackUrl", &fallback)]).await;
    world.until_status("completed").await;
    let asked = &world.at("/fallback")[0];
    assert_eq!((asked.get("ErrorCode"), asked.get("ErrorUrl")), ("11200", &*world.url("/voice")));
    assert_eq!(asked.cookie, "leg=1");
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_reached_is_tried_once_more() {
    let world = world(|_| nothing()).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/voice");
    let sid = world.ring(SILENT, &[("Url", &url)]).await;
    world.until_status("completed").await;
    assert_eq!(world.log(&sid, "error").await[0]["code"], 11202);
    assert_eq!(world.inspect("counters").await["webhooks_retried"], 1);
    world.end().await;
}

#[tokio::test]
async fn a_configuration_that_makes_no_sense_is_refused() {
    for change in [
        (|c| c.account_sid = "AC1".into()) as fn(&mut SandboxConfig),
        |c| c.auth_token.clear(),
        |c| c.speed = 0.5,
        |c| c.faults.status.drop = 2.0,
    ] {
        let mut config = SandboxConfig::new(ACCOUNT, TOKEN, Arc::new(cast()));
        change(&mut config);
        assert!(serve(config, std::net::TcpListener::bind("127.0.0.1:0").unwrap()).await.is_err());
    }
}
