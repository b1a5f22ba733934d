use super::world::*;
use serde_json::json;

/// `/voice` asks, `/heard` thanks and hangs up.
fn small_talk(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/voice" => twiml(
            r#"<Gather input="speech dtmf" action="/heard" language="ja-JP" timeout="4" speechTimeout="1">
            <Say language="ja-JP">ご担当の方はいらっしゃいますか</Say></Gather><Redirect>/nobody</Redirect>"#,
        ),
        "/heard" => twiml("<Say>ありがとうございました</Say><Hangup/>"),
        "/nobody" => twiml("<Say>またお電話します</Say>"),
        _ => nothing(),
    }
}

fn statuses(world: &World) -> Vec<(String, String)> {
    let pair = |seen: &Seen| (seen.get("CallStatus").to_owned(), seen.get("SequenceNumber").to_owned());
    world.at("/status").iter().map(pair).collect()
}

#[tokio::test]
async fn a_whole_call() {
    let world = world(small_talk).await;
    let sid = world.ring(TALKER, &[]).await;
    world.until_status("completed").await;
    let expected = [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")];
    assert_eq!(statuses(&world), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let voice = &world.at("/voice")[0];
    assert_eq!((voice.get("CallSid"), voice.get("CallStatus")), (sid.as_str(), "in-progress"));
    assert_eq!((voice.get("Direction"), voice.get("To")), ("outbound-api", TALKER));
    let heard = &world.at("/heard")[0];
    assert_eq!(heard.get("SpeechResult"), "はい、そうです");
    assert!(heard.get("Confidence").starts_with("0.9"));
    let (_, call) = world.get(&format!("Calls/{sid}.json")).await;
    assert_eq!((&call["status"], &call["direction"]), (&json!("completed"), &json!("outbound-api")));
    assert!(call["duration"].as_str().unwrap().parse::<u32>().unwrap() >= 3);
    let said: Vec<_> = world.log(&sid, "said_by").await;
    let told: Vec<_> = world.log(&sid, "heard_by").await;
    assert_eq!(said[0]["text"], "はい、そうです");
    assert_eq!(told[0]["text"], "ご担当の方はいらっしゃいますか");
    assert_eq!(told[1]["text"], "ありがとうございました");
    world.end().await;
}

#[tokio::test]
async fn who_says_nothing_gets_the_next_verb() {
    let world = world(small_talk).await;
    world.ring(SILENT, &[]).await;
    world.until_status("completed").await;
    assert_eq!((world.at("/heard").len(), world.at("/nobody").len()), (0, 1));
    world.end().await;
}

#[tokio::test]
async fn keys_are_gathered() {
    let world = world(small_talk).await;
    world.ring(PRESSER, &[]).await;
    world.until_status("completed").await;
    assert_eq!(world.at("/heard")[0].get("Digits"), "1");
    world.end().await;
}

#[tokio::test]
async fn lines_that_do_not_answer() {
    let world = world(small_talk).await;
    for (number, status) in [(BUSY, "busy"), (NO_ANSWER, "no-answer"), ("+819099999999", "failed")] {
        let sid = world.ring(number, &[("Timeout", "10")]).await;
        world.until_status(status).await;
        let (_, call) = world.get(&format!("Calls/{sid}.json")).await;
        assert_eq!((&call["status"], &call["duration"]), (&json!(status), &json!("0")));
    }
    let failed = world.at("/status").into_iter().find(|s| s.get("CallStatus") == "failed").unwrap();
    assert_eq!(failed.get("SipResponseCode"), "404");
    assert!(world.at("/voice").is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_ringing_call_is_canceled() {
    let world = world(small_talk).await;
    let sid = world.ring(NO_ANSWER, &[("Timeout", "600")]).await;
    world.until_status("ringing").await;
    let (status, call) = world.post(&format!("Calls/{sid}.json"), &[("Status", "canceled")]).await;
    assert_eq!((status, &call["status"]), (200, &json!("canceled")));
    world.until_status("canceled").await;
    let (status, error) = world.post(&format!("Calls/{sid}.json"), &[("Status", "completed")]).await;
    assert_eq!((status, &error["code"]), (400, &json!(21220)));
    world.end().await;
}

#[tokio::test]
async fn a_call_canceled_in_the_queue_never_was() {
    let world = world_with(|config| config.cps = Some(0.01), small_talk).await;
    world.ring(BUSY, &[]).await;
    let queued = world.ring(TALKER, &[]).await;
    world.until_status("busy").await;
    let (_, call) = world.get(&format!("Calls/{queued}.json")).await;
    assert_eq!(call["status"], "queued");
    assert!(call["queue_time"].as_str().unwrap().parse::<u64>().unwrap() > 0);
    let (_, call) = world.post(&format!("Calls/{queued}.json"), &[("Status", "canceled")]).await;
    assert_eq!(call["status"], "canceled");
    assert!(world.at("/status").iter().all(|seen| seen.get("CallSid") != queued));
    world.end().await;
}

#[tokio::test]
async fn detection_beside_the_call_and_before_it() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml("<Pause length=\"10\"/>"),
        _ => nothing(),
    })
    .await;
    let amd = world.url("/amd");
    world
        .ring(
            VOICEMAIL,
            &[("MachineDetection", "Enable"), ("AsyncAmd", "true"), ("AsyncAmdStatusCallback", &amd)],
        )
        .await;
    world.until_status("completed").await;
    let result = &world.at("/amd")[0];
    assert_eq!((result.get("AnsweredBy"), result.get("MachineDetectionDuration")), ("machine_start", "4000"));
    assert_eq!(world.at("/voice")[0].get("AnsweredBy"), "");
    let sid = world.ring(VOICEMAIL, &[("MachineDetection", "DetectMessageEnd")]).await;
    world.until(|seen| seen.iter().filter(|s| s.path == "/voice").count() == 2).await;
    assert_eq!(world.at("/voice")[1].get("AnsweredBy"), "machine_end_beep");
    let (_, call) = world.get(&format!("Calls/{sid}.json")).await;
    assert_eq!(call["answered_by"], "machine_end_beep");
    world.end().await;
}

#[tokio::test]
async fn a_recorded_call_tells_where_its_sound_is() {
    let world = world(small_talk).await;
    let recording = world.url("/recording");
    let sid = world
        .ring(
            TALKER,
            &[
                ("Record", "true"),
                ("RecordingChannels", "dual"),
                ("RecordingStatusCallback", &recording),
                ("RecordingStatusCallbackEvent", "in-progress completed"),
            ],
        )
        .await;
    world.until(|seen| seen.iter().filter(|s| s.path == "/recording").count() == 2).await;
    let progress: Vec<_> = world.at("/recording");
    assert_eq!(progress[0].get("RecordingStatus"), "in-progress");
    let done = &progress[1];
    assert_eq!((done.get("RecordingStatus"), done.get("RecordingSource")), ("completed", "OutboundAPI"));
    let completed = world.at("/status").pop().unwrap();
    assert_eq!(completed.get("RecordingSid"), done.get("RecordingSid"));
    let sound =
        world.client.get(format!("{}.wav", done.get("RecordingUrl"))).basic_auth(ACCOUNT, Some(TOKEN));
    let sound = sound.send().await.unwrap().bytes().await.unwrap();
    let secs: usize = done.get("RecordingDuration").parse().unwrap();
    assert_eq!(sound.len(), 44 + secs * 8_000 * 2);
    let (_, list) = world.get(&format!("Calls/{sid}/Recordings.json")).await;
    assert_eq!(list["recordings"][0]["sid"], done.get("RecordingSid"));
    let path = format!("Recordings/{}.json", done.get("RecordingSid"));
    assert_eq!(world.delete(&path).await, 204);
    assert_eq!(world.get(&path).await.0, 404);
    world.end().await;
}

#[tokio::test]
async fn a_webhook_that_a_redirect_overtakes_is_told_of() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let asked = format!("http://{}/asked", silent.local_addr().unwrap());
    let first = format!("<Redirect>{asked}</Redirect>");
    let world = world(move |seen| match seen.path.as_str() {
        "/voice" => twiml(&first),
        "/other" => twiml("<Say>別の話</Say>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(SILENT, &[]).await;
    let _unanswered = silent.accept().await.unwrap();
    let other = world.url("/other");
    let (status, _) = world.post(&format!("Calls/{sid}.json"), &[("Url", &other)]).await;
    assert_eq!(status, 200);
    world.until_status("completed").await;
    let log = world.log(&sid, "webhook").await;
    let told: Vec<_> = log.iter().filter(|entry| entry["url"] == asked.as_str()).collect();
    let [told] = told.as_slice() else { panic!("{log:#?}") };
    assert!(told["status"].is_null() && told["error"].as_str().unwrap().contains("given up"), "{told}");
    world.end().await;
}

#[tokio::test]
async fn a_redirect_cancels_what_runs() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml("<Say loop=\"0\">しばらくお待ちください</Say>"),
        "/other" => twiml("<Hangup/>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(SILENT, &[]).await;
    world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
    let other = world.url("/other");
    let (status, _) = world.post(&format!("Calls/{sid}.json"), &[("Url", &other), ("Method", "GET")]).await;
    assert_eq!(status, 200);
    world.until_status("completed").await;
    assert_eq!(world.at("/other")[0].method, "GET");
    world.end().await;
}

#[tokio::test]
async fn hanging_up_inside_every_verb() {
    for verb in [
        "<Say loop=\"0\">あ</Say>",
        "<Play loop=\"0\">/music.mp3</Play>",
        "<Pause length=\"600\"/>",
        "<Gather timeout=\"600\"/>",
        "<Record timeout=\"0\" maxLength=\"600\"/>",
        "<Dial timeLimit=\"600\"><Conference>room</Conference></Dial>",
        "<Dial timeout=\"600\"><Number>+819000000006</Number></Dial>",
        "<Enqueue waitUrl=\"/wait\">line</Enqueue>",
    ] {
        let world = world(move |seen| match seen.path.as_str() {
            "/voice" => twiml(verb),
            "/wait" => twiml("<Pause length=\"30\"/>"),
            _ => nothing(),
        })
        .await;
        let sid = world.ring(MANUAL, &[]).await;
        world.until(|seen| seen.iter().any(|s| s.path == "/voice")).await;
        let (status, _) = world.control(&format!("calls/{sid}/hangup"), json!({})).await;
        assert_eq!(status, 202, "{verb}");
        world.until_status("completed").await;
        assert_eq!(world.log(&sid, "hung_up").await[0]["by"], "person", "{verb}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_customer_rings_in() {
    let world = world(small_talk).await;
    let url = world.url("/voice");
    let status = world.url("/status");
    let body = json!({ "from": TALKER, "to": US, "url": url, "status_callback": status });
    let (code, call) = world.control("inbound", body).await;
    assert_eq!(code, 201);
    world.until_status("completed").await;
    let voice = &world.at("/voice")[0];
    assert_eq!((voice.get("CallStatus"), voice.get("Direction")), ("ringing", "inbound"));
    assert_eq!(world.at("/heard")[0].get("SpeechResult"), "はい、そうです");
    let sid = call["call_sid"].as_str().unwrap();
    assert_eq!(world.inspect(&format!("calls/{sid}")).await["persona"], "talker");
    world.end().await;
}

#[tokio::test]
async fn somebody_hangs_up_in_mid_sentence() {
    let world = world(small_talk).await;
    let sid = world.ring(RUDE, &[]).await;
    world.until_status("completed").await;
    assert_eq!(world.log(&sid, "heard_by").await[0]["interrupted"], json!(true));
    assert!(world.at("/heard").is_empty() && world.at("/nobody").is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_time_limit_ends_it() {
    let world = world(|seen| match seen.path.as_str() {
        "/voice" => twiml("<Pause length=\"600\"/>"),
        _ => nothing(),
    })
    .await;
    let sid = world.ring(SILENT, &[("TimeLimit", "10")]).await;
    world.until_status("completed").await;
    let (_, call) = world.get(&format!("Calls/{sid}.json")).await;
    let duration: u32 = call["duration"].as_str().unwrap().parse().unwrap();
    // A machine that is busy is late, by fifty seconds of call time for each of its own; the document takes 600.
    assert!((10..300).contains(&duration), "{duration} s");
    world.end().await;
}
