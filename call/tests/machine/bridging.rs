//! The moment between the agent's key and both being in the conference.

use crate::{
    handovers::{dismissed, ends_with_a_promise, failed},
    world::{CUSTOMER, joined, left, leg, refused, story},
};
use tsunagu_call::{
    Command, CustomerReply, Directive, Dismissal, EndReason, Input, LegStatus, RoomChange, Settlement,
    Speaker, Status, handover::Failure,
};
use tsunagu_conversation::{Lang, Outcome};

#[test]
fn the_customer_hangs_up_in_the_instant_of_bridging() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.hangs_up();
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        world.settle(|command| matches!(command, Command::MoveCustomer { .. }), refused(Some(21220)));
        assert!(!world.wants(|command| matches!(command, Command::CheckCustomer { .. })), "the call is over");
        world.room(joined(&leg(1)));
        assert_eq!(world.freed(1), 1);
    });
}

#[test]
fn the_carrier_says_that_the_customer_is_no_longer_in_progress() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.settle(|command| matches!(command, Command::MoveCustomer { .. }), refused(Some(21220)));
        let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status: LegStatus::Completed };
        world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
    });
}

#[test]
fn the_customer_cannot_be_moved() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.settle(|command| matches!(command, Command::MoveCustomer { .. }), refused(None));
        assert_eq!(failed(world), Some(Failure::MoveFailed));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        assert_eq!(dismissed(&world.agent_presses(1, "1")), Some(Dismissal::Declined));
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        assert!(matches!(world.directive(), Directive::Converse { .. }), "never into an empty conference");
        ends_with_a_promise(world);
    });
}

#[test]
fn the_agent_leaves_before_the_customer_has_come_in() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.settle(|command| matches!(command, Command::MoveCustomer { .. }), Settlement::Done);
        world.asks();
        assert!(world.directive().is_join());
        world.agent_is(1, LegStatus::Completed);
        assert_eq!((failed(world), world.freed(1), world.hung_up(1)), (Some(Failure::MoveFailed), 1, false));
        world.settle(|command| matches!(command, Command::Refresh { .. }), refused(None));
        world.wait(10);
        let stands = Settlement::Stands { call_sid: CUSTOMER.into(), status: LegStatus::InProgress };
        world.settle(|command| matches!(command, Command::CheckCustomer { .. }), stands);
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        assert_eq!(world.hears(), ["handover_failed"]);
        ends_with_a_promise(world);
    });
}

#[test]
fn the_customer_comes_out_of_a_conference_where_nobody_was() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.asks();
        world.tell(Input::CustomerOut);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        ends_with_a_promise(world);
    });
}

#[test]
fn the_answer_to_an_older_prompt_waits_for_the_move() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.is_silent();
        assert_eq!(world.reply, Some(CustomerReply::AwaitMove { lang: Lang::JA }));
        world.is_bridged(1);
    });
}

#[test]
fn the_conference_tells_nothing_and_is_asked() {
    for both in [true, false] {
        story(|world| {
            world.agrees();
            world.accepts(1, 1);
            world.settle(|command| matches!(command, Command::MoveCustomer { .. }), Settlement::Done);
            world.asks();
            world.wait(10);
            let call_sids = if both { vec![leg(1), CUSTOMER.to_owned()] } else { vec![leg(1)] };
            let there = Settlement::InRoom { conference_sid: Some("CF-1".into()), call_sids };
            world.settle(|command| *command == Command::CheckRoom, there);
            if both {
                assert_eq!(world.call.status, Status::HumanConnected);
            } else {
                assert_eq!((failed(world), world.hung_up(1)), (Some(Failure::MoveFailed), true));
                assert!(world.wants(|command| matches!(command, Command::Refresh { .. })));
            }
        });
    }
}

#[test]
fn the_news_of_a_conference_before_does_not_hide_the_present_one() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.agent_is(1, LegStatus::Completed);
        world.asks();
        world.presses("0");
        world.accepts(2, 2);
        world.asks();
        for (conference_sid, sequence, change) in [
            ("CF-2", 1, joined(&leg(2))),
            ("CF-1", 1, joined(&leg(1))),
            ("CF-2", 2, joined(CUSTOMER)),
            ("CF-1", 2, left(&leg(1))),
            ("CF-1", 3, RoomChange::Ended { reason: None }),
        ] {
            world.tell(Input::Room { conference_sid: conference_sid.into(), sequence, change });
        }
        assert_eq!(world.call.status, Status::HumanConnected);
        assert!(!world.call.human_is_gone());
    });
}

#[test]
fn a_customer_who_comes_into_the_conference_too_late_is_fetched_back() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.settle(|command| matches!(command, Command::MoveCustomer { .. }), Settlement::Done);
        world.asks();
        world.agent_is(1, LegStatus::Completed);
        world.settle(|command| matches!(command, Command::Refresh { .. }), refused(None));
        world.room(joined(CUSTOMER));
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        ends_with_a_promise(world);
    });
}

#[test]
fn what_the_humans_say_is_written_down_once_also_when_it_comes_late() {
    let line = |sequence: u32, speaker, text: &str| Input::Transcribed {
        transcription_sid: "GT1".into(),
        sequence,
        speaker,
        message: text.into(),
        confidence: Some(0.9),
    };
    story(|world| {
        world.agrees();
        world.tell(line(1, Speaker::Customer, "早すぎる言葉"));
        world.accepts(1, 1);
        world.is_bridged(1);
        let before = world.record.transcript.len();
        world.tell(line(3, Speaker::Agent, "鈴木でございます"));
        world.tell(line(2, Speaker::Customer, "はい佐藤です"));
        world.tell(line(3, Speaker::Agent, "鈴木でございます"));
        world.hangs_up();
        world.tell(line(4, Speaker::Customer, "失礼します"));
        let said: Vec<_> = world
            .record
            .transcript
            .iter()
            .skip(before)
            .map(|line| (line.speaker, line.message.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (Speaker::Agent, "鈴木でございます"),
                (Speaker::Customer, "はい佐藤です"),
                (Speaker::Customer, "失礼します")
            ]
        );
    });
}
