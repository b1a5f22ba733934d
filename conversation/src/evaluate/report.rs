//! The figures of an evaluation, for people and for machines.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::Labelled;
use crate::intent::Intent;
use crate::lang::Lang;
use crate::phase::Phase;

/// How well the engine understood a set of labelled utterances.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Over all lines.
    pub all: Rate,
    /// By language.
    pub languages: BTreeMap<Lang, Rate>,
    /// By phase.
    pub phases: BTreeMap<Phase, Rate>,
    /// By intent, in the order of priority; only those that were meant or understood.
    pub intents: Vec<Row>,
    /// What was meant → what was understood → how often.
    pub confusion: BTreeMap<Intent, BTreeMap<Intent, usize>>,
    /// Whether the engine is as sure as it is right: of the lines that were understood as something, by how sure it was;
    /// the least sure first. Only bands that have a line.
    pub calibration: Vec<Band>,
    /// Every line that was understood wrongly.
    pub mistakes: Vec<Mistake>,
}

/// The lines of which the engine was about as sure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Band {
    /// The tenth that their scores lie in: 9 for those from 0.9 to 1.
    pub tenth: usize,
    /// How sure it was of them on average, from 0 to 1.
    pub score: f64,
    /// How many were right.
    pub rate: Rate,
}

/// How many were right out of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Rate {
    /// Understood rightly.
    pub right: usize,
    /// All.
    pub total: usize,
    /// `right / total`, from 0 to 1; none of none is 0.
    pub accuracy: f64,
}

/// One intent's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The intent.
    pub intent: Intent,
    /// How many lines mean it.
    pub support: usize,
    /// How many lines were understood so.
    pub found: usize,
    /// How many of these rightly.
    pub right: usize,
    /// `right / found`; none if it was never found.
    pub precision: Option<f64>,
    /// `right / support`; none if no line means it.
    pub recall: Option<f64>,
}

/// A line that was understood wrongly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// What was understood.
    pub heard: Intent,
    /// How sure the engine was.
    pub score: f32,
    /// The line.
    #[serde(flatten)]
    pub line: Labelled,
}

impl Rate {
    pub(super) fn count(&mut self, right: bool) {
        self.total += 1;
        self.right += usize::from(right);
        self.accuracy = ratio(self.right, self.total).unwrap_or_default();
    }
}

impl Band {
    fn count(&mut self, score: f32, right: bool) {
        let before = self.score * self.rate.total as f64;
        self.rate.count(right);
        self.score = (before + f64::from(score)) / self.rate.total as f64;
    }
}

impl Report {
    /// Counts how sure the engine was of a line.
    pub(super) fn calibrate(&mut self, score: f32, right: bool) {
        let tenth = ((score * 10.0) as usize).min(9);
        let at = self.calibration.partition_point(|band| band.tenth < tenth);
        if self.calibration.get(at).is_none_or(|band| band.tenth != tenth) {
            self.calibration.insert(at, Band { tenth, ..Band::default() });
        }
        if let Some(band) = self.calibration.get_mut(at) {
            band.count(score, right);
        }
    }

    /// Makes the intents' figures from the confusion table.
    pub(super) fn sum_up(&mut self) {
        for intent in Intent::ALL.iter().copied() {
            let support = self.confusion.get(&intent).map(|row| row.values().sum()).unwrap_or(0);
            let found = self.confusion.values().filter_map(|row| row.get(&intent)).sum();
            let right = self.confusion.get(&intent).and_then(|row| row.get(&intent)).copied().unwrap_or(0);
            if support + found > 0 {
                let (precision, recall) = (ratio(right, found), ratio(right, support));
                self.intents.push(Row { intent, support, found, right, precision, recall });
            }
        }
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "accuracy {}", self.all)?;
        for (lang, rate) in &self.languages {
            writeln!(f, "  {:<10} {rate}", lang.code())?;
        }
        for (phase, rate) in &self.phases {
            writeln!(f, "  {phase:<10} {rate}")?;
        }
        writeln!(f, "\n{:<17} {:>7} {:>9} {:>7}", "intent", "support", "precision", "recall")?;
        for row in &self.intents {
            let (precision, recall) = (percent(row.precision), percent(row.recall));
            writeln!(f, "{:<17} {:>7} {precision:>9} {recall:>7}", row.intent, row.support)?;
        }
        writeln!(f, "\n{:<17} {:>9} {:>7}", "sure of it", "on average", "right")?;
        for Band { tenth, score, rate } in &self.calibration {
            let sure = format!("0.{tenth} to {:.1}", (tenth + 1) as f64 / 10.0);
            writeln!(f, "{sure:<17} {:>8.1} % {rate}", score * 100.0)?;
        }
        writeln!(f, "\nconfusion (meant: understood)")?;
        for (meant, row) in &self.confusion {
            let wrong = row.iter().filter(|(heard, _)| *heard != meant);
            let wrong: Vec<String> = wrong.map(|(heard, count)| format!("{heard} {count}")).collect();
            if !wrong.is_empty() {
                writeln!(f, "  {meant}: {}", wrong.join(", "))?;
            }
        }
        if !self.mistakes.is_empty() {
            writeln!(f, "\nmistakes")?;
        }
        for Mistake { heard, score, line } in &self.mistakes {
            let Labelled { id, lang, phase, text, intent } = line;
            writeln!(f, "  {id} [{lang} {phase}] {text}: {intent}, understood {heard} ({score:.2})")?;
        }
        Ok(())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} % ({} of {})", self.accuracy * 100.0, self.right, self.total)
    }
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{:.1}", value * 100.0))
}
