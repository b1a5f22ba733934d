//! Recorded calls: the customer is told, the recording is paused and resumed, and listened to whole and in parts. One of which
//! nothing was told is found.

use crate::{
    crowd::{Crowd, Ended, MIXED_TEAM, all_well},
    sandbox::Sandbox,
    server::Server,
    site::Site,
    wait::until,
};
use jiff::Timestamp;
use reqwest::{Method, Response};
use serde_json::json;
use std::time::Duration;

const SPEED: u32 = 10;
const LIMIT: Duration = Duration::from_secs(60);
/// How much earlier a server's clock begins that is a quarter of an hour of call time ahead.
const AHEAD: Duration = Duration::from_secs(900 / (SPEED as u64 - 1));

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_recorded_paused_and_listened_to() {
    let anchor = Timestamp::now();
    let sandbox = Sandbox::start(SPEED, anchor);
    let site = Site::seed(&["interested-manager"], 1, MIXED_TEAM).await;
    let record = [("TSUNAGU_CALLS__RECORD", "true")];
    let server = Server::with(&site, &sandbox, SPEED, anchor, &record);
    let crowd = Crowd { site, sandbox, server };
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    let path = format!("/api/calls/{}", ids[0]);

    until("the recording is being made", LIMIT, || async {
        let record = client.call(&ids[0]).await;
        if record["recordingStatus"] == "in-progress" { Ok(()) } else { Err(record["status"].clone()) }
    })
    .await;
    for (what, status) in [("pause", "paused"), ("resume", "in-progress")] {
        let (code, answer) = client.post(&format!("{path}/recording/{what}"), json!({})).await;
        assert_eq!((code, answer["data"]["recordingStatus"].as_str()), (200, Some(status)), "{answer}");
    }
    crowd.until_over(&client, LIMIT).await;
    until("the recording is complete", LIMIT, || async {
        let record = client.call(&ids[0]).await;
        if record["recordingStatus"] == "completed" { Ok(()) } else { Err(record["recordingStatus"].clone()) }
    })
    .await;

    let ended = crowd.accounts(&client, &ids).await;
    all_well(
        ended
            .iter()
            .flat_map(|ended| [ended.check_outcome(), ended.check_transcript(), Ended::check_journal(ended)]),
    );
    assert!(ended[0].leg.spoken_to()[0].contains("録音"), "{:?}", ended[0].leg.spoken_to());
    assert_eq!(ended[0].leg.complaints(), [""; 0]);

    let ask = |method: Method, range: Option<&'static str>| {
        let mut request = client
            .http
            .request(method, format!("{}{path}/recording", client.base))
            .bearer_auth(&client.token);
        if let Some(range) = range {
            request = request.header("Range", range);
        }
        async move { request.send().await.unwrap() }
    };
    let header = |answer: &Response, name: &str| {
        answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let whole = ask(Method::GET, None).await;
    assert_eq!((whole.status().as_u16(), header(&whole, "content-type").as_str()), (200, "audio/x-wav"));
    let whole = whole.bytes().await.unwrap();
    assert!(whole.starts_with(b"RIFF") && whole.len() > 8_000, "{} bytes", whole.len());
    let part = ask(Method::GET, Some("bytes=8-11")).await;
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, "content-range"), format!("bytes 8-11/{}", whole.len()));
    assert_eq!(part.bytes().await.unwrap().as_ref(), b"WAVE");
    let head = ask(Method::HEAD, None).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, whole.len().to_string()));
    assert_eq!(ask(Method::GET, Some("bytes=999999999-")).await.status(), 416);
}

/// The server that looks for it has a clock that is ahead, so that nobody need wait until the recording is missed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_of_which_nothing_was_told_is_found_at_the_carrier() {
    let anchor = Timestamp::now();
    let sandbox = Sandbox::start(SPEED, anchor);
    sandbox.set_faults(json!({ "recording": { "drop": 1.0 } })).await;
    let site = Site::seed(&["interested-manager"], 1, MIXED_TEAM).await;
    let record = [("TSUNAGU_CALLS__RECORD", "true")];
    let server = Server::with(&site, &sandbox, SPEED, anchor, &record);
    let mut crowd = Crowd { site, sandbox, server };
    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    crowd.until_over(&client, LIMIT).await;
    assert_eq!(client.call(&ids[0]).await["recordingStatus"], json!(null));
    assert!(crowd.server.program.terminate().success());

    crowd.server = Server::with(&crowd.site, &crowd.sandbox, SPEED, anchor - AHEAD, &record);
    let client = crowd.server.client().await;
    until("the recording is found", LIMIT, || async {
        let record = client.call(&ids[0]).await;
        if record["recordingStatus"] == "completed" { Ok(()) } else { Err(record["recordingStatus"].clone()) }
    })
    .await;
    let url = client.call(&ids[0]).await["recordingUrl"].as_str().unwrap().to_owned();
    let sound = client.http.get(format!("{}{url}", client.base)).bearer_auth(&client.token);
    assert_eq!(sound.send().await.unwrap().status(), 200);
}
