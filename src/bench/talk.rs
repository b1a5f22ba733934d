//! What customers say while the server is measured: a talk that visits every phase and comes round to its beginning,
//! so that a call can go on with it for ever.

use std::sync::LazyLock;
use tsunagu_conversation::Phase;
use tsunagu_twiml::webhook::Form;

/// The talk, and in which phase each sentence is heard. It begins where a call begins.
pub const TALK: [(Phase, &str); 14] = [
    (Phase::Opening, "はい、山田商事でございます。"),
    (Phase::Purpose, "恐れ入りますが、どちら様でしょうか"),
    (Phase::Purpose, "どのようなご用件でしょうか"),
    (Phase::Purpose, "すみません、お電話が遠いようで、もう一度おっしゃっていただけますか"),
    (Phase::Purpose, "はい、総務におつなぎしますので、少々お待ちください"),
    (Phase::Holding, "お待たせしました、お電話代わりました"),
    (Phase::Pitch, "それは月額おいくらぐらいなんですか"),
    (Phase::Pitch, "なるほど"),
    (Phase::Pitch, "えっと、ちょっと聞き取れませんでした"),
    (Phase::Pitch, "今使っているサービスと何が違うんですか"),
    (Phase::Pitch, "あいにく担当の者は席を外しておりまして"),
    (Phase::Callback, "あ、ちょうど戻りました、私が担当の佐藤です"),
    (Phase::Pitch, "少々お待ちください、別の者に代わります"),
    (Phase::Holding, "もしもし"),
];

/// The sentences of [`TALK`] as they stand at the end of a form's body, encoded once.
static ENCODED: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    TALK.iter()
        .map(|(_, text)| {
            let form = Form::new().with("SpeechResult", text).with("Confidence", CONFIDENCE);
            (*text, format!("&{}", form.to_body()))
        })
        .collect()
});

/// How sure the recogniser is of each.
pub const CONFIDENCE: &str = "0.91";

/// The sentence at this place, and the end of a form's body that says it. The talk goes round.
pub fn sentence(place: usize) -> (&'static str, &'static str) {
    ENCODED.get(place % TALK.len()).map_or(("", ""), |(text, body)| (text, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_conversation::{Engine, Input, Lang, Limits, Profile, Then};

    #[test]
    fn the_talk_goes_on_for_ever() {
        let engine = Engine::embedded().unwrap();
        let limits = Limits { max_turns: u16::MAX, max_inputs: u16::MAX, ..Limits::default() };
        let profile =
            Profile { lang: Lang::JA, company_name: "青空システム".into(), ..Profile::default() };
        let mut state = engine.open(&profile).state;
        for turn in 0..100 * TALK.len() {
            let (phase, text) = TALK[turn % TALK.len()];
            assert_eq!(state.phase, phase, "turn {turn}: {text}");
            let decision =
                engine.step(&state, &Input::Heard { text, confidence: Some(0.91) }, &profile, &limits);
            let heard = decision.understanding.as_ref().map(|heard| heard.intent);
            assert!(
                matches!(decision.then, Then::Listen(_)),
                "turn {turn}: {text} was {heard:?}: {:?}",
                decision.then
            );
            state = decision.state;
        }
    }

    #[test]
    fn a_sentence_reads_as_it_was_written() {
        for place in 0..2 * TALK.len() {
            let (text, body) = sentence(place);
            let form = Form::parse(body.as_bytes()).unwrap();
            assert_eq!((form.get("SpeechResult"), form.get("Confidence")), (Some(text), Some(CONFIDENCE)));
        }
    }
}
