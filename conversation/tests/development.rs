//! How well the engine understands utterances that it was not trained on.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use tsunagu_conversation::{Engine, Intent, Report, evaluate, read_labelled};

fn report(text: &str) -> Report {
    let lines = read_labelled(text).unwrap();
    evaluate(&Engine::embedded().unwrap(), lines.into_iter())
}

/// Refusals, and the wish for a person, are what must not be missed.
fn check(report: &Report, accuracy: f64, three: f64, unknown: f64) {
    assert!(report.all.accuracy >= accuracy, "{report}");
    for (intent, least) in [
        (Intent::DoNotCall, three),
        (Intent::Reject, three),
        (Intent::AskHuman, three),
        (Intent::Unknown, unknown),
    ] {
        let row = report.intents.iter().find(|row| row.intent == intent).unwrap();
        assert!(row.recall.unwrap() >= least, "{intent}\n{report}");
    }
}

/// A quarter of what four authors wrote, split off by `examples/split.rs`. Nothing is trained on it.
#[test]
fn the_development_set() {
    let report = report(include_str!("data/development.jsonl"));
    assert!(report.all.total >= 600);
    check(&report, 0.95, 0.95, 0.95);
}

/// By an author who saw none of the examples, and of whom nobody saw more than the figures.
#[test]
fn the_third_exam() {
    check(&report(include_str!("data/third-exam.jsonl")), 0.95, 0.97, 0.95);
}

/// By two further authors, who saw no example either. Nothing was changed by its figures.
#[test]
fn the_fourth_exam() {
    check(&report(include_str!("data/fourth-exam.jsonl")), 0.95, 0.97, 0.90);
}

#[test]
fn every_intent_phase_and_language_is_in_it() {
    let report = report(include_str!("data/development.jsonl"));
    assert_eq!(report.intents.iter().filter(|row| row.support > 0).count(), Intent::ALL.len());
    assert_eq!(report.phases.len(), 6);
    assert_eq!(report.languages.len(), 2);
}
