//! What a company has of its own for the talk of its calls reaches them wherever they are.

use crate::world::{COMPANY, World};
use tsunagu_call::{CustomerReply, Event};
use tsunagu_conversation::{EMBEDDED, EvidenceKind, Intent};
use tsunagu_store::{CompanyChange, CompanyPhrase, CompanyStore, SpeechChange};

const HOUSE: &str = "本社のほうで一括なんで";

/// As another server writes it: this one is not told.
async fn change(world: &World, speech: SpeechChange) {
    let change = CompanyChange { speech, ..CompanyChange::default() };
    world.store.memory.change_company(COMPANY, change).await.unwrap();
}

/// A script that says another sentence to who declines.
fn script(rejection: &str) -> SpeechChange {
    let text = EMBEDDED.iter().find(|source| source.name == "ja/script.toml").unwrap().text;
    let text = text.replace("say = [\"rejection\"]", &format!("say = [\"{rejection}\"]"));
    SpeechChange { script: Some(("ja".into(), Some(text))), ..SpeechChange::default() }
}

fn said(reply: &CustomerReply) -> Vec<&str> {
    match reply {
        CustomerReply::Direct { directive, .. } => {
            directive.lines().iter().map(|line| line.template.as_str()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[actix::test]
async fn a_call_that_is_taken_up_again_keeps_the_script_that_it_began_by() {
    let mut world = World::new(1).await;
    change(&world, script("closing")).await;
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    change(&world, script("never_again")).await;
    world.restart().await;
    assert_eq!(said(&world.says(call, "結構です").await), ["closing"]);
    let next = world.start(2).await;
    world.picks_up(next, 2).await;
    assert_eq!(said(&world.says(next, "結構です").await), ["never_again"]);
    world.hangs_up(call, 1).await;
    world.hangs_up(next, 2).await;
    world.end().await;
}

#[actix::test]
async fn a_phrase_that_is_saved_at_another_server_counts_within_a_second_or_two() {
    let world = World::shared(1, 2).await;
    let call = world.start(1).await;
    world.picks_up(call, 1).await;
    let phrase = CompanyPhrase { language: "ja".into(), intent: Intent::WrongNumber, text: HOUSE.into() };
    change(&world, SpeechChange { phrases: Some(vec![phrase]), ..SpeechChange::default() }).await;
    world.wait(2).await;
    assert_eq!(said(&world.says(call, HOUSE).await), ["wrong_number"]);
    let own = |event: &Event| match event {
        Event::Heard { why, .. } => why.iter().any(|reason| reason.kind == EvidenceKind::Own),
        _ => false,
    };
    assert!(world.has(call, own).await);
    world.hangs_up(call, 1).await;
    world.end().await;
}
