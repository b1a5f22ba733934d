//! Hand-overs that a person at the screen asks for.

use crate::{
    handovers::failed,
    world::{SUPERVISOR, World, agent, story},
};
use tsunagu_call::{Command, EndReason, Input, Leg, LegStatus, Settlement, Stage, Status, handover::Failure};
use tsunagu_conversation::{EndReason as Script, Outcome};

fn requested() -> Input {
    Input::RequestHandover {
        by: SUPERVISOR, reason: Some("大口のお客様".into()), agent: Some(agent(1).id)
    }
}

#[test]
fn a_supervisor_has_the_customer_put_through() {
    story(|world| {
        world.picks_up();
        world.says("はい山田商事でございます");
        world.tell(requested());
        assert!(world.wants(|command| matches!(command, Command::PickAgent { wish: Some(_), .. })));
        assert_eq!(world.hears(), ["request"], "the customer hears nothing of it before an agent is found");
        world.is_found(1);
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        assert_eq!(world.hears(), ["hand_over"]);
        assert_eq!(world.record.handoff_reason.as_deref(), Some("大口のお客様"));
        world.agent_rings(1);
        world.agent_asks(1);
        world.agent_presses(1, "1");
        world.is_bridged(1);
    });
}

#[test]
fn a_supervisor_asks_and_nobody_is_free_and_the_customer_never_knows() {
    story(|world| {
        world.picks_up();
        world.tell(requested());
        world.nobody_is_found();
        assert_eq!((failed(world), world.call.status), (Some(Failure::NobodyFree), Status::AiResponding));
        assert!(!world.call.talk.waiting() && !world.call.prompt.is_waiting());
        world.says("少々お待ちください");
        assert_eq!(world.hears(), ["holding_thanks"]);
        world.tell(requested());
        assert_eq!(world.call.stage(), Some(&Stage::Reserving), "it may be asked for again");
    });
}

#[test]
fn the_customer_agrees_while_a_supervisor_is_having_them_put_through() {
    story(|world| {
        world.picks_up();
        world.tell(requested());
        world.presses("0");
        assert_eq!(world.count(|command| matches!(command, Command::PickAgent { .. })), 1);
        world.accepts(1, 1);
        assert_eq!(world.count(|command| matches!(command, Command::Refresh { .. })), 0, "they know already");
    });
}

#[test]
fn a_hand_over_needs_a_customer_with_the_ai() {
    let mut world = World::new(Default::default(), Default::default());
    assert!(world.try_tell(requested()).is_err());
    world.rings();
    world.customer_is(LegStatus::InProgress, 2);
    assert!(world.try_tell(requested()).is_err(), "nobody has told the customer who is calling");
    world.asks();
    world.tell(requested());
    assert!(world.try_tell(requested()).is_err(), "one is under way");
    world.nobody_is_found();
    world.says("結構です");
    assert!(world.try_tell(requested()).is_err(), "goodbye was said");
}

#[test]
fn a_machine_detected_while_an_agent_rings_lets_the_agent_go() {
    story(|world| {
        world.picks_up();
        world.presses("0");
        world.is_found(1);
        world.agent_rings(1);
        world.tell(Input::Detected { leg: Leg::Customer, answered_by: "machine_start".into() });
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        world.settle(
            |command| matches!(command, Command::HangUp { leg: Leg::Customer, .. }),
            Settlement::Done,
        );
        world.is_over(Outcome::Absent, EndReason::Script(Script::Machine));
    });
}
