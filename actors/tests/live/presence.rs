//! Who has a screen on no node any more is away, also when the node went with it.

use crate::{
    screen::GRACE,
    world::{SUPERVISOR, World, agent},
};
use tsunagu_call::UserId;
use tsunagu_store::Availability;

/// By then a dead node is missed.
const MISSED: u64 = 16;
/// Until whoever came to another node is seen there by all.
const SEEN: u64 = 4;

const ANNA: UserId = agent(2);

async fn of_three() -> World {
    let world = World::shared(3, 3).await;
    world.open_hubs();
    world
}

#[actix::test]
async fn agents_at_a_node_that_dies_are_away_after_the_grace() {
    let mut world = of_three().await;
    let supervisor = world.looks(SUPERVISOR, 2).await;
    let _anna = world.looks(ANNA, 0).await;
    world.wait(3).await;
    world.dies(0).await;
    world.wait(GRACE).await;
    assert_eq!(world.availability(2).await, Availability::Available, "they may come back");
    world.wait(MISSED + SEEN).await;
    assert_eq!(world.availability(2).await, Availability::Offline);
    assert_eq!(world.availability(3).await, Availability::Available, "who had no screen is no concern");
    assert_eq!(world.availability(1).await, Availability::Available, "they look at another node's");
    assert_eq!(supervisor.statuses(ANNA), ["offline"]);
    world.end().await;
}

#[actix::test]
async fn agents_who_come_to_another_node_are_not() {
    let mut world = of_three().await;
    let _anna = world.looks(ANNA, 0).await;
    world.wait(3).await;
    world.dies(0).await;
    world.wait(GRACE - 2).await;
    let again = world.looks(ANNA, 1).await;
    world.wait(3 * GRACE).await;
    assert_eq!(world.availability(2).await, Availability::Available);
    again.close();
    world.wait(GRACE + SEEN).await;
    assert_eq!(world.availability(2).await, Availability::Offline, "and they count there from then on");
    world.end().await;
}

#[actix::test]
async fn who_was_away_a_moment_when_the_node_died_is_not_forgotten() {
    let mut world = of_three().await;
    let anna = world.looks(ANNA, 0).await;
    world.wait(3).await;
    anna.close();
    world.wait(3).await;
    world.dies(0).await;
    // And neither when the one dies that saw to it.
    world.wait(MISSED).await;
    let signs = world.signs().await;
    let is_heir = |place: &usize| {
        let own = signs.iter().find(|sign| sign.node == world.node(*place)).unwrap();
        !own.awaited.is_empty()
    };
    let heirs: Vec<usize> = (0..2).filter(is_heir).collect();
    assert_eq!(heirs.len(), 1, "one sees to it");
    world.dies(heirs[0]).await;
    world.wait(MISSED + GRACE + SEEN).await;
    assert_eq!(world.availability(2).await, Availability::Offline);
    world.end().await;
}

#[actix::test]
async fn who_does_not_come_back_after_a_goodbye_is_away() {
    let mut world = of_three().await;
    let _anna = world.looks(ANNA, 0).await;
    let _clara = world.looks(agent(3), 0).await;
    world.wait(3).await;
    world.leaves(0).await;
    world.wait(2).await;
    let _clara = world.looks(agent(3), 0).await;
    world.wait(GRACE + SEEN).await;
    assert_eq!(world.availability(2).await, Availability::Offline);
    assert_eq!(world.availability(3).await, Availability::Available);
    world.end().await;
}
