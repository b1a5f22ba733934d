use super::*;
use proptest::prelude::*;

fn names(notices: &[Notice]) -> Vec<String> {
    notices
        .iter()
        .map(|notice| match notice {
            Notice::Event(event) => event.kind.name().to_owned(),
            Notice::Ejected { call, .. } => format!("eject {call}"),
        })
        .collect()
}

fn seat(call: &str) -> Seat {
    Seat::new(call)
}

#[test]
fn it_starts_when_two_have_met() {
    let mut room = Room::new(250);
    assert_eq!(names(&room.admit(seat("a")).unwrap()), ["participant-join"]);
    assert_eq!(room.status(), RoomStatus::Init);
    assert_eq!(names(&room.admit(seat("b")).unwrap()), ["participant-join", "conference-start"]);
    assert_eq!(names(&room.admit(seat("c")).unwrap()), ["participant-join"]);
}

#[test]
fn it_waits_for_somebody_who_may_start_it() {
    let mut room = Room::new(250);
    let quiet = |call| Seat { start_on_enter: false, ..seat(call) };
    room.admit(quiet("a")).unwrap();
    room.admit(quiet("b")).unwrap();
    assert_eq!(room.status(), RoomStatus::Init);
    assert_eq!(names(&room.admit(seat("c")).unwrap()), ["participant-join", "conference-start"]);
}

#[test]
fn the_moderator_takes_everybody_along() {
    let mut room = Room::new(250);
    room.admit(seat("a")).unwrap();
    room.admit(Seat { end_on_exit: true, ..seat("b") }).unwrap();
    let notices = room.leave("b", Departure::HungUp, "completed");
    assert_eq!(names(&notices), ["participant-leave", "participant-leave", "eject a", "conference-end"]);
    assert_eq!(room.end_reason(), Some(("participant-with-end-conference-on-exit-left", Some("b"))));
    assert_eq!(room.admit(seat("c")), Err(Refusal::Over));
}

#[test]
fn the_last_one_turns_off_the_light() {
    let mut room = Room::new(250);
    room.admit(seat("a")).unwrap();
    let notices = room.leave("a", Departure::Kicked, "in-progress");
    assert_eq!(names(&notices), ["participant-leave", "conference-end"]);
    assert_eq!(room.end_reason().unwrap().0, "last-participant-kicked");
}

#[test]
fn who_never_answers_leaves_without_having_joined() {
    let mut room = Room::new(250);
    room.admit(Seat { joined: false, ..seat("a") }).unwrap();
    let notices = room.leave("a", Departure::HungUp, "no-answer");
    assert_eq!(names(&notices), ["participant-leave"]);
    let Notice::Event(event) = &notices[0] else { panic!("an event") };
    assert_eq!(event.kind, EventKind::Leave { why: Departure::AddFailed, call_status: "no-answer" });
    assert_eq!(room.status(), RoomStatus::Completed);
}

#[test]
fn somebody_being_rung_keeps_the_room_open() {
    let mut room = Room::new(250);
    room.admit(Seat { joined: false, ..seat("agent") }).unwrap();
    room.admit(seat("customer")).unwrap();
    assert_eq!(names(&room.leave("customer", Departure::HungUp, "completed")), ["participant-leave"]);
    assert_eq!(names(&room.arrive("agent").unwrap()), ["participant-join"]);
}

#[test]
fn labels_are_unique_and_well_formed() {
    let mut room = Room::new(250);
    let labelled = |call: &str, label: &str| Seat { label: Some(label.into()), ..seat(call) };
    room.admit(labelled("a", "customer")).unwrap();
    assert_eq!(room.admit(labelled("b", "customer")), Err(Refusal::LabelInUse));
    assert_eq!(room.admit(labelled("b", "a/b")), Err(Refusal::LabelInvalid));
    assert_eq!(room.admit(labelled("b", &format!("CA{}", "0".repeat(32)))), Err(Refusal::LabelInvalid));
    assert_eq!(room.seat("customer").unwrap().call, "a");
}

#[test]
fn a_full_room_refuses() {
    let mut room = Room::new(2);
    room.admit(seat("a")).unwrap();
    room.admit(seat("b")).unwrap();
    assert_eq!(room.admit(seat("c")), Err(Refusal::Full));
}

#[test]
fn changes_that_change_nothing_are_silent() {
    let mut room = Room::new(250);
    room.admit(seat("a")).unwrap();
    let hold = SeatChange { hold: Some(true), muted: Some(false), ..SeatChange::default() };
    assert_eq!(names(&room.change("a", &hold).unwrap().unwrap()), ["participant-hold"]);
    assert_eq!(names(&room.change("a", &hold).unwrap().unwrap()), Vec::<String>::new());
    assert_eq!(room.change("b", &hold).unwrap(), None);
    let coach = SeatChange { coaching: Some(Some("b".into())), ..SeatChange::default() };
    assert_eq!(room.change("a", &coach), Err(Refusal::CoachUnknown));
}

#[test]
fn speech_is_told_while_it_can_be_heard() {
    let mut room = Room::new(250);
    room.admit(seat("a")).unwrap();
    assert_eq!(room.speech("a", true), [], "nobody is there to hear it");
    room.admit(seat("b")).unwrap();
    assert_eq!(names(&room.speech("a", true)), ["participant-speech-start"]);
    assert_eq!(room.speech("a", true), []);
    assert_eq!(names(&room.speech("a", false)), ["participant-speech-stop"]);
    assert_eq!(room.speech("a", false), []);
    assert_eq!(room.speech("c", true), []);
}

#[test]
fn who_is_silenced_or_leaves_stops_speaking_first() {
    let mut room = Room::new(250);
    room.admit(seat("a")).unwrap();
    room.admit(seat("b")).unwrap();
    let mute = |muted| SeatChange { muted: Some(muted), ..SeatChange::default() };
    room.speech("a", true);
    let muted = room.change("a", &mute(true)).unwrap().unwrap();
    assert_eq!(names(&muted), ["participant-speech-stop", "participant-mute"]);
    assert_eq!(room.speech("a", true), []);
    room.change("a", &mute(false)).unwrap();
    room.speech("a", true);
    room.speech("b", true);
    let left = room.leave("a", Departure::HungUp, "completed");
    assert_eq!(names(&left), ["participant-speech-stop", "participant-leave"]);
    let ended = names(&room.end());
    assert_eq!(ended, ["participant-speech-stop", "participant-leave", "eject b", "conference-end"]);
}

#[derive(Debug, Clone)]
enum Act {
    Admit(u8, bool, bool, bool),
    Arrive(u8),
    Leave(u8),
    Speech(u8, bool),
    End,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..6u8, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(c, s, e, j)| Act::Admit(c, s, e, j)),
        2 => (0..6u8).prop_map(Act::Arrive),
        4 => (0..6u8).prop_map(Act::Leave),
        3 => (0..6u8, any::<bool>()).prop_map(|(c, on)| Act::Speech(c, on)),
        1 => Just(Act::End),
    ]
}

proptest! {
    #[test]
    fn events_tell_the_whole_story(acts in prop::collection::vec(act(), 0..40)) {
        let mut room = Room::new(4);
        let mut told = Vec::new();
        for act in acts {
            told.extend(match act {
                Act::Admit(call, start_on_enter, end_on_exit, joined) => {
                    let call = call.to_string();
                    if room.seat(&call).is_some() { continue }
                    room.admit(Seat { start_on_enter, end_on_exit, joined, ..seat(&call) }).unwrap_or_default()
                }
                Act::Arrive(call) => {
                    if room.seat(&call.to_string()).is_none_or(|s| s.joined) { continue }
                    room.arrive(&call.to_string()).unwrap_or_default()
                }
                Act::Leave(call) => room.leave(&call.to_string(), Departure::HungUp, "completed"),
                Act::Speech(call, begins) => room.speech(&call.to_string(), begins),
                Act::End => room.end(),
            });
        }
        // Numbers rise without a gap; joins less leaves is who is there; one start and one end at most, the end last.
        let events: Vec<&RoomEvent> = told.iter().filter_map(|n| match n { Notice::Event(e) => Some(e), _ => None }).collect();
        for (place, event) in events.iter().enumerate() {
            prop_assert_eq!(event.sequence, place as u64 + 1);
        }
        // Nobody begins to speak twice, or stops without having begun, or goes while speaking.
        let mut speaking = std::collections::BTreeSet::new();
        for event in &events {
            let call = event.seat.as_ref().map(|seat| seat.call.clone()).unwrap_or_default();
            match event.kind {
                EventKind::Speech(true) => prop_assert!(speaking.insert(call)),
                EventKind::Speech(false) => prop_assert!(speaking.remove(&call)),
                EventKind::Leave { .. } => prop_assert!(!speaking.contains(&call)),
                _ => {}
            }
        }
        let count = |name: &str| events.iter().filter(|e| e.kind.name() == name).count();
        let there = events.iter().filter(|e| matches!(&e.kind, EventKind::Leave { why, .. } if *why != Departure::AddFailed)).count();
        prop_assert_eq!(count("participant-join") - there, room.present());
        prop_assert!(count("conference-start") <= 1 && count("conference-end") <= 1);
        if count("conference-end") == 1 {
            prop_assert_eq!(events.last().unwrap().kind.name(), "conference-end");
        }
        prop_assert_eq!(room.status() == RoomStatus::Completed && count("participant-join") > 0, count("conference-end") == 1);
        prop_assert!(room.seats().len() <= 4);
    }
}
