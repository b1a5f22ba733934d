//! Recorded calls: announced, paused and resumed, deleted, and reported in any order.

use crate::world::{SUPERVISOR, World};
use tsunagu_call::{Command, Event, Input, Recorded, Refusal, Rules, Settlement};
use tsunagu_conversation::Limits;

fn recorded_call() -> World {
    World::new(Rules { record: true, ..Rules::default() }, Limits::default())
}

fn report(sid: &str, status: &str, url: Option<&str>) -> Input {
    Input::Recorded(Recorded {
        sid: sid.into(),
        url: url.map(str::to_owned),
        status: status.into(),
        duration: url.map(|_| 42),
        call_sid: Some(crate::world::CUSTOMER.into()),
    })
}

fn steer(paused: bool) -> Input {
    Input::SteerRecording { by: SUPERVISOR, paused }
}

fn steers(command: &Command) -> bool {
    matches!(command, Command::SteerRecording { .. })
}

fn state(world: &World) -> Option<&str> {
    world.record.recording_status.as_deref()
}

#[test]
fn the_customer_hears_first_that_the_call_is_recorded() {
    let mut world = recorded_call();
    world.picks_up();
    assert_eq!(world.hears(), ["recording_notice", "initial"]);
    assert!(world.record.transcript[0].message.contains("録音"), "{:?}", world.record.transcript);
    world.asks();
    assert_eq!(world.hears(), ["recording_notice", "initial"], "asked again, the same");
}

#[test]
fn without_a_recording_or_a_wish_for_it_nothing_is_announced() {
    let quiet = Rules { record: true, announce_recording: false, ..Rules::default() };
    for rules in [quiet, Rules::default()] {
        let mut world = World::new(rules, Limits::default());
        world.picks_up();
        assert_eq!(world.hears(), ["initial"]);
    }
}

#[test]
fn a_recording_waits_and_goes_on_once_the_carrier_has_done_it() {
    let mut world = recorded_call();
    world.picks_up();
    world.tell(report("RE-1", "in-progress", None));
    assert_eq!(state(&world), Some("in-progress"));
    world.tell(steer(true));
    assert_eq!(state(&world), Some("in-progress"), "not before the carrier has done it");
    world.tell(steer(true));
    assert_eq!(world.count(steers), 1, "asked twice, told once");
    assert_eq!(world.try_tell(steer(false)), Err(Refusal::RecordingBusy));
    world.settle(steers, Settlement::Done);
    assert_eq!((state(&world), world.call.recording.paused), (Some("paused"), true));
    world.tell(steer(true));
    world.tell(report("RE-1", "in-progress", None));
    assert_eq!((world.count(steers), state(&world)), (1, Some("paused")));
    world.tell(steer(false));
    world.settle(steers, Settlement::Done);
    assert_eq!(state(&world), Some("in-progress"));
    world.rebuild();
}

#[test]
fn what_the_carrier_refuses_changes_nothing_and_may_be_asked_for_again() {
    let mut world = recorded_call();
    world.picks_up();
    world.tell(steer(true));
    world.settle(steers, Settlement::Refused { code: Some(20404), message: "no".into() });
    assert_eq!((state(&world), world.call.recording.paused), (None, false));
    world.tell(steer(true));
    assert_eq!(world.count(steers), 2);
}

#[test]
fn only_what_is_being_recorded_can_wait() {
    let mut world = recorded_call();
    assert_eq!(world.try_tell(steer(true)), Err(Refusal::NotRecorded), "nobody has picked up");
    world.picks_up();
    world.tell(report("RE-1", "completed", Some("https://api.example.com/RE-1")));
    assert_eq!(world.try_tell(steer(true)), Err(Refusal::NotRecorded), "it has ended");
    world.hangs_up();
    assert_eq!(world.try_tell(steer(true)), Err(Refusal::Over));
    let mut unrecorded = World::new(Rules::default(), Limits::default());
    unrecorded.picks_up();
    assert_eq!(unrecorded.try_tell(steer(true)), Err(Refusal::NotRecorded));
}

#[test]
fn reports_in_any_order_and_number_come_to_the_same() {
    let url = "https://api.example.com/RE-1";
    let reports = [
        report("RE-1", "in-progress", None),
        report("RE-1", "completed", Some(url)),
        report("RE-1", "completed", Some(url)),
    ];
    for order in [[0, 1, 2], [1, 0, 2], [1, 2, 0], [0, 2, 1]] {
        let mut world = recorded_call();
        world.picks_up();
        world.hangs_up();
        for index in order {
            world.tell(reports[index].clone());
        }
        assert_eq!(
            (state(&world), world.record.recording_sid.as_deref(), world.record.recording_url.as_deref()),
            (Some("completed"), Some("RE-1"), Some(url)),
            "{order:?}"
        );
        let told = world.journal.iter().filter(|entry| matches!(entry.event, Event::Recorded(_))).count();
        assert!(told <= 2, "what is no news is not written: {order:?}");
        world.rebuild();
    }
}

#[test]
fn a_recording_is_deleted_once_and_does_not_come_back() {
    let deletes = |command: &Command| matches!(command, Command::DeleteRecording { sid } if sid == "RE-1");
    let mut world = recorded_call();
    world.picks_up();
    world.tell(report("RE-1", "completed", Some("https://api.example.com/RE-1")));
    world.tell(Input::DeleteRecording);
    assert_eq!(world.count(deletes), 0, "the call is not over");
    world.hangs_up();
    world.tell(Input::DeleteRecording);
    world.tell(Input::DeleteRecording);
    assert_eq!(world.count(deletes), 1);
    world.settle(deletes, Settlement::Refused { code: None, message: "away".into() });
    assert_eq!(world.record.recording_sid.as_deref(), Some("RE-1"), "it is still there");
    world.tell(Input::DeleteRecording);
    world.settle(deletes, Settlement::Done);
    assert_eq!((&world.record.recording_sid, &world.record.recording_url), (&None, &None));
    assert_eq!(state(&world), Some("deleted"));
    world.tell(report("RE-1", "completed", Some("https://api.example.com/RE-1")));
    world.tell(Input::DeleteRecording);
    assert_eq!((state(&world), world.count(deletes)), (Some("deleted"), 2));
    world.rebuild();
}
