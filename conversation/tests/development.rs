//! How well the engine understands utterances that it was not trained on.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use tsunagu_conversation::{Engine, Intent, Report, evaluate, read_labelled};

fn report(text: &str) -> Report {
    let lines = read_labelled(text).unwrap();
    evaluate(&Engine::embedded().unwrap(), lines.into_iter())
}

/// A quarter of what four authors wrote, split off by `examples/split.rs`. Nothing is trained on it. What is asked here is a
/// little less than what was reached: it is to be seen when that gets worse. The wish is 95 %, and 97 % of the three.
#[test]
fn the_development_set() {
    let report = report(include_str!("data/development.jsonl"));
    assert!(report.all.total >= 600);
    assert!(report.all.accuracy >= 0.90, "{report}");
    for (intent, least) in
        [(Intent::DoNotCall, 0.93), (Intent::Reject, 0.93), (Intent::AskHuman, 0.93), (Intent::Unknown, 0.85)]
    {
        let row = report.intents.iter().find(|row| row.intent == intent).unwrap();
        assert!(row.recall.unwrap() >= least, "{intent}\n{report}");
    }
}

#[test]
fn every_intent_phase_and_language_is_in_it() {
    let report = report(include_str!("data/development.jsonl"));
    assert_eq!(report.intents.iter().filter(|row| row.support > 0).count(), Intent::ALL.len());
    assert_eq!(report.phases.len(), 6);
    assert_eq!(report.languages.len(), 2);
}
