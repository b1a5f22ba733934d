//! A human is fetched: chosen, promised, rung, seated, given back; and never twice at once.

use crate::world::{COMPANY, World, agent, agent_phone, customer_phone};
use tsunagu_actors::{CallError, Pick, PickDesk};
use tsunagu_call::{CallId, Event, Leg, LegStatus, Settlement, Stage, handover::Failure, routing::Needs};
use tsunagu_carrier::script::{Command, Fault};
use tsunagu_store::Availability;

#[actix::test]
async fn an_agent_is_fetched_seated_and_given_back() {
    let world = World::new(2).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    assert!(world.is_promised(1).await && !world.is_promised(2).await);
    let leg = world.leg(&agent_phone(1));
    assert_eq!(world.board.await_agent(call).await.unwrap(), Some(leg));
    world.accepts(call, 1, 1).await;
    let url = format!(
        "https://calls.example.jp/api/twilio/voice/handoff-message?callId={call}&lang=ja#rc=5&rp=ct,rt,5xx"
    );
    let moved = Command::RedirectCall { call_sid: world.leg(&customer_phone(1)), url };
    assert!(world.carrier.commands().contains(&moved), "{:#?}", world.carrier.commands());
    world.picks_up(call, 1).await;
    world.both_join(call, 1, 1).await;
    assert_eq!(world.stage(call).await, Some(Stage::Bridged { attempt: 1 }));
    assert_eq!(world.availability(1).await, Availability::OnCall);
    world.record(call).await;
    world.wait(30).await;
    world.hangs_up(call, 1).await;
    assert!(world.was_hung_up(&agent_phone(1)), "the agent is not left alone");
    assert_eq!(world.availability(1).await, Availability::Available);
    assert_eq!(world.record(call).await.end_reason.as_deref(), Some("human_done"));
    world.end().await;
}

#[actix::test]
async fn two_calls_never_get_the_same_agent() {
    let world = World::new(2).await;
    let calls = [world.start(1).await, world.start(2).await, world.start(3).await];
    let stories = (1..).zip(calls).map(|(number, call)| world.agrees(call, number));
    futures_util::future::join_all(stories).await;
    assert_eq!((world.times_dialled(&agent_phone(1)), world.times_dialled(&agent_phone(2))), (1, 1));
    let waits = world.who_waits(&calls).await;
    assert_eq!(waits.len(), 1, "the third waits for one of them");
    let served = (1..).zip(calls).find(|(_, call)| *call != waits[0]).unwrap();
    world.hangs_up(served.1, served.0).await;
    assert_eq!(world.who_waits(&calls).await, [], "and is served as soon as one is given back");
    assert_eq!(world.times_dialled(&agent_phone(1)) + world.times_dialled(&agent_phone(2)), 3);
    for (number, call) in (1..).zip(calls).filter(|(_, call)| *call != served.1) {
        world.hangs_up(call, number).await;
    }
    assert!(!world.is_promised(1).await && !world.is_promised(2).await);
    world.end().await;
}

#[actix::test]
async fn whoever_waits_for_an_engaged_agent_is_told_in_time_that_none_came() {
    let world = World::new(1).await;
    let calls = [world.start(1).await, world.start(2).await];
    for (number, call) in (1..).zip(calls) {
        world.agrees(call, number).await;
    }
    world.accepts(calls[0], 1, 1).await;
    world.picks_up(calls[0], 1).await;
    world.both_join(calls[0], 1, 1).await;
    assert_eq!(world.who_waits(&calls).await, [calls[1]]);
    world.wait(61).await;
    // The desk and the call look at the same clock; which of the two is first does not matter.
    let told = world.stage(calls[1]).await;
    assert!(
        matches!(told, Some(Stage::Failed { reason: Failure::NobodyFree | Failure::TooLong })),
        "{told:?}"
    );
    world.hangs_up(calls[0], 1).await;
    assert!(!world.is_promised(1).await, "nobody is promised to a call that has given up");
    world.end().await;
}

#[actix::test]
async fn a_customer_who_hangs_up_in_the_line_is_not_waited_for() {
    let world = World::new(1).await;
    let calls = [world.start(1).await, world.start(2).await];
    for (number, call) in (1..).zip(calls) {
        world.agrees(call, number).await;
    }
    world.hangs_up(calls[1], 2).await;
    world.rest().await;
    world.hangs_up(calls[0], 1).await;
    assert!(!world.is_promised(1).await);
    assert_eq!(world.times_dialled(&agent_phone(1)), 1);
    world.end().await;
}

#[actix::test]
async fn with_nobody_free_whoever_waits_is_told() {
    let world = World::new(0).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    assert!(matches!(world.board.await_agent(call).await, Err(CallError::NoAgent)));
    world.end().await;
}

#[actix::test]
async fn when_the_carrier_refuses_one_agent_the_next_is_rung() {
    let world = World::new(2).await;
    let call = world.start(1).await;
    world.carrier.fail_next(1, Fault::Rejected(21211));
    world.agrees(call, 1).await;
    assert_eq!((world.times_dialled(&agent_phone(1)), world.times_dialled(&agent_phone(2))), (0, 1));
    assert!(!world.is_promised(1).await && world.is_promised(2).await);
    world.leg_is(call, Leg::Agent(2), &agent_phone(2), LegStatus::NoAnswer).await;
    assert!(!world.is_promised(2).await);
    world.end().await;
}

#[actix::test]
async fn an_agent_who_does_not_pick_up_is_given_up_in_time() {
    let world = World::new(1).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    world.wait(31).await;
    assert!(world.was_hung_up(&agent_phone(1)));
    assert!(!world.is_promised(1).await);
    assert!(
        world.has(call, |event| matches!(event, Event::HandoverMoved { stage: Stage::Failed { .. } })).await
    );
    world.end().await;
}

#[actix::test]
async fn a_hand_over_survives_a_restart_with_the_same_agent() {
    let mut world = World::new(2).await;
    let call = world.start(1).await;
    world.agrees(call, 1).await;
    world.restart().await;
    world.board.recover().await.unwrap();
    world.accepts(call, 1, 1).await;
    world.both_join(call, 1, 1).await;
    assert_eq!(world.stage(call).await, Some(Stage::Bridged { attempt: 1 }));
    world.hangs_up(call, 1).await;
    assert_eq!((world.times_dialled(&agent_phone(1)), world.times_dialled(&agent_phone(2))), (1, 0));
    world.end().await;
}

fn pick() -> Pick {
    Pick {
        claim: false,
        needs: Needs::default(),
        call: CallId::from_bytes([7; 12]),
        company: COMPANY,
        wish: None,
        tried: Vec::new(),
        hold_secs: 600,
        patience: None,
    }
}

#[actix::test]
async fn a_pick_nobody_waits_for_leaves_no_reservation() {
    let world = World::new(1).await;
    let desk = PickDesk::open(world.store.clone(), world.clock);
    assert!(futures_util::FutureExt::now_or_never(desk.pick(pick())).is_none());
    world.rest().await;
    assert!(!world.is_promised(1).await);
    world.end().await;
}

#[actix::test]
async fn a_pick_that_fails_leaves_no_reservation() {
    let world = World::new(2).await;
    let desk = PickDesk::open(world.store.clone(), world.clock);
    world.store.fail_looks(5);
    assert!(matches!(desk.pick(pick()).await, Err(CallError::Store(_))), "the store is away for too long");
    world.store.lose_reservation_answers(5);
    assert!(matches!(desk.pick(pick()).await, Err(CallError::Store(_))));
    assert!(!world.is_promised(1).await, "what was promised unheard is taken back");
    let profile = tsunagu_store::AgentStore::agent(&world.store.memory, COMPANY, agent(1)).await.unwrap();
    assert_eq!(profile.unwrap().status.unwrap().freed_from, None, "they were not on the call");
    world.store.fail_looks(4);
    let picked = desk.pick(pick()).await.unwrap();
    assert!(
        matches!(&picked, Settlement::Picked { agent: chosen, .. } if chosen.id == agent(1)),
        "{picked:?}"
    );
    let freed =
        tsunagu_store::Freed { talk_secs: 0, wrap_up_secs: 0, handled: false, now: world.clock.now() };
    tsunagu_store::AgentStore::free_agent(&*world.store, agent(1), pick().call, freed).await.unwrap();
    world.end().await;
}
