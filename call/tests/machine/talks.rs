//! The customer and the AI.

use crate::world::{CUSTOMER, ENGINE, SUPERVISOR, World, joined, left, leg, story};
use std::sync::Arc;
use tsunagu_call::{
    Command, CustomerReply, EndReason, Event, Input, Leg, LegStatus, Role, RoomChange, Settlement, Speaker,
    Status, Utterance,
};
use tsunagu_conversation::{EMBEDDED, EndReason as Script, EvidenceKind, Intent, Lang, Mark, Outcome};

/// The journal has what came of it, and is folded without it: the world compares after every step.
#[test]
fn a_companys_own_phrase_counts_from_the_next_utterance_on_and_is_told_as_the_reason() {
    const HOUSE: &str = "本社のほうで一括なんで";
    story(|world| {
        world.picks_up();
        let phrases = ENGINE.own_phrases(Lang::JA, [(Intent::WrongNumber, HOUSE)].into_iter());
        world.own.phrases = Arc::new(phrases);
        world.says(HOUSE);
        assert_eq!(world.call.decided.map(|(outcome, _)| outcome), Some(Outcome::Failed));
        let own = world.journal.iter().any(|entry| match &entry.event {
            Event::Heard { intent: Intent::WrongNumber, why, .. } => {
                why.iter().any(|reason| reason.kind == EvidenceKind::Own && reason.words == HOUSE)
            }
            _ => false,
        });
        assert!(own, "{:?}", world.journal);
    });
}

/// A call that is taken up elsewhere may have to go on by another script than it began by.
#[test]
fn a_talk_goes_on_by_another_script_from_wherever_it_is() {
    let text = EMBEDDED.iter().find(|source| source.name == "ja/script.toml").unwrap().text;
    let other = text.replace("say = [\"rejection\"]", "say = [\"closing\"]");
    assert_ne!(text, other);
    let other = Arc::new(ENGINE.own_script(Lang::JA, "own.toml", &other).unwrap());
    let ways: [&[&str]; 4] = [
        &[],
        &["少々お待ちください"],
        &["少々お待ちください", "お電話代わりました佐藤です"],
        &["ただいま席を外しております"],
    ];
    for way in ways {
        story(|world| {
            world.picks_up();
            way.iter().for_each(|said| world.says(said));
            world.own.script = Some(other.clone());
            world.says("結構です");
            assert_eq!(world.hears(), ["closing"], "{way:?}");
            assert_eq!(world.call.decided.map(|(outcome, _)| outcome), Some(Outcome::Rejected));
        });
    }
}

#[test]
fn a_receptionist_puts_through_the_person_agrees_and_a_human_takes_over() {
    story(|world| {
        world.picks_up();
        assert_eq!(world.hears(), ["initial"]);
        assert_eq!(world.call.status, Status::AiResponding);
        world.says("はい山田商事でございます");
        world.says("少々お待ちください");
        assert_eq!(world.hears(), ["holding_thanks"]);
        world.says("お電話代わりました佐藤です");
        assert_eq!(world.hears(), ["pitch_new_person"]);
        world.says("はいお願いします");
        assert_eq!(world.hears(), ["hand_over"]);
        assert_eq!(world.call.status, Status::Transferring);

        world.is_found(1);
        world.agent_rings(1);
        world.is_silent();
        assert_eq!(world.hears(), ["comfort"]);
        world.agent_asks(1);
        world.agent_presses(1, "1");
        world.is_bridged(1);
        assert_eq!(world.hears(), ["handoff_message"]);
        assert_eq!(world.record.assigned_agent, Some(crate::world::agent(1).id));

        world.now = world.now.plus_secs(95);
        world.room(left(&leg(1)));
        world.agent_is(1, LegStatus::Completed);
        assert_eq!(
            world.count(|command| matches!(command, Command::FreeAgent { talked_secs: Some(95), .. })),
            1
        );
        world.room(RoomChange::Ended { reason: None });
        world.tell(Input::CustomerOut);
        assert_eq!(world.hears(), ["thanks_after_talk"]);
        world.hangs_up();

        world.is_over(Outcome::Success, EndReason::Script(Script::HumanDone));
        assert_eq!(world.call.status, Status::Completed);
        assert_eq!(world.freed(1), 1);
        let roles: Vec<_> = world.record.participants.iter().map(|party| party.role).collect();
        assert_eq!(roles, [Role::Customer, Role::Ai, Role::Agent]);
        assert!(world.record.participants.iter().all(|party| party.left_at.is_some()));
        let said = |speaker| world.record.transcript.iter().filter(|line| line.speaker == speaker).count();
        assert_eq!((said(Speaker::Customer), said(Speaker::Ai)), (4, 8));
    });
}

#[test]
fn whoever_says_no_is_not_argued_with() {
    story(|world| {
        world.picks_up();
        world.says("結構です");
        assert_eq!(world.hears(), ["rejection"]);
        world.hangs_up();
        world.is_over(Outcome::Rejected, EndReason::Script(Script::Declined));
        assert_eq!(world.count(|command| matches!(command, Command::MarkCustomer { .. })), 0);
    });
}

#[test]
fn never_call_again_is_marked_at_once_and_for_good() {
    story(|world| {
        world.picks_up();
        world.says("もう二度とかけてこないでください");
        let marked = |world: &World| {
            world.count(|command| *command == Command::MarkCustomer { mark: Mark::DoNotCall })
        };
        assert_eq!((world.hears(), marked(world)), (vec!["never_again"], 1));
        world.hangs_up();
        world.is_over(Outcome::Rejected, EndReason::Script(Script::NeverAgain));
        assert_eq!(marked(world), 1);
    });
}

#[test]
fn never_call_again_is_taken_down_when_goodbye_was_decided_meanwhile() {
    story(|world| {
        world.picks_up();
        world.tell(Input::Detected { leg: Leg::Customer, answered_by: "machine_start".into() });
        assert!(world.call.decided.is_some());
        world.says("もう二度とかけてこないでください");
        assert_eq!(world.count(|command| *command == Command::MarkCustomer { mark: Mark::DoNotCall }), 1);
        world.hangs_up();
        world.is_over(Outcome::Rejected, EndReason::Script(Script::NeverAgain));
    });
}

#[test]
fn a_time_to_ring_again_becomes_a_callback() {
    story(|world| {
        world.picks_up();
        world.says("三時ごろには戻ります");
        world.hangs_up();
        world.is_over(Outcome::FollowUp, EndReason::Script(Script::CallbackAgreed));
        assert_eq!(world.kept_callbacks(), 1);
        assert!(world.wants(|command| matches!(command, Command::KeepCallback { words: Some(words) } if words.contains("三時"))));
    });
}

#[test]
fn holding_ends_by_itself() {
    story(|world| {
        world.picks_up();
        world.says("少々お待ちください");
        world.is_silent();
        assert_eq!(world.hears(), ["holding_over"]);
        world.hangs_up();
        world.is_over(Outcome::Absent, EndReason::Script(Script::HeldTooLong));
    });
}

#[test]
fn a_machine_is_hung_up_on() {
    story(|world| {
        world.picks_up();
        world.tell(Input::Detected { leg: Leg::Customer, answered_by: "machine_start".into() });
        assert_eq!(world.record.answered_by.as_deref(), Some("machine_start"));
        world.settle(
            |command| matches!(command, Command::HangUp { leg: Leg::Customer, .. }),
            Settlement::Done,
        );
        world.is_over(Outcome::Absent, EndReason::Script(Script::Machine));
        world.hangs_up();
        world.is_over(Outcome::Absent, EndReason::Script(Script::Machine));
    });
}

#[test]
fn a_machine_detected_before_the_answer_was_heard_of_is_hung_up_on() {
    story(|world| {
        world.rings();
        world.tell(Input::Detected { leg: Leg::Customer, answered_by: "machine_start".into() });
        world.asks();
        assert_eq!(world.hears(), [""; 0]);
        world.hangs_up();
        world.is_over(Outcome::Absent, EndReason::Script(Script::Machine));
        assert_eq!(world.call.status, Status::Completed);
    });
}

#[test]
fn the_detection_is_not_believed_once_a_person_has_fetched_somebody() {
    story(|world| {
        world.picks_up();
        world.says("少々お待ちください");
        world.tell(Input::Detected { leg: Leg::Customer, answered_by: "machine_start".into() });
        assert_eq!(world.call.decided, None);
        world.tell(Input::Detected { leg: Leg::Customer, answered_by: "human".into() });
        assert_eq!(world.call.decided, None);
    });
}

#[test]
fn an_answer_to_an_older_prompt_gets_the_present_one_and_changes_nothing() {
    let mut world = World::new(Default::default(), Default::default());
    world.picks_up();
    world.says("はい山田商事でございます");
    let (reply, entries) = (world.reply.clone(), world.journal.len());
    for words in ["結構です", "もう二度とかけてこないでください"] {
        let utterance = Utterance::Words { text: words.into(), confidence: None };
        world.tell(Input::CustomerSays { turn: Some(1), utterance });
        assert_eq!(world.reply, reply);
    }
    assert_eq!(world.journal.len(), entries);
    assert_eq!(world.call.prompt.turn, 2);
}

#[test]
fn a_confidence_that_is_no_number_is_left_out() {
    let mut world = World::new(Default::default(), Default::default());
    world.picks_up();
    let utterance = Utterance::Words { text: "はい".into(), confidence: Some(f32::NAN) };
    world.tell(Input::CustomerSays { turn: Some(1), utterance });
    world.tell(Input::Spoke {
        speaker: Speaker::Agent,
        message: "もしもし".into(),
        confidence: Some(f32::INFINITY),
    });
    assert!(world.record.transcript.iter().all(|line| line.confidence.is_none()));
    world.rebuild();
}

#[test]
fn a_second_leg_to_the_customer_is_let_go() {
    story(|world| {
        world.customer_is(LegStatus::Ringing, 1);
        assert_eq!(world.call.customer.call_sid.as_deref(), Some(CUSTOMER));
        world.settle(|command| *command == Command::DialCustomer, crate::world::dialled("CA-second"));
        world.settle(
            |command| matches!(command, Command::HangUp { leg: Leg::Customer, call_sid } if call_sid == "CA-second"),
            Settlement::Done,
        );
        assert!(!world.call.status.is_over());
        world.tell(Input::CustomerAsks { call_sid: "CA-second".into() });
        assert_eq!(world.reply, Some(CustomerReply::HangUp));
        world.asks();
        assert_eq!(world.hears(), ["initial"]);
    });
}

#[test]
fn what_clients_add_is_in_the_transcript() {
    let mut world = World::new(Default::default(), Default::default());
    world.agrees();
    world.accepts(1, 1);
    world.is_bridged(1);
    world.room(joined("CA-supervisor"));
    world.tell(Input::Spoke { speaker: Speaker::Agent, message: "鈴木です".into(), confidence: None });
    world.tell(Input::Note { notes: "見積もりを送る".into(), outcome: None });
    assert_eq!(world.record.transcript.last().map(|line| line.speaker), Some(Speaker::Agent));
    assert_eq!(world.record.notes.as_deref(), Some("見積もりを送る"));
    assert_eq!(world.call.talk.lang, Lang::JA);
    assert!(world.events().any(|event| matches!(event, Event::Noted { .. })));
    let end = Input::RequestEnd { outcome: None, notes: Some("済み".into()) };
    world.tell(end);
    world.is_over(Outcome::Success, EndReason::EndedByUser);
    assert_eq!(world.record.notes.as_deref(), Some("済み"));
    assert!(
        world
            .try_tell(Input::RequestHandover { by: SUPERVISOR, reason: None, agent: None, skills: vec![] })
            .is_err()
    );
}

#[test]
fn what_is_written_of_a_call_that_lives_counts_at_its_end() {
    let judged = Input::Note { notes: "担当者は不在".into(), outcome: Some(Outcome::Absent) };
    let mut world = World::new(Default::default(), Default::default());
    world.agrees();
    world.accepts(1, 1);
    world.is_bridged(1);
    world.tell(judged.clone());
    assert_eq!((world.record.outcome, world.call.status), (None, Status::HumanConnected));
    world.tell(Input::Note { notes: "不在でした".into(), outcome: None });
    world.hangs_up();
    world.is_over(Outcome::Absent, EndReason::HumanDone);

    let mut world = World::new(Default::default(), Default::default());
    world.agrees();
    world.tell(judged);
    world.tell(Input::RequestEnd { outcome: Some(Outcome::Rejected), notes: None });
    world.is_over(Outcome::Rejected, EndReason::EndedByUser);
}

#[test]
fn what_is_written_of_a_call_that_is_over_changes_what_came_of_it() {
    let noted = |outcome| Input::Note { notes: "確認済み".into(), outcome };
    let mut world = World::new(Default::default(), Default::default());
    world.agrees();
    world.tell(Input::RequestEnd { outcome: Some(Outcome::Absent), notes: None });
    let status = world.record.status;
    world.tell(noted(Some(Outcome::Absent)));
    world.tell(noted(None));
    world.is_over(Outcome::Absent, EndReason::EndedByUser);
    world.tell(noted(Some(Outcome::Success)));
    world.is_over(Outcome::Success, EndReason::EndedByUser);
    assert_eq!((world.record.status, world.record.notes.as_deref()), (status, Some("確認済み")));
}
