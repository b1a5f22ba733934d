//! A language model's word on a call: asked only where it may be, journalled with what it cost, and never in the way of what
//! happened meanwhile.

use crate::world::{ENGINE, World, story};
use tsunagu_call::{Command, CustomerReply, Event, Input, Reply, Utterance};
use tsunagu_conversation::{Advice, Intent, Mark, Phase, Reply as Written, Tokens};

const FACTS: &str = "月額980円です。";
const PRICE: &str = "おいくらですか";
const BABBLE: &str = "赤い電車がまっすぐ走って";

/// What a model that writes this advises about words that answer the present prompt; nothing where it is not asked.
fn advice(world: &World, text: &str, writes: &str) -> Option<Advice> {
    let question = world.call.question(None, text, Some(0.9), &ENGINE, &world.own)?;
    let tokens = Some(Tokens { prompt: 500, completion: 12 });
    let reply = Written { model: "small".into(), millis: 90, tokens, text: Ok(writes.to_owned()) };
    Some(ENGINE.advice(&question, FACTS, reply))
}

fn noted(world: &World) -> Vec<(Intent, Option<Advice>)> {
    let heard = world.journal.iter().filter_map(|entry| match &entry.event {
        Event::Heard { intent, advice, .. } => Some((*intent, advice.as_deref().cloned())),
        _ => None,
    });
    heard.collect()
}

fn says(world: &mut World, text: &str, advice: Advice) {
    world.does(Utterance::Advised { text: text.into(), confidence: Some(0.9), advice: Box::new(advice) });
}

#[test]
fn an_answer_is_spoken_and_stands_in_the_journal_with_its_cost() {
    story(|world| {
        world.picks_up();
        let answer = r#"{"intent":"ask_question","answer":"月額980円です。"}"#;
        let advice = advice(world, PRICE, answer).unwrap();
        says(world, PRICE, advice.clone());
        assert_eq!(world.hears(), ["question_answer", "offer_connect"]);
        assert_eq!(world.directive().lines()[0].text, "月額980円です。");
        assert_eq!(noted(world), [(Intent::AskQuestion, Some(Advice { used: true, ..advice }))]);
        assert_eq!(world.call.talk.phase, Phase::Pitch);
    });
}

#[test]
fn what_was_not_understood_is_what_the_model_says() {
    story(|world| {
        world.picks_up();
        let advice = advice(world, BABBLE, r#"{"intent":"ask_purpose"}"#).unwrap();
        says(world, BABBLE, advice);
        let noted = noted(world);
        assert!(noted[0].0 == Intent::AskPurpose && noted[0].1.as_ref().is_some_and(|advice| advice.used));
    });
}

#[test]
fn what_does_not_count_is_noted_all_the_same() {
    story(|world| {
        world.picks_up();
        let advice = advice(world, PRICE, r#"{"answer":"月額500円です。"}"#).unwrap();
        says(world, PRICE, advice.clone());
        assert!(world.directive().lines().iter().all(|line| !line.text.contains("500")));
        assert_eq!(noted(world), [(Intent::AskQuestion, Some(advice))]);
    });
}

/// The model thinks for a while. What the customer did meanwhile goes before.
#[test]
fn an_advice_that_comes_too_late_is_told_to_nobody() {
    story(|world| {
        world.picks_up();
        let advice = advice(world, BABBLE, r#"{"intent":"affirm"}"#).unwrap();
        world.says("担当に代わりますので少々お待ちください");
        let heard = noted(world).len();
        let utterance =
            Utterance::Advised { text: BABBLE.into(), confidence: None, advice: Box::new(advice) };
        world.tell(Input::CustomerSays { turn: Some(1), utterance });
        assert_eq!((noted(world).len(), world.call.talk.phase), (heard, Phase::Holding));
    });
}

/// The model thinks, and the customer hangs up.
#[test]
fn what_was_said_before_hanging_up_is_noted_once_as_the_engine_understood_it() {
    story(|world| {
        world.picks_up();
        let advice = advice(world, BABBLE, r#"{"intent":"ask_purpose"}"#).unwrap();
        world.hangs_up();
        let (ended, lines) = (world.call.clone(), world.record.transcript.len());
        for turn in [Some(7), Some(1), Some(1), None] {
            let (text, advice) = (BABBLE.to_owned(), Box::new(advice.clone()));
            let utterance = Utterance::Advised { text, confidence: Some(0.9), advice };
            let reply = world.tell(Input::CustomerSays { turn, utterance });
            assert_eq!(reply, Reply::Customer(CustomerReply::HangUp));
        }
        // What it cost stands there as well.
        assert_eq!(noted(world), [(Intent::Unknown, Some(Advice { used: false, ..advice }))]);
        assert_eq!((world.call.status, world.call.decided), (ended.status, ended.decided));
        assert_eq!(world.record.transcript.len(), lines + 1);
        assert_eq!(world.record.transcript.last().unwrap().message, BABBLE);
    });
}

#[test]
fn a_wish_that_comes_after_hanging_up_is_kept() {
    let marks = |world: &World| {
        let marks = world.events().filter_map(|event| match event {
            Event::Intended { command: Command::MarkCustomer { mark }, .. } => Some(*mark),
            _ => None,
        });
        marks.collect::<Vec<_>>()
    };
    story(|world| {
        world.picks_up();
        world.hangs_up();
        for _ in 0..2 {
            let text = "もう二度とかけてこないでください".to_owned();
            let utterance = Utterance::Words { text, confidence: Some(0.9) };
            world.tell(Input::CustomerSays { turn: Some(1), utterance });
        }
        assert_eq!(marks(world), [Mark::DoNotCall]);
    });
    // What was answered before the end is no news after it.
    story(|world| {
        world.picks_up();
        world.says("もう二度とかけてこないでください");
        let heard = noted(world).len();
        world.hangs_up();
        let utterance = Utterance::Words { text: BABBLE.into(), confidence: None };
        world.tell(Input::CustomerSays { turn: Some(1), utterance });
        assert_eq!((marks(world).len(), noted(world).len()), (1, heard));
    });
}

#[test]
fn nothing_is_asked_about_what_is_known_or_not_listened_to() {
    story(|world| {
        world.picks_up();
        let asked = |world: &World, turn, text: &str| {
            world.call.question(turn, text, Some(0.9), &ENGINE, &world.own).is_some()
        };
        assert!(asked(world, Some(1), BABBLE) && asked(world, None, PRICE));
        assert!(!asked(world, Some(7), BABBLE), "no such prompt");
        for known in
            ["結構です", "もう二度とかけてこないでください", "番号違いですよ", "人に代わってください", " "]
        {
            assert!(!asked(world, Some(1), known), "{known}");
        }
        world.says("少々お待ちください");
        assert!(!asked(world, None, BABBLE), "on hold");
        world.says("お電話代わりました佐藤です");
        assert!(asked(world, None, BABBLE));
        world.says("はいお願いします");
        assert!(!asked(world, None, BABBLE), "an agent is fetched");
    });
    story(|world| {
        world.picks_up();
        world.says("結構です");
        assert!(!asked_after_the_end(world));
    });
}

fn asked_after_the_end(world: &World) -> bool {
    world.call.question(None, BABBLE, None, &ENGINE, &world.own).is_some()
}
