//! Several nodes share a store: any of them goes on with any call, nothing is done twice, and who is gone is taken over from.

use crate::world::{ENGINE, SUPERVISOR, World, agent_phone, customer_phone, spoken, turn, words};
use std::time::Duration;
use tsunagu_actors::Switchboard;
use tsunagu_call::{Call, CallId, Command, Entry, Event, Input, Leg, LegStatus, NodeId, Stage};
use tsunagu_carrier::{CallStatus, script::Fault};
use tsunagu_store::{Availability, CallStore, Commit, SharedStore};

/// What the engine takes for nothing.
const BABBLE: &str = "赤い電車がまっすぐ走って";

#[actix::test]
async fn a_call_goes_through_whichever_nodes_hear_of_it() {
    let world = World::shared(2, 3).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    assert_eq!(world.times_dialled(&agent_phone(1)), 1);
    for board in world.boards() {
        assert_eq!(board.await_agent(call).await.unwrap(), Some(world.leg(&agent_phone(1))));
    }
    world.accepts(call, 1, 1).await;
    world.picks_up(call, 1).await;
    world.both_join(call, 1, 1).await;
    assert_eq!(world.stage(call).await, Some(Stage::Bridged { attempt: 1 }));
    assert_eq!(world.availability(1).await, Availability::OnCall);
    let record = world.record(call).await;
    for board in world.boards() {
        assert_eq!(board.active(None).await.unwrap(), std::slice::from_ref(&record));
    }
    world.wait(30).await;
    world.hangs_up(call, 1).await;
    assert!(world.was_hung_up(&agent_phone(1)), "the agent is not left alone");
    assert_eq!(world.availability(1).await, Availability::Available);
    assert_eq!(world.record(call).await.end_reason.as_deref(), Some("human_done"));
    assert_eq!(world.dialled().len(), 2, "the customer and the agent, once each");
    world.end().await;
}

#[actix::test]
async fn what_is_told_to_two_nodes_counts_once_and_has_one_answer() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let first = turn(&world.picks_up(call, 1).await);
    // At the same time, and again later.
    let said = words(Some(first), "少々お待ちください");
    let asked = [world.ask(call, said.clone()), world.ask(call, said.clone())];
    world.rest().await;
    world.wait(1).await;
    let mut replies = Vec::new();
    for asked in asked {
        replies.push(asked.await.unwrap().unwrap());
    }
    for board in world.boards() {
        replies.push(board.tell(call, said.clone()).await.unwrap());
    }
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:#?}");
    let heard = |event: &Event| matches!(event, Event::Heard { .. });
    assert_eq!(world.journal(call).await.iter().filter(|entry| heard(&entry.event)).count(), 1);
    world.hangs_up(call, 1).await;
    world.end().await;
}

/// What a language model may be asked depends on where the talk is, whoever wrote that.
#[actix::test]
async fn a_node_that_was_left_behind_asks_about_the_prompt_that_the_journal_has() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let [ours, theirs] = world.boards()[..] else { panic!("two nodes") };
    let asks = Input::CustomerAsks { call_sid: world.leg(&customer_phone(1)) };
    let first = turn(&spoken(ours.tell(call, asks).await.unwrap()));
    assert!(ours.question(call, Some(first), BABBLE, None).await.unwrap().is_some());
    let second = turn(&spoken(theirs.tell(call, words(Some(first), "もしもし")).await.unwrap()));
    assert!(second > first);
    let asked = ours.question(call, Some(second), BABBLE, None).await.unwrap();
    assert_eq!(asked, theirs.question(call, Some(second), BABBLE, None).await.unwrap());
    assert!(asked.is_some());
    assert_eq!(ours.question(call, Some(first), BABBLE, None).await.unwrap(), None, "it was answered");
    // A prompt that nobody wrote is no reason to look for ever.
    assert!(ours.question(call, Some(second + 9), BABBLE, None).await.is_err());
    world.hangs_up(call, 1).await;
    world.end().await;
}

/// A model was asked for a moment, and the customer hung up meanwhile.
#[actix::test]
async fn what_was_said_before_hanging_up_is_kept_whichever_node_hears_of_it() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let [ours, theirs] = world.boards()[..] else { panic!("two nodes") };
    let asks = Input::CustomerAsks { call_sid: world.leg(&customer_phone(1)) };
    let first = turn(&spoken(ours.tell(call, asks).await.unwrap()));
    world.hangs_up(call, 1).await;
    for board in [theirs, ours] {
        board.tell(call, words(Some(first), BABBLE)).await.unwrap();
    }
    let heard = |event: &Event| matches!(event, Event::Heard { .. });
    assert_eq!(world.journal(call).await.iter().filter(|entry| heard(&entry.event)).count(), 1);
    let kept = world.store.memory.find_call(call).await.unwrap().unwrap();
    assert_eq!(kept.transcript.last().unwrap().message, BABBLE, "where it is searched for");
    world.end().await;
}

#[actix::test]
async fn a_node_that_was_left_behind_does_not_answer_from_what_it_knew() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let [ours, theirs] = world.boards()[..] else { panic!("two nodes") };
    let call_sid = world.leg(&customer_phone(1));
    let asks = Input::CustomerAsks { call_sid };
    let first = spoken(ours.tell(call, asks.clone()).await.unwrap());
    let said = words(Some(turn(&first)), "少々お待ちください");
    let second = spoken(theirs.tell(call, said).await.unwrap());
    assert_ne!(first, second);
    // Asked for the present prompt, ours knows the first one only, if it does not look.
    assert_eq!(spoken(ours.tell(call, asks).await.unwrap()), second);
    world.hangs_up(call, 1).await;
    // Neither does it refuse by what it knew.
    let late = Input::Progress {
        leg: Leg::Customer,
        call_sid: world.leg(&customer_phone(1)),
        status: LegStatus::Completed,
        sequence: Some(3),
    };
    for board in world.boards() {
        board.tell(call, late.clone()).await.unwrap();
    }
    world.end().await;
}

#[actix::test]
async fn a_node_that_was_left_behind_reads_on_from_where_it_was() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    let [ours, theirs] = world.boards()[..] else { panic!("two nodes") };
    let asks = || Input::CustomerAsks { call_sid: world.leg(&customer_phone(1)) };
    for board in [ours, theirs] {
        board.tell(call, asks()).await.unwrap();
    }
    for (place, board) in [(1, theirs), (0, ours), (1, theirs)] {
        let known = world.journal(call).await.len() as u64;
        // One decides something new, and the other finds that there is nothing to decide.
        board.tell(call, Input::Note { notes: place.to_string(), outcome: None }).await.unwrap();
        world.store_of(1 - place).read_from();
        world.boards()[1 - place].tell(call, asks()).await.unwrap();
        assert_eq!(world.store_of(1 - place).read_from(), [known + 1]);
    }
    assert_eq!(world.record(call).await.notes.as_deref(), Some("1"));
    // Theirs wrote last; ours goes on, and theirs does not know it when it decides.
    let known = world.journal(call).await.len() as u64;
    for notes in ["ours", "still ours"] {
        ours.tell(call, Input::Note { notes: notes.into(), outcome: None }).await.unwrap();
    }
    world.store_of(1).read_from();
    theirs.tell(call, Input::Note { notes: "theirs".into(), outcome: None }).await.unwrap();
    assert_eq!(world.store_of(1).read_from(), [known + 1]);
    world.hangs_up(call, 1).await;
    world.end().await;
}

/// One that took all of its calls up anew would ask most of a database which is too slow as it is.
#[actix::test]
async fn a_node_that_could_not_tell_that_it_lives_takes_up_what_others_touched() {
    let world = World::shared(1, 2).await;
    let (calm, touched) = (world.start(1).await, world.start(2).await);
    let [ours, theirs] = world.boards()[..] else { panic!("two nodes") };
    for (number, call) in [(1, calm), (2, touched)] {
        let asks = || Input::CustomerAsks { call_sid: world.leg(&customer_phone(number)) };
        theirs.tell(call, asks()).await.unwrap();
        ours.tell(call, asks()).await.unwrap();
        ours.tell(call, Input::Note { notes: "ours".into(), outcome: None }).await.unwrap();
    }
    // Something that ours wants, and has not begun.
    let last = world.journal(touched).await.pop().unwrap();
    let wanted = Event::Intended { id: 99, command: Command::CheckRoom };
    let entries = vec![Entry { seq: last.seq + 1, at: last.at, event: wanted }];
    world.store_of(0).memory.commit(Commit { call: touched, entries, record: None }).await.unwrap();
    world.store_of(0).read_from();
    tokio::time::advance(std::time::Duration::from_secs(4)).await;
    world.wait(1).await;
    assert_eq!(world.store_of(0).read_from(), [last.seq + 1], "one call, from where it was");
    assert!(world.has(touched, |event| matches!(event, Event::Settled { id: 99, .. })).await);
    for (number, call) in [(1, calm), (2, touched)] {
        world.hangs_up(call, number).await;
    }
    world.end().await;
}

/// Whoever wrote last has the timers, also when that was on its way while the lease ran out.
#[actix::test]
async fn what_is_written_late_has_its_timers_where_it_was_decided() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let owner = world.store.memory.held_call(call).await.unwrap().unwrap().hold.owner;
    let other = usize::from(owner == Some(world.node(0)));
    world.store_of(other).hold_commits();
    let board = world.boards()[other].clone();
    let noted = actix_rt::spawn(async move {
        board.tell(call, Input::Note { notes: "late".into(), outcome: None }).await
    });
    world.wait(1).await;
    assert!(!world.store_of(other).read_from().is_empty(), "taken up there, and decided");
    tokio::time::advance(std::time::Duration::from_secs(4)).await;
    world.wait(2).await;
    world.store_of(other).release().await;
    noted.await.unwrap().unwrap();
    world.wait(1).await;
    assert!(
        world.store_of(other).read_from().is_empty(),
        "the same conference goes on, and knows what it wrote"
    );
    let owner = world.store.memory.held_call(call).await.unwrap().unwrap().hold.owner;
    assert_eq!(owner, Some(world.node(other)));
    world.carrier.set_call_status(&world.leg(&customer_phone(1)), CallStatus::NoAnswer);
    world.wait(90).await;
    assert_eq!(world.record(call).await.end_reason.as_deref(), Some("no_answer"));
    world.end().await;
}

/// The store compares places alone: what was decided on top of a step that another node was quicker than may have the right one.
#[actix::test]
async fn nothing_is_written_that_was_decided_on_top_of_what_was_not() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    let [ours, theirs] = world.boards()[..] else { panic!("two nodes") };
    let (ours, theirs) = (ours.clone(), theirs.clone());
    let tell = |board: &Switchboard, input: Input| {
        let board = board.clone();
        actix_rt::spawn(async move { board.tell(call, input).await })
    };
    // Ours has given the agent up, and the AI has the customer alone, by what it knows.
    let state = Call::rebuild(call, &world.journal(call).await).unwrap();
    let withdrawn = Input::CancelHandover { by: SUPERVISOR };
    let places = state.step(withdrawn.clone(), &ENGINE, world.clock.now()).unwrap().entries.len();
    ours.tell(call, Input::Note { notes: "ours".into(), outcome: None }).await.unwrap();
    world.store_of(0).hold_commits();
    let withdrawn = tell(&ours, withdrawn);
    world.rest().await;
    let said = tell(&ours, words(None, "はい"));
    world.rest().await;
    // Meanwhile theirs has filled just so many places.
    for _ in 0..places {
        theirs.tell(call, Input::Note { notes: "theirs".into(), outcome: None }).await.unwrap();
    }
    world.store_of(0).release().await;
    world.rest().await;
    let folded = Call::rebuild(call, &world.journal(call).await).unwrap();
    assert_eq!(folded.check(), Ok(()));
    world.wait(1).await;
    said.await.unwrap().unwrap();
    withdrawn.await.unwrap().unwrap();
    let journal = world.journal(call).await;
    assert_eq!(Call::rebuild(call, &journal).unwrap().check(), Ok(()));
    assert!(matches!(world.stage(call).await, Some(Stage::Failed { .. })));
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn deadlines_of_a_dead_node_are_kept_by_another() {
    let mut world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.dies(0).await;
    world.wait(30).await;
    let held = world.store.memory.held_call(call).await.unwrap().unwrap();
    assert_eq!(held.hold.owner, Some(world.node(0)), "taken over");
    world.carrier.set_call_status(&world.leg(&customer_phone(1)), CallStatus::NoAnswer);
    world.wait(90).await;
    assert_eq!(world.record(call).await.end_reason.as_deref(), Some("no_answer"));
    assert_eq!(world.dialled().len(), 1);
    world.end().await;
}

#[actix::test]
async fn what_a_dead_node_was_about_to_do_is_done_once() {
    let mut world = World::shared(1, 2).await;
    world.carrier.fail_next(1, Fault::Unavailable);
    world.store_of(0).hold_commits();
    let call = world.start(1).await;
    assert_eq!(world.journal(call).await.len(), 2, "intended, not settled");
    world.dies(0).await;
    world.wait(4).await;
    assert_eq!(world.dialled().len(), 0, "it may live");
    world.wait(8).await;
    assert_eq!(world.dialled().len(), 1, "it does not");
    world.picks_up(call, 1).await;
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn who_says_goodbye_is_taken_over_at_once() {
    let mut world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.leaves(0).await;
    world.wait(2).await;
    let held = world.store.memory.held_call(call).await.unwrap().unwrap();
    assert_eq!(held.hold.owner, Some(world.node(0)));
    assert_eq!(world.store.memory.live_calls().await.unwrap().len(), 1);
    world.picks_up(call, 1).await;
    world.hangs_up(call, 1).await;
    world.end().await;
}

/// Who holds the timers of a call.
async fn owner(world: &World, call: CallId) -> Option<NodeId> {
    world.store.memory.held_call(call).await.unwrap().unwrap().hold.owner
}

#[actix::test]
async fn who_comes_up_where_one_was_killed_takes_over_at_once() {
    let mut world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.dies(0).await;
    world.comes_up(9, 1, None).await;
    world.wait(1).await;
    assert_eq!(owner(&world, call).await, Some(NodeId::from_bytes([9; 12])));
    let gone = NodeId::from_bytes([1; 12]);
    assert!(world.signs().await.iter().all(|sign| sign.node != gone), "who was there is forgotten");
    world.picks_up(call, 1).await;
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn who_inherits_many_calls_goes_on_telling_that_it_lives() {
    let mut world = World::shared(1, 2).await;
    let mut calls = Vec::new();
    for number in 1..=8 {
        calls.push(world.start(number).await);
    }
    let (gone, heir) = (world.node(0), world.node(1));
    world.store_of(1).take_overs.take_long(Duration::from_secs(10));
    world.dies(0).await;
    let beat = async |world: &World| {
        let signs = world.signs().await;
        signs.iter().find(|sign| sign.node == heir).unwrap().beat
    };
    world.wait(8).await;
    assert_eq!(owner(&world, calls[0]).await, Some(gone), "it has only begun to");
    let before = beat(&world).await;
    world.wait(6).await;
    let now = beat(&world).await;
    // The clock of the test goes by whole seconds, and a timer is due a little later.
    assert!(now >= before + 3, "{before} {now}");
    world.wait(14).await;
    for call in &calls {
        assert_eq!(owner(&world, *call).await, Some(heir));
    }
    for (number, call) in (1..).zip(calls) {
        world.hangs_up(call, number).await;
    }
    world.end().await;
}

/// Who has a conference of the call already, and no timers, would wait for nothing.
#[actix::test]
async fn what_was_taken_over_without_an_answer_is_done_where_a_conference_lives() {
    let mut world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let [theirs, ours] = world.boards()[..] else { panic!("two nodes") };
    let asks = || Input::CustomerAsks { call_sid: world.leg(&customer_phone(1)) };
    for board in [theirs, ours] {
        board.tell(call, asks()).await.unwrap();
    }
    assert_eq!(owner(&world, call).await, Some(world.node(0)), "ours has nothing to do");
    let wanted = Event::Intended { id: 99, command: Command::CheckRoom };
    let last = world.journal(call).await.pop().unwrap();
    let entries = vec![Entry { seq: last.seq + 1, at: last.at, event: wanted }];
    world.store_of(0).memory.commit(Commit { call, entries, record: None }).await.unwrap();
    world.store_of(1).take_overs.lose_answers(1);
    world.dies(0).await;
    world.wait(24).await;
    assert!(world.has(call, |event| matches!(event, Event::Settled { id: 99, .. })).await);
    assert_eq!(owner(&world, call).await, Some(world.node(0)));
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn what_a_node_wanted_and_did_not_begin_it_does_later() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let owner = world.store.memory.held_call(call).await.unwrap().unwrap().hold.owner;
    let other = [world.node(0), world.node(1)].into_iter().find(|node| Some(*node) != owner).unwrap();
    // As one whose lease was over when it had written this, and whose conference has left since.
    let wanted = Event::Intended { id: 99, command: Command::CheckRoom };
    let last = world.journal(call).await.pop().unwrap();
    let entries = vec![Entry { seq: last.seq + 1, at: last.at, event: wanted }];
    world.store.memory.as_node(other).commit(Commit { call, entries, record: None }).await.unwrap();
    world.wait(70).await;
    assert!(world.has(call, |event| matches!(event, Event::Settled { id: 99, .. })).await);
    world.hangs_up(call, 1).await;
    world.end().await;
}

/// Each look at what nobody does tells of it again.
#[actix::test]
async fn a_call_that_cannot_be_taken_up_yet_is_tried_no_more_often_the_longer_that_lasts() {
    let mut world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.store_of(1).fail_journals(u32::MAX);
    world.dies(0).await;
    world.wait(130).await;
    world.store_of(0).read_from();
    world.wait(30).await;
    let tries = world.store_of(0).read_from().len();
    assert!((5..=18).contains(&tries), "every two seconds: {tries}");
    world.store_of(0).fail_journals(0);
    world.wait(4).await;
    assert_eq!(world.board.living(), 1);
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn a_crowd_is_served_while_nodes_come_to_an_end() {
    let mut world = World::shared(2, 4).await;
    let mut calls = Vec::new();
    for number in 1..=6 {
        calls.push(world.start(number).await);
    }
    for (number, call) in (1..).zip(calls.clone()) {
        world.agrees(call, number).await;
        if number == 2 || number == 4 {
            world.dies(0).await;
            world.wait(8).await;
        }
    }
    assert_eq!((world.times_dialled(&agent_phone(1)), world.times_dialled(&agent_phone(2))), (1, 1));
    let mut served = 0;
    for (number, call) in (1..).zip(calls.clone()) {
        if matches!(world.stage(call).await, Some(Stage::Ringing { .. })) {
            served += 1;
        }
        world.hangs_up(call, number).await;
        world.wait(1).await;
    }
    assert!(served >= 2, "{served}");
    for (number, call) in (1..).zip(calls) {
        assert_eq!(world.times_dialled(&customer_phone(number)), 1);
        assert!(world.record(call).await.status.is_over());
    }
    world.wait(400).await;
    world.end().await;
}

#[actix::test]
async fn a_task_of_a_node_that_dies_takes_no_other_along() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    let beat = async || {
        let signs = world.signs().await;
        signs.iter().find(|sign| sign.node == world.node(0)).unwrap().beat
    };
    // Asked every second for the companies whose calls live there.
    world.store_of(0).die_at("company");
    world.wait(2).await;
    assert!(world.store_of(0).all_died());
    let before = beat().await;
    world.wait(3).await;
    assert!(beat().await > before, "it goes on telling that it lives");
    world.store_of(0).die_at("company");
    world.wait(3).await;
    assert!(world.store_of(0).all_died(), "what died was begun anew");
    world.hangs_up(call, 1).await;
    world.end().await;
}
