//! Recordings: listened to, whole and in parts, and paused by whoever is on the call.

use crate::world::{Answer, World, change};
use actix_web::http::Method;
use serde_json::{Value, json};
use tsunagu_call::{CallId, Input, Recorded, Rules};
use tsunagu_carrier::{
    RecordingCommand, RecordingInfo, RecordingStatus,
    script::{Command, Fault},
};
use tsunagu_store::CallStore;

const SID: &str = "RE0123456789abcdef0123456789abcdef";
const SOUND: &str = "0123456789";

struct Line {
    world: World,
    call: CallId,
    call_sid: String,
}

impl Line {
    /// A recorded call whose customer has picked up.
    async fn open() -> Self {
        let world = World::with_rules(Rules { record: true, ..Rules::default() }).await;
        let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
        world.answer(call, &call_sid).await;
        Self { world, call, call_sid }
    }

    fn recording(&self, status: RecordingStatus) {
        let info = RecordingInfo {
            sid: SID.into(),
            call_sid: Some(self.call_sid.clone()),
            status,
            ..RecordingInfo::default()
        };
        self.world.carrier.add_recording(info, SOUND.into());
    }

    async fn report(&self, status: &str) {
        let report = Recorded {
            sid: SID.into(),
            url: Some("http://169.254.169.254/secret".into()),
            status: status.into(),
            duration: Some(42),
            call_sid: Some(self.call_sid.clone()),
        };
        self.world.app.board.tell(self.call, Input::Recorded(report)).await.unwrap();
    }

    /// The call is over, and its recording complete.
    async fn complete() -> Self {
        let line = Self::open().await;
        let client = line.world.client(&line.world.ours.supervisor).await;
        client.post(&format!("/api/calls/{}/end", line.call), &json!({})).await.data(200);
        line.recording(RecordingStatus::Completed);
        line.report("completed").await;
        line
    }

    async fn listen(&self, query: &str, headers: &[(&'static str, &'static str)]) -> Answer {
        self.send(Method::GET, query, headers).await
    }

    async fn send(&self, method: Method, query: &str, headers: &[(&'static str, &'static str)]) -> Answer {
        let client = self.world.client(&self.world.ours.colleague).await;
        let path = format!("/api/calls/{}/recording{query}", self.call);
        let shape = |request: actix_web::test::TestRequest| {
            headers.iter().fold(request, |request, header| request.insert_header(*header))
        };
        client.send(method, &path, shape).await
    }

    async fn steer(&self, what: &str) -> Answer {
        let client = self.world.client(&self.world.ours.supervisor).await;
        client.post(&format!("/api/calls/{}/recording/{what}", self.call), &json!({})).await
    }
}

#[actix_web::test]
async fn a_recording_is_streamed_in_either_form() {
    let line = Line::complete().await;
    for (query, kind, ending) in [
        ("", "audio/x-wav", "wav"),
        ("?format=wav", "audio/x-wav", "wav"),
        ("?format=mp3", "audio/mpeg", "mp3"),
    ] {
        let answer = line.listen(query, &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, SOUND), "{query}");
        assert_eq!(answer.header("Content-Type"), Some(kind));
        assert_eq!(answer.header("Accept-Ranges"), Some("bytes"));
        assert_eq!(answer.header("Cache-Control"), Some("private, no-store"));
        let name = format!("inline; filename=\"call-{}.{ending}\"", line.call);
        assert_eq!(answer.header("Content-Disposition"), Some(name.as_str()));
    }
    let wrong = line.listen("?format=ogg", &[]).await;
    assert_eq!((wrong.failure(422).as_str(), wrong.blamed()), ("invalid", vec!["format".to_owned()]));
}

#[actix_web::test]
async fn where_a_recording_is_listened_to_is_told_once_it_can_be() {
    let line = Line::open().await;
    let client = line.world.client(&line.world.ours.colleague).await;
    let told = async |path: &str| client.get(path).await.data(200);
    let call = format!("/api/calls/{}", line.call);
    line.report("in-progress").await;
    assert_eq!(told(&call).await["recordingUrl"], Value::Null);
    line.report("completed").await;
    let ours = json!(format!("{call}/recording"));
    assert_eq!(told(&call).await["recordingUrl"], ours);
    assert_eq!(told("/api/calls/active").await[0]["recordingUrl"], ours);
    assert_eq!(told("/api/calls/history").await[0]["recordingUrl"], ours);
}

#[actix_web::test]
async fn a_part_is_given_for_a_range() {
    let line = Line::complete().await;
    for (range, part, text) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=0-99", "bytes 0-9/10", SOUND),
    ] {
        let answer = line.listen("", &[("Range", range)]).await;
        assert_eq!((answer.status, answer.text.as_str()), (206, text), "{range}");
        assert_eq!(answer.header("Content-Range"), Some(part));
    }
    let outside = line.listen("", &[("Range", "bytes=10-")]).await;
    assert_eq!(outside.failure(416), "range_not_satisfiable");
    assert_eq!(outside.header("Content-Range"), Some("bytes */10"));
    for headers in [
        &[("Range", "bytes=0-1,4-5")][..],
        &[("Range", "lines=1-2")],
        &[("Range", "bytes=0-1"), ("If-Range", "\"x\"")],
    ] {
        let whole = line.listen("", headers).await;
        assert_eq!((whole.status, whole.text.as_str()), (200, SOUND), "{headers:?}");
    }
}

#[actix_web::test]
async fn a_head_has_the_headers_alone() {
    let line = Line::complete().await;
    let head = line.send(Method::HEAD, "?format=mp3", &[("Range", "bytes=2-4")]).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("Content-Type"), Some("audio/mpeg"));
    assert_eq!(head.header("Accept-Ranges"), Some("bytes"));
}

#[actix_web::test]
async fn what_is_not_there_yet_is_told_from_what_never_will_be() {
    let line = Line::open().await;
    assert_eq!(line.listen("", &[]).await.failure(404), "recording_not_ready", "nothing was heard of it");
    line.report("in-progress").await;
    assert_eq!(line.listen("", &[]).await.failure(404), "recording_not_ready");
    line.report("completed").await;
    assert_eq!(
        line.listen("", &[]).await.failure(404),
        "recording_not_ready",
        "complete, and the carrier does not have it for a moment"
    );

    let silent = Line::open().await;
    silent.report("absent").await;
    assert_eq!(silent.listen("", &[]).await.failure(404), "no_recording");

    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.agent).await;
    let unrecorded = client.get(&format!("/api/calls/{call}/recording")).await;
    assert_eq!(unrecorded.failure(404), "no_recording");
}

#[actix_web::test]
async fn a_deleted_recording_says_so() {
    let line = Line::complete().await;
    line.world.app.board.tell(line.call, Input::DeleteRecording).await.unwrap();
    let gone = loop {
        let record = line.world.store.find_call(line.call).await.unwrap().unwrap();
        if record.recording_sid.is_none() {
            break record;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(gone.recording_status.as_deref(), Some("deleted"));
    assert_eq!(line.listen("", &[]).await.failure(404), "recording_deleted");
}

#[actix_web::test]
async fn a_carrier_that_is_away_is_named() {
    let line = Line::complete().await;
    line.world.carrier.fail_next(1, Fault::Unavailable);
    let away = line.listen("", &[]).await;
    assert_eq!(away.failure(503), "carrier_unavailable");
    assert_eq!(away.header("Retry-After"), Some("5"));
    line.world.carrier.fail_next(1, Fault::Rejected(20003));
    assert_eq!(line.listen("", &[]).await.failure(502), "carrier_failed");
}

#[actix_web::test]
async fn another_companys_recording_is_not_there() {
    let line = Line::complete().await;
    let stranger = line.world.client(&line.world.theirs.admin).await;
    let path = format!("/api/calls/{}/recording", line.call);
    assert_eq!(stranger.get(&path).await.failure(404), "not_found");
}

#[actix_web::test]
async fn a_recording_is_paused_and_resumed() {
    let line = Line::open().await;
    line.recording(RecordingStatus::InProgress);
    line.report("in-progress").await;
    for (what, status, command) in [
        ("pause", "paused", RecordingCommand::PauseWithSilence),
        ("resume", "in-progress", RecordingCommand::Resume),
    ] {
        let data = line.steer(what).await.data(200);
        assert_eq!(data, json!({ "callId": line.call, "recordingStatus": status }));
        let told = Command::UpdateRecording { recording_sid: SID.into(), command };
        assert_eq!(line.world.carrier.commands().last(), Some(&told));
        let client = line.world.client(&line.world.ours.agent).await;
        let shown = client.get(&format!("/api/calls/{}", line.call)).await.data(200);
        assert_eq!(shown["recordingStatus"], status);
        let told = line.world.carrier.commands().len();
        assert_eq!(line.steer(what).await.data(200), data, "again, and nothing happens");
        assert_eq!(line.world.carrier.commands().len(), told);
    }
}

#[actix_web::test]
async fn what_cannot_be_paused_is_409() {
    let line = Line::open().await;
    assert_eq!(line.steer("pause").await.failure(409), "not_recorded", "the carrier knows no recording");
    line.recording(RecordingStatus::InProgress);
    line.world.carrier.fail_next(1, Fault::Unavailable);
    assert_eq!(line.steer("pause").await.failure(502), "carrier_failed");
    line.steer("pause").await.data(200);
    let over = Line::complete().await;
    assert_eq!(over.steer("pause").await.failure(409), "call_over");

    let world = World::new().await;
    let (call, call_sid) = world.call_by(&world.ours.supervisor, world.ours.customer).await;
    world.answer(call, &call_sid).await;
    let client = world.client(&world.ours.supervisor).await;
    let unrecorded = client.post(&format!("/api/calls/{call}/recording/pause"), &json!({})).await;
    assert_eq!(unrecorded.failure(409), "not_recorded");
}

#[actix_web::test]
async fn only_who_is_on_the_call_or_supervises_pauses() {
    let line = Line::open().await;
    line.recording(RecordingStatus::InProgress);
    let team = &line.world.ours;
    let path = format!("/api/calls/{}/recording/pause", line.call);
    let agent = line.world.client(&team.agent).await;
    assert_eq!(agent.post(&path, &json!({})).await.failure(403), "forbidden");
    let supervisor = line.world.client(&team.supervisor).await;
    supervisor.post(&format!("/api/calls/{}/handoff", line.call), &json!({})).await.data(200);
    agent.post(&path, &json!({})).await.data(200);
    let colleague = line.world.client(&team.colleague).await;
    assert_eq!(colleague.post(&path, &json!({})).await.failure(403), "forbidden");
    change(&line.world, team.colleague.id, |user| user.role = tsunagu_store::UserRole::Admin).await;
    colleague.post(&path, &json!({})).await.data(200);
}
