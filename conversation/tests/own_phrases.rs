//! A company's own phrases count at once, and what must not be missed is not configured away.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::sync::{Arc, OnceLock};

use tsunagu_conversation::Phase::{Opening, Pitch};
use tsunagu_conversation::{
    EMBEDDED, Engine, EvidenceKind, Intent, Lang, MAX_OWN_PHRASES, Own, OwnPhrases, Phase, Profile,
    Understanding, explain,
};

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::embedded().unwrap())
}

fn own(lang: Lang, phrases: &[(Intent, &str)]) -> OwnPhrases {
    engine().own_phrases(lang, phrases.iter().copied())
}

fn heard(own: &OwnPhrases, lang: Lang, phase: Phase, text: &str) -> Understanding {
    engine().understand_with(own, lang, phase, text, None)
}

const HOUSE: &str = "本社のほうで一括なんで";

#[test]
fn the_very_phrase_gets_its_intent_and_says_why() {
    let phrases = own(Lang::JA, &[(Intent::Absent, "  本社のほうで、一括なんで。 ")]);
    let understood = heard(&phrases, Lang::JA, Opening, HOUSE);
    assert_eq!(understood.intent, Intent::Absent);
    assert!(understood.score > 0.9);
    assert_eq!(understood.evidence[0].kind, EvidenceKind::Own);
    let told = explain(&understood);
    assert!(
        told.contains(
            "the company's own phrase \u{201c}本社のほうで、一括なんで。\u{201d} for absent (100 %)"
        ),
        "{told}"
    );
    // Another company's meaning of it, and in another language.
    let phrases = own(Lang::JA, &[(Intent::Negate, HOUSE)]);
    assert_eq!(heard(&phrases, Lang::JA, Opening, HOUSE).intent, Intent::Negate);
    let phrases = own(Lang::EN, &[(Intent::WrongNumber, "try the depot on the hill")]);
    assert_eq!(heard(&phrases, Lang::EN, Opening, "Try the depot on the hill.").intent, Intent::WrongNumber);
}

#[test]
fn what_is_like_a_phrase_or_holds_it_counts_as_well() {
    let phrases = own(Lang::EN, &[(Intent::WrongNumber, "you want the depot on the hill")]);
    for text in ["you want depot on the hill", "sorry love you want the depot on the hill not us"] {
        let understood = heard(&phrases, Lang::EN, Opening, text);
        assert_eq!(understood.intent, Intent::WrongNumber, "{}", explain(&understood));
        assert!(understood.evidence.iter().any(|item| item.kind == EvidenceKind::Own && item.weight < 1.0));
    }
    let phrases = own(Lang::JA, &[(Intent::WrongNumber, "ろくろの窯は山の向こうです")]);
    let understood = heard(&phrases, Lang::JA, Opening, "ろくろの窯は山の向こうですよ");
    assert_eq!(understood.intent, Intent::WrongNumber, "{}", explain(&understood));
}

#[test]
fn what_is_unlike_them_is_understood_as_before() {
    let phrases = own(Lang::JA, &[(Intent::Absent, HOUSE), (Intent::Negate, "うちは社長が全部やってます")]);
    for (phase, text) in [(Opening, "担当は外出しております"), (Pitch, "いくらですか"), (Opening, "結構です")]
    {
        let plain = engine().understand(Lang::JA, phase, text, None);
        assert_eq!(heard(&phrases, Lang::JA, phase, text), plain, "{text}");
    }
    assert!(own(Lang::JA, &[]).is_empty() && own(Lang::JA, &[(Intent::Affirm, " 。 ")]).is_empty());
}

#[test]
fn nobody_who_wants_no_more_calls_is_overruled() {
    let never = "もう二度とかけてこないでください";
    let phrases = own(Lang::JA, &[(Intent::Affirm, never), (Intent::Affirm, "お断りしますと言ってますよね")]);
    assert_eq!(heard(&phrases, Lang::JA, Opening, never).intent, Intent::DoNotCall);
    // Who clearly declines is overruled by the very phrase only, not by one that is like it.
    assert_eq!(heard(&phrases, Lang::JA, Opening, "お断りしますと言ってますよ").intent, Intent::Reject);
}

#[test]
fn what_is_denied_is_not_like_a_phrase() {
    let phrases = own(Lang::JA, &[(Intent::AskHuman, "店の者に替わって")]);
    let text = "店の者に替わってというわけではないんですけど今忙しくて";
    assert_ne!(heard(&phrases, Lang::JA, Opening, text).intent, Intent::AskHuman);
}

#[test]
fn so_many_count_and_no_more() {
    let many: Vec<(Intent, String)> = (0..=MAX_OWN_PHRASES)
        .map(|index| {
            (
                Intent::Absent,
                format!(
                    "ろくろ回しの{}番窯",
                    "あいうえお".repeat(1 + index / 5).as_str().to_owned() + &"か".repeat(index % 5)
                ),
            )
        })
        .collect();
    let phrases = engine().own_phrases(Lang::JA, many.iter().map(|(intent, text)| (*intent, text.as_str())));
    let evidence = |text: &str| heard(&phrases, Lang::JA, Opening, text).evidence;
    assert!(evidence(&many[0].1).iter().any(|item| item.kind == EvidenceKind::Own && item.weight == 1.0));
    assert!(
        evidence(&many[MAX_OWN_PHRASES].1)
            .iter()
            .all(|item| item.kind != EvidenceKind::Own || item.weight < 1.0)
    );
    // The longest text is bounded like any other.
    engine().own_phrases(Lang::JA, [(Intent::Absent, "あ".repeat(100_000).as_str())].into_iter());
}

/// A script of its own counts for the opening and for what follows; in another language it does not.
#[test]
fn a_script_of_its_own_is_gone_by_in_its_language() {
    let text = EMBEDDED.iter().find(|source| source.name == "ja/script.toml").unwrap().text;
    let text = text.replace("prompt = [\"initial\"]", "prompt = [\"greet_again\", \"request\"]");
    let script = engine().own_script(Lang::JA, "own.toml", &text).unwrap();
    let own = Own { script: Some(Arc::new(script)), ..Own::default() };
    let said = |lang| {
        let opened = engine().open_with(&own, &Profile { lang, ..Profile::default() });
        opened.say.into_iter().map(|line| line.template).collect::<Vec<_>>()
    };
    assert_eq!(
        (said(Lang::JA), said(Lang::EN)),
        (vec!["greet_again".into(), "request".into()], vec!["initial".into()])
    );
    let wrong = engine().own_script(Lang::JA, "own.toml", &text.replace("do = \"hold\"", "do = \"hodl\""));
    let wrong = wrong.unwrap_err();
    assert!(wrong.to_string().starts_with("own.toml: "), "{wrong}");
    let french = engine().own_script("fr".parse().unwrap(), "own.toml", &text).unwrap_err();
    assert_eq!(french.to_string(), "fr/templates.toml is missing");
}
