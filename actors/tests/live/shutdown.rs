//! The server goes down: no new calls, the live ones are waited for, and what is left is taken up by the next.

use crate::world::{SUPERVISOR, World, turn};
use std::time::Duration;
use tsunagu_actors::{CallError, Parting, StartError};
use tsunagu_call::Event;

#[actix::test]
async fn a_draining_server_takes_no_calls_and_waits_for_those_it_has() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    assert_eq!(world.board.drain(Duration::from_secs(1)).await, 1);
    assert!(world.board.is_draining());
    assert!(matches!(world.try_start(2, None).await, Err(StartError::Call(CallError::Draining))));
    let draining = world.board.drain(Duration::from_secs(60));
    let story = async {
        world.rest().await;
        world.hangs_up(call, 1).await;
    };
    let (left, ()) = tokio::join!(draining, story);
    assert_eq!(left, 0);
    world.end().await;
}

#[actix::test]
async fn the_next_server_takes_up_what_was_put_down() {
    let mut world = World::new(1).await;
    let calls = [world.start(1).await, world.start(2).await];
    let heard = turn(&world.picks_up(calls[0], 1).await);
    let over = world.start(3).await;
    world.hangs_up(over, 3).await;
    world.restart().await;
    assert_eq!(world.board.recover().await.unwrap(), 2, "the one that is over is not taken up");
    let active: Vec<_> = world.board.active(None).await.unwrap().iter().map(|record| record.id).collect();
    assert_eq!(active, calls);
    assert_eq!(turn(&world.picks_up(calls[0], 1).await), heard);
    assert_eq!(world.dialled().len(), 3, "nobody was dialled again");
    world.end().await;
}

#[actix::test]
async fn what_cannot_be_read_when_the_server_starts_is_taken_up_once_it_can() {
    let mut world = World::new(1).await;
    let calls = [world.start(1).await, world.start(2).await];
    world.restart().await;
    world.store.fail_lists(2);
    world.store.fail_journals(1);
    let board = world.board.clone();
    let recovering = actix_rt::spawn(async move { board.recover().await });
    world.wait(3).await;
    assert!(!world.board.is_recovered(), "it is not known which calls live");
    assert_eq!(recovering.await.unwrap().unwrap(), 1, "of the other one the journal could not be read");
    assert!(world.board.is_recovered());
    world.wait(6).await;
    assert_eq!(world.board.living(), calls.len());
    world.end().await;
}

#[actix::test]
async fn a_late_word_about_an_ended_call_keeps_nobody_alive() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.hangs_up(call, 1).await;
    world.wait(11).await;
    assert_eq!(world.board.living(), 0);
    let written = world.journal(call).await;
    world.hangs_up(call, 1).await;
    assert_eq!((world.board.living(), world.journal(call).await), (1, written));
    world.wait(11).await;
    assert_eq!(world.board.living(), 0);
    world.end().await;
}

/// Else whoever takes the call up has to find out whether the customer was rung.
#[actix::test]
async fn what_is_being_done_is_finished_and_told_before_calls_are_put_down() {
    let mut world = World::new(1).await;
    world.store.hold_commits();
    let call = world.start(1).await;
    assert_eq!(world.journal(call).await.len(), 2, "rung, and not told");
    let written = async {
        world.rest().await;
        world.store.release().await;
    };
    let (left, ()) = tokio::join!(world.board.finish(), written);
    assert_eq!(left, 0);
    let told = |event: &Event| matches!(event, Event::Settled { id: 1, .. });
    assert!(world.has(call, told).await);
    world.restart().await;
    world.board.recover().await.unwrap();
    world.rest().await;
    assert_eq!(world.dialled().len(), 1);
    world.end().await;
}

#[actix::test]
async fn what_cannot_be_finished_is_not_waited_for_long() {
    let world = World::new(1).await;
    world.store.hold_commits();
    world.start(1).await;
    let began = tokio::time::Instant::now();
    assert_eq!(world.board.finish().await, 1);
    assert!(began.elapsed() <= Duration::from_secs(4));
    world.store.forget_held();
    world.end().await;
}

#[actix::test]
async fn screens_are_sent_elsewhere_and_so_is_who_comes_too_late() {
    let world = World::new(1).await;
    world.open_hubs();
    let there = world.looks(SUPERVISOR, 0).await;
    world.hub.close().await;
    let late = world.looks(SUPERVISOR, 0).await;
    for screen in [there, late] {
        assert_eq!(screen.parted(), Some(Parting::ShuttingDown));
    }
    world.end().await;
}
