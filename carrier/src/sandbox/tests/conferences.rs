use super::world::*;
use serde_json::{Value, json};

/// Who rings `/voice` goes into the room as the number says, and on to `/after`.
fn rooms(seen: &Seen) -> Reply {
    let room = |attributes: &str| {
        twiml(&format!(
            r#"<Dial action="/after"><Conference statusCallback="/events" statusCallbackEvent="start end join leave mute hold modify announcement" {attributes}>room</Conference></Dial>"#
        ))
    };
    match seen.path.as_str() {
        "/voice" => room(r#"waitUrl="/wait""#),
        "/moderator" => room(r#"endConferenceOnExit="true" participantLabel="moderator""#),
        "/wait" | "/hold" => twiml(r#"<Say>お待ちください</Say><Pause length="5"/><Redirect/>"#),
        "/bad-hold" => twiml("<Gather/>"),
        "/announce" => twiml("<Say>録音されています</Say>"),
        "/after" => twiml("<Say>おわり</Say>"),
        "/away" => twiml("<Pause length=\"600\"/>"),
        _ => nothing(),
    }
}

fn events(world: &World) -> Vec<String> {
    world.at("/events").iter().map(|seen| seen.get("StatusCallbackEvent").to_owned()).collect()
}

async fn until_event(world: &World, event: &str) {
    world
        .until(|seen| seen.iter().any(|s| s.path == "/events" && s.get("StatusCallbackEvent") == event))
        .await;
}

async fn room(world: &World) -> Value {
    let (_, list) = world.get("Conferences.json?FriendlyName=room").await;
    list["conferences"][0].clone()
}

#[tokio::test]
async fn two_meet_and_the_moderator_ends_it() {
    let world = world(rooms).await;
    let customer = world.ring(SILENT, &[]).await;
    until_event(&world, "participant-join").await;
    world.until(|seen| seen.iter().any(|s| s.path == "/wait")).await;
    let waiting = room(&world).await;
    assert_eq!(waiting["status"], "init");
    let moderator_url = world.url("/moderator");
    let moderator = world.ring(SILENT, &[("Url", &moderator_url)]).await;
    until_event(&world, "conference-start").await;
    let live = room(&world).await;
    assert_eq!((&live["status"], &live["sid"]), (&json!("in-progress"), &waiting["sid"]));
    world.post(&format!("Calls/{moderator}.json"), &[("Status", "completed")]).await;
    until_event(&world, "conference-end").await;
    let expected = [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ];
    assert_eq!(events(&world), expected);
    let numbers: Vec<_> = world.at("/events").iter().map(|s| s.get("SequenceNumber").to_owned()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"]);
    let end = world.at("/events").pop().unwrap();
    assert_eq!(end.get("ReasonConferenceEnded"), "participant-with-end-conference-on-exit-left");
    assert_eq!(
        (end.get("CallSidEndingConference"), end.get("ParticipantLabelEndingConference")),
        (&*moderator, "moderator")
    );
    // Both have their action requested: the one who hung up with a call that is over, the other to go on.
    world.until(|seen| seen.iter().filter(|s| s.path == "/after").count() == 2).await;
    let after = world.at("/after").into_iter().find(|seen| seen.get("CallSid") == customer).unwrap();
    assert_eq!((after.get("DialCallStatus"), after.get("CallStatus")), ("answered", "in-progress"));
    assert_eq!(after.get("DialCallSid"), "");
    world
        .until(|seen| {
            seen.iter().filter(|s| s.get("CallStatus") == "completed" && s.path == "/status").count() == 2
        })
        .await;
    assert_eq!(world.log(&customer, "heard_by").await.last().unwrap()["text"], "おわり");
    let shown = world.inspect(&format!("conferences/{}", live["sid"].as_str().unwrap())).await;
    assert_eq!(shown["members"].as_array().unwrap().len(), 2);
    assert_eq!(shown["alone"][0]["call_sid"], customer);
    world.end().await;
}

#[tokio::test]
async fn a_redirect_takes_a_call_out_and_the_name_is_free_again() {
    let world = world(rooms).await;
    let call = world.ring(SILENT, &[]).await;
    until_event(&world, "participant-join").await;
    let first = room(&world).await;
    let away = world.url("/away");
    world.post(&format!("Calls/{call}.json"), &[("Url", &away)]).await;
    until_event(&world, "conference-end").await;
    let leave = world.at("/events").into_iter().find(|s| s.get("StatusCallbackEvent") == "participant-leave");
    assert_eq!(leave.unwrap().get("ReasonParticipantLeft"), "participant_updated_via_api");
    world.until(|seen| seen.iter().any(|s| s.path == "/away")).await;
    let again = world.url("/voice");
    world.post(&format!("Calls/{call}.json"), &[("Url", &again)]).await;
    world
        .until(|seen| seen.iter().filter(|s| s.get("StatusCallbackEvent") == "participant-join").count() == 2)
        .await;
    assert_ne!(room(&world).await["sid"], first["sid"]);
    world.end().await;
}

#[tokio::test]
async fn participants_are_held_muted_and_kicked() {
    let world = world(rooms).await;
    let call = world.ring(SILENT, &[]).await;
    world.ring(SILENT, &[]).await;
    until_event(&world, "conference-start").await;
    let sid = room(&world).await["sid"].as_str().unwrap().to_owned();
    let path = format!("Conferences/{sid}/Participants/{call}.json");
    let hold = world.url("/hold");
    let (status, body) = world.post(&path, &[("Hold", "true"), ("HoldUrl", &hold)]).await;
    assert_eq!((status, &body["hold"]), (200, &json!(true)), "{body}");
    world.until(|seen| seen.iter().any(|s| s.path == "/hold" && s.method == "GET")).await;
    let (_, held) = world.get(&format!("Conferences/{sid}/Participants.json?Hold=true")).await;
    assert_eq!(held["participants"].as_array().unwrap().len(), 1);
    world.post(&path, &[("Hold", "false"), ("Muted", "true")]).await;
    let announce = world.url("/announce");
    world.post(&path, &[("AnnounceUrl", &announce)]).await;
    until_event(&world, "announcement-end").await;
    assert_eq!(world.delete(&path).await, 204);
    world.until(|seen| seen.iter().any(|s| s.path == "/after" && s.get("CallSid") == call)).await;
    assert_eq!(world.get(&path).await.0, 404);
    until_event(&world, "participant-leave").await;
    let names = events(&world);
    for event in ["participant-hold", "participant-unhold", "participant-mute", "participant-leave"] {
        assert!(names.iter().any(|name| name == event), "{event} in {names:?}");
    }
    let announced = world.log(&call, "heard_by").await;
    assert!(
        announced
            .iter()
            .any(|heard| heard["source"] == "announcement" && heard["text"] == "録音されています")
    );
    world.end().await;
}

#[tokio::test]
async fn a_hold_document_may_not_gather() {
    let world = world(rooms).await;
    let call = world.ring(SILENT, &[]).await;
    until_event(&world, "participant-join").await;
    let sid = room(&world).await["sid"].as_str().unwrap().to_owned();
    let hold = world.url("/bad-hold");
    world
        .post(&format!("Conferences/{sid}/Participants/{call}.json"), &[("Hold", "true"), ("HoldUrl", &hold)])
        .await;
    let errors = loop {
        let errors = world.log(&call, "error").await;
        if !errors.is_empty() {
            break errors;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(errors[0]["code"], 13238);
    world.end().await;
}

#[tokio::test]
async fn somebody_is_added_by_name_and_by_label() {
    let world = world(rooms).await;
    world.ring(SILENT, &[]).await;
    until_event(&world, "participant-join").await;
    let form = [("To", MANUAL), ("From", US), ("Label", "agent 1")];
    let (code, added) = world.post("Conferences/room/Participants.json", &form).await;
    assert_eq!((code, &added["status"], &added["label"]), (201, &json!("queued"), &json!("agent 1")));
    let (code, error) = world.post("Conferences/room/Participants.json", &form).await;
    assert_eq!((code, &error["code"]), (400, &json!(16025)));
    until_event(&world, "conference-start").await;
    let sid = added["conference_sid"].as_str().unwrap();
    let (code, fetched) = world.get(&format!("Conferences/{sid}/Participants/agent%201.json")).await;
    assert_eq!((code, &fetched["call_sid"]), (200, &added["call_sid"]));
    // This persona leaves after five seconds in company, and with nothing else to do that ends the call.
    let status = world.url("/status");
    let form = [("To", BRIEF), ("From", US), ("StatusCallback", &status)];
    let (code, added) = world.post("Conferences/room/Participants.json", &form).await;
    assert_eq!(code, 201, "{added}");
    world.until_status("completed").await;
    let done = world.at("/status").pop().unwrap();
    assert_eq!(done.get("CallSid"), added["call_sid"].as_str().unwrap());
    world.end().await;
}

#[tokio::test]
async fn who_does_not_answer_was_not_added() {
    let world = world(rooms).await;
    world.ring(SILENT, &[]).await;
    until_event(&world, "participant-join").await;
    let form = [("To", BUSY), ("From", US)];
    let (_, added) = world.post("Conferences/room/Participants.json", &form).await;
    until_event(&world, "participant-leave").await;
    let leave = world.at("/events").pop().unwrap();
    assert_eq!(leave.get("CallSid"), added["call_sid"].as_str().unwrap());
    assert_eq!(leave.get("ReasonParticipantLeft"), "participant_add_failed");
    assert_eq!(leave.get("ParticipantCallStatus"), "busy");
    assert_eq!(room(&world).await["status"], "init");
    world.end().await;
}

#[tokio::test]
async fn a_conference_ended_while_somebody_is_rung_lets_them_be() {
    let world = world(rooms).await;
    world.ring(SILENT, &[]).await;
    until_event(&world, "participant-join").await;
    let status = world.url("/status");
    let form = [("To", NO_ANSWER), ("From", US), ("Timeout", "600"), ("StatusCallback", &status)];
    let (_, added) = world.post("Conferences/room/Participants.json", &form).await;
    let sid = added["conference_sid"].as_str().unwrap();
    let (_, ended) = world.post(&format!("Conferences/{sid}.json"), &[("Status", "completed")]).await;
    assert_eq!(ended["status"], "completed");
    let agent = added["call_sid"].as_str().unwrap();
    loop {
        let (_, call) = world.get(&format!("Calls/{agent}.json")).await;
        if call["status"] == "canceled" {
            break;
        }
        tokio::task::yield_now().await;
    }
    let (_, list) = world.get(&format!("Conferences/{sid}/Participants.json")).await;
    assert_eq!(list["participants"], json!([]));
    assert_eq!(world.get(&format!("Conferences/{sid}/Participants/{agent}.json")).await.0, 404);
    world.end().await;
}

#[tokio::test]
async fn people_hear_one_another() {
    let world = world(rooms).await;
    let one = world.ring(MANUAL, &[]).await;
    until_event(&world, "participant-join").await;
    let two = world.ring(MANUAL, &[]).await;
    until_event(&world, "conference-start").await;
    let (code, _) = world.control(&format!("calls/{one}/say"), json!({ "text": "聞こえますか" })).await;
    assert_eq!(code, 202);
    loop {
        if world.log(&two, "heard_by").await.iter().any(|h| h["text"] == "聞こえますか") {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(world.log(&one, "said_by").await[0]["text"], "聞こえますか");
    world.end().await;
}

/// Everybody who speaks is told of, in the room's order.
fn speakers(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/voice" => twiml(
            r#"<Dial><Conference statusCallback="/events" statusCallbackEvent="start join leave mute speaker">room</Conference></Dial>"#,
        ),
        _ => nothing(),
    }
}

#[tokio::test]
async fn who_speaks_is_told_to_those_who_want_to_know() {
    let world = world(speakers).await;
    let one = world.ring(MANUAL, &[]).await;
    until_event(&world, "participant-join").await;
    let two = world.ring(MANUAL, &[]).await;
    until_event(&world, "conference-start").await;
    world.control(&format!("calls/{one}/say"), json!({ "text": "聞こえますか" })).await;
    until_event(&world, "participant-speech-stop").await;
    let sid = room(&world).await["sid"].as_str().unwrap().to_owned();
    let participant = format!("Conferences/{sid}/Participants/{two}.json");
    // Long enough to be still going on when the speaker is muted.
    world.control(&format!("calls/{two}/say"), json!({ "text": "はい".repeat(1_000) })).await;
    world
        .until(|seen| {
            seen.iter().any(|s| {
                s.get("StatusCallbackEvent") == "participant-speech-start" && s.get("CallSid") == two
            })
        })
        .await;
    world.post(&participant, &[("Muted", "true")]).await;
    until_event(&world, "participant-mute").await;
    let expected = [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-speech-start",
        "participant-speech-stop",
        "participant-speech-start",
        "participant-speech-stop",
        "participant-mute",
    ];
    assert_eq!(events(&world), expected);
    let seen = world.at("/events");
    let numbers: Vec<_> = seen.iter().map(|s| s.get("SequenceNumber").to_owned()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7", "8"]);
    assert_eq!((seen[3].get("CallSid"), seen[5].get("CallSid")), (one.as_str(), two.as_str()));
    assert_eq!((seen[3].get("Muted"), seen[3].get("ParticipantLabel")), ("false", ""));
    world.end().await;
}
