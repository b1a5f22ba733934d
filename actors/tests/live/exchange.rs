//! Nodes tell each other what happens: screens at all of them show it at once, and what is lost on the way a little later.

use crate::{
    bus::{Bus, Road},
    screen::Seen,
    world::{COMPANY, SUPERVISOR, World, agent, agent_phone},
};
use tsunagu_call::{CallId, Leg, LegStatus};
use tsunagu_store::Availability;

/// So many seconds after the hubs were opened nodes trust that they are told of all.
const SETTLED: u64 = 8;

async fn of_two(agents: u8) -> (World, Bus, [Seen; 2]) {
    let bus = Bus::default();
    let world = World::telling(agents, 2, Some(&bus)).await;
    world.open_hubs();
    let screens = [world.looks(SUPERVISOR, 0).await, world.looks(SUPERVISOR, 1).await];
    world.wait(SETTLED).await;
    (world, bus, screens)
}

/// A call that both watch.
async fn watched(world: &World, screens: &[Seen; 2]) -> CallId {
    let call = world.start(1).await;
    for screen in screens {
        screen.watches(call).await;
    }
    call
}

/// One from its beginning to the end of a talk with an agent.
async fn whole_call(world: &World, screens: &[Seen; 2]) -> CallId {
    let call = watched(world, screens).await;
    world.agrees(call, 1).await;
    world.accepts(call, 1, 1).await;
    world.picks_up(call, 1).await;
    world.both_join(call, 1, 1).await;
    world.wait(5).await;
    world.hangs_up(call, 1).await;
    world.leg_is(call, Leg::Agent(1), &agent_phone(1), LegStatus::Completed).await;
    call
}

#[actix::test]
async fn what_one_node_writes_another_one_shows_at_once() {
    let (world, _bus, screens) = of_two(1).await;
    let call = world.start(1).await;
    // No time has passed.
    for screen in &screens {
        assert_eq!(screen.all("call-started").len(), 1, "{:?}", screen.of(call));
    }
    world.picks_up(call, 1).await;
    world.says(call, "少々お待ちください").await;
    let told = screens[0].of(call);
    assert!(told.len() > 4 && told == screens[1].of(call), "{told:#?}");
    world.hangs_up(call, 1).await;
    assert_eq!(screens[1].all("call-ended").len(), 1);
    world.end().await;
}

#[actix::test]
async fn what_agents_do_is_shown_at_once_at_all_nodes_and_once() {
    let (world, bus, screens) = of_two(2).await;
    bus.is(Road::Bad);
    for status in [Availability::Busy, Availability::Available, Availability::Offline] {
        let board = world.next_board();
        let ports = board.ports();
        ports.store.set_agent_status(COMPANY, agent(2), status, ports.clock.now()).await.unwrap();
        ports.hub.agent_changed(COMPANY, agent(2));
        world.wait(6).await;
    }
    for screen in &screens {
        assert_eq!(screen.statuses(agent(2)), ["busy", "available", "offline"]);
    }
    bus.is(Road::Good);
    let ports = world.next_board().ports();
    ports.store.set_agent_status(COMPANY, agent(2), Availability::Busy, ports.clock.now()).await.unwrap();
    ports.hub.agent_changed(COMPANY, agent(2));
    world.rest().await;
    for screen in &screens {
        assert_eq!(screen.statuses(agent(2)).last().unwrap(), "busy", "no time has passed");
    }
    world.end().await;
}

#[actix::test]
async fn whatever_is_lost_doubled_and_out_of_order_screens_show_all_of_it_once() {
    let (world, bus, screens) = of_two(1).await;
    bus.is(Road::Bad);
    let call = whole_call(&world, &screens).await;
    world.wait(10).await;
    assert!(bus.carried() > 10, "{}", bus.carried());
    check(&world, &screens, call).await;
    world.end().await;
}

#[actix::test]
async fn what_is_lost_without_anybody_knowing_comes_a_few_seconds_later() {
    let (world, bus, screens) = of_two(1).await;
    let call = watched(&world, &screens).await;
    bus.is(Road::Lost);
    world.picks_up(call, 1).await;
    world.wait(6).await;
    check(&world, &screens, call).await;
    world.hangs_up(call, 1).await;
    world.wait(6).await;
    check(&world, &screens, call).await;
    world.end().await;
}

#[actix::test]
async fn while_the_exchange_is_away_news_is_looked_for() {
    let (world, bus, screens) = of_two(1).await;
    let call = watched(&world, &screens).await;
    bus.is_open(false);
    world.picks_up(call, 1).await;
    world.wait(1).await;
    check(&world, &screens, call).await;
    // And when it is back, what was told meanwhile is not told again.
    bus.is_open(true);
    world.says(call, "少々お待ちください").await;
    world.wait(1).await;
    check(&world, &screens, call).await;
    world.hangs_up(call, 1).await;
    world.wait(1).await;
    check(&world, &screens, call).await;
    assert_eq!(screens[1].all("call-ended").len(), 1);
    world.end().await;
}

#[actix::test]
async fn without_an_exchange_what_agents_do_is_looked_for() {
    let world = World::shared(2, 2).await;
    world.open_hubs();
    let screens = [world.looks(SUPERVISOR, 0).await, world.looks(SUPERVISOR, 1).await];
    world.wait(2).await;
    let ports = world.boards()[0].ports();
    ports.store.set_agent_status(COMPANY, agent(2), Availability::Busy, ports.clock.now()).await.unwrap();
    ports.hub.agent_changed(COMPANY, agent(2));
    world.wait(1).await;
    for screen in &screens {
        assert_eq!(screen.statuses(agent(2)), ["busy"]);
    }
    // A promise is nobody's business, and nothing is told twice.
    let now = ports.clock.now();
    ports.store.set_agent_status(COMPANY, agent(2), Availability::Available, now).await.unwrap();
    let call = CallId::from_bytes([9; 12]);
    ports.store.reserve_agent(agent(2), call, now.plus_secs(5), now).await.unwrap();
    world.wait(7).await;
    for screen in &screens {
        assert_eq!(screen.statuses(agent(2)), ["busy", "available"]);
    }
    ports.store.release_expired(ports.clock.now()).await.unwrap();
    world.end().await;
}

/// Both screens show the same, and all that was said, in order and once.
async fn check(world: &World, screens: &[Seen; 2], call: CallId) {
    let said: Vec<_> = world.record(call).await.transcript.into_iter().map(|line| line.message).collect();
    assert!(!said.is_empty());
    let told = screens[0].of(call);
    for screen in screens {
        assert_eq!(screen.of(call), told);
        assert_eq!(screen.said(call), said);
    }
}
