//! News of the carrier: late, lost, out of order.

use crate::world::{CUSTOMER, ROOM, World, joined, left, leg, refused, story};
use tsunagu_call::{
    Call, CallId, CallRecord, Command, EndReason, Input, JournalError, LegStatus, Participant, Recorded,
    RoomChange, Settlement, Status,
};
use tsunagu_conversation::{Limits, Outcome};

fn check(command: &Command) -> bool {
    matches!(command, Command::CheckCustomer { .. })
}

fn stands(status: LegStatus) -> Settlement {
    Settlement::Stands { call_sid: CUSTOMER.into(), status }
}

#[test]
fn older_news_of_a_leg_changes_nothing() {
    story(|world| {
        world.rings();
        world.customer_is(LegStatus::InProgress, 2);
        let entries = world.journal.len();
        world.customer_is(LegStatus::Ringing, 1);
        world.customer_is(LegStatus::Initiated, 0);
        assert_eq!((world.journal.len(), world.call.customer.status), (entries, Some(LegStatus::InProgress)));
    });
}

#[test]
fn a_final_word_stays_final() {
    story(|world| {
        world.rings();
        world.hangs_up();
        for (status, sequence) in [(LegStatus::InProgress, 9), (LegStatus::Failed, 10), (LegStatus::Busy, 11)]
        {
            world.customer_is(status, sequence);
        }
        assert_eq!(world.call.customer.status, Some(LegStatus::Completed));
        assert_eq!(world.record.answered_time, None);
        world.is_over(Outcome::Absent, EndReason::CustomerHungUp);
    });
}

#[test]
fn the_first_question_may_come_before_any_news() {
    story(|world| {
        world.asks();
        assert_eq!((world.hears(), world.call.status), (vec!["initial"], Status::AiResponding));
        world.customer_is(LegStatus::Ringing, 1);
        world.settle(|command| *command == Command::DialCustomer, crate::world::dialled(CUSTOMER));
        assert_eq!(world.outbox, []);
    });
}

#[test]
fn a_conference_that_is_over_has_nobody_in_it_though_their_leaving_was_not_told() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.is_bridged(1);
        let present = |world: &World, sid: &str| {
            let party = |party: &&Participant| party.call_sid.as_deref() == Some(sid);
            world.record.participants.iter().find(party).unwrap().left_at.is_none()
        };
        assert!(present(world, &leg(1)) && !world.call.is_customer_alone());
        // What is told of another conference of that name is about nobody in this one.
        let ended = RoomChange::Ended { reason: None };
        world.tell(Input::Room { conference_sid: "CF-0".into(), sequence: 9, change: ended.clone() });
        assert!(present(world, &leg(1)));
        world.room(ended);
        assert!(!present(world, &leg(1)), "the agent");
        assert!(present(world, CUSTOMER), "the customer is on the line still");
        assert!(world.call.human_is_gone());
        world.wait(10);
        assert!(world.wants(check), "and is not left there");
    });
}

#[test]
fn a_telephone_that_rings_for_ever_is_asked_after() {
    story(|world| {
        world.rings();
        world.wait(89);
        assert!(!world.wants(check));
        world.wait(1);
        world.settle(check, stands(LegStatus::NoAnswer));
        world.is_over(Outcome::Absent, EndReason::NoAnswer);
    });
}

#[test]
fn a_dialling_whose_answer_was_lost_is_asked_after() {
    story(|world| {
        world.wait(90);
        assert!(world.wants(|command| *command == Command::CheckCustomer { call_sid: None }));
        world.settle(check, Settlement::Unknown);
        assert_eq!(world.call.status, Status::Initiated, "they may be rung yet");
        world.wait(90);
        world.settle(check, Settlement::Stands { call_sid: CUSTOMER.into(), status: LegStatus::Ringing });
        assert_eq!(world.call.customer.call_sid.as_deref(), Some(CUSTOMER));
    });
    story(|world| {
        world.rings();
        world.wait(90);
        world.settle(check, Settlement::Unknown);
        world.is_over(Outcome::Failed, EndReason::Lost);
    });
}

#[test]
fn a_customer_whose_answer_was_lost_is_asked_again() {
    story(|world| {
        world.picks_up();
        world.wait(120);
        world.settle(check, stands(LegStatus::InProgress));
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        assert_eq!(world.hears(), ["initial"]);
    });
}

#[test]
fn the_answer_itself_was_lost() {
    story(|world| {
        world.rings();
        world.wait(90);
        world.settle(check, stands(LegStatus::InProgress));
        assert_eq!(world.call.status, Status::AiResponding);
        world.settle(|command| matches!(command, Command::Refresh { .. }), Settlement::Done);
        world.asks();
        assert_eq!(world.hears(), ["initial"]);
    });
}

#[test]
fn a_carrier_that_refuses_everything_is_not_asked_in_a_circle() {
    story(|world| {
        world.picks_up();
        let mut asked = 0;
        while !world.call.status.is_over() {
            world.wait(1);
            while let Some((id, command)) = world.outbox.pop() {
                asked += 1;
                assert!(asked < 200, "asked too often");
                let settlement =
                    if check(&command) { stands(LegStatus::InProgress) } else { refused(Some(21220)) };
                world.tell(Input::Settled { id, settlement });
            }
        }
        world.is_over(Outcome::Absent, EndReason::TooLong);
    });
}

#[test]
fn reports_of_the_conference_come_in_any_order() {
    let reports = [joined(&leg(1)), joined(CUSTOMER), RoomChange::Started];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        story(|world| {
            world.agrees();
            world.accepts(1, 1);
            world.asks();
            for index in order {
                let (sequence, change) = (index as u32 + 1, reports[index].clone());
                world.tell(Input::Room { conference_sid: ROOM.into(), sequence, change });
            }
            assert_eq!(world.call.status, Status::HumanConnected, "{order:?}");
        });
    }
}

#[test]
fn whoever_left_before_their_coming_was_heard_of_is_not_there() {
    story(|world| {
        world.agrees();
        world.accepts(1, 1);
        world.asks();
        for (sequence, change) in [(4, left(&leg(1))), (1, joined(&leg(1))), (2, joined(CUSTOMER))] {
            world.tell(Input::Room { conference_sid: ROOM.into(), sequence, change });
        }
        assert_eq!(world.call.status, Status::Transferring);
        assert!(!world.call.room.has(&leg(1)) && world.call.room.has(CUSTOMER));
    });
}

#[test]
fn a_recording_is_kept_whatever_comes_first() {
    let news = |status: &str, url: Option<&str>| {
        Input::Recorded(Recorded {
            sid: "RE-1".into(),
            url: url.map(str::to_owned),
            status: status.into(),
            duration: url.map(|_| 42),
            call_sid: None,
        })
    };
    story(|world| {
        world.picks_up();
        world.hangs_up();
        world.tell(news("completed", Some("https://api.example.com/RE-1")));
        world.tell(news("in-progress", None));
        assert_eq!(world.record.recording_url.as_deref(), Some("https://api.example.com/RE-1"));
        assert_eq!(world.record.recording_sid.as_deref(), Some("RE-1"));
        assert_eq!(world.record.recording_status.as_deref(), Some("completed"));
        world.rebuild();
    });
}

#[test]
fn a_journal_with_a_gap_makes_no_call() {
    let mut world = World::new(Default::default(), Limits::default());
    world.picks_up();
    let id = world.call.id;
    assert_eq!(Call::rebuild(id, &[]), Err(JournalError::NoBeginning(id)));
    assert_eq!(CallRecord::rebuild(id, &world.journal[1..]), Err(JournalError::NoBeginning(id)));
    let mut gap = world.journal.clone();
    gap.remove(2);
    assert_eq!(Call::rebuild(id, &gap), Err(JournalError::Gap { call: id, expected: 3, found: 4 }));
    let other = CallId::from_bytes([4; 12]);
    assert_eq!(tsunagu_call::call_of_room(&tsunagu_call::room_name(other)), Some(other));
}
