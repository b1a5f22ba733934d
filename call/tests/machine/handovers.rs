//! Fetching a human, and everything that can come between.

use crate::world::{World, refused, story};
use tsunagu_call::{
    AgentReply, Command, Dismissal, EndReason, Input, Leg, LegStatus, Stage, Status,
    handover::{Cancellation, Failure},
};
use tsunagu_conversation::{EndReason as Script, Lang, Mark, Outcome};

pub fn dismissed(reply: &AgentReply) -> Option<Dismissal> {
    match reply {
        AgentReply::Dismiss { why, .. } => Some(*why),
        _ => None,
    }
}

pub fn failed(world: &World) -> Option<Failure> {
    match world.call.stage() {
        Some(Stage::Failed { reason }) => Some(*reason),
        _ => None,
    }
}

/// The customer is asked for a time, names none, and is promised a call.
pub fn ends_with_a_promise(world: &mut World) {
    assert!(world.hears().ends_with(&["handover_failed"]), "{:?}", world.hears());
    assert_eq!(world.call.status, Status::AiResponding);
    world.says("三時ごろにお願いします");
    world.hangs_up();
    world.is_over(Outcome::FollowUp, EndReason::Script(Script::CallbackAgreed));
    assert_eq!(world.kept_callbacks(), 1);
}

#[test]
fn the_agent_hears_who_it_is_and_why() {
    story(|world| {
        world.agrees();
        world.is_found(2);
        world.agent_rings(1);
        let AgentReply::Brief { attempt, briefing } = world.agent_asks(1) else { panic!("no briefing") };
        assert_eq!(attempt, 1);
        assert_eq!((briefing.lang, briefing.customer_name.as_str()), (Lang::EN, "佐藤"));
        assert_eq!(briefing.customer_company.as_deref(), Some("山田商事"));
        assert_eq!(briefing.reason, "agreed");
        assert_eq!(briefing.last_words.as_deref(), Some("はいお願いします"));
    });
}

#[test]
fn one_declines_and_the_next_accepts() {
    story(|world| {
        world.agrees();
        world.is_found(2);
        world.agent_rings(1);
        world.agent_asks(1);
        let reply = world.agent_presses(1, "2");
        assert_eq!(
            reply,
            AgentReply::Dismiss { why: Dismissal::Declined, lang: Lang::EN },
            "in the agent's language"
        );
        assert_eq!((world.hung_up(1), world.freed(2)), (false, 0), "the answer lets them go, after a word");
        world.is_silent();
        assert_eq!(world.hears(), ["comfort"]);
        world.accepts(1, 2);
        world.agent_is(1, LegStatus::Completed);
        assert_eq!(world.freed(2), 1);
        world.is_bridged(2);
        world.hangs_up();
        world.is_over(Outcome::Success, EndReason::HumanDone);
        assert_eq!(
            (world.freed(1), world.freed(2), world.hung_up(2)),
            (1, 1, true),
            "the agent is not left alone"
        );
    });
}

#[test]
fn three_do_not_answer_and_the_ai_apologises() {
    story(|world| {
        world.agrees();
        for (attempt, status) in [(1, LegStatus::NoAnswer), (2, LegStatus::Busy), (3, LegStatus::Failed)] {
            world.is_found(attempt as u8);
            world.agent_rings(attempt);
            world.is_silent();
            world.agent_is(attempt, status);
        }
        assert_eq!(failed(world), Some(Failure::AttemptsSpent));
        assert!(!world.wants(|command| matches!(command, Command::PickAgent { .. })));
        world.is_silent();
        ends_with_a_promise(world);
        assert_eq!([1, 2, 3].map(|number| world.freed(number)), [1, 1, 1]);
    });
}

#[test]
fn nobody_is_free() {
    story(|world| {
        world.agrees();
        world.nobody_is_found();
        assert_eq!(failed(world), Some(Failure::NobodyFree));
        world.is_silent();
        ends_with_a_promise(world);
    });
}

#[test]
fn whoever_was_promised_a_call_and_hangs_up_is_owed_it() {
    story(|world| {
        world.agrees();
        world.nobody_is_found();
        world.is_silent();
        assert_eq!(world.hears(), ["handover_failed"]);
        world.hangs_up();
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUp);
        assert_eq!(world.kept_callbacks(), 1);
    });
}

#[test]
fn the_customer_hangs_up_while_waiting() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.hangs_up();
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
        assert_eq!((world.freed(1), world.hung_up(1), world.kept_callbacks()), (1, true, 1));
        assert_eq!(dismissed(&world.agent_asks(1)), Some(Dismissal::Withdrawn));
    });
}

#[test]
fn the_customer_hangs_up_before_the_agents_leg_is_named() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.hangs_up();
        assert_eq!((world.freed(1), world.hung_up(1)), (0, false), "they may be ringing");
        world.agent_rings(1);
        assert!(world.hung_up(1), "what is dialled too late is hung up");
        assert_eq!(world.freed(1), 1);
        assert_eq!(dismissed(&world.agent_asks(1)), Some(Dismissal::Withdrawn));
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
    });
}

#[test]
fn an_agent_found_too_late_is_given_back() {
    story(|world| {
        world.agrees();
        world.hangs_up();
        world.is_found(1);
        assert_eq!(world.freed(1), 1);
        assert!(!world.wants(|command| matches!(command, Command::DialAgent { .. })));
        world.is_over(Outcome::FollowUp, EndReason::CustomerHungUpWaiting);
    });
}

#[test]
fn the_customer_says_no_while_waiting() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.says("やっぱり結構です");
        assert_eq!(world.hears(), ["rejection"]);
        assert_eq!(world.call.stage(), Some(&Stage::Cancelled { reason: Cancellation::CustomerDeclined }));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        world.hangs_up();
        world.is_over(Outcome::Rejected, EndReason::Script(Script::Declined));
        assert_eq!(world.kept_callbacks(), 0);
    });
}

#[test]
fn never_call_again_while_waiting_is_marked() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.says("もう二度とかけてこないでください");
        world.agent_rings(1);
        assert!(world.hung_up(1));
        assert_eq!(world.count(|command| *command == Command::MarkCustomer { mark: Mark::DoNotCall }), 1);
        world.hangs_up();
        world.is_over(Outcome::Rejected, EndReason::Script(Script::NeverAgain));
        assert_eq!(world.freed(1), 1);
    });
}

#[test]
fn the_agent_presses_nothing() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.agent_asks(1);
        assert!(
            matches!(world.agent_presses(1, ""), AgentReply::Brief { .. }),
            "the briefing is said once more"
        );
        assert_eq!(dismissed(&world.agent_presses(1, "")), Some(Dismissal::Declined));
        world.agent_is(1, LegStatus::Completed);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, false));
        assert!(
            world.wants(|command| matches!(command, Command::PickAgent { tried, .. } if tried.len() == 1))
        );
    });
}

#[test]
fn the_agents_telephone_is_answered_by_a_machine() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.agent_asks(1);
        world.tell(Input::Detected { leg: Leg::Agent(1), answered_by: "machine_start".into() });
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        assert_eq!(world.call.stage(), Some(&Stage::Reserving));
        assert_eq!(
            dismissed(&world.agent_presses(1, "1")),
            Some(Dismissal::Declined),
            "a machine's key is no answer"
        );
    });
}

#[test]
fn the_agent_picks_up_before_the_dialling_is_answered() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        assert!(matches!(world.agent_asks(1), AgentReply::Brief { .. }));
        world.agent_rings(1);
        assert!(!world.hung_up(1));
        world.agent_presses(1, "1");
        world.is_bridged(1);
    });
}

#[test]
fn the_agent_cannot_be_rung() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.settle(|command| matches!(command, Command::DialAgent { .. }), refused(Some(21211)));
        assert_eq!((world.freed(1), world.hung_up(1)), (1, false));
        world.accepts(2, 2);
    });
}

#[test]
fn ringing_and_briefing_have_an_end_though_no_news_comes() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.wait(30);
        assert_eq!((world.freed(1), world.hung_up(1)), (1, true));
        world.is_found(2);
        world.agent_rings(2);
        world.agent_asks(2);
        world.wait(30);
        assert_eq!((world.freed(2), world.hung_up(2)), (1, true));
        assert_eq!(failed(world), Some(Failure::TooLong));
    });
}

#[test]
fn reserving_has_an_end_though_no_answer_comes() {
    story(|world| {
        world.agrees();
        world.wait(59);
        assert_eq!(world.call.stage(), Some(&Stage::Reserving));
        world.wait(1);
        assert_eq!(failed(world), Some(Failure::TooLong));
        world.is_found(1);
        assert_eq!(world.freed(1), 1);
    });
}

#[test]
fn a_second_hand_over_goes_on_counting() {
    story(|world| {
        world.agrees();
        world.is_found(1);
        world.agent_rings(1);
        world.agent_is(1, LegStatus::Busy);
        world.nobody_is_found();
        world.is_silent();
        assert_eq!(world.hears(), ["handover_failed"]);
        world.presses("0");
        assert_eq!(world.call.stage(), Some(&Stage::Reserving));
        world.accepts(1, 2);
        world.is_bridged(2);
        world.hangs_up();
        world.is_over(Outcome::Success, EndReason::HumanDone);
        assert_eq!((world.freed(1), world.kept_callbacks()), (2, 0));
    });
}

#[test]
fn an_answer_to_the_search_of_an_earlier_hand_over_does_not_speak_for_the_next() {
    story(|world| {
        world.agrees();
        world.wait(60);
        world.is_silent();
        world.presses("0");
        world.nobody_is_found();
        assert_eq!(world.call.stage(), Some(&Stage::Reserving), "the second search is still under way");
        world.accepts(1, 1);
    });
}
