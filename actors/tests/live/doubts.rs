//! Agents who may or may not have been rung: nobody else gets them before that is known.

use crate::world::{World, agent_phone};
use tsunagu_call::{Event, Leg, LegStatus, Stage};
use tsunagu_carrier::script::{Command, Fault};

/// The agent's first leg was hung up before they were rung again.
fn was_hung_up_between(world: &World, phone: &str) -> bool {
    let commands = world.carrier.commands();
    let dialled: Vec<(usize, &str)> = commands
        .iter()
        .enumerate()
        .filter_map(|(place, command)| match command {
            Command::CreateCall { call, call_sid } if call.to == phone => Some((place, call_sid.as_str())),
            _ => None,
        })
        .collect();
    let [(_, first), (again, _)] = dialled.as_slice() else { panic!("rung {} times", dialled.len()) };
    let hung_up = Command::HangUp { call_sid: (*first).to_owned() };
    commands.iter().take(*again).any(|command| *command == hung_up)
}

#[actix::test]
async fn an_agent_whose_dialling_is_in_doubt_is_promised_to_nobody_else_until_their_leg_is_hung_up() {
    let world = World::new(1).await;
    let calls = [world.start(1).await, world.start(2).await];
    // Rung, and the answer is lost; and for a while nothing can be looked up.
    world.carrier.fail_next(1, Fault::LostAfter);
    world.carrier.fail_next(2, Fault::Unavailable);
    world.agrees(calls[0], 1).await;
    let failed = |event: &Event| matches!(event, Event::HandoverMoved { stage: Stage::Failed { .. } });
    assert!(world.has(calls[0], failed).await, "the customer does not wait for what becomes of it");
    world.agrees(calls[1], 2).await;
    assert!(world.is_promised(1).await);
    assert_eq!(world.times_dialled(&agent_phone(1)), 1, "they may be holding the receiver");
    world.wait(10).await;
    assert_eq!(world.times_dialled(&agent_phone(1)), 2, "who waits in line is served then");
    assert!(was_hung_up_between(&world, &agent_phone(1)));
    world.accepts(calls[1], 1, 1).await;
    world.hangs_up(calls[1], 2).await;
    world.hangs_up(calls[0], 1).await;
    world.end().await;
}

#[actix::test]
async fn a_doubt_that_nothing_resolves_ends_when_no_telephone_can_ring_any_more() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.carrier.fail_next(1, Fault::LostBefore);
    world.carrier.fail_next(200, Fault::Unavailable);
    world.agrees(call, 1).await;
    world.wait(30).await;
    assert!(world.is_promised(1).await, "it may still ring");
    world.wait(12).await;
    assert!(!world.is_promised(1).await);
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn an_agent_who_was_never_rung_is_free_when_that_is_certain() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.carrier.fail_next(1, Fault::LostBefore);
    world.agrees(call, 1).await;
    assert!(world.is_promised(1).await);
    world.wait(16).await;
    assert!(!world.is_promised(1).await);
    assert_eq!(world.times_dialled(&agent_phone(1)), 0);
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn an_agent_in_doubt_who_is_heard_of_is_hung_up_at_once() {
    let world = World::new(2).await;
    let call = world.start(1).await;
    world.carrier.fail_next(1, Fault::LostAfter);
    // The next agent's dialling goes well; looking for the first does not.
    world.carrier.spare_next(1);
    world.carrier.fail_next(1, Fault::Unavailable);
    world.agrees(call, 1).await;
    assert_eq!(world.times_dialled(&agent_phone(2)), 1, "the next is rung at once");
    assert!(world.is_promised(1).await);
    world.leg_is(call, Leg::Agent(1), &agent_phone(1), LegStatus::Ringing).await;
    world.wait(1).await;
    assert!(world.was_hung_up(&agent_phone(1)));
    assert!(!world.is_promised(1).await);
    world.accepts(call, 2, 2).await;
    world.hangs_up(call, 1).await;
    world.end().await;
}

#[actix::test]
async fn a_leg_that_could_not_be_hung_up_keeps_its_agent() {
    let world = World::new(1).await;
    let calls = [world.start(1).await, world.start(2).await];
    for (number, call) in (1..).zip(calls) {
        world.agrees(call, number).await;
    }
    world.carrier.fail_next(2, Fault::Unavailable);
    world.hangs_up(calls[0], 1).await;
    assert_eq!(world.times_dialled(&agent_phone(1)), 1, "their telephone still rings");
    world.wait(5).await;
    assert_eq!(world.times_dialled(&agent_phone(1)), 2);
    assert!(was_hung_up_between(&world, &agent_phone(1)));
    world.hangs_up(calls[1], 2).await;
    world.end().await;
}
