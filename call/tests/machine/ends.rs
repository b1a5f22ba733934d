//! How calls end.

use crate::world::{CUSTOMER, World, leg, refused, story};
use tsunagu_call::{
    Command, CustomerReply, EndReason, Input, Leg, LegStatus, RoomChange, Rules, Settlement, Status,
};
use tsunagu_conversation::{EndReason as Script, Limits, Outcome};

fn end(outcome: Option<Outcome>) -> Input {
    Input::RequestEnd { outcome, notes: None }
}

fn hang_up_customer(command: &Command) -> bool {
    matches!(command, Command::HangUp { leg: Leg::Customer, .. })
}

#[test]
fn nobody_picks_up() {
    for (status, outcome, reason) in [
        (LegStatus::Busy, Outcome::Absent, EndReason::Busy),
        (LegStatus::NoAnswer, Outcome::Absent, EndReason::NoAnswer),
        (LegStatus::Failed, Outcome::Failed, EndReason::CarrierFailed),
        (LegStatus::Canceled, Outcome::Failed, EndReason::Canceled),
    ] {
        story(|world| {
            world.rings();
            world.customer_is(status, 2);
            world.is_over(outcome, reason);
            assert_eq!((world.call.status, world.record.duration), (Status::Failed, 0));
            assert!(world.record.transcript.is_empty());
        });
    }
}

#[test]
fn the_carrier_does_not_place_the_call() {
    story(|world| {
        world.settle(|command| *command == Command::DialCustomer, refused(Some(21211)));
        world.is_over(Outcome::Failed, EndReason::CarrierFailed);
    });
}

#[test]
fn a_refusal_of_a_call_that_is_heard_of_all_the_same_is_not_believed() {
    story(|world| {
        world.customer_is(LegStatus::Ringing, 1);
        world.settle(|command| *command == Command::DialCustomer, refused(None));
        assert!(!world.call.status.is_over());
        world.asks();
        assert_eq!(world.hears(), ["initial"]);
    });
}

#[test]
fn whoever_hangs_up_after_speaking_declined_and_before_was_not_there() {
    story(|world| {
        world.picks_up();
        world.hangs_up();
        world.is_over(Outcome::Absent, EndReason::CustomerHungUp);
    });
    story(|world| {
        world.picks_up();
        world.says("はい山田商事でございます");
        world.now = world.now.plus_secs(7);
        world.hangs_up();
        world.is_over(Outcome::Rejected, EndReason::CustomerHungUp);
        assert_eq!(world.record.duration, 10);
        assert_eq!(world.record.call_result.as_deref(), Some("拒否"));
    });
}

#[test]
fn a_person_ends_the_call_at_any_stage() {
    type Stage = (fn(&mut World), Outcome);
    let stages: [Stage; 9] = [
        (|_| {}, Outcome::Failed),
        (World::rings, Outcome::Failed),
        (World::picks_up, Outcome::Absent),
        (World::agrees, Outcome::FollowUp),
        (
            |world| {
                world.agrees();
                world.is_found(1)
            },
            Outcome::FollowUp,
        ),
        (
            |world| {
                world.agrees();
                world.is_found(1);
                world.agent_rings(1)
            },
            Outcome::FollowUp,
        ),
        (
            |world| {
                world.agrees();
                world.is_found(1);
                world.agent_rings(1);
                world.agent_asks(1);
            },
            Outcome::FollowUp,
        ),
        (
            |world| {
                world.agrees();
                world.accepts(1, 1)
            },
            Outcome::FollowUp,
        ),
        (
            |world| {
                world.agrees();
                world.accepts(1, 1);
                world.is_bridged(1)
            },
            Outcome::Success,
        ),
    ];
    for (index, (reach, outcome)) in stages.into_iter().enumerate() {
        story(|world| {
            reach(world);
            world.tell(end(None));
            world.is_over(outcome, EndReason::EndedByUser);
            assert_eq!(world.wants(hang_up_customer), index > 0, "stage {index}");
            // In the fourth stage it is not known yet whether the agent's telephone rings.
            assert_eq!(world.freed(1), usize::from(index > 4), "stage {index}");
            assert_eq!(world.hung_up(1), index > 4, "stage {index}");
            assert!(world.try_tell(end(None)).is_err());
            world.asks();
            assert_eq!(world.reply, Some(CustomerReply::HangUp));
            world.hangs_up();
            world.is_over(outcome, EndReason::EndedByUser);
        });
    }
}

#[test]
fn the_person_who_ends_a_call_may_say_what_came_of_it() {
    story(|world| {
        world.picks_up();
        world.tell(end(Some(Outcome::Rejected)));
        world.is_over(Outcome::Rejected, EndReason::EndedByUser);
    });
}

#[test]
fn a_call_that_is_dialled_after_its_end_is_hung_up() {
    story(|world| {
        world.tell(end(None));
        world.settle(|command| *command == Command::DialCustomer, crate::world::dialled(CUSTOMER));
        assert!(world.wants(hang_up_customer));
    });
}

#[test]
fn a_dialling_that_was_inherited_is_not_wanted_after_the_end() {
    let mut world = World::new(Rules::default(), Limits::default());
    assert!(world.call.still_wants(&Command::DialCustomer, world.now));
    world.tell(end(None));
    assert!(!world.call.still_wants(&Command::DialCustomer, world.now));
    assert!(
        world.call.pending.values().any(|command| *command == Command::DialCustomer),
        "it is there to be looked up"
    );
}

#[test]
fn a_dialling_that_was_inherited_is_not_wanted_when_it_is_late() {
    let world = World::new(Rules::default(), Limits::default());
    let wanted = |secs| world.call.still_wants(&Command::DialCustomer, world.now.plus_secs(secs));
    assert!(wanted(89) && !wanted(90), "a telephone rings for 30 s, and for 60 the carrier may be silent");
}

#[test]
fn the_longest_call_is_cut() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.is_bridged(1);
        let mut checks = 0;
        while !world.call.status.is_over() {
            world.wait(60);
            while world.wants(|command| matches!(command, Command::CheckCustomer { .. })) {
                let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status: LegStatus::InProgress };
                world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
                checks += 1;
            }
        }
        assert!((13..=15).contains(&checks), "a talk among people is looked at once a minute: {checks}");
        world.is_over(Outcome::Success, EndReason::TooLong);
        assert_eq!(world.record.duration, 900);
        assert!(world.wants(hang_up_customer) && world.hung_up(1) && world.freed(1) == 1);
    });
}

#[test]
fn a_call_cut_while_waiting_leaves_a_callback() {
    let rules = Rules { longest_secs: 40, ..Rules::default() };
    let mut world = World::new(rules, Limits::default());
    world.agrees();
    world.is_found(1);
    world.agent_rings(1);
    world.wait(40);
    world.is_over(Outcome::FollowUp, EndReason::TooLong);
    assert_eq!((world.kept_callbacks(), world.freed(1), world.hung_up(1)), (1, 1, true));
}

#[test]
fn goodbye_was_said_and_the_end_is_not_heard_of() {
    for status in [LegStatus::Completed, LegStatus::InProgress] {
        story(|world| {
            world.picks_up();
            world.says("結構です");
            world.wait(60);
            let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status };
            world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
            if status == LegStatus::InProgress {
                world.settle(hang_up_customer, refused(None));
                assert!(!world.call.status.is_over(), "it may not be done");
                world.wait(60);
                let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status };
                world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
                world.settle(hang_up_customer, Settlement::Done);
            }
            world.is_over(Outcome::Rejected, EndReason::Script(Script::Declined));
        });
    }
}

#[test]
fn the_human_left_and_the_customer_is_not_heard_of() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.is_bridged(1);
        world.agent_is(1, LegStatus::Completed);
        assert_eq!(world.freed(1), 1);
        world.wait(10);
        let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status: LegStatus::InProgress };
        world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        assert_eq!(world.hears(), ["thanks_after_talk"], "not into the conference, where nobody is");
        world.hangs_up();
        world.is_over(Outcome::Success, EndReason::Script(Script::HumanDone));
    });
}

#[test]
fn the_conference_ended_and_neither_leg_is_heard_of() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.is_bridged(1);
        world.room(RoomChange::Ended { reason: None });
        world.wait(10);
        let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status: LegStatus::Completed };
        world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
        world.is_over(Outcome::Success, EndReason::HumanDone);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        world.agent_is(1, LegStatus::Completed);
        assert_eq!(world.freed(1), 1);
        assert_eq!(leg(1), "CA-agent-1");
    });
}

#[test]
fn a_talk_of_the_greatest_length_ends_also_when_an_agent_accepts() {
    let limits = Limits { max_inputs: 5, ..Limits::default() };
    let mut world = World::new(Rules::default(), limits);
    world.agrees();
    world.is_found(1);
    world.agent_rings(1);
    world.is_silent();
    world.is_silent();
    world.agent_asks(1);
    world.agent_presses(1, "1");
    assert!(world.call.decided.is_some() && world.hung_up(1) && world.freed(1) == 1);
    assert!(!world.wants(|command| matches!(command, Command::MoveCustomer { .. })));
    world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
    world.asks();
    world.hangs_up();
    world.is_over(Outcome::FollowUp, EndReason::Script(Script::TooManyTurns));
}

#[test]
fn a_talk_of_the_greatest_length_that_led_to_a_human_was_a_success() {
    let limits = Limits { max_inputs: 4, ..Limits::default() };
    let mut world = World::new(Rules::default(), limits);
    world.agrees();
    world.accepts(1, 1);
    world.is_bridged(1);
    world.agent_is(1, LegStatus::Completed);
    world.tell(Input::CustomerOut);
    world.hangs_up();
    world.is_over(Outcome::Success, EndReason::Script(Script::HumanDone));
    assert_eq!(world.kept_callbacks(), 0);
}
