//! What holds for every input in every state that can be reached.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::sync::OnceLock;

use proptest::{prelude::*, test_runner::RngSeed};
use tsunagu_conversation::{
    Decision, Engine, Input, Intent, Lang, Limits, Mark, Outcome, Phase, Profile, Then, read_labelled,
};

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::embedded().unwrap())
}

fn utterances() -> &'static [String] {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let lines = read_labelled(include_str!("data/development.jsonl")).unwrap();
        lines.into_iter().map(|line| line.text).collect()
    })
}

#[derive(Debug, Clone)]
enum Happening {
    Heard(String, Option<f32>),
    Other(Input<'static>),
}

impl Happening {
    fn input(&self) -> Input<'_> {
        match self {
            Happening::Heard(text, confidence) => Input::Heard { text, confidence: *confidence },
            Happening::Other(input) => *input,
        }
    }
}

fn happening() -> impl Strategy<Value = Happening> {
    let known = (0..utterances().len(), prop::option::of(0.0f32..=1.0))
        .prop_map(|(index, confidence)| Happening::Heard(utterances()[index].clone(), confidence));
    let other = prop::sample::select(vec![
        Input::Silence,
        Input::Key('0'),
        Input::Key('7'),
        Input::HoldingOver,
        Input::Machine,
        Input::HandoverRequested,
        Input::Comfort,
        Input::HandoverFailed,
        Input::AgentAccepted,
        Input::AgentLeft,
    ]);
    prop_oneof![
        6 => known,
        1 => ".{0,60}".prop_map(|text| Happening::Heard(text, None)),
        3 => other.prop_map(Happening::Other),
    ]
}

fn profile(lang: Lang) -> Profile {
    Profile { lang, company_name: "つなぐ".into(), ..Profile::default() }
}

fn lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(vec![Lang::JA, Lang::EN])
}

fn over(decision: &Decision) -> bool {
    matches!(decision.then, Then::End { .. })
}

/// As many cases as PROPTEST_CASES says; without it always the same.
fn config() -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => usual,
        None => ProptestConfig { rng_seed: RngSeed::Fixed(1), ..usual },
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_talk_of_anything_ends_and_says_goodbye_once(lang in lang(), inputs in prop::collection::vec(happening(), 1..60)) {
        let (engine, profile, limits) = (engine(), profile(lang), Limits::default());
        let mut decision = engine.open(&profile);
        let mut closings = 0;
        for happening in &inputs {
            let was_over = over(&decision);
            decision = engine.step(&decision.state, &happening.input(), &profile, &limits);
            closings += usize::from(over(&decision) && !decision.say.is_empty());
            prop_assert!(!was_over || (over(&decision) && decision.say.is_empty()));
            prop_assert!(decision.say.iter().all(|line| !line.text.is_empty() && !line.text.contains("{{")));
            if let Then::Listen(listen) = &decision.then {
                prop_assert!(listen.timeout_secs >= 1);
                prop_assert!(!decision.state.waiting() || listen.timeout_secs <= 4);
                prop_assert!(!listen.holding || decision.state.phase == Phase::Holding);
            }
            let json = serde_json::to_string(&decision).unwrap();
            prop_assert_eq!(serde_json::from_str::<Decision>(&json).unwrap().state, decision.state.clone());
        }
        prop_assert!(closings <= 1);
    }

    #[test]
    fn a_talk_in_circles_ends(lang in lang(), circle in prop::collection::vec(happening(), 1..5)) {
        let (engine, profile, limits) = (engine(), profile(lang), Limits::default());
        let mut decision = engine.open(&profile);
        let turns = circle.iter().cycle().take(usize::from(limits.max_inputs) + 2);
        for happening in turns {
            decision = engine.step(&decision.state, &happening.input(), &profile, &limits);
            if over(&decision) || decision.then == Then::Connect {
                break;
            }
        }
        prop_assert!(over(&decision) || decision.then == Then::Connect, "{:?}", decision);
    }

    #[test]
    fn never_again_always_ends_with_the_mark(lang in lang(), inputs in prop::collection::vec(happening(), 0..8)) {
        let (engine, profile, limits) = (engine(), profile(lang), Limits::default());
        let mut decision = engine.open(&profile);
        for happening in &inputs {
            decision = engine.step(&decision.state, &happening.input(), &profile, &limits);
        }
        prop_assume!(decision.then != Then::Connect);
        let text = if lang == Lang::JA { "もう二度とかけてこないでください" } else { "never call us again" };
        let heard = Input::Heard { text, confidence: Some(0.3) };
        decision = engine.step(&decision.state, &heard, &profile, &limits);
        prop_assert_eq!(decision.understanding.as_ref().unwrap().intent, Intent::DoNotCall);
        let marked = matches!(decision.then, Then::End { outcome: Outcome::Rejected, mark: Some(Mark::DoNotCall), .. });
        prop_assert!(marked, "{:?}", decision);
    }

    #[test]
    fn text_of_any_kind_is_understood_as_something(lang in lang(), text in "(?s).{0,2000}", confidence in prop::option::of(any::<f32>())) {
        let phases = Phase::ALL.iter().copied();
        for phase in phases {
            let heard = engine().understand(lang, phase, &text, confidence);
            prop_assert!((0.0..=1.0).contains(&heard.score));
            prop_assert_eq!(&heard, &engine().understand(lang, phase, &text, confidence));
        }
    }
}
