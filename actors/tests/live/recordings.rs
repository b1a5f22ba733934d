//! Recordings: wired to the carrier, paused and resumed there, found where their callback was lost, and deleted when their time
//! is over.

use crate::world::{COMPANY, SUPERVISOR, World, customer_phone, defaults};
use actix_rt::task::JoinHandle;
use std::{sync::Arc, time::Duration};
use tsunagu_actors::{find_lost_recordings, keep_retention};
use tsunagu_call::{CallId, CallRecord, Event, Input, Leg, LegStatus, Recorded, Settlement};
use tsunagu_carrier::{
    Channels, RecordingCommand, RecordingInfo, RecordingStatus,
    script::{Command, Fault},
};
use tsunagu_store::{CallStore, CompanyChange, CompanySettingsChange, CompanyStore};

const DAY: Duration = Duration::from_secs(86_400);
/// From one look to the next.
const LOOK: Duration = Duration::from_secs(3600);

async fn settings(world: &World, wish: impl FnOnce(&mut CompanySettingsChange)) {
    let mut change = CompanyChange::default();
    wish(&mut change.settings);
    world.store.change_company(COMPANY, change).await.unwrap();
}

/// A call whose customer has picked up, and which is being recorded.
async fn recorded_call(world: &World, number: u8) -> CallId {
    settings(world, |settings| settings.record = Some(Some(true))).await;
    let call = world.start(number).await;
    world.picks_up(call, number).await;
    let info = RecordingInfo {
        sid: format!("RE{number}"),
        call_sid: Some(world.leg(&customer_phone(number))),
        status: RecordingStatus::InProgress,
        ..RecordingInfo::default()
    };
    world.carrier.add_recording(info, b"sound".to_vec());
    call
}

/// The call ends, and its recording is there.
async fn ends(world: &World, call: CallId, number: u8) {
    world.hangs_up(call, number).await;
    world.tell(call, Input::Recorded(report(world, number, "completed"))).await;
}

/// What the carrier's callback tells.
fn report(world: &World, number: u8, status: &str) -> Recorded {
    let is_over = status != "in-progress";
    Recorded {
        sid: format!("RE{number}"),
        url: Some(format!("https://carrier.example.jp/RE{number}")),
        status: status.into(),
        duration: is_over.then_some(42),
        call_sid: Some(world.leg(&customer_phone(number))),
    }
}

/// A call that was recorded, if the company wants that, and is over; nobody told us of a recording.
async fn untold_call(world: &World, number: u8, record: bool) -> CallId {
    settings(world, |settings| settings.record = Some(Some(record))).await;
    let call = world.start(number).await;
    world.picks_up(call, number).await;
    world.hangs_up(call, number).await;
    call
}

/// The carrier has the recording of the call to a customer.
fn carrier_has(world: &World, number: u8, status: RecordingStatus) {
    let info = RecordingInfo {
        sid: format!("RE{number}"),
        call_sid: Some(world.leg(&customer_phone(number))),
        status,
        duration_secs: Some(42),
        media_url: Some(format!("https://carrier.example.jp/RE{number}")),
        ..RecordingInfo::default()
    };
    world.carrier.add_recording(info, b"sound".to_vec());
}

fn finding(world: &World) -> JoinHandle<()> {
    actix::spawn(find_lost_recordings(world.board.clone(), Arc::new(defaults())))
}

async fn stored(world: &World, call: CallId) -> CallRecord {
    world.store.memory.find_call(call).await.unwrap().unwrap()
}

async fn status(world: &World, call: CallId) -> Option<String> {
    stored(world, call).await.recording_status
}

/// How often a call was told how its recording stands.
async fn times_told(world: &World, call: CallId) -> usize {
    let journal = world.journal(call).await;
    journal.iter().filter(|entry| matches!(entry.event, Event::Recorded(_))).count()
}

fn deleted(world: &World) -> Vec<String> {
    let deleted = world.carrier.commands().into_iter().filter_map(|command| match command {
        Command::DeleteRecording { recording_sid } => Some(recording_sid),
        _ => None,
    });
    deleted.collect()
}

async fn later(world: &World, span: Duration) {
    world.rest().await;
    tokio::time::advance(span).await;
    // The looks are an hour apart, and the pages within one a second.
    world.wait(5).await;
}

#[actix::test]
async fn the_company_says_whether_the_carrier_records() {
    let world = World::new(1).await;
    world.start(1).await;
    recorded_call(&world, 2).await;
    let dialled = world.dialled();
    assert_eq!(dialled[0].record, None);
    let record = dialled[1].record.as_ref().unwrap();
    assert_eq!(record.channels, Channels::Dual);
    assert!(record.status_callback.as_ref().unwrap().contains("/recording/status/"));
    world.end().await;
}

#[actix::test]
async fn a_recording_is_paused_and_resumed_at_the_carrier() {
    let world = World::new(1).await;
    let call = recorded_call(&world, 1).await;
    for (paused, command, status) in [
        (true, RecordingCommand::PauseWithSilence, "paused"),
        (false, RecordingCommand::Resume, "in-progress"),
    ] {
        world.tell(call, Input::SteerRecording { by: SUPERVISOR, paused }).await;
        let told = Command::UpdateRecording { recording_sid: "RE1".into(), command };
        assert_eq!(world.carrier.commands().last(), Some(&told));
        assert_eq!(world.record(call).await.recording_status.as_deref(), Some(status));
    }
    world.carrier.fail_next(1, Fault::NotFound);
    world.tell(call, Input::SteerRecording { by: SUPERVISOR, paused: true }).await;
    assert_eq!(world.record(call).await.recording_status.as_deref(), Some("in-progress"));
    world.end().await;
}

#[actix::test]
async fn a_recording_is_deleted_when_its_time_is_over_and_not_before() {
    let world = World::new(1).await;
    settings(&world, |settings| settings.recording_retention_days = Some(Some(30))).await;
    let call = recorded_call(&world, 1).await;
    ends(&world, call, 1).await;
    let retention = actix::spawn(keep_retention(world.board.clone()));
    later(&world, DAY * 29).await;
    later(&world, DAY / 2).await;
    assert_eq!(deleted(&world), [""; 0]);
    later(&world, DAY).await;
    assert_eq!(deleted(&world), ["RE1"]);
    let record = world.store.memory.find_call(call).await.unwrap().unwrap();
    assert_eq!((record.recording_sid, record.recording_url), (None, None));
    assert_eq!(record.recording_status.as_deref(), Some("deleted"));
    assert!(!record.unsettled && record.status.is_over());
    assert!(world.has(call, |event| matches!(event, Event::RecordingDeleted { .. })).await);
    let written = world.journal(call).await.len();
    later(&world, DAY).await;
    assert_eq!((deleted(&world).len(), world.journal(call).await.len()), (1, written), "it is done once");
    retention.abort();
    world.wait(15).await;
    world.end().await;
}

#[actix::test]
async fn recordings_are_kept_for_ever_where_no_time_is_set() {
    let world = World::new(1).await;
    let call = recorded_call(&world, 1).await;
    ends(&world, call, 1).await;
    let retention = actix::spawn(keep_retention(world.board.clone()));
    later(&world, DAY * 4000).await;
    assert_eq!(deleted(&world), [""; 0]);
    retention.abort();
    world.wait(15).await;
    world.end().await;
}

#[actix::test]
async fn what_the_carrier_does_not_delete_is_found_again_and_what_it_does_not_know_is_deleted() {
    let world = World::new(1).await;
    settings(&world, |settings| settings.recording_retention_days = Some(Some(1))).await;
    for number in [1, 2] {
        let call = recorded_call(&world, number).await;
        ends(&world, call, number).await;
    }
    later(&world, DAY * 2).await;
    world.carrier.fail_next(1, Fault::Unavailable);
    world.carrier.fail_next(1, Fault::NotFound);
    let retention = actix::spawn(keep_retention(world.board.clone()));
    later(&world, Duration::from_secs(61)).await;
    assert_eq!(deleted(&world), [""; 0], "the one is away, the other not known");
    later(&world, Duration::from_secs(3700)).await;
    assert_eq!(deleted(&world), ["RE1"]);
    let left = world.store.recorded_calls(COMPANY, world.clock.now(), None, 9).await.unwrap();
    assert_eq!(left, []);
    retention.abort();
    world.wait(15).await;
    world.end().await;
}

/// The server went down after it had written that a recording is to be deleted, and before it was.
#[actix::test]
async fn a_deletion_in_doubt_is_done_after_a_restart() {
    let mut world = World::new(1).await;
    let call = recorded_call(&world, 1).await;
    ends(&world, call, 1).await;
    world.board.put_down().await;
    let state = tsunagu_call::Call::rebuild(call, &world.journal(call).await).unwrap();
    let engine = world.board.ports().engine.clone();
    let step = state.step(Input::DeleteRecording, &engine, world.clock.now()).unwrap();
    let mut record = world.store.memory.find_call(call).await.unwrap().unwrap();
    record.unsettled = true;
    let commit = tsunagu_store::Commit { call, entries: step.entries, record: Some(Box::new(record)) };
    world.store.memory.commit(commit).await.unwrap();
    world.restart().await;
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(deleted(&world), ["RE1"]);
    let settled = |event: &Event| matches!(event, Event::Settled { settlement: Settlement::Done, .. });
    assert!(world.has(call, settled).await);
    world.wait(15).await;
    world.end().await;
}

#[actix::test]
async fn a_recording_whose_callback_was_lost_is_found_and_the_callback_may_still_come() {
    let world = World::new(1).await;
    let call = untold_call(&world, 1, true).await;
    carrier_has(&world, 1, RecordingStatus::Completed);
    let finding = finding(&world);
    later(&world, Duration::from_secs(61)).await;
    assert_eq!(status(&world, call).await, None, "the callback may still come");
    later(&world, LOOK).await;
    let record = stored(&world, call).await;
    assert_eq!(record.recording_status.as_deref(), Some("completed"));
    assert_eq!(record.recording_sid.as_deref(), Some("RE1"));
    assert_eq!(record.recording_url.as_deref(), Some("https://carrier.example.jp/RE1"));
    let written = world.journal(call).await.len();
    world.tell(call, Input::Recorded(report(&world, 1, "completed"))).await;
    later(&world, LOOK).await;
    assert_eq!((world.journal(call).await.len(), times_told(&world, call).await), (written, 1));
    finding.abort();
    world.wait(15).await;
    world.end().await;
}

#[actix::test]
async fn a_recording_that_two_servers_find_at_once_is_told_once() {
    let world = World::new(1).await;
    let call = untold_call(&world, 1, true).await;
    carrier_has(&world, 1, RecordingStatus::Absent);
    later(&world, LOOK).await;
    let both = [finding(&world), finding(&world)];
    later(&world, Duration::from_secs(61)).await;
    assert_eq!(status(&world, call).await.as_deref(), Some("absent"));
    assert_eq!(times_told(&world, call).await, 1);
    both.iter().for_each(JoinHandle::abort);
    world.wait(15).await;
    world.end().await;
}

/// The server was away when the call ended, and knew only that it was being recorded.
#[actix::test]
async fn a_recording_whose_end_was_not_told_is_found_and_deleted_when_its_time_is_over() {
    let world = World::new(1).await;
    settings(&world, |settings| settings.recording_retention_days = Some(Some(1))).await;
    let call = untold_call(&world, 1, true).await;
    world.tell(call, Input::Recorded(report(&world, 1, "in-progress"))).await;
    carrier_has(&world, 1, RecordingStatus::Completed);
    let tasks = [finding(&world), actix::spawn(keep_retention(world.board.clone()))];
    later(&world, Duration::from_secs(61)).await;
    assert_eq!(status(&world, call).await.as_deref(), Some("in-progress"));
    later(&world, LOOK).await;
    assert_eq!(status(&world, call).await.as_deref(), Some("completed"));
    later(&world, DAY).await;
    assert_eq!(deleted(&world), ["RE1"]);
    let written = world.journal(call).await.len();
    // Somebody put it back: what was deleted is not looked for.
    carrier_has(&world, 1, RecordingStatus::Completed);
    later(&world, LOOK).await;
    assert_eq!(status(&world, call).await.as_deref(), Some("deleted"));
    assert_eq!(world.journal(call).await.len(), written);
    tasks.iter().for_each(JoinHandle::abort);
    world.wait(15).await;
    world.end().await;
}

#[actix::test]
async fn a_recording_that_the_carrier_does_not_have_is_asked_for_again_for_two_days() {
    let world = World::new(1).await;
    let (first, second) = (untold_call(&world, 1, true).await, untold_call(&world, 2, true).await);
    carrier_has(&world, 2, RecordingStatus::Processing);
    let written = [world.journal(first).await.len(), world.journal(second).await.len()];
    let finding = finding(&world);
    later(&world, Duration::from_secs(61)).await;
    for _ in 0..2 {
        later(&world, LOOK).await;
        let now = [world.journal(first).await.len(), world.journal(second).await.len()];
        assert_eq!(now, written, "nothing is written");
    }
    carrier_has(&world, 1, RecordingStatus::Completed);
    later(&world, LOOK).await;
    assert_eq!(status(&world, first).await.as_deref(), Some("completed"));
    later(&world, DAY * 2).await;
    carrier_has(&world, 2, RecordingStatus::Completed);
    later(&world, LOOK).await;
    assert_eq!(status(&world, second).await, None, "nobody asks any more");
    finding.abort();
    world.wait(15).await;
    world.end().await;
}

#[actix::test]
async fn a_carrier_that_is_away_is_asked_at_the_next_look_and_one_refusal_stops_no_other() {
    let world = World::new(1).await;
    let calls = [untold_call(&world, 1, true).await, untold_call(&world, 2, true).await];
    for number in [1, 2] {
        carrier_has(&world, number, RecordingStatus::Completed);
    }
    later(&world, LOOK).await;
    world.carrier.fail_next(1, Fault::Unavailable);
    world.carrier.fail_next(1, Fault::Rejected(20_001));
    let finding = finding(&world);
    let mut known = Vec::new();
    for span in [Duration::from_secs(61), LOOK, LOOK] {
        later(&world, span).await;
        let mut told = 0;
        for call in calls {
            told += times_told(&world, call).await;
        }
        known.push(told);
    }
    assert_eq!(known, [0, 2, 2]);
    finding.abort();
    world.wait(15).await;
    world.end().await;
}

/// Nobody was told that these are recorded: the carrier is not even asked.
#[actix::test]
async fn calls_that_were_not_recorded_are_let_be() {
    let world = World::new(1).await;
    let before = untold_call(&world, 1, false).await;
    let unanswered = {
        settings(&world, |settings| settings.record = Some(Some(true))).await;
        let call = world.start(2).await;
        world.leg_is(call, Leg::Customer, &customer_phone(2), LegStatus::NoAnswer).await;
        call
    };
    for number in [1, 2] {
        carrier_has(&world, number, RecordingStatus::Completed);
    }
    later(&world, LOOK).await;
    let finding = finding(&world);
    later(&world, Duration::from_secs(61)).await;
    later(&world, LOOK).await;
    for call in [before, unanswered] {
        assert_eq!(status(&world, call).await, None);
    }
    finding.abort();
    world.wait(15).await;
    world.end().await;
}
