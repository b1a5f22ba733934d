use super::sockets::*;
use super::world::*;
use serde_json::{Value, json};

/// `/voice` connects to a relay, and goes on to `/after`.
async fn relay_world(attributes: &str, children: &str) -> (World, Server) {
    let server = Server::listen().await;
    let connect = connect(&server.url, attributes, children);
    let world = world(move |seen| match seen.path.as_str() {
        "/voice" => twiml(&connect),
        "/after" => twiml("<Hangup/>"),
        "/away" => twiml("<Pause length=\"30\"/>"),
        _ => nothing(),
    })
    .await;
    (world, server)
}

fn connect(url: &str, attributes: &str, children: &str) -> String {
    format!(
        r#"<Connect action="/after"><ConversationRelay url="{url}" {attributes}>{children}</ConversationRelay></Connect>"#
    )
}

fn text(token: &str, last: bool) -> Value {
    json!({ "type": "text", "token": token, "last": last })
}

/// Takes more than a minute of call time to say.
fn long_text() -> String {
    "Once upon a time there was a telephone that rang and rang. ".repeat(200)
}

async fn logged(world: &World, call: &str, kind: &str, text: &str) -> Value {
    loop {
        let log = world.log(call, kind).await;
        if let Some(entry) = log.into_iter().find(|entry| entry["text"] == text) {
            return entry;
        }
        tokio::task::yield_now().await;
    }
}

async fn after(world: &World) -> Seen {
    world.until(|seen| seen.iter().any(|seen| seen.path == "/after")).await;
    world.at("/after")[0].clone()
}

#[tokio::test]
async fn a_whole_conversation() {
    let attributes = r#"welcomeGreeting="Hello, how are you?" language="en-GB" dtmfDetection="true""#;
    let (world, server) = relay_world(attributes, r#"<Parameter name="lead" value="7"/>"#).await;
    let sid = world.ring(VISITOR, &[]).await;
    let mut peer = server.accept().await;
    assert!(peer.signed);
    let setup = peer.receive().await.unwrap();
    assert_eq!((&setup["type"], &setup["callSid"]), (&json!("setup"), &json!(sid)));
    assert_eq!((&setup["from"], &setup["to"]), (&json!(US), &json!(VISITOR)));
    assert_eq!((&setup["direction"], &setup["accountSid"]), (&json!("outbound-api"), &json!(ACCOUNT)));
    assert_eq!(setup["customParameters"], json!({ "lead": "7" }));
    assert!(setup["sessionId"].as_str().unwrap().starts_with("VX"));
    let prompt = peer.receive().await.unwrap();
    let expected =
        json!({ "type": "prompt", "voicePrompt": "Fine, thank you", "lang": "en-GB", "last": true });
    assert_eq!(prompt, expected);
    peer.send(json!({ "type": "language", "transcriptionLanguage": "ja-JP" })).await;
    peer.send(text("Now ", false)).await;
    peer.send(text("press one", false)).await;
    peer.send(text(", please", true)).await;
    assert_eq!(peer.receive().await.unwrap(), json!({ "type": "dtmf", "digit": "1" }));
    peer.send(text("And how are you again?", true)).await;
    assert_eq!(peer.receive().await.unwrap()["lang"], "ja-JP");
    peer.send(json!({ "type": "play", "source": "https://example.com/bell.mp3" })).await;
    peer.send(json!({ "type": "sendDigits", "digits": "1w2" })).await;
    logged(&world, &sid, "heard_by", "1w2").await;
    peer.send(json!({ "type": "end", "handoffData": "{\"why\":\"done\"}" })).await;
    assert_eq!(peer.receive().await, Err(1000));
    let after = after(&world).await;
    assert_eq!((after.get("SessionStatus"), after.get("HandoffData")), ("ended", "{\"why\":\"done\"}"));
    assert_eq!(after.get("SessionId"), setup["sessionId"].as_str().unwrap());
    assert!(after.get("SessionDuration").parse::<u32>().unwrap() >= 5);
    assert_eq!(after.get("ErrorCode"), "");
    world.until_status("completed").await;
    let told = world.log(&sid, "heard_by").await;
    let told: Vec<_> =
        told.iter().map(|heard| (&heard["text"], &heard["source"], &heard["interrupted"])).collect();
    assert_eq!(told[0], (&json!("Hello, how are you?"), &json!("relay"), &json!(false)));
    assert_eq!(told[1], (&json!("Now press one, please"), &json!("relay"), &json!(false)));
    assert_eq!(told[3], (&json!("https://example.com/bell.mp3"), &json!("play"), &json!(false)));
    world.end().await;
}

#[tokio::test]
async fn somebody_talks_over_a_long_story() {
    let (world, server) = relay_world("", "").await;
    let sid = world.ring(VISITOR, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    let story = format!("A long story. {}", long_text());
    peer.send(text(&story, true)).await;
    peer.send(text("This is never heard", true)).await;
    let interrupt = peer.receive().await.unwrap();
    assert_eq!(interrupt["type"], "interrupt");
    let heard = interrupt["utteranceUntilInterrupt"].as_str().unwrap();
    assert!(story.starts_with(heard) && !heard.is_empty() && heard.len() < story.len(), "{heard}");
    assert!(interrupt["durationUntilInterruptMs"].as_u64().unwrap() >= 20_000);
    let prompt = peer.receive().await.unwrap();
    assert_eq!((&prompt["voicePrompt"], &prompt["last"]), (&json!("Could you be brief?"), &json!(true)));
    // The person speaks once and hears an answer; then they hang up by themselves.
    peer.send(text("Well then, goodbye", true)).await;
    assert_eq!(peer.rest().await, (vec![], 1000));
    let after = after(&world).await;
    assert_eq!((after.get("SessionStatus"), after.get("CallStatus")), ("completed", "completed"));
    assert!(after.get("SessionId").starts_with("VX"));
    assert!(after.get("SessionDuration").parse::<u32>().unwrap() >= 1);
    let told = world.log(&sid, "heard_by").await;
    assert_eq!(told[0]["interrupted"], true);
    assert!(told.iter().all(|heard| heard["text"] != "This is never heard"));
    world.end().await;
}

#[tokio::test]
async fn what_may_not_be_interrupted_is_heard_to_its_end() {
    let (world, server) = relay_world(r#"interruptible="none" dtmfDetection="true""#, "").await;
    let sid = world.ring(MANUAL, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    peer.send(text(&long_text(), true)).await;
    peer.settle().await;
    world.control(&format!("calls/{sid}/say"), json!({ "text": "lost" })).await;
    world.control(&format!("calls/{sid}/press"), json!({ "digits": "9" })).await;
    logged(&world, &sid, "said_by", "lost").await;
    loop {
        if !world.log(&sid, "dtmf").await.is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    peer.send(json!({ "type": "end" })).await;
    assert_eq!(peer.rest().await, (vec![], 1000));
    let after = after(&world).await;
    assert_eq!((after.get("SessionStatus"), after.get("HandoffData")), ("ended", ""));
    world.end().await;
}

#[tokio::test]
async fn input_is_reported_meanwhile_when_that_is_wanted() {
    let attributes = r#"interruptible="none" dtmfDetection="true" reportInputDuringAgentSpeech="any""#;
    let (world, server) = relay_world(attributes, "").await;
    let sid = world.ring(MANUAL, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    peer.send(text(&long_text(), true)).await;
    peer.settle().await;
    world.control(&format!("calls/{sid}/press"), json!({ "digits": "12" })).await;
    assert_eq!(peer.receive().await.unwrap(), json!({ "type": "dtmf", "digit": "1" }));
    assert_eq!(peer.receive().await.unwrap(), json!({ "type": "dtmf", "digit": "2" }));
    world.control(&format!("calls/{sid}/say"), json!({ "text": "hello?" })).await;
    assert_eq!(peer.receive().await.unwrap()["voicePrompt"], "hello?");
    peer.send(json!({ "type": "end" })).await;
    assert_eq!(peer.rest().await, (vec![], 1000));
    world.end().await;
}

#[tokio::test]
async fn keys_stop_the_words_and_speech_comes_in_parts() {
    let (world, server) = relay_world(r#"dtmfDetection="true" partialPrompts="true""#, "").await;
    let sid = world.ring(MANUAL, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    let story = long_text();
    peer.send(text(&story, true)).await;
    peer.settle().await;
    world.control(&format!("calls/{sid}/press"), json!({ "digits": "#" })).await;
    // Of an interruption by keys only the key is told.
    assert_eq!(peer.receive().await.unwrap(), json!({ "type": "dtmf", "digit": "#" }));
    assert_eq!(logged(&world, &sid, "heard_by", &story).await["interrupted"], true);
    world.control(&format!("calls/{sid}/say"), json!({ "text": "one two three" })).await;
    let partial = peer.receive().await.unwrap();
    assert_eq!((&partial["voicePrompt"], &partial["last"]), (&json!("one two"), &json!(false)));
    let whole = peer.receive().await.unwrap();
    assert_eq!((&whole["voicePrompt"], &whole["last"]), (&json!("one two three"), &json!(true)));
    peer.send(text("Never to its end. ".repeat(1_000).as_str(), true)).await;
    peer.settle().await;
    world.control(&format!("calls/{sid}/hangup"), json!({})).await;
    assert_eq!(peer.rest().await, (vec![], 1000));
    let told = world.log(&sid, "heard_by").await;
    let last = told.last().unwrap();
    assert_eq!(last["interrupted"], true);
    assert!(last["text"].as_str().unwrap().starts_with("Never to its end."));
    world.end().await;
}

#[tokio::test]
async fn ten_bad_messages_in_a_row_end_it() {
    let (world, server) = relay_world("", "").await;
    let sid = world.ring(SILENT, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    for _ in 0..9 {
        peer.settle().await;
    }
    peer.send(text("fine", true)).await;
    for _ in 0..9 {
        peer.send(json!({ "type": "text" })).await;
    }
    peer.send_binary().await;
    let (errors, code) = peer.rest().await;
    assert_eq!((errors.len(), code), (10, 1007));
    assert!(errors[0]["description"].as_str().unwrap().starts_with("Invalid message received: {"));
    let after = after(&world).await;
    assert_eq!((after.get("SessionStatus"), after.get("ErrorCode")), ("failed", "64105"));
    assert_eq!(after.get("ErrorMessage"), "Too many consecutive malformed messages");
    let codes: Vec<_> = world.log(&sid, "error").await.iter().map(|error| error["code"].clone()).collect();
    assert_eq!(codes.iter().filter(|code| **code == 64107).count(), 19);
    assert_eq!(codes.last().unwrap(), 64105);
    world.end().await;
}

#[tokio::test]
async fn a_lost_socket_is_a_failure() {
    for polite in [true, false] {
        let (world, server) = relay_world("", "").await;
        world.ring(SILENT, &[]).await;
        let mut peer = server.accept().await;
        peer.until("type", "setup").await;
        match polite {
            true => peer.close(1000).await,
            false => peer.vanish(),
        }
        let after = after(&world).await;
        assert_eq!((after.get("SessionStatus"), after.get("ErrorCode")), ("failed", "64105"));
        assert_eq!(after.get("CallStatus"), "in-progress");
        world.end().await;
    }
}

#[tokio::test]
async fn nobody_at_the_other_end() {
    let url = Server::gone().await;
    let connect = connect(&url, "", "");
    let world = world(move |seen| match seen.path.as_str() {
        "/voice" => twiml(&connect),
        _ => twiml("<Hangup/>"),
    })
    .await;
    let sid = world.ring(SILENT, &[]).await;
    let after = after(&world).await;
    assert_eq!((after.get("SessionStatus"), after.get("ErrorCode")), ("failed", "64102"));
    assert_eq!(world.log(&sid, "error").await[0]["code"], 64102);
    world.end().await;
}

#[tokio::test]
async fn a_voice_with_a_prefix_ends_it() {
    let (world, server) = relay_world(r#"ttsProvider="Amazon" voice="Polly.Joanna""#, "").await;
    world.ring(SILENT, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    peer.until("type", "error").await;
    assert_eq!(peer.receive().await, Err(1000));
    assert_eq!(after(&world).await.get("ErrorCode"), "64101");
    world.end().await;
}

#[tokio::test]
async fn a_redirect_takes_the_call_away() {
    let (world, server) = relay_world("", "").await;
    let sid = world.ring(SILENT, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    let away = world.url("/away");
    world.post(&format!("Calls/{sid}.json"), &[("Url", &away)]).await;
    assert_eq!(peer.rest().await, (vec![], 1000));
    world.until(|seen| seen.iter().any(|seen| seen.path == "/away")).await;
    assert!(world.at("/after").is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_person_who_is_not_spoken_to_says_something_by_themselves() {
    let (world, server) = relay_world("", "").await;
    world.ring(TALKER, &[]).await;
    let mut peer = server.accept().await;
    peer.until("type", "setup").await;
    assert_eq!(peer.receive().await.unwrap()["voicePrompt"], "はい、そうです");
    world.end().await;
}
