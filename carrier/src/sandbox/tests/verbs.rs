use super::world::*;
use serde_json::json;

#[tokio::test]
async fn a_dial_whispers_bridges_and_tells_how_it_went() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(&format!(
            r#"<Dial action="/after" record="record-from-answer"><Number url="/whisper" statusCallback="/child" statusCallbackEvent="initiated ringing answered completed">{BRIEF}</Number></Dial>"#
        )),
        "/whisper" => twiml("<Say>お客様です</Say><Dial><Number>+819000000001</Number></Dial>"),
        "/after" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    let after = &world.at("/after")[0];
    assert_eq!((after.get("DialCallStatus"), after.get("DialBridged")), ("completed", "true"));
    assert!(after.get("DialCallDuration").parse::<u32>().unwrap() >= 5);
    assert!(after.get("RecordingUrl").contains("/Recordings/RE"));
    let child = after.get("DialCallSid").to_owned();
    let progress: Vec<_> = world.at("/child").iter().map(|s| s.get("CallStatus").to_owned()).collect();
    assert_eq!(progress, ["initiated", "ringing", "in-progress", "completed"]);
    assert_eq!(world.at("/child")[0].get("ParentCallSid"), sid);
    assert_eq!(world.log(&child, "error").await[0]["code"], 13201);
    let (_, list) = world.get(&format!("Calls.json?ParentCallSid={sid}")).await;
    assert_eq!(list["calls"][0]["sid"], child);
    world.end().await;
}

#[tokio::test]
async fn a_dial_that_finds_nobody() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(&format!(r#"<Dial action="/after" timeout="5"><Number>{BUSY}</Number></Dial>"#)),
        _ => twiml("<Hangup/>"),
    })
    .await;
    world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    assert_eq!(world.at("/after")[0].get("DialCallStatus"), "busy");
    world.end().await;
}

#[tokio::test]
async fn two_ring_and_the_first_wins() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(&format!(
            r#"<Dial action="/after"><Number>{BRIEF}</Number><Number statusCallback="/loser">{NO_ANSWER}</Number></Dial>"#
        )),
        "/after" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    assert_eq!(world.at("/after")[0].get("DialCallStatus"), "completed");
    assert_eq!(world.at("/loser")[0].get("CallStatus"), "canceled");
    world.end().await;
}

#[tokio::test]
async fn a_message_is_recorded() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(r#"<Say>ご用件をどうぞ</Say><Record action="/recorded" timeout="2" recordingStatusCallback="/recording"/>"#),
        "/recorded" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    world.ring(MANUAL, &[]).await;
    world.until(|seen| seen.iter().any(|s| s.path == "/recording")).await;
    let recorded = &world.at("/recorded")[0];
    assert_eq!(recorded.get("Digits"), "");
    assert_eq!(recorded.get("RecordingSid"), world.at("/recording")[0].get("RecordingSid"));
    assert_eq!(world.at("/recording")[0].get("RecordingSource"), "RecordVerb");
    world.end().await;
}

#[tokio::test]
async fn keys_by_hand_and_finish_on_key() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(r#"<Gather action="/keys" timeout="600"/>"#),
        "/keys" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(MANUAL, &[]).await;
    world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
    world.control(&format!("calls/{sid}/press"), json!({ "digits": "12" })).await;
    world.control(&format!("calls/{sid}/press"), json!({ "digits": "3#9" })).await;
    world.until_status("completed").await;
    let keys = &world.at("/keys")[0];
    assert_eq!((keys.get("Digits"), keys.get("FinishedOnKey"), keys.get("msg")), ("123", "#", "Gather End"));
    world.end().await;
}

#[tokio::test]
async fn who_types_is_waited_for() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => {
            twiml(r#"<Gather input="speech" action="/heard" timeout="1"/><Redirect>/silence</Redirect>"#)
        }
        "/heard" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(TYPIST, &[]).await;
    world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
    let now =
        async || world.inspect("health").await["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let began = now().await;
    while now().await.duration_since(began).as_secs() < 4 {}
    world.control(&format!("calls/{sid}/say"), json!({ "text": "お待たせしました" })).await;
    world.until_status("completed").await;
    assert_eq!(world.at("/heard")[0].get("SpeechResult"), "お待たせしました");
    assert!(world.at("/silence").is_empty());
    world.end().await;
}

#[tokio::test]
async fn partial_speech_and_empty_results() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(r#"<Gather input="speech" action="/heard" partialResultCallback="/partial" timeout="600" speechTimeout="1"/>"#),
        "/heard" => {
            twiml(r#"<Gather input="speech" action="/empty" actionOnEmptyResult="true" timeout="1"/>"#)
        }
        "/empty" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(MANUAL, &[]).await;
    world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
    world.control(&format!("calls/{sid}/say"), json!({ "text": "少々お待ちください" })).await;
    world.until_status("completed").await;
    world.until(|seen| seen.iter().filter(|s| s.path == "/partial").count() == 2).await;
    assert_eq!(world.at("/partial")[0].get("UnstableSpeechResult"), "少々お待ち");
    assert_eq!(world.at("/partial")[1].get("StableSpeechResult"), "少々お待ちください");
    assert_eq!(world.at("/empty")[0].get("SpeechResult"), "");
    world.end().await;
}

#[tokio::test]
async fn a_queue_is_left() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(r#"<Enqueue waitUrl="/wait" action="/left">line</Enqueue>"#),
        "/wait" if seen.get("QueueTime") == "0" => twiml("<Say>お待ちください</Say><Pause length=\"2\"/>"),
        "/wait" => twiml("<Leave/>"),
        _ => twiml("<Hangup/>"),
    })
    .await;
    world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    assert_eq!(world.at("/wait").len(), 2);
    let left = &world.at("/left")[0];
    assert_eq!(left.get("QueueResult"), "leave");
    world.end().await;
}

#[tokio::test]
async fn transcription_and_recording_in_the_background() {
    let world = world(|_| twiml("<Hangup/>")).await;
    // The callback of a transcription must be absolute.
    let transcript = world.url("/transcript");
    let recording = world.url("/recording");
    let heard = world.url("/heard");
    let inline = format!(
        r#"<Response><Start><Transcription name="t" statusCallbackUrl="{transcript}"/></Start><Start><Recording name="r" recordingStatusCallback="{recording}"/></Start><Say>こんにちは</Say><Gather input="speech" action="{heard}" speechTimeout="1"/></Response>"#
    );
    world.ring(TALKER, &[("Url", ""), ("Twiml", &inline)]).await;
    world
        .until(|seen| {
            seen.iter().any(|s| s.path == "/recording")
                && seen.iter().any(|s| s.get("TranscriptionEvent") == "transcription-stopped")
        })
        .await;
    let events: Vec<_> = world
        .at("/transcript")
        .iter()
        .map(|s| (s.get("TranscriptionEvent").to_owned(), s.get("Track").to_owned()))
        .collect();
    let expected = [
        ("transcription-started", "both_tracks"),
        ("transcription-content", "outbound_track"),
        ("transcription-content", "inbound_track"),
        ("transcription-stopped", ""),
    ];
    assert_eq!(events, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(world.at("/transcript")[2].get("TranscriptionData").contains("はい、そうです"));
    world.end().await;
}

#[tokio::test]
async fn inline_twiml_has_no_base() {
    let world = world(|_| nothing()).await;
    let sid = world
        .ring(SILENT, &[("Url", ""), ("Twiml", "<Response><Redirect>/relative</Redirect></Response>")])
        .await;
    world.until_status("completed").await;
    assert_eq!(world.log(&sid, "error").await[0]["code"], 15004);
    world.end().await;
}

#[tokio::test]
async fn an_inbound_call_is_rejected() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml(r#"<Reject reason="busy"/>"#),
        _ => nothing(),
    })
    .await;
    let body = json!({ "from": SILENT, "to": US, "url": world.url("/voice"), "status_callback": world.url("/status") });
    world.control("inbound", body).await;
    world.until_status("busy").await;
    world.end().await;
}
