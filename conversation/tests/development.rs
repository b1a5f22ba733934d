//! How well the engine understands utterances that it was not trained on.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use tsunagu_conversation::{Engine, Intent, Report, evaluate, read_labelled};

fn report(text: &str) -> Report {
    let lines = read_labelled(text).unwrap();
    evaluate(&Engine::embedded().unwrap(), lines.into_iter())
}

/// The set by which patterns and thresholds were chosen. Nothing is trained on it.
#[test]
fn the_development_set() {
    let report = report(include_str!("data/development.jsonl"));
    assert!(report.all.total >= 300);
    assert!(report.all.accuracy >= 0.93, "{report}");
    for intent in [Intent::DoNotCall, Intent::Reject, Intent::AskHuman] {
        let row = report.intents.iter().find(|row| row.intent == intent).unwrap();
        assert!(row.recall.unwrap() >= 0.97, "{intent}\n{report}");
    }
}

#[test]
fn every_intent_phase_and_language_is_in_it() {
    let report = report(include_str!("data/development.jsonl"));
    assert_eq!(report.intents.iter().filter(|row| row.support > 0).count(), Intent::ALL.len());
    assert_eq!(report.phases.len(), 6);
    assert_eq!(report.languages.len(), 2);
}
