use super::sockets::*;
use super::world::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

async fn stream_world(document: impl Fn(&str) -> String) -> (World, Server) {
    let server = Server::listen().await;
    let document = document(&server.url);
    let world = world(move |seen| match seen.path.as_str() {
        "/voice" => twiml(&document.replace("{base}", &seen_base(seen))),
        "/after" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    (world, server)
}

/// Where a stream's callback goes, which must be absolute.
fn seen_base(seen: &Seen) -> String {
    format!("http://{}", seen.host)
}

fn both_ways(url: &str) -> String {
    format!(
        r#"<Connect action="/after"><Stream url="{url}" name="mine" statusCallback="{{base}}/stream"><Parameter name="lead" value="7"/></Stream></Connect>"#
    )
}

fn media(start: &Value, bytes: usize) -> Value {
    let payload = STANDARD.encode(vec![0x7f; bytes]);
    json!({ "event": "media", "streamSid": start["streamSid"], "media": { "payload": payload } })
}

fn mark(start: &Value, name: &str) -> Value {
    json!({ "event": "mark", "streamSid": start["streamSid"], "mark": { "name": name } })
}

fn number(value: &Value) -> u64 {
    value.as_str().expect("a number as a string").parse().unwrap()
}

fn events(world: &World) -> Vec<String> {
    world.at("/stream").iter().map(|seen| seen.get("StreamEvent").to_owned()).collect()
}

async fn until_event(world: &World, event: &str) {
    world.until(|seen| seen.iter().any(|s| s.path == "/stream" && s.get("StreamEvent") == event)).await;
}

#[tokio::test]
async fn sound_both_ways() {
    let (world, server) = stream_world(both_ways).await;
    let sid = world.ring(MANUAL, &[]).await;
    let mut peer = server.accept().await;
    assert!(peer.signed);
    let connected = peer.receive().await.unwrap();
    assert_eq!(connected, json!({ "event": "connected", "protocol": "Call", "version": "1.0.0" }));
    let start = peer.receive().await.unwrap();
    assert_eq!((&start["event"], number(&start["sequenceNumber"])), (&json!("start"), 1));
    assert_eq!(start["start"]["tracks"], json!(["inbound"]));
    assert_eq!(start["start"]["customParameters"], json!({ "lead": "7" }));
    assert_eq!((&start["start"]["callSid"], &start["start"]["accountSid"]), (&json!(sid), &json!(ACCOUNT)));
    let (mut sequence, mut ends_at) = (1, 0);
    for chunk in 1..=5 {
        let media = peer.receive().await.unwrap();
        sequence += 1;
        assert_eq!((&media["event"], number(&media["sequenceNumber"])), (&json!("media"), sequence));
        let media = &media["media"];
        assert_eq!((&media["track"], number(&media["chunk"])), (&json!("inbound"), chunk));
        assert!(number(&media["timestamp"]) >= ends_at, "time does not go back");
        let sound = STANDARD.decode(media["payload"].as_str().unwrap()).unwrap();
        assert!(sound.len().is_multiple_of(160) && sound.len() <= 8_000 && sound.iter().all(|b| *b == 0xff));
        ends_at = number(&media["timestamp"]) + sound.len() as u64 / 8;
    }
    // A second of sound, then a mark: it comes back when that has been played.
    peer.send(media(&start, 8_000)).await;
    peer.send(mark(&start, "said")).await;
    assert_eq!(peer.until("event", "mark").await["mark"], json!({ "name": "said" }));
    assert_eq!(world.log(&sid, "heard_by").await[0]["text"], "1.00 s of sound");
    // Ten minutes, then two marks, then a clear: they come back at once.
    for _ in 0..10 {
        peer.send(media(&start, 8_000 * 60)).await;
    }
    peer.send(mark(&start, "a")).await;
    peer.send(mark(&start, "b")).await;
    peer.send(json!({ "event": "clear", "streamSid": start["streamSid"] })).await;
    assert_eq!(peer.until("event", "mark").await["mark"]["name"], "a");
    assert_eq!(peer.until("event", "mark").await["mark"]["name"], "b");
    assert_eq!(world.log(&sid, "heard_by").await[1]["interrupted"], true);
    world.control(&format!("calls/{sid}/press"), json!({ "digits": "5" })).await;
    let dtmf = peer.until("event", "dtmf").await;
    assert_eq!(dtmf["dtmf"], json!({ "track": "inbound_track", "digit": "5" }));
    peer.send(media(&start, 8_000 * 60)).await;
    peer.close(1000).await;
    world.until_status("completed").await;
    assert_eq!(world.at("/after")[0].get("CallStatus"), "in-progress");
    until_event(&world, "stream-stopped").await;
    assert_eq!(world.log(&sid, "heard_by").await[2]["interrupted"], true);
    assert_eq!(events(&world), ["stream-started", "stream-stopped"]);
    let started = &world.at("/stream")[0];
    assert_eq!((started.get("StreamName"), started.get("CallSid")), ("mine", sid.as_str()));
    assert_eq!(started.get("StreamSid"), start["streamSid"].as_str().unwrap());
    assert!(started.get("Timestamp").parse::<jiff::Timestamp>().is_ok());
    assert_eq!(world.log(&sid, "error").await[0]["code"], 31921);
    world.end().await;
}

#[tokio::test]
async fn messages_that_make_no_sense_are_warned_of_once() {
    let (world, server) = stream_world(both_ways).await;
    let sid = world.ring(SILENT, &[]).await;
    let mut peer = server.accept().await;
    let start = peer.until("event", "start").await;
    for bad in [json!({ "event": "shout" }), json!({ "event": "clear", "streamSid": "MZ0" }), json!([])] {
        peer.send(bad).await;
    }
    peer.send_binary().await;
    peer.send(mark(&start, "still here")).await;
    peer.until("event", "mark").await;
    let codes: Vec<_> =
        world.log(&sid, "warning").await.iter().map(|warning| warning["code"].clone()).collect();
    assert_eq!(codes, [31951, 31950]);
    peer.vanish();
    until_event(&world, "stream-stopped").await;
    assert_eq!(events(&world), ["stream-started", "stream-error", "stream-stopped"]);
    assert!(world.at("/stream")[1].get("StreamError").starts_with("31903"));
    world.end().await;
}

#[tokio::test]
async fn a_stream_that_is_refused_fails_and_the_call_goes_on() {
    for gone in [true, false] {
        let (world, server) = stream_world(both_ways).await;
        match gone {
            true => drop(server),
            false => {
                tokio::spawn(async move { server.refuse().await });
            }
        }
        let sid = world.ring(SILENT, &[]).await;
        world.until_status("completed").await;
        assert_eq!(world.at("/after").len(), 1);
        until_event(&world, "stream-error").await;
        assert_eq!(events(&world), ["stream-error"]);
        let code = if gone { 31902 } else { 31920 };
        assert_eq!(world.log(&sid, "error").await[0]["code"], code);
        world.end().await;
    }
}

#[tokio::test]
async fn a_stream_in_the_background_ends_by_name() {
    // A slow machine has four seconds of real time until then.
    let (world, server) = stream_world(|url| {
        format!(
            r#"<Start><Stream url="{url}" name="tap" track="both_tracks" statusCallback="{{base}}/stream"/></Start>
            <Pause length="200"/><Stop><Stream name="tap"/></Stop><Pause length="600"/>"#
        )
    })
    .await;
    let sid = world.ring(MANUAL, &[]).await;
    let mut peer = server.accept().await;
    let start = peer.until("event", "start").await;
    assert_eq!(start["start"]["tracks"], json!(["inbound", "outbound"]));
    let tracks = [peer.receive().await.unwrap(), peer.receive().await.unwrap()];
    assert_eq!(tracks.map(|m| m["media"]["track"].clone()), [json!("inbound"), json!("outbound")]);
    peer.send(mark(&start, "not here")).await;
    let (messages, code) = peer.rest().await;
    let stop = messages.last().unwrap();
    assert_eq!((&stop["event"], code), (&json!("stop"), 1000));
    assert_eq!(stop["stop"], json!({ "accountSid": ACCOUNT, "callSid": sid }));
    assert!(messages.iter().all(|message| message["event"] != "mark"));
    let numbers: Vec<u64> = messages.iter().map(|message| number(&message["sequenceNumber"])).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    until_event(&world, "stream-stopped").await;
    assert_eq!(world.log(&sid, "warning").await[0]["code"], 31951);
    world.end().await;
}

#[tokio::test]
async fn streams_over_rest_end_with_the_call_at_the_latest() {
    let (world, server) = stream_world(|_| "<Pause length=\"600\"/>".into()).await;
    let sid = world.ring(SILENT, &[]).await;
    world.until(|seen| seen.iter().any(|seen| seen.path == "/voice")).await;
    let path = format!("Calls/{sid}/Streams.json");
    let callback = world.url("/stream");
    let form = [
        ("Url", server.url.as_str()),
        ("Name", "tap"),
        ("StatusCallback", callback.as_str()),
        ("Parameter1.Name", "lead"),
        ("Parameter1.Value", "7"),
    ];
    let (status, stream) = world.post(&path, &form).await;
    assert_eq!((status, &stream["status"], &stream["name"]), (200, &json!("in-progress"), &json!("tap")));
    let mut peer = server.accept().await;
    assert!(peer.signed);
    let start = peer.until("event", "start").await;
    assert_eq!(start["start"]["customParameters"], json!({ "lead": "7" }));
    assert_eq!(start["streamSid"], stream["sid"]);
    let (status, _) = world.post(&path, &form).await;
    assert_eq!(status, 400, "the name is in use");
    let bad = [("Url", "ws://127.0.0.1/"), ("Url", "wss://127.0.0.1/?a=b")];
    for field in bad {
        assert_eq!(world.post(&path, &[field]).await.0, 400, "{field:?}");
    }
    let (status, stopped) =
        world.post(&format!("Calls/{sid}/Streams/tap.json"), &[("Status", "stopped")]).await;
    assert_eq!((status, &stopped["sid"], &stopped["status"]), (200, &stream["sid"], &json!("stopped")));
    assert_eq!(peer.rest().await.0.last().unwrap()["event"], "stop");
    until_event(&world, "stream-stopped").await;
    let (status, second) = world.post(&path, &[("Url", &server.url)]).await;
    assert_eq!((status, &second["name"]), (200, &Value::Null));
    let mut peer = server.accept().await;
    peer.until("event", "start").await;
    world.post(&format!("Calls/{sid}.json"), &[("Status", "completed")]).await;
    assert_eq!(peer.rest().await.0.last().unwrap()["event"], "stop");
    assert_eq!(world.post(&path, &[("Url", &server.url)]).await.0, 400);
    world.end().await;
}
