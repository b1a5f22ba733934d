//! What one node wanted and another one does, who was taken for dead and may have done it as well.

use crate::{
    doubts::in_doubt,
    world::{CUSTOMER, World, agent, dialled, joined, leg, refused, story},
};
use tsunagu_call::{Command, CommandId, EndReason, Event, Input, Leg, LegStatus, Settlement, Stage, Status};
use tsunagu_conversation::Outcome;

fn picks(command: &Command) -> bool {
    matches!(command, Command::PickAgent { .. })
}

fn dials(command: &Command) -> bool {
    matches!(command, Command::DialAgent { .. })
}

fn frees(command: &Command) -> bool {
    matches!(command, Command::FreeAgent { .. })
}

fn finds(command: &Command) -> bool {
    matches!(command, Command::FindLeg { .. })
}

fn found(number: u8) -> Settlement {
    Settlement::Picked { agent: agent(number), considered: Vec::new() }
}

/// What came of a command, by one of the nodes.
fn tells(world: &mut World, id: CommandId, settlement: Settlement) {
    world.tell(Input::Settled { id, settlement });
}

/// How often this leg was told to hang up.
fn hung_up(world: &World, sid: &str) -> usize {
    world.count(|command| matches!(command, Command::HangUp { call_sid, .. } if call_sid == sid))
}

#[test]
fn whom_another_node_reserved_beside_is_given_back_once() {
    story(|world| {
        world.agrees();
        let (id, _) = world.take(picks);
        tells(world, id, found(1));
        tells(world, id, found(2));
        assert_eq!((world.freed(1), world.freed(2)), (0, 1));
        world.settle(frees, Settlement::Done);
        for settlement in [found(1), found(2), refused(None)] {
            let before = world.journal.len();
            tells(world, id, settlement);
            assert_eq!(world.journal.len(), before, "it is known");
        }
        world.agent_rings(1);
        world.agent_is(1, LegStatus::Busy);
        assert_eq!(world.freed(1), 1);
        tells(world, id, found(1));
        assert_eq!(world.freed(1), 1, "the same result again gives nobody back");
        world.nobody_is_found();
    });
}

#[test]
fn whom_another_node_reserves_when_the_call_is_over_is_given_back() {
    story(|world| {
        world.agrees();
        let (id, _) = world.take(picks);
        tells(world, id, Settlement::NobodyFree { considered: Vec::new() });
        world.hangs_up();
        tells(world, id, found(1));
        assert_eq!(world.freed(1), 1);
    });
}

#[test]
fn whom_the_next_choice_may_find_reserved_is_left_to_it() {
    story(|world| {
        world.agrees();
        let (id, _) = world.take(picks);
        tells(world, id, found(1));
        world.agent_rings(1);
        world.agent_is(1, LegStatus::Busy);
        assert!(world.wants(picks), "the next one is looked for");
        tells(world, id, found(2));
        assert_eq!(world.freed(2), 0, "the store names them first");
        world.is_found(2);
        assert_eq!(world.call.stage(), Some(&Stage::Ringing { attempt: 2 }));
    });
}

#[test]
fn what_was_never_wanted_changes_nothing() {
    story(|world| {
        world.picks_up();
        for settlement in [found(1), dialled("CA-nobody")] {
            let before = world.journal.len();
            tells(world, 77, settlement);
            assert_eq!(world.journal.len(), before);
        }
    });
}

#[test]
fn whom_another_node_rang_beside_is_hung_up_once() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        let (id, _) = world.take(dials);
        tells(world, id, dialled(&leg(1)));
        for _ in 0..2 {
            tells(world, id, dialled("CA-second"));
            tells(world, id, dialled(&leg(1)));
        }
        assert_eq!((hung_up(world, "CA-second"), hung_up(world, &leg(1))), (1, 0));
        assert_eq!(world.call.stage(), Some(&Stage::Ringing { attempt: 1 }), "the first one rings on");
        world.agent_is(1, LegStatus::Busy);
        tells(world, id, dialled(&leg(1)));
        assert_eq!(hung_up(world, &leg(1)), 0, "it was theirs, and is gone");
    });
}

#[test]
fn a_customer_who_was_rung_twice_is_hung_up_once() {
    let rings = |world: &mut World| {
        let (id, _) = world.take(|command| *command == Command::DialCustomer);
        tells(world, id, dialled(CUSTOMER));
        tells(world, id, dialled("CA-second"));
        assert_eq!((hung_up(world, "CA-second"), hung_up(world, CUSTOMER)), (1, 0));
        id
    };
    story(|world| {
        rings(world);
        world.customer_is(LegStatus::InProgress, 2);
        world.asks();
        assert_eq!(world.call.status, Status::AiResponding);
    });
    story(|world| {
        let id = rings(world);
        world.hangs_up();
        tells(world, id, dialled("CA-third"));
        assert_eq!(hung_up(world, "CA-third"), 1, "also when the call is over");
    });
}

#[test]
fn a_leg_that_is_looked_for_is_known_when_whoever_rang_it_tells() {
    story(|world| {
        let (id, _) = world.take(|command| *command == Command::DialCustomer);
        tells(world, id, in_doubt());
        tells(world, id, dialled(CUSTOMER));
        assert_eq!(world.call.customer.call_sid.as_deref(), Some(CUSTOMER));
        world.settle(finds, dialled(CUSTOMER));
        assert_eq!(hung_up(world, CUSTOMER), 0);
        world.customer_is(LegStatus::InProgress, 2);
        world.asks();
    });
    story(|world| {
        world.agrees();
        world.is_found(1);
        let (id, _) = world.take(dials);
        tells(world, id, in_doubt());
        assert_eq!(world.freed(1), 0, "they may be ringing");
        tells(world, id, dialled(&leg(1)));
        assert_eq!((world.freed(1), hung_up(world, &leg(1))), (1, 1), "nobody waits for them any more");
    });
}

/// Among those that are pending.
fn still_wants(world: &World, kind: impl Fn(&Command) -> bool) -> bool {
    let (_, command) = world.outbox.iter().find(|(_, command)| kind(command)).unwrap();
    world.call.still_wants(command, world.now)
}

#[test]
fn who_was_given_back_is_not_seated() {
    let seats = |command: &Command| matches!(command, Command::SeatAgent { .. });
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.settle(|command| matches!(command, Command::MoveCustomer { .. }), Settlement::Done);
        world.room(joined(&leg(1)));
        world.asks();
        world.room(joined(CUSTOMER));
        assert!(still_wants(world, seats));
        world.hangs_up();
        assert!(still_wants(world, seats), "counted before they are given back");
        world.settle(frees, Settlement::Done);
        assert!(!still_wants(world, seats));
    });
}

#[test]
fn nobody_who_is_with_a_human_is_called_back_by_what_was_wanted_before() {
    let refresh = Command::Refresh { call_sid: CUSTOMER.into() };
    story(|world| {
        world.agrees();
        assert!(world.call.still_wants(&refresh, world.now), "the AI has something to say");
        world.accepts(1, 1);
        assert!(!world.call.still_wants(&refresh, world.now), "they are on their way");
        world.is_bridged(1);
        assert!(!world.call.still_wants(&refresh, world.now));
        world.agent_is(1, LegStatus::Completed);
        assert!(world.call.still_wants(&refresh, world.now), "they are there with nobody");
        world.hangs_up();
        assert!(!world.call.still_wants(&refresh, world.now));
    });
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.agent_is(1, LegStatus::Completed);
        assert!(still_wants(world, |command| *command == refresh), "nobody awaits them any more");
    });
}

#[test]
fn the_journal_alone_tells_what_is_known() {
    story(|world| {
        world.agrees();
        let (id, _) = world.take(picks);
        tells(world, id, found(1));
        tells(world, id, found(2));
        world.rebuild();
        let told = |event: &&Event| matches!(event, Event::Settled { id: of, .. } if *of == id);
        assert_eq!(world.events().filter(told).count(), 2);
        world.hangs_up();
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
        assert_eq!(hung_up(world, &leg(1)), 0);
        world.settle(dials, dialled(&leg(1)));
        assert!(world.wants(|command| matches!(command, Command::HangUp { leg: Leg::Agent(1), .. })));
    });
}
