//! What is answered is in the journal; what is not in the journal was not answered.

use crate::world::{COMPANY, World, customer, spoken, turn, words};
use tsunagu_actors::CallError;
use tsunagu_call::{Entry, Event, Input};
use tsunagu_conversation::Outcome;
use tsunagu_store::{CallStore, Commit, CustomerStore};

#[actix::test]
async fn a_turn_is_answered_only_when_it_is_in_the_journal() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    let before = turn(&world.picks_up(call, 1).await);
    let written = world.journal(call).await.len();
    world.store.hold();
    let first = world.ask(call, words(Some(before), "少々お待ちください"));
    world.rest().await;
    let again = world.ask(call, words(Some(before), "少々お待ちください"));
    world.rest().await;
    assert!(!first.is_finished() && !again.is_finished(), "answered before the journal had it");
    assert_eq!(world.journal(call).await.len(), written);
    world.store.release().await;
    let (first, again) = (first.await.unwrap().unwrap(), again.await.unwrap().unwrap());
    assert_eq!(first, again, "the repeated webhook gets the same answer");
    assert_eq!(turn(&spoken(first)), before + 1);
    assert!(world.has(call, |event| matches!(event, Event::Heard { .. })).await);
    world.record(call).await;
    world.end().await;
}

#[actix::test]
async fn what_the_store_did_not_write_was_not_answered() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    let before = turn(&world.picks_up(call, 1).await);
    world.store.fail_commits(1);
    let failed = world.board.tell(call, words(Some(before), "少々お待ちください")).await;
    assert!(matches!(failed, Err(CallError::Store(_))), "{failed:?}");
    assert!(!world.has(call, |event| matches!(event, Event::Heard { .. })).await);
    world.rest().await;
    let reply = spoken(world.tell(call, words(Some(before), "少々お待ちください")).await);
    assert_eq!(turn(&reply), before + 1, "a fresh conference takes it in");
    world.record(call).await;
    world.end().await;
}

#[actix::test]
async fn what_was_written_without_an_answer_counts_once() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    let before = turn(&world.picks_up(call, 1).await);
    world.store.lose_commit_answers(1);
    let failed = world.board.tell(call, words(Some(before), "少々お待ちください")).await;
    assert!(matches!(failed, Err(CallError::Store(_))), "{failed:?}");
    let reply = spoken(world.tell(call, words(Some(before), "少々お待ちください")).await);
    assert_eq!(turn(&reply), before + 1);
    let journal = world.journal(call).await;
    let heard = journal.iter().filter(|entry| matches!(entry.event, Event::Heard { .. })).count();
    assert_eq!(heard, 1, "it was heard once");
    world.record(call).await;
    world.end().await;
}

#[actix::test]
async fn a_conference_that_was_overtaken_is_rebuilt_and_answers() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    let before = turn(&world.picks_up(call, 1).await);
    let seq = world.journal(call).await.len() as u64 + 1;
    let event = Event::Noted { notes: "from elsewhere".into(), outcome: None };
    let entries = vec![Entry { seq, at: world.clock.now(), event }];
    world.store.memory.commit(Commit { call, entries, record: None }).await.unwrap();
    let reply = spoken(world.tell(call, words(Some(before), "少々お待ちください")).await);
    assert_eq!(turn(&reply), before + 1);
    assert_eq!(world.record(call).await.notes.as_deref(), Some("from elsewhere"));
    world.end().await;
}

/// The dialling is done, and so many attempts to write that down fail.
async fn dials_and_cannot_write_it_down(failures: u32) {
    let world = World::new(1).await;
    world.store.fail_commits(failures);
    let call = world.start(1).await;
    world.wait(20).await;
    let settled = world.has(call, |event| matches!(event, Event::Settled { .. })).await;
    assert!(settled, "nobody took the call up again");
    assert_eq!(world.dialled().len(), 1, "the leg was found, not dialled again");
    world.end().await;
}

#[actix::test]
async fn a_settlement_that_could_not_be_written_is_not_forgotten() {
    dials_and_cannot_write_it_down(1).await;
}

#[actix::test]
async fn a_store_that_is_away_for_longer_is_waited_for() {
    dials_and_cannot_write_it_down(3).await;
}

/// The customer shows what was known last.
#[actix::test]
async fn what_came_of_a_call_is_kept_in_the_order_in_which_it_was_known() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    world.store.fail_at("note_called", 1);
    world.hangs_up(call, 1).await;
    world.tell(call, Input::Note { notes: "won".into(), outcome: Some(Outcome::Success) }).await;
    world.wait(2).await;
    let rung = world.store.memory.customer(COMPANY, customer(1)).await.unwrap().unwrap();
    assert_eq!(rung.last_call_result.as_deref(), Some(Outcome::Success.call_result()));
    world.end().await;
}

#[actix::test]
async fn a_call_is_taken_up_again_after_whoever_took_it_up_died() {
    let mut world = World::new(1).await;
    let call = world.start(1).await;
    world.restart().await;
    world.store.die_at("journal");
    assert_eq!(world.board.recover().await.unwrap(), 0);
    world.wait(6).await;
    assert_eq!(world.board.living(), 1, "though nobody asks for it");
    world.restart().await;
    world.store.die_at("journal");
    world.picks_up(call, 1).await;
    assert!(world.store.all_died());
    world.end().await;
}

#[actix::test]
async fn a_call_whose_journal_cannot_be_understood_is_not_taken_up_for_ever() {
    let mut world = World::new(1).await;
    let call = world.start(1).await;
    world.restart().await;
    world.store.spoil_journals(true);
    world.store.read_from();
    assert_eq!(world.board.recover().await.unwrap(), 0);
    world.wait(20).await;
    assert_eq!(world.store.read_from().len(), 1, "it will read no better");
    world.store.spoil_journals(false);
    world.picks_up(call, 1).await;
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn many_at_once_are_taken_in_one_after_the_other() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    let asks: Vec<_> = (0..100)
        .map(|number| world.ask(call, Input::Note { notes: number.to_string(), outcome: None }))
        .collect();
    for ask in asks {
        ask.await.unwrap().unwrap();
    }
    assert_eq!(world.record(call).await.notes.as_deref(), Some("99"));
    world.end().await;
}
