//! When a node counts as ready: once it has taken over what others left, or when that takes too long.

use crate::world::World;
use std::time::Duration;
use tsunagu_call::NodeId;
use tsunagu_store::SharedStore;

/// A node comes up where one was killed that had a call; to take that over takes it so long.
async fn comes_up_for_one_that_was_killed(each: Duration) -> World {
    let mut world = World::shared(1, 2).await;
    world.start(1).await;
    world.dies(0).await;
    world.comes_up(9, 1, None).await;
    // It has not begun yet.
    world.store_of(1).take_overs.take_long(each);
    world
}

fn is_ready(world: &World) -> bool {
    world.boards()[1].is_recovered()
}

#[actix::test]
async fn a_node_for_which_nothing_is_left_is_ready_at_once() {
    let world = World::shared(1, 2).await;
    world.wait(1).await;
    assert!(world.boards().iter().all(|board| board.is_recovered()));
    world.end().await;
}

#[actix::test]
async fn a_node_is_ready_when_it_has_taken_over_what_is_left() {
    let world = comes_up_for_one_that_was_killed(Duration::from_secs(3)).await;
    world.boards()[1].recover().await.unwrap();
    world.wait(2).await;
    assert!(!is_ready(&world), "the call is not passed on yet");
    world.wait(4).await;
    assert!(is_ready(&world));
    let gone = NodeId::from_bytes([1; 12]);
    let held = world.store.memory.held_calls().await.unwrap();
    assert!(held.iter().all(|held| held.hold.owner != Some(gone)));
    world.end().await;
}

#[actix::test]
async fn a_node_whose_store_is_slow_is_ready_all_the_same() {
    let world = comes_up_for_one_that_was_killed(Duration::from_secs(600)).await;
    world.wait(25).await;
    assert!(!is_ready(&world));
    world.wait(8).await;
    assert!(is_ready(&world));
    world.end().await;
}
