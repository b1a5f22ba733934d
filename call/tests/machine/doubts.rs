//! Agents and supervisors of whom nobody knows whether they were rung: kept for this call until that is known.

use crate::world::{CUSTOMER, World, agent, dialled, leg, refused, story, supervisor};
use tsunagu_call::{
    AgentReply, Command, Dismissal, EndReason, Input, Leg, LegStatus, Settlement, Stage, Status,
    handover::Failure,
};
use tsunagu_conversation::{Lang, Outcome};

pub fn in_doubt() -> Settlement {
    Settlement::InDoubt { message: "lost".into() }
}

fn dials(command: &Command) -> bool {
    matches!(command, Command::DialAgent { .. })
}

fn finds(command: &Command) -> bool {
    matches!(command, Command::FindLeg { .. })
}

/// The first agent is rung, or is not: the answer was lost.
fn doubts_the_first(world: &mut World) {
    world.agrees();
    world.is_found(1);
    world.now = world.now.plus_secs(2);
    world.settle(dials, in_doubt());
}

#[test]
fn the_customer_does_not_wait_for_an_agent_in_doubt_and_nobody_else_gets_them() {
    story(|world| {
        doubts_the_first(world);
        assert_eq!(world.call.stage(), Some(&Stage::Reserving), "the next one is asked at once");
        assert_eq!((world.freed(1), world.hung_up(1)), (0, false));
        let (_, command) = world.outbox.iter().find(|(_, command)| finds(command)).unwrap();
        let Command::FindLeg { leg: of, phone, since, until } = command else { unreachable!() };
        assert_eq!((*of, phone.as_str()), (Leg::Agent(1), agent(1).phone.as_str()));
        assert_eq!((world.now.secs_since(*since), until.secs_since(world.now)), (2, 40));
        world.accepts(2, 2);
        world.settle(finds, dialled(&leg(1)));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true), "the leg was found");
        world.is_bridged(2);
        world.hangs_up();
        world.is_over(Outcome::Success, EndReason::HumanDone);
        assert_eq!((world.freed(1), world.freed(2)), (1, 1));
    });
}

#[test]
fn an_agent_in_doubt_who_was_never_rung_is_given_back_when_that_is_known() {
    story(|world| {
        doubts_the_first(world);
        world.nobody_is_found();
        assert_eq!(world.freed(1), 0);
        world.settle(finds, refused(None));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, false));
    });
}

#[test]
fn an_agent_in_doubt_whose_telephone_is_heard_to_ring_is_hung_up_and_given_back() {
    story(|world| {
        doubts_the_first(world);
        world.agent_is(1, LegStatus::Ringing);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        world.settle(finds, dialled(&leg(1)));
        world.agent_is(1, LegStatus::Canceled);
        assert_eq!(world.freed(1), 1);
    });
}

#[test]
fn an_agent_in_doubt_who_was_engaged_is_given_back() {
    story(|world| {
        doubts_the_first(world);
        world.agent_is(1, LegStatus::Busy);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, false));
    });
}

#[test]
fn an_agent_in_doubt_who_picks_up_hears_goodbye_and_is_given_back_when_they_are_gone() {
    story(|world| {
        doubts_the_first(world);
        let reply = world.agent_asks(1);
        assert_eq!(reply, AgentReply::Dismiss { why: Dismissal::Declined, lang: Lang::JA });
        world.settle(finds, dialled(&leg(1)));
        assert_eq!((world.freed(1), world.hung_up(1)), (0, false), "they hold the receiver");
        world.agent_is(1, LegStatus::Completed);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, false));
    });
}

#[test]
fn a_farewell_of_which_nothing_is_heard_is_cut_off() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.agent_asks(1);
        world.agent_presses(1, "2");
        assert_eq!(world.freed(1), 0, "they hold the receiver");
        world.wait(15);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
    });
}

#[test]
fn an_agent_in_doubt_outlives_the_call_until_that_is_known() {
    story(|world| {
        doubts_the_first(world);
        world.hangs_up();
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
        assert_eq!(world.freed(1), 0);
        let (_, command) = world.outbox.iter().find(|(_, command)| finds(command)).unwrap().clone();
        assert!(world.call.still_wants(&command, world.now), "also after a restart");
        world.settle(finds, dialled(&leg(1)));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
    });
}

#[test]
fn an_agent_given_up_while_the_carrier_is_still_dialling_is_kept_until_it_has_answered() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.wait(30);
        assert_eq!(world.call.stage(), Some(&Stage::Reserving));
        assert_eq!(world.freed(1), 0);
        world.is_found(2);
        world.settle(dials, in_doubt());
        assert_eq!(world.freed(1), 0, "and still is not known");
        world.settle(finds, dialled(&leg(1)));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
    });
}

#[test]
fn an_agent_on_their_way_out_is_not_asked_again_by_the_same_call() {
    story(|world| {
        doubts_the_first(world);
        world.nobody_is_found();
        assert!(matches!(world.call.stage(), Some(Stage::Failed { reason: Failure::NobodyFree })));
        world.is_silent();
        world.presses("0");
        let asks = |command: &Command| matches!(command, Command::PickAgent { .. });
        let (_, command) = world.outbox.iter().find(|(_, command)| asks(command)).unwrap();
        let Command::PickAgent { tried, .. } = command else { unreachable!() };
        assert_eq!(tried, &[agent(1).id]);
        // The store, which has them reserved for this call, names them all the same.
        world.is_found(1);
        assert!(!world.wants(dials));
        assert_eq!(world.freed(1), 0);
        world.settle(finds, refused(None));
        assert_eq!(world.freed(1), 1);
    });
}

#[test]
fn a_customer_in_doubt_is_looked_for() {
    let dialled_in_doubt = |world: &mut World| {
        world.settle(|command| *command == Command::DialCustomer, in_doubt());
        assert_eq!(world.call.status, Status::Initiated);
    };
    story(|world| {
        dialled_in_doubt(world);
        world.settle(finds, refused(None));
        world.is_over(Outcome::Failed, EndReason::CarrierFailed);
    });
    story(|world| {
        dialled_in_doubt(world);
        world.settle(finds, dialled(CUSTOMER));
        assert_eq!(world.call.customer.call_sid.as_deref(), Some(CUSTOMER));
        world.customer_is(LegStatus::Ringing, 1);
        assert_eq!(world.call.status, Status::Initiated);
    });
    story(|world| {
        dialled_in_doubt(world);
        world.customer_is(LegStatus::InProgress, 2);
        world.asks();
        world.settle(finds, refused(None));
        assert_eq!(world.call.status, Status::AiResponding, "they are on the line");
    });
    story(|world| {
        dialled_in_doubt(world);
        world.tell(Input::RequestEnd { outcome: None, notes: None });
        world.settle(finds, dialled(CUSTOMER));
        assert!(world.wants(|command| matches!(command, Command::HangUp { leg: Leg::Customer, .. })));
    });
}

#[test]
fn a_supervisor_in_doubt_is_still_expected() {
    let rings = |world: &mut World| {
        world.agrees();
        world.accepts(1, 1);
        world.is_bridged(1);
        world.tell(Input::TakeOver { by: supervisor(1) });
        let claimed = crate::world::agent_who_is(supervisor(1));
        let settlement = Settlement::Picked { agent: claimed, considered: Vec::new() };
        world.settle(|command| matches!(command, Command::ClaimAgent { .. }), settlement);
        world.settle(|command| matches!(command, Command::DialSupervisor { .. }), in_doubt());
    };
    let given_back = |world: &World| {
        world.count(|command| matches!(command, Command::FreeAgent { agent, .. } if *agent == supervisor(1)))
    };
    story(|world| {
        rings(world);
        world.settle(finds, dialled("CA-supervisor-1"));
        assert_eq!(world.call.supervision(1).unwrap().call_sid.as_deref(), Some("CA-supervisor-1"));
    });
    story(|world| {
        rings(world);
        world.settle(finds, refused(None));
        assert!(world.call.supervisions.is_empty() && world.call.takeover.is_none());
        assert_eq!(given_back(world), 1);
    });
    story(|world| {
        rings(world);
        world.tell(Input::StopSupervising { by: supervisor(1) });
        assert_eq!((world.call.takeover.is_none(), given_back(world)), (true, 0), "they may be ringing");
        world.settle(finds, dialled("CA-supervisor-1"));
        assert_eq!(given_back(world), 1);
        assert!(world.wants(|command| matches!(command, Command::HangUp { leg: Leg::Supervisor(1), .. })));
    });
}
