//! Who has a screen on no node any more is away, also when the node went with it.

use crate::{
    screen::GRACE,
    world::{COMPANY, SUPERVISOR, World, agent},
};
use tsunagu_call::UserId;
use tsunagu_store::{AgentStore, Availability};

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

/// Taken for gone at one node, whose screen was closed there or went with another one.
async fn gone(world: &World, was: Availability) {
    let (store, now) = (&world.store.memory, world.clock.now());
    store.set_agent_status(COMPANY, ANNA, was, now).await.unwrap();
    let anna = world.looks(ANNA, 0).await;
    world.wait(3).await;
    anna.close();
    world.wait(GRACE + SEEN).await;
    assert_eq!(world.availability(2).await, Availability::Offline);
}

#[actix::test]
async fn who_was_taken_for_gone_at_one_node_is_at_another_what_they_were() {
    let world = of_three().await;
    let supervisor = world.looks(SUPERVISOR, 2).await;
    for was in [Availability::Busy, Availability::Available] {
        gone(&world, was).await;
        let again = world.looks(ANNA, 1).await;
        assert_eq!(world.availability(2).await, was, "at once");
        world.wait(2 * GRACE).await;
        assert_eq!(world.availability(2).await, was, "and the other node has nothing to say to it");
        again.close();
        world.wait(GRACE + SEEN).await;
    }
    let told = supervisor.statuses(ANNA);
    assert_eq!(told, ["busy", "offline", "busy", "offline", "available", "offline", "available", "offline"]);
    world.end().await;
}

#[actix::test]
async fn who_comes_back_after_their_node_died_is_what_they_were() {
    let mut world = of_three().await;
    let _anna = world.looks(ANNA, 0).await;
    world.wait(3).await;
    world.dies(0).await;
    world.wait(GRACE + MISSED + SEEN).await;
    assert_eq!(world.availability(2).await, Availability::Offline);
    let _again = world.looks(ANNA, 1).await;
    assert_eq!(world.availability(2).await, Availability::Available);
    world.end().await;
}

#[actix::test]
async fn what_was_said_of_who_is_gone_counts_when_they_come_back() {
    let world = of_three().await;
    for said in [Availability::Busy, Availability::Offline] {
        gone(&world, Availability::Available).await;
        let (store, now) = (&world.store.memory, world.clock.now());
        store.set_agent_status(COMPANY, ANNA, said, now).await.unwrap();
        let again = world.looks(ANNA, 1).await;
        world.wait(1).await;
        assert_eq!(world.availability(2).await, said);
        again.close();
    }
    world.end().await;
}

#[actix::test]
async fn who_comes_and_goes_while_the_store_is_away_counts_as_here_and_as_away() {
    /// More often than it is tried at a time.
    const OFTEN: u32 = 9;
    /// Until it is tried again.
    const LATER: u64 = 30;
    let world = of_three().await;
    gone(&world, Availability::Available).await;
    world.store_of(1).fail_comings(OFTEN);
    let again = world.looks(ANNA, 1).await;
    world.wait(LATER).await;
    assert_eq!(world.availability(2).await, Availability::Available);
    world.store_of(1).fail_comings(OFTEN);
    again.close();
    world.wait(GRACE + SEEN + LATER).await;
    assert_eq!(world.availability(2).await, Availability::Offline);
    world.end().await;
}

/// A node that could not read for a while takes somebody for gone who is at another one.
#[actix::test]
async fn who_is_here_and_was_taken_for_gone_elsewhere_is_set_back() {
    let world = of_three().await;
    let _anna = world.looks(ANNA, 1).await;
    world.wait(2).await;
    assert!(world.store_of(0).take_for_gone(ANNA, world.clock.now()).await.unwrap());
    world.wait(1).await;
    assert_eq!(world.availability(2).await, Availability::Available);
    world.end().await;
}
