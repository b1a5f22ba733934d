use super::*;
use std::sync::LazyLock;
use tsunagu_conversation::{EMBEDDED, Intent, Phase, Profile};
use tsunagu_store::{CompanyChange, CompanyPhrase, CompanyStore, MemoryStore, SpeechChange};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    let japanese: Vec<_> =
        EMBEDDED.iter().filter(|source| !source.name.starts_with("en/")).copied().collect();
    Arc::new(Engine::from_sources(&japanese).unwrap())
});

const HOUSE: &str = "本社のほうで一括なんで";

fn company(number: u8) -> Company {
    let id = CompanyId::from_bytes([number; 12]);
    serde_json::from_value(serde_json::json!({ "_id": id, "name": "青空商事" })).unwrap()
}

fn repertoires(store: &Arc<MemoryStore>) -> Repertoires {
    Repertoires::new(store.clone(), ENGINE.clone())
}

fn phrase() -> SpeechChange {
    let phrase = CompanyPhrase { language: "ja".into(), intent: Intent::WrongNumber, text: HOUSE.into() };
    SpeechChange { phrases: Some(vec![phrase]), ..SpeechChange::default() }
}

/// A script that greets in other words.
fn script(prompt: &str) -> SpeechChange {
    let text = EMBEDDED.iter().find(|source| source.name == "ja/script.toml").unwrap().text;
    let text = text.replace("prompt = [\"initial\"]", &format!("prompt = [{prompt}]"));
    SpeechChange { script: Some(("ja".into(), Some(text))), ..SpeechChange::default() }
}

async fn change(store: &MemoryStore, speech: SpeechChange) -> Company {
    let change = CompanyChange { speech, ..CompanyChange::default() };
    store.change_company(company(1).id, change).await.unwrap()
}

fn heard(repertoire: &Repertoire) -> Intent {
    let own = repertoire.phrases(Lang::JA);
    ENGINE.understand_with(&own, Lang::JA, Phase::Opening, HOUSE, None).intent
}

/// The keys of the greeting by the script of that number.
fn greeting(repertoire: &Repertoire, number: u64) -> Vec<String> {
    let own = Own { script: repertoire.script(Lang::JA, number), ..Own::default() };
    ENGINE.open_with(&own, &Profile::default()).say.into_iter().map(|line| line.template).collect()
}

#[tokio::test]
async fn a_change_counts_at_once_and_an_older_one_never_undoes_it() {
    let store = Arc::new(MemoryStore::new());
    store.create_company(company(1)).await.unwrap();
    let repertoires = repertoires(&store);
    let in_use = repertoires.of(company(1).id).await;
    assert_ne!(heard(&in_use), Intent::WrongNumber);
    repertoires.learn(&change(&store, phrase()).await);
    assert_eq!(heard(&in_use), Intent::WrongNumber);
    // A company that was read before that change and arrives after it.
    repertoires.learn(&company(1));
    assert_eq!(heard(&in_use), Intent::WrongNumber);
}

#[tokio::test]
async fn what_another_server_changed_is_found_for_the_calls_under_way() {
    let store = Arc::new(MemoryStore::new());
    store.create_company(company(1)).await.unwrap();
    let repertoires = repertoires(&store);
    let in_use = repertoires.of(company(1).id).await;
    change(&store, phrase()).await;
    assert_ne!(heard(&in_use), Intent::WrongNumber);
    repertoires.look().await.unwrap();
    assert_eq!(heard(&in_use), Intent::WrongNumber);
    drop(in_use);
    repertoires.look().await.unwrap();
    assert!(repertoires.0.known.lock().unwrap().is_empty(), "nobody uses it");
}

#[tokio::test]
async fn a_call_keeps_its_script_while_that_is_known_and_never_stands_without_one() {
    let store = Arc::new(MemoryStore::new());
    store.create_company(company(1)).await.unwrap();
    let repertoires = repertoires(&store);
    let repertoire = repertoires.learn(&change(&store, script("\"greet_again\", \"request\"")).await);
    assert_eq!(greeting(&repertoire, 1), ["greet_again", "request"]);
    assert_eq!(greeting(&repertoire, 0), ["initial"]);
    repertoires.learn(&change(&store, script("\"initial\", \"request\"")).await);
    assert_eq!(greeting(&repertoire, 1), ["greet_again", "request"]);
    assert_eq!(greeting(&repertoire, 2), ["initial", "request"]);
    repertoires.learn(&change(&store, script("\"request\"")).await);
    assert_eq!(greeting(&repertoire, 1), ["request"], "the first one is known no more");
    let gone = SpeechChange { script: Some(("ja".into(), None)), ..SpeechChange::default() };
    repertoires.learn(&change(&store, gone).await);
    assert_eq!(
        (greeting(&repertoire, 3), greeting(&repertoire, 4)),
        (vec!["request".into()], vec!["initial".into()])
    );
    assert!(repertoire.present(Lang::JA).script.is_none());
}

/// An older program may have saved what this one refuses.
#[tokio::test]
async fn a_script_that_cannot_be_used_is_not() {
    let store = Arc::new(MemoryStore::new());
    store.create_company(company(1)).await.unwrap();
    let broken =
        SpeechChange { script: Some(("ja".into(), Some("start = 1".into()))), ..SpeechChange::default() };
    let repertoire = repertoires(&store).learn(&change(&store, broken).await);
    assert_eq!(greeting(&repertoire, 1), ["initial"]);
}

#[test]
fn no_more_companies_are_remembered_than_there_is_room_for_unless_they_are_used() {
    let repertoires = repertoires(&Arc::new(MemoryStore::new()));
    let in_use = repertoires.learn(&company(1));
    for number in 0..=REMEMBERED {
        let mut bytes = [7; 12];
        bytes[..2].copy_from_slice(&u16::try_from(number).unwrap().to_be_bytes());
        repertoires.learn(&Company { id: CompanyId::from_bytes(bytes), ..company(1) });
    }
    let known = repertoires.0.known.lock().unwrap();
    assert!(known.len() <= REMEMBERED && Arc::ptr_eq(&known[&company(1).id], &in_use), "{}", known.len());
}
