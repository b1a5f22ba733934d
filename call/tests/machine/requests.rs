//! Hand-overs that a person at the screen asks for.

use crate::{
    handovers::{ends_with_a_promise, failed},
    world::{SUPERVISOR, World, agent, story},
};
use tsunagu_call::{
    Command, EndReason, Event, Input, Leg, LegStatus, Settlement, Stage, Status, handover::Failure,
};
use tsunagu_conversation::{EndReason as Script, Outcome};

fn requested() -> Input {
    named(1)
}

fn named(number: u8) -> Input {
    Input::RequestHandover {
        by: SUPERVISOR,
        reason: Some("大口のお客様".into()),
        agent: Some(agent(number).id),
        skills: vec![],
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

/// The agent who is looked for, of all looks so far the last one.
fn looked_for(world: &World) -> (Option<tsunagu_call::UserId>, Vec<tsunagu_call::UserId>) {
    let looks = world.events().filter_map(|event| match event {
        Event::Intended { command: Command::PickAgent { wish, tried, .. }, .. } => {
            Some((*wish, tried.clone()))
        }
        _ => None,
    });
    looks.last().unwrap()
}

#[test]
fn another_agent_is_named_while_one_rings() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.wait(15);
        world.tell(named(2));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        assert_eq!(looked_for(world), (Some(agent(2).id), vec![agent(1).id]));
        assert!(world.try_tell(named(2)).is_err(), "they are being looked for");
        world.accepts(2, 2);
    });
}

#[test]
fn another_agent_is_named_while_one_is_chosen() {
    story(|world| {
        world.agrees();
        world.tell(named(2));
        assert_eq!(
            world.count(|command| matches!(command, Command::PickAgent { .. })),
            1,
            "one choice at a time"
        );
        world.is_found(1);
        assert_eq!(world.freed(1), 1, "whoever was found for the older wish is given back");
        assert_eq!(looked_for(world), (Some(agent(2).id), vec![agent(1).id]));
        world.accepts(2, 1);
    });
    story(|world| {
        world.agrees();
        world.tell(named(2));
        world.nobody_is_found();
        assert_eq!(
            world.call.stage(),
            Some(&Stage::Reserving),
            "the older wish does not speak for the newer"
        );
        world.nobody_is_found();
        assert_eq!(failed(world), Some(Failure::NobodyFree));
    });
}

#[test]
fn an_agent_who_declined_may_be_named_again() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.agent_asks(1);
        world.agent_presses(1, "2");
        world.is_found(2);
        world.agent_is(1, LegStatus::Completed);
        world.settle(|command| matches!(command, Command::FreeAgent { .. }), Settlement::Done);
        world.tell(named(1));
        assert_eq!(looked_for(world), (Some(agent(1).id), vec![agent(2).id]));
        world.accepts(1, 3);
    });
}

#[test]
fn a_request_is_taken_back_and_the_customer_hears_of_it() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.tell(Input::CancelHandover { by: SUPERVISOR });
        assert_eq!((failed(world), world.freed(1), world.hung_up(1)), (Some(Failure::Withdrawn), 1, true));
        assert!(world.try_tell(Input::CancelHandover { by: SUPERVISOR }).is_err());
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        ends_with_a_promise(world);
    });
}

#[test]
fn what_is_needed_goes_with_every_look() {
    story(|world| {
        world.picks_up();
        let skills = vec!["経理".to_owned()];
        world.tell(Input::RequestHandover {
            by: SUPERVISOR,
            reason: None,
            agent: None,
            skills: skills.clone(),
        });
        world.is_found(1);
        world.agent_rings(1);
        world.agent_is(1, LegStatus::Busy);
        let asked =
            |command: &Command| matches!(command, Command::PickAgent { needs, .. } if needs.skills == skills);
        assert_eq!(world.count(asked), 2);
    });
}
