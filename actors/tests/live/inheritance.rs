//! A conference that is gone is rebuilt from the journal: same prompts, same deadlines, and what it had wanted done is
//! looked at before it is done again.

use crate::world::{World, customer_phone, turn, words};
use tsunagu_call::{CallId, Command, Entry, Event, Input, Leg, LegStatus, Settlement};
use tsunagu_carrier::{CallStatus, Carrier, NewCall, script::Fault};
use tsunagu_store::{CallStore, Commit, Hold, SharedStore};

#[actix::test]
async fn a_rebuilt_conference_gives_the_same_answer() {
    let mut world = World::new(1).await;
    let call = world.start(1).await;
    let first = turn(&world.picks_up(call, 1).await);
    let reply = world.tell(call, words(Some(first), "少々お待ちください")).await;
    world.restart().await;
    assert_eq!(world.tell(call, words(Some(first), "少々お待ちください")).await, reply);
    world.record(call).await;
    assert_eq!(world.dialled().len(), 1);
    world.end().await;
}

#[actix::test]
async fn deadlines_go_on_where_they_were() {
    let mut world = World::new(1).await;
    let call = world.start(1).await;
    world.wait(60).await;
    world.restart().await;
    assert_eq!(world.board.recover().await.unwrap(), 1);
    world.carrier.set_call_status(&world.leg(&customer_phone(1)), CallStatus::NoAnswer);
    world.wait(29).await;
    assert!(!world.has(call, |event| matches!(event, Event::Ended { .. })).await, "too early");
    world.wait(2).await;
    let stands = |event: &Event| {
        matches!(
            event,
            Event::Settled { settlement: Settlement::Stands { status: LegStatus::NoAnswer, .. }, .. }
        )
    };
    assert!(world.has(call, stands).await, "the carrier was asked");
    assert_eq!(world.record(call).await.end_reason.as_deref(), Some("no_answer"));
    world.wait(11).await;
    assert_eq!(world.board.living(), 0, "an ended call leaves after a moment");
    world.end().await;
}

/// A call whose dialling has been intended and not settled, for want of a journal.
async fn with_a_dial_in_doubt() -> (World, CallId) {
    let mut world = World::new(1).await;
    world.carrier.fail_next(1, Fault::Unavailable);
    world.store.hold_commits();
    let call = world.start(1).await;
    world.restart().await;
    world.store.forget_held();
    assert_eq!(world.journal(call).await.len(), 2, "intended, not settled");
    (world, call)
}

#[actix::test]
async fn a_dial_in_doubt_that_was_not_made_is_made() {
    let (world, call) = with_a_dial_in_doubt().await;
    assert_eq!(world.dialled().len(), 0);
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 1);
    world.picks_up(call, 1).await;
    world.end().await;
}

/// A call to the customer that the carrier says was placed so many seconds ago; the carrier's name of it.
async fn placed(world: &World, secs_ago: i64) -> String {
    let at = world.clock.now().plus_millis(-1000 * secs_ago).timestamp();
    let made = NewCall::new(customer_phone(1), crate::world::FROM, "https://calls.example.jp", at);
    world.carrier.create_call(&made).await.unwrap().sid
}

async fn is_adopted(world: &World, call: CallId, call_sid: String) -> bool {
    let adopted = Settlement::Dialled { call_sid };
    let settled =
        |event: &Event| matches!(event, Event::Settled { settlement, .. } if *settlement == adopted);
    world.has(call, settled).await
}

/// What the carrier says was placed so long ago is taken for the dial in doubt.
async fn adopts(secs_ago: i64) {
    let (world, call) = with_a_dial_in_doubt().await;
    let call_sid = placed(&world, secs_ago).await;
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 1, "nothing was dialled beside it");
    assert!(is_adopted(&world, call, call_sid).await);
    world.end().await;
}

/// What the carrier says was placed so long ago, and stands so, is not.
async fn does_not_adopt(secs_ago: i64, status: CallStatus) {
    let (world, call) = with_a_dial_in_doubt().await;
    let before = placed(&world, secs_ago).await;
    world.carrier.set_call_status(&before, status);
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 2);
    assert!(!is_adopted(&world, call, before).await);
    world.end().await;
}

#[actix::test]
async fn a_dial_in_doubt_that_was_made_is_adopted() {
    adopts(0).await;
}

#[actix::test]
async fn a_dial_in_doubt_that_was_made_is_adopted_though_the_carriers_clock_is_behind() {
    adopts(4).await;
}

#[actix::test]
async fn what_was_placed_long_before_is_not_taken_for_a_dial_in_doubt() {
    does_not_adopt(6, CallStatus::Ringing).await;
}

#[actix::test]
async fn what_was_over_before_is_not_taken_for_a_dial_in_doubt() {
    does_not_adopt(2, CallStatus::Completed).await;
}

#[actix::test]
async fn a_dial_in_doubt_of_which_the_carrier_has_told_is_not_looked_for() {
    let (world, call) = with_a_dial_in_doubt().await;
    let rings = Input::Progress {
        leg: Leg::Customer,
        call_sid: "CA-heard-of".into(),
        status: LegStatus::Ringing,
        sequence: Some(1),
    };
    let state = tsunagu_call::Call::rebuild(call, &world.journal(call).await).unwrap();
    let step = state.step(rings, &world.board.ports().engine, world.clock.now()).unwrap();
    world.store.memory.commit(Commit { call, entries: step.entries, record: None }).await.unwrap();
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 0);
    assert!(is_adopted(&world, call, "CA-heard-of".into()).await);
    world.end().await;
}

/// The carrier told of it when it was asked after already.
#[actix::test]
async fn a_leg_that_was_asked_after_before_it_was_known_is_found() {
    let (world, call) = with_a_dial_in_doubt().await;
    let call_sid = placed(&world, 0).await;
    let last = world.journal(call).await.pop().unwrap();
    let asked = Event::Intended { id: 99, command: Command::CheckCustomer { call_sid: None } };
    let entries = vec![Entry { seq: last.seq + 1, at: last.at, event: asked }];
    world.store.memory.commit(Commit { call, entries, record: None }).await.unwrap();
    let rings = Input::Progress {
        leg: Leg::Customer,
        call_sid: call_sid.clone(),
        status: LegStatus::Ringing,
        sequence: Some(1),
    };
    let state = tsunagu_call::Call::rebuild(call, &world.journal(call).await).unwrap();
    let step = state.step(rings, &world.board.ports().engine, world.clock.now()).unwrap();
    world.store.memory.commit(Commit { call, entries: step.entries, record: None }).await.unwrap();
    world.board.recover().await.unwrap();
    world.rest().await;
    let found = |event: &Event| match event {
        Event::Settled { id: 99, settlement: Settlement::Stands { call_sid: found, .. } } => {
            *found == call_sid
        }
        _ => false,
    };
    assert!(world.has(call, found).await);
    assert!(!world.record(call).await.status.is_over());
    world.end().await;
}

/// As one is that was begun by a server which shared with nobody.
#[actix::test]
async fn a_call_that_nobody_owns_is_taken_up_by_one_of_those_who_come_up() {
    let (mut world, call) = with_a_dial_in_doubt().await;
    assert_eq!(world.store.memory.held_call(call).await.unwrap().unwrap().hold, Hold::default());
    for number in [1, 2] {
        world.comes_up(number, number, None).await;
    }
    world.wait(1).await;
    assert_eq!(world.dialled().len(), 1);
    let hold = world.store.memory.held_call(call).await.unwrap().unwrap().hold;
    assert!(hold.owner.is_some() && hold.hands.is_empty(), "{hold:?}");
    world.picks_up(call, 1).await;
    world.hangs_up(call, 1).await;
    world.end().await;
}

/// It may be night by now.
#[actix::test]
async fn a_dial_in_doubt_that_is_late_is_not_made() {
    let (world, call) = with_a_dial_in_doubt().await;
    world.wait(90).await;
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 0);
    assert_eq!(world.record(call).await.end_reason.as_deref(), Some("carrier_failed"));
    world.end().await;
}

#[actix::test]
async fn a_dial_in_doubt_that_is_not_wanted_any_more_is_not_made() {
    let (world, call) = with_a_dial_in_doubt().await;
    let entries = tsunagu_call::Call::rebuild(call, &world.journal(call).await).unwrap();
    let engine = world.board.ports().engine.clone();
    let end = Input::RequestEnd { outcome: None, notes: None };
    let step = entries.step(end, &engine, world.clock.now()).unwrap();
    world.store.memory.commit(Commit { call, entries: step.entries, record: None }).await.unwrap();
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 0);
    assert!(
        world.has(call, |event| matches!(event, Event::Settled { id: 1, .. })).await,
        "and that is settled"
    );
    world.end().await;
}

/// An agent was reserved, and the server went down before it could tell; the customer has hung up since.
async fn with_an_agent_whom_nobody_wants() -> World {
    let mut world = World::new(1).await;
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    world.says(call, "少々お待ちください").await;
    world.says(call, "お電話代わりました佐藤です").await;
    world.store.hold_commits();
    let asked = world.ask(call, words(None, "はいお願いします"));
    world.rest().await;
    world.store.release().await;
    world.store.hold_commits();
    world.rest().await;
    asked.await.unwrap().unwrap();
    assert!(world.is_promised(1).await, "which nobody was told");
    world.restart().await;
    world.store.forget_held();
    let call_sid = world.leg(&customer_phone(1));
    let gone =
        Input::Progress { leg: Leg::Customer, call_sid, status: LegStatus::Completed, sequence: Some(3) };
    let state = tsunagu_call::Call::rebuild(call, &world.journal(call).await).unwrap();
    let step = state.step(gone, &world.board.ports().engine, world.clock.now()).unwrap();
    world.store.memory.commit(Commit { call, entries: step.entries, record: None }).await.unwrap();
    world
}

#[actix::test]
async fn whom_a_choice_had_reserved_that_is_not_wanted_any_more_is_given_back() {
    let world = with_an_agent_whom_nobody_wants().await;
    world.board.recover().await.unwrap();
    world.rest().await;
    assert!(!world.is_promised(1).await);
    assert_eq!(world.dialled().len(), 1, "and nobody was rung");
    world.end().await;
}

#[actix::test]
async fn whom_a_choice_had_reserved_is_looked_for_until_that_can_be_read() {
    let world = with_an_agent_whom_nobody_wants().await;
    world.store.fail_at("team", 3);
    world.board.recover().await.unwrap();
    world.rest().await;
    assert!(world.is_promised(1).await, "who that is cannot be read");
    world.wait(5).await;
    assert!(!world.is_promised(1).await);
    assert_eq!(world.dialled().len(), 1, "and nobody was rung");
    world.end().await;
}
