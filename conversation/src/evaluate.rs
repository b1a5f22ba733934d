//! How well the engine understands: labelled utterances in, figures out.

mod report;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::intent::Intent;
use crate::lang::Lang;
use crate::phase::Phase;

pub use report::{Band, Mistake, Rate, Report, Row};

/// A labelled utterance: one line of a JSONL file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// Names it in the report.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// The language.
    pub lang: Lang,
    /// What the AI said last.
    pub phase: Phase,
    /// What was heard.
    pub text: String,
    /// What it means.
    pub intent: Intent,
}

/// A line that is no labelled utterance.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not an object {{id, lang, phase, text, intent}}")]
pub struct LabelledError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What the JSON reader says.
    #[source]
    pub source: serde_json::Error,
}

/// Reads a JSONL text, one labelled utterance a line. Empty lines are passed over.
///
/// # Errors
/// At the first line that is no labelled utterance, with its number.
pub fn read_labelled(text: &str) -> Result<Vec<Labelled>, LabelledError> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|source| LabelledError { line: index + 1, source })
        })
        .collect()
}

/// Has the engine understand each utterance and compares it with its label.
pub fn evaluate(engine: &Engine, lines: impl Iterator<Item = Labelled>) -> Report {
    let mut report = Report::default();
    for line in lines {
        let heard = engine.understand(line.lang, line.phase, &line.text, None);
        let right = heard.intent == line.intent;
        report.all.count(right);
        report.languages.entry(line.lang).or_default().count(right);
        report.phases.entry(line.phase).or_default().count(right);
        let row: &mut BTreeMap<Intent, usize> = report.confusion.entry(line.intent).or_default();
        *row.entry(heard.intent).or_default() += 1;
        if heard.intent != Intent::Unknown {
            report.calibrate(heard.score, right);
        }
        if !right {
            report.mistakes.push(Mistake { heard: heard.intent, score: heard.score, line });
        }
    }
    report.sum_up();
    report
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(i64),
    }
    Ok(match Id::deserialize(from)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_names_the_bad_one() {
        let good = r#"{"id":"a","lang":"ja","phase":"opening","text":"はい","intent":"acknowledge"}"#;
        let number = r#"{"id":7,"lang":"en","phase":"pitch","text":"yes","intent":"affirm","note":"x"}"#;
        let lines = read_labelled(&format!("{good}\n\n{number}\n")).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].id, "7");
        let error = read_labelled(&format!("{good}\n\n{{\"id\":1}}\n")).unwrap_err();
        assert_eq!(error.line, 3);
        assert!(error.to_string().contains("line 3"));
    }

    #[test]
    fn counts_what_was_right() {
        let engine = Engine::embedded().unwrap();
        let line = |text: &str, intent| Labelled {
            id: text.to_owned(),
            lang: Lang::EN,
            phase: Phase::Opening,
            text: text.to_owned(),
            intent,
        };
        let lines = [
            line("we are not interested", Intent::Reject),
            line("take us off your list", Intent::DoNotCall),
            line("we are not interested", Intent::Goodbye),
        ];
        let report = evaluate(&engine, lines.into_iter());
        assert_eq!((report.all.right, report.all.total), (2, 3));
        assert_eq!(report.mistakes.len(), 1);
        let reject = report.intents.iter().find(|row| row.intent == Intent::Reject).unwrap();
        assert_eq!((reject.support, reject.found, reject.right), (1, 2, 1));
        assert_eq!(reject.precision, Some(0.5));
        assert_eq!(reject.recall, Some(1.0));
        let text = report.to_string();
        assert!(text.contains("2 of 3"), "{text}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["all"]["total"], 3);
        assert_eq!(json["confusion"]["goodbye"]["reject"], 1);
    }

    #[test]
    fn tells_whether_it_is_as_sure_as_it_is_right() {
        let mut report = Report::default();
        for (score, right) in [(0.95, true), (1.0, true), (0.92, false), (0.35, false), (0.0, false)] {
            report.calibrate(score, right);
        }
        let bands = report.calibration.iter().map(|band| (band.tenth, band.rate.right, band.rate.total));
        assert_eq!(bands.collect::<Vec<_>>(), [(0, 0, 1), (3, 0, 1), (9, 2, 3)]);
        assert!((report.calibration[2].score - 0.9567).abs() < 1e-4);
        assert!(report.to_string().contains("0.9 to 1.0            95.7 % 66.7 % (2 of 3)"), "{report}");
    }
}
