//! What a company has of its own for the talk of its calls: phrases, and a script.

use crate::world::World;
use serde_json::{Value, json};
use tsunagu_call::{CallId, CustomerReply, Input, Reply, Utterance};
use tsunagu_conversation::EMBEDDED;

const PHRASES: &str = "/api/company/phrases";
const READINGS: &str = "/api/company/readings";
const SCRIPT: &str = "/api/company/script";
const HOUSE: &str = "本社のほうで一括なんで";

fn phrase(intent: &str, text: &str) -> Value {
    json!({ "language": "ja", "intent": intent, "text": text })
}

fn built_in() -> &'static str {
    EMBEDDED.iter().find(|source| source.name == "ja/script.toml").unwrap().text
}

/// A script that greets otherwise, and ends otherwise.
fn own_script() -> String {
    let own = built_in().replace("prompt = [\"initial\"]", "prompt = [\"greet_again\", \"request\"]");
    own.replace("say = [\"rejection\"]", "say = [\"closing\"]")
}

/// The keys of what the customer is told.
async fn told(world: &World, call: CallId, input: Input) -> Vec<String> {
    match world.app.board.tell(call, input).await.unwrap() {
        Reply::Customer(CustomerReply::Direct { directive, .. }) => {
            directive.lines().iter().map(|line| line.template.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn says(text: &str) -> Input {
    Input::CustomerSays {
        turn: None,
        utterance: Utterance::Words { text: text.into(), confidence: Some(0.9) },
    }
}

#[actix_web::test]
async fn phrases_count_from_the_next_utterance_of_a_call_under_way() {
    let world = World::new().await;
    let (admin, agent) = (world.client(&world.ours.admin).await, world.client(&world.ours.agent).await);
    assert_eq!(agent.get(PHRASES).await.data(200), json!([]));
    let (call, sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &sid).await;
    let try_it = json!({ "text": HOUSE, "language": "ja" });
    let tried =
        async || agent.post("/api/agents/conversation/try", &try_it).await.data(200)["understanding"].clone();
    assert_ne!(tried().await["intent"], "wrong_number");

    let ours = json!({ "phrases": [phrase("wrong_number", HOUSE), phrase("absent", " 社長が出てます ")] });
    let kept = admin.put(PHRASES, &ours).await;
    assert_eq!(kept.data(200)[1], phrase("absent", "社長が出てます"));
    assert_eq!(kept.json()["count"], 2);
    assert_eq!(agent.get(PHRASES).await.data(200), kept.data(200));
    let tried = tried().await;
    assert_eq!(tried["intent"], "wrong_number");
    assert_eq!(
        (tried["evidence"][0]["kind"].as_str(), tried["evidence"][0]["words"].as_str()),
        (Some("own"), Some(HOUSE))
    );

    assert_eq!(told(&world, call, says(HOUSE)).await, ["wrong_number"]);
    let events = agent.get(&format!("/api/calls/{call}/events")).await.text;
    assert!(events.contains(&format!("\"kind\":\"own\",\"words\":\"{HOUSE}\"")), "{events}");

    // They are shown by themselves, and to nobody else.
    assert!(!admin.get("/api/company").await.text.contains(HOUSE));
    assert!(!admin.patch("/api/company", &json!({ "name": "青空" })).await.text.contains(HOUSE));
    assert_eq!(world.client(&world.theirs.admin).await.get(PHRASES).await.data(200), json!([]));
    assert_eq!(admin.put(PHRASES, &json!({ "phrases": [] })).await.data(200), json!([]));
    assert_eq!(admin.get(PHRASES).await.data(200), json!([]));
}

#[actix_web::test]
async fn names_are_read_as_the_company_says() {
    let world = World::new().await;
    let (admin, agent) = (world.client(&world.ours.admin).await, world.client(&world.ours.agent).await);
    assert_eq!(agent.get(READINGS).await.data(200), json!([]));
    let reading = |word: &str, reading: &str| json!({ "word": word, "reading": reading });
    let ours =
        json!([reading("鈴木", "すずき"), reading("一郎", "いちろう"), reading("出てこない", "でてこない")]);
    let kept = admin.put(READINGS, &json!({ "readings": ours })).await;
    assert_eq!((kept.data(200), &kept.json()["count"]), (ours.clone(), &json!(3)));
    assert_eq!(agent.get(READINGS).await.data(200), ours);
    assert_eq!(world.client(&world.theirs.admin).await.get(READINGS).await.data(200), json!([]));

    let own = json!({ "customTemplates": { "initial": "{{customerName}}様でいらっしゃいますか。" } });
    agent.put("/api/agents/conversation", &own).await.data(200);
    let (call, sid) = world.call_by(&world.ours.agent, world.ours.customer).await;
    world.answer(call, &sid).await;
    let again = world.app.board.tell(call, Input::CustomerAsks { call_sid: sid }).await.unwrap();
    let Reply::Customer(CustomerReply::Direct { directive, .. }) = again else { panic!("{again:?}") };
    let [line] = directive.lines() else { panic!("{directive:?}") };
    let needed: Vec<_> = line.readings.iter().map(|one| one.reading.as_str()).collect();
    assert_eq!((&*line.text, needed), ("鈴木 一郎様でいらっしゃいますか。", vec!["すずき", "いちろう"]));

    let wrong = json!({ "readings": [reading("青空", "あおぞら"), reading("青空", "せいくう"), reading("", "x"), {}] });
    let refused = admin.put(READINGS, &wrong).await;
    refused.failure(422);
    let expected = ["readings[2].word", "readings[3].word", "readings[3].reading", "readings[1].word"];
    assert_eq!(refused.blamed(), expected);
}

#[actix_web::test]
async fn a_phrase_that_cannot_count_is_refused_where_it_stands() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let wrong = json!({ "phrases": [
        { "language": "fr", "intent": "hello", "text": "あ".repeat(201) },
        phrase("unknown", "さあ"), phrase("absent", "  "), phrase("absent", "。"), 7, {},
        phrase("affirm", "もう二度とかけてこないでください"),
        phrase("absent", "社長です"), phrase("negate", "社長です"),
    ] });
    let refused = admin.put(PHRASES, &wrong).await;
    refused.failure(422);
    let mut blamed = refused.blamed();
    blamed.sort();
    let mut expected = [
        "[0].language",
        "[0].intent",
        "[0].text",
        "[1].intent",
        "[2].text",
        "[3].text",
        "[4]",
        "[5].language",
        "[5].intent",
        "[5].text",
        "[6].text",
        "[8].text",
    ]
    .map(|place| format!("phrases{place}"));
    expected.sort();
    assert_eq!(blamed, expected, "{}", refused.text);
    assert!(refused.text.contains("clearly means do_not_call"), "{}", refused.text);
    for odd in [json!({}), json!({ "phrases": "x" }), json!({ "phrases": vec![0; 1001] })] {
        assert_eq!(admin.put(PHRASES, &odd).await.blamed(), ["phrases"]);
    }
    assert_eq!(admin.get(PHRASES).await.data(200), json!([]));
}

#[actix_web::test]
async fn a_call_goes_by_the_script_that_it_began_by() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let before = admin.get(&format!("{SCRIPT}?language=ja")).await.data(200);
    assert_eq!((before["own"].as_bool(), before["text"].as_str()), (Some(false), Some(built_in())));
    let (first, first_sid) = world.call_by(&world.ours.agent, world.ours.customer).await;

    let own = own_script();
    let kept = admin.put(SCRIPT, &json!({ "language": "ja", "text": own })).await.data(200);
    assert_eq!((kept["own"].as_bool(), kept["text"].as_str()), (Some(true), Some(own.as_str())));
    assert_eq!(kept["builtIn"], built_in());
    let customer = world.customer(world.ours.company, "+81399998888").await;
    let (second, second_sid) = world.call_by(&world.ours.agent, customer).await;
    let asks = |sid: &str| Input::CustomerAsks { call_sid: sid.to_owned() };
    assert_eq!(told(&world, first, asks(&first_sid)).await, ["initial"]);
    assert_eq!(told(&world, second, asks(&second_sid)).await, ["greet_again", "request"]);

    let gone = admin.put(SCRIPT, &json!({ "language": "ja", "text": null })).await.data(200);
    assert_eq!((gone["own"].as_bool(), gone["text"].as_str()), (Some(false), Some(built_in())));
    assert_eq!(told(&world, first, says("結構です")).await, ["rejection"]);
    assert_eq!(told(&world, second, says("結構です")).await, ["closing"]);
    assert_eq!(admin.get(&format!("{SCRIPT}?language=en")).await.data(200)["own"], false);
}

#[actix_web::test]
async fn a_script_that_is_not_as_it_must_be_is_refused_with_its_place() {
    let world = World::new().await;
    let admin = world.client(&world.ours.admin).await;
    let broken = built_in().replacen("to = \"purpose\"", "to = \"porpoise\"", 1);
    let says = "ja/script.toml: phase.opening.on.acknowledge[0]: unknown phase `porpoise`";
    let refused = admin.put(SCRIPT, &json!({ "language": "ja", "text": broken })).await;
    refused.failure(422);
    assert_eq!(refused.json()["details"], json!([{ "field": "text", "message": says }]));
    let check = async |text: &str| {
        let body = json!({ "language": "ja", "text": text });
        admin.post(&format!("{SCRIPT}/check"), &body).await.data(200)
    };
    assert_eq!(check(built_in()).await, json!({ "valid": true, "problem": null }));
    let checked = check(&broken).await;
    assert_eq!(
        (checked["valid"].as_bool(), checked["problem"]["message"].as_str()),
        (Some(false), Some(says))
    );
    let line = broken.lines().position(|line| line.contains("porpoise")).unwrap() + 1;
    assert_eq!(checked["problem"]["line"], line);
    // Its lines are counted from the first, also where that is empty.
    assert_eq!(check("\n\nstart = ").await["problem"]["line"], 3);

    let wrong = admin.put(SCRIPT, &json!({ "language": "fr", "text": "x".repeat(40_001) })).await;
    let mut blamed = wrong.blamed();
    blamed.sort();
    assert_eq!(blamed, ["language", "text"]);
    assert_eq!(admin.put(SCRIPT, &json!({ "language": "ja" })).await.blamed(), ["text"]);
    assert_eq!(admin.put(SCRIPT, &json!({ "language": "ja", "text": 7 })).await.blamed(), ["text"]);
    let unread = json!({ "language": "ja", "text": " " });
    assert_eq!(admin.post(&format!("{SCRIPT}/check"), &unread).await.blamed(), ["text"]);
    assert_eq!(admin.get(SCRIPT).await.data(200)["own"], false);
}
