//! A language model as an option: what it may be asked, what of its word counts, and what follows.

#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect fails there and then")]

use std::sync::LazyLock;

use tsunagu_conversation::{
    Advice, Engine, Failure, Input, Intent, Lang, Objection, Phase, Profile, Question, Reply, State, Then,
    Tokens,
};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::embedded().unwrap());

/// What the engine does not know, and has no word of a refusal.
const BABBLE: &str = "the blue one on the left";
const FACTS: &str = "青空システムの勤怠サービスは月額980円です。初期費用は無料です。導入までは約2週間です。解約金はありません。";
const ENGLISH_FACTS: &str = "The service costs 30 dollars a month per clinic. The first month is free. Setup takes ten business days. \
    There is no cancellation fee.";

fn state(lang: Lang, phase: Phase) -> State {
    State { lang, phase, ..State::default() }
}

fn question(lang: Lang, phase: Phase, text: &str) -> Option<Question> {
    let state = state(lang, phase);
    let understood = ENGINE.understand(lang, phase, text, Some(0.9));
    ENGINE.question(&state, &understood, text)
}

fn asked(lang: Lang) -> Question {
    Question { lang, phase: Phase::Pitch, about: Intent::AskQuestion, words: "?".into(), refusing: false }
}

fn reply(text: &str) -> Reply {
    let tokens = Some(Tokens { prompt: 400, completion: 30 });
    Reply { model: "small".into(), millis: 120, tokens, text: Ok(text.to_owned()) }
}

fn answered(lang: Lang, answer: &str) -> Advice {
    answered_from(if lang == Lang::JA { FACTS } else { ENGLISH_FACTS }, lang, answer)
}

fn answered_from(facts: &str, lang: Lang, answer: &str) -> Advice {
    let text = serde_json::json!({ "intent": "ask_question", "answer": answer }).to_string();
    ENGINE.advice(&asked(lang), facts, reply(&text))
}

#[track_caller]
fn passes(lang: Lang, answer: &str) {
    let advice = answered(lang, answer);
    assert_eq!((advice.answer.as_deref(), advice.objection), (Some(answer), None));
}

#[track_caller]
fn is_refused(lang: Lang, answer: &str, why: Objection) {
    let advice = answered(lang, answer);
    assert_eq!((advice.answer.as_deref(), advice.objection), (None, Some(why)), "{answer}");
}

#[test]
fn what_the_engine_knows_is_not_asked() {
    for (lang, phase, text) in [
        (Lang::EN, Phase::Pitch, "we are not interested thank you"),
        (Lang::EN, Phase::Pitch, "take us off your list and never call again"),
        (Lang::EN, Phase::Opening, "you have the wrong number"),
        (Lang::EN, Phase::Pitch, "are you a robot let me talk to a real person"),
        (Lang::EN, Phase::Pitch, "sure go ahead"),
        (Lang::JA, Phase::Pitch, "結構です"),
        (Lang::JA, Phase::Pitch, "もう二度とかけてこないでください"),
        (Lang::JA, Phase::Opening, "番号違いですよ"),
        (Lang::JA, Phase::Pitch, "はいお願いします"),
    ] {
        assert_eq!(question(lang, phase, text), None, "{text}");
    }
}

#[test]
fn what_it_does_not_know_and_questions_are_asked_while_it_talks() {
    let unknown = question(Lang::EN, Phase::Pitch, BABBLE).unwrap();
    assert_eq!((unknown.about, unknown.refusing, unknown.words.as_str()), (Intent::Unknown, false, BABBLE));
    assert_eq!(question(Lang::JA, Phase::Pitch, "おいくらですか").unwrap().about, Intent::AskQuestion);
    for phase in [Phase::Holding, Phase::Closing] {
        assert_eq!(question(Lang::EN, phase, BABBLE), None, "{phase}");
    }
}

#[test]
fn a_prompt_holds_the_phase_the_words_and_the_facts_and_nothing_else() {
    let question = question(Lang::EN, Phase::Pitch, BABBLE).unwrap();
    let prompt = ENGINE.prompt(&question, "").unwrap();
    let user: serde_json::Value = serde_json::from_str(&prompt.user).unwrap();
    let keys: Vec<&str> = user.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["phase", "utterance"]);
    let prompt = ENGINE.prompt(&question, &"x".repeat(10_000)).unwrap();
    let user: serde_json::Value = serde_json::from_str(&prompt.user).unwrap();
    assert_eq!(user["facts"].as_str().unwrap().len(), 4000);
    assert_eq!(user["utterance"], BABBLE);
    assert_eq!(ENGINE.prompt(&asked(Lang::JA), "  "), None, "there is nothing to answer from");
}

#[test]
fn names_and_numbers_that_were_said_are_left_out() {
    let state = state(Lang::JA, Phase::Pitch);
    let text = "佐藤と申しますが03-1234-5678でおいくらですか";
    let mut understood = ENGINE.understand(Lang::JA, Phase::Pitch, text, None);
    understood.intent = Intent::Unknown;
    understood.also.clear();
    understood.slots.name = Some("佐藤".into());
    let words = ENGINE.question(&state, &understood, text).unwrap().words;
    assert!(!words.contains("佐藤") && !words.contains("1234") && words.contains("おいくら"), "{words}");
}

#[test]
fn a_number_that_was_spoken_out_is_not_sent() {
    let words = |lang, text: &str| {
        let mut understood = ENGINE.understand(lang, Phase::Pitch, text, None);
        understood.intent = Intent::Unknown;
        ENGINE.question(&state(lang, Phase::Pitch), &understood, text).map(|question| question.words)
    };
    for (lang, text) in [
        (Lang::JA, "まるきゅうまるのいちにさんよんのごろくななはちでおいくらですか"),
        (Lang::JA, "ゼロサンの1234の5678でおいくらですか"),
        (Lang::JA, "内線さんいちで31日におねがい"),
        (Lang::JA, "03-1234-5678かまるきゅうまるのいちにさんよんのごろくななはちです"),
        (Lang::EN, "the blue one oh three one two three four five six seven eight"),
        (Lang::EN, "extension two oh four the blue left"),
        (Lang::EN, "it's 555 012 3456 or oh three one two three four five six seven eight"),
    ] {
        assert_eq!(words(lang, text), None, "{text}");
    }
    assert_eq!(words(Lang::JA, "内線２０４でおいくら").as_deref(), Some("内線…でおいくら"));
    assert_eq!(words(Lang::JA, "内線番号は二〇四でおいくら").as_deref(), Some("内線番号は…でおいくら"));
    assert_eq!(words(Lang::EN, "on 555 012 3456 what").as_deref(), Some("on …what"));
    assert_eq!(words(Lang::EN, "the 2 on the left").as_deref(), Some("the 2 on the left"));
}

#[test]
fn an_answer_from_the_facts_passes() {
    passes(Lang::JA, "月額980円です。初期費用は無料です。");
    passes(Lang::JA, "料金は月九百八十円でございます。");
    passes(Lang::JA, "導入まで約二週間です。");
    passes(Lang::EN, "It costs 30 dollars a month per clinic.");
    passes(Lang::EN, "It is thirty dollars a month, and the first month is free.");
    passes(Lang::EN, "The setup takes 10 business days.");
}

#[test]
fn an_answer_beyond_the_facts_is_refused() {
    is_refused(Lang::JA, "月額500円です。", Objection::Number);
    is_refused(Lang::JA, "月額980ドルです。", Objection::Number);
    is_refused(Lang::JA, "導入まで三日です。", Objection::Number);
    is_refused(Lang::JA, "必ず売上が上がります。", Objection::Claim);
    is_refused(Lang::JA, "今なら割引があります。", Objection::Claim);
    is_refused(Lang::JA, "来週には始められます。", Objection::Claim);
    is_refused(Lang::EN, "It costs 20 dollars a month.", Objection::Number);
    is_refused(Lang::EN, "It costs 30 dollars for ten years.", Objection::Number);
    is_refused(Lang::EN, "It is twenty dollars a month.", Objection::Number);
    is_refused(Lang::EN, "We guarantee the results.", Objection::Claim);
    is_refused(Lang::EN, "The first month is not free.", Objection::Claim);
    is_refused(Lang::EN, "There is a cancellation fee.", Objection::Claim);
    is_refused(Lang::EN, "You can start tomorrow.", Objection::Claim);
}

#[test]
fn a_number_counts_the_same_as_in_the_facts() {
    let objection = |facts, lang, answer| answered_from(facts, lang, answer).objection;
    for (facts, lang, answer) in [
        ("Setup takes 30 days", Lang::EN, "It is 30 quid a month."),
        ("Setup takes 30 days", Lang::EN, "It costs EUR 30."),
        ("Setup takes 30 days", Lang::EN, "It costs usd 30 a month."),
        ("Setup takes 30 days", Lang::EN, "It is 30 guilders a month."),
        ("Setup takes 30 days", Lang::JA, "30です。"),
        ("Setup takes 30 days", Lang::JA, "30個です。"),
        ("30 days, 30 dollars", Lang::EN, "It is 30."),
        ("It costs 20 dollars 30 times", Lang::EN, "It is 30 dollars."),
        ("It costs JPY 980", Lang::JA, "980ドルです。"),
    ] {
        assert_eq!(objection(facts, lang, answer), Some(Objection::Number), "{answer}");
    }
    for (facts, lang, answer) in [
        ("Setup takes 30 days", Lang::EN, "The days it takes are 30."),
        ("It costs JPY 980", Lang::JA, "980円です。"),
        ("It costs EUR 30 a month", Lang::EN, "It is 30 euros a month."),
        ("月額￥980", Lang::JA, "月額980円です。"),
        ("It costs £30", Lang::EN, "It is 30 quid."),
        ("3つのプランがあります", Lang::JA, "3つのプランがあります。"),
        ("It has 3 plans", Lang::EN, "It has three plans."),
    ] {
        assert_eq!(objection(facts, lang, answer), None, "{answer}");
    }
}

#[test]
fn a_denial_is_one_and_reaches_no_further_than_its_line() {
    for (facts, lang, answer) in [
        ("No setup fee\nCancellation costs 50 dollars", Lang::EN, "There is no cancellation fee."),
        ("No setup fee! Cancellation costs 50 dollars", Lang::EN, "There is no cancellation fee."),
        ("Setup fee? No: cancellation costs 50 dollars", Lang::EN, "There is no cancellation fee."),
        ("解約金\n初期費用はなし", Lang::JA, "解約金はありません。"),
        ("解約金：なし", Lang::JA, "解約金がかかります。"),
        ("解約金はあります", Lang::JA, "解約金はありません。"),
        ("解約はできます", Lang::JA, "解約はできません。"),
        ("割引はございません", Lang::JA, "割引があります。"),
        ("解約金はかかりません", Lang::JA, "解約金がかかります。"),
    ] {
        assert_eq!(answered_from(facts, lang, answer).objection, Some(Objection::Claim), "{facts}");
    }
    for facts in ["解約金：なし", "初期費用：5,000円\n解約金はありません"] {
        assert_eq!(answered_from(facts, Lang::JA, "解約金はありません。").objection, None, "{facts}");
    }
}

#[test]
fn an_answer_that_is_not_fit_to_be_spoken_is_refused() {
    is_refused(Lang::JA, "<speak>月額980円です。</speak>", Objection::Characters);
    is_refused(Lang::JA, "{{companyName}}は月額980円です。", Objection::Characters);
    is_refused(Lang::JA, "月額\u{202e}980円です。", Objection::Characters);
    is_refused(Lang::JA, "月額980円です。\n初期費用は無料です。", Objection::Characters);
    is_refused(Lang::JA, "詳しくは example.jp です。", Objection::Address);
    is_refused(Lang::EN, "You can see it at https://example.com", Objection::Address);
    is_refused(Lang::EN, "It is 30 dollars a month. Shall I connect you?", Objection::Asks);
    is_refused(Lang::JA, "It costs 980 yen a month.", Objection::Language);
    is_refused(Lang::EN, "Das kostet wenig Geld im Monat", Objection::Language);
    is_refused(Lang::EN, "月額30ドルです。", Objection::Characters);
    is_refused(Lang::EN, "It is good. It is fine. It is nice.", Objection::TooLong);
    is_refused(Lang::JA, &"とても良いです".repeat(40), Objection::TooLong);
}

#[test]
fn what_is_not_what_was_asked_for_is_refused() {
    let babble = question(Lang::EN, Phase::Pitch, BABBLE).unwrap();
    let objects = |text: &str| ENGINE.advice(&babble, "", reply(text)).objection;
    assert_eq!(objects("Sure! The customer agrees."), Some(Objection::Malformed));
    assert_eq!(objects("{\"intent\": 3}"), Some(Objection::Malformed));
    assert_eq!(objects("}{"), Some(Objection::Malformed));
    assert_eq!(objects("{\"intent\": \"buy\"}"), Some(Objection::UnknownIntent));
    let fenced =
        ENGINE.advice(&babble, "", reply("```json\n{\"intent\": \"busy_now\", \"answer\": null}\n```"));
    assert_eq!((fenced.intent, fenced.objection), (Some(Intent::BusyNow), None));
    assert_eq!(ENGINE.advice(&babble, "", reply("{\"intent\": \"unknown\"}")).intent, None);
    let late = Reply { text: Err(Failure::Late), ..reply("") };
    assert_eq!(ENGINE.advice(&babble, "", late).failure, Some(Failure::Late));
}

/// Whatever the model says, words of a refusal are not turned into assent: neither when its reply is checked nor when an advice
/// comes from elsewhere.
#[test]
fn a_refusal_is_never_turned_into_assent() {
    let suits = [
        Intent::DoNotCall,
        Intent::WrongNumber,
        Intent::Reject,
        Intent::Negate,
        Intent::Goodbye,
        Intent::Voicemail,
        Intent::BusyNow,
        Intent::Absent,
    ];
    for (lang, text) in [(Lang::EN, "not the blue one on the left"), (Lang::JA, "青いのはいらんわあれがその")]
    {
        let state = state(lang, Phase::Pitch);
        let mut understood = ENGINE.understand(lang, Phase::Pitch, text, Some(0.9));
        understood.intent = Intent::Unknown;
        let question = ENGINE.question(&state, &understood, text).unwrap();
        assert!(question.refusing, "{text}");
        for intent in Intent::ALL.iter().copied() {
            let advice = ENGINE.advice(&question, "", reply(&format!("{{\"intent\": \"{intent}\"}}")));
            let expected = match intent {
                Intent::Unknown => (None, None),
                suiting if suits.contains(&suiting) => (Some(suiting), None),
                _ => (None, Some(Objection::AssentOverRefusal)),
            };
            assert_eq!((advice.intent, advice.objection), expected, "{text}");
            if expected.0.is_some() {
                continue;
            }
            let forced = Advice { intent: Some(intent), objection: None, ..advice };
            let input = Input::Advised { text, confidence: Some(0.9), advice: &forced };
            let plain = Input::Heard { text, confidence: Some(0.9) };
            let (profile, limits) = (Profile { lang, ..Profile::default() }, ENGINE.limits());
            assert_eq!(
                ENGINE.step(&state, &input, &profile, limits),
                ENGINE.step(&state, &plain, &profile, limits),
                "{text}"
            );
        }
    }
}

fn step(state: &State, text: &str, advice: &Advice) -> tsunagu_conversation::Decision {
    let input = Input::Advised { text, confidence: Some(0.9), advice };
    ENGINE.step(state, &input, &Profile { lang: state.lang, ..Profile::default() }, ENGINE.limits())
}

#[test]
fn what_the_engine_did_not_know_is_what_the_model_says() {
    let state = state(Lang::EN, Phase::Pitch);
    let question = question(Lang::EN, Phase::Pitch, BABBLE).unwrap();
    let advice = ENGINE.advice(&question, "", reply("{\"intent\": \"affirm\"}"));
    let decision = step(&state, BABBLE, &advice);
    assert!(decision.advised && matches!(decision.then, Then::HandOver { .. }), "{decision:?}");
    assert_eq!(decision.understanding.unwrap().intent, Intent::Affirm);
    let elsewhere = State { phase: Phase::Opening, ..state.clone() };
    let late = step(&elsewhere, BABBLE, &advice);
    assert!(
        !late.advised && late.understanding.unwrap().intent == Intent::Unknown,
        "it was meant for the pitch"
    );
}

#[test]
fn an_answer_is_spoken_in_place_of_the_template_and_the_question_follows() {
    let state = state(Lang::JA, Phase::Pitch);
    let decision = step(&state, "おいくらですか", &answered(Lang::JA, "月額980円です。"));
    assert!(decision.advised);
    assert_eq!(
        (decision.say[0].template.as_str(), decision.say[0].text.as_str()),
        ("question_answer", "月額980円です。")
    );
    assert!(decision.say.len() > 1 && matches!(decision.then, Then::Listen(_)));
    let plain = step(&state, "おいくらですか", &answered(Lang::JA, "月額500円です。"));
    assert!(!plain.advised && !plain.say[0].text.contains("500"), "{plain:?}");
}

#[test]
fn an_advice_changes_nothing_where_the_engine_heard_a_refusal() {
    let state = state(Lang::JA, Phase::Pitch);
    let forced = Advice { intent: Some(Intent::Affirm), ..answered(Lang::JA, "月額980円です。") };
    for text in ["結構です", "もう二度とかけてこないでください", "番号違いですよ", "人に代わってください"]
    {
        let plain = Input::Heard { text, confidence: Some(0.9) };
        let profile = Profile { lang: Lang::JA, ..Profile::default() };
        assert_eq!(
            step(&state, text, &forced),
            ENGINE.step(&state, &plain, &profile, ENGINE.limits()),
            "{text}"
        );
    }
}
