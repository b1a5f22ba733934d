//! From the evidence to one intent.

use super::classifier::Wording;
use super::lexicon::Scoring;
use super::matcher::{Found, Match};
use super::text::Text;
use crate::intent::Intent;
use crate::understanding::{Evidence, EvidenceKind, MAX_EVIDENCE, Slots, Understanding};

/// How much being one of the examples counts.
const EXAMPLE_WEIGHT: f32 = 0.95;
/// The most that the wording can add to an intent's score.
const WORDING_SHARE: f32 = 0.6;
/// A score of the wording alone is a little lower than the same from patterns.
const WORDING_ALONE: f32 = 0.9;
/// Wording below this is not worth telling.
const TELLING: f32 = 0.15;

/// All that speaks for or against an intent.
pub(super) struct Evidences<'a> {
    pub found: &'a Found,
    pub example: Option<Intent>,
    pub wording: &'a Wording,
}

impl Evidences<'_> {
    /// How strongly patterns and examples speak for the intent: the strongest, and a little for each other.
    fn said(&self, intent: Intent) -> f32 {
        let example = self.example.filter(|example| *example == intent).map(|_| EXAMPLE_WEIGHT);
        let patterns =
            self.found.matches.iter().filter(|found| found.intent == intent).map(|found| found.weight);
        patterns
            .chain(example)
            .fold(0.0, |sum: f32, weight| sum.max(weight) + 0.1 * (1.0 - sum.max(weight)) * sum.min(weight))
    }

    /// A question that follows on a wait wins over it: 「ちょっと待って、いくらですか」, 「おつなぎしますのでお名前を」.
    fn asked_after_the_wait(&self) -> Option<Intent> {
        let of = |intent: Intent| self.found.matches.iter().filter(move |found| found.intent == intent);
        let wait = of(Intent::PuttingThrough).map(|found| found.whole().end).max()?;
        // In spaced languages the space between two words belongs to both.
        QUESTIONS.into_iter().find(|intent| of(*intent).any(|found| found.whole().start + 1 >= wait))
    }

    fn score(&self, intent: Intent) -> f32 {
        let (said, wording) = (self.said(intent), self.wording.of(intent));
        if said > 0.0 {
            1.0 - (1.0 - said) * (1.0 - WORDING_SHARE * wording)
        } else {
            WORDING_ALONE * wording
        }
    }
}

/// What must be answered before they connect.
const QUESTIONS: [Intent; 4] =
    [Intent::AskQuestion, Intent::AskPurpose, Intent::AskCompany, Intent::AskRepeat];

/// Decides: an example is what it is; else the first in the order of priority that is said strongly enough; else
/// the best by score; else, below the threshold, `unknown`.
pub(super) fn decide(
    evidence: &Evidences<'_>,
    slots: Slots,
    scoring: &Scoring,
    confidence: Option<f32>,
    text: &Text<'_>,
) -> Understanding {
    let factor = confidence_factor(confidence, scoring);
    let strong: Vec<Intent> =
        Intent::ALL.iter().copied().filter(|intent| evidence.said(*intent) >= scoring.strong).collect();
    let by_wording = Intent::ALL
        .iter()
        .copied()
        .max_by(|a, b| evidence.wording.of(*a).total_cmp(&evidence.wording.of(*b)));
    let by_wording = by_wording.filter(|intent| {
        let least = match strong.first() {
            None if *intent == Intent::Unknown => scoring.unknown,
            Some(_) if *intent == Intent::Unknown => f32::INFINITY,
            Some(first) if minor(*first) && minor(*intent) => f32::INFINITY,
            Some(first) if first.priority() <= intent.priority() => f32::INFINITY,
            Some(first) if minor(*first) => scoring.wording_over_minor,
            Some(_) => scoring.wording_over_pattern,
            None => scoring.wording,
        };
        evidence.wording.of(*intent) >= least
    });
    let known = Intent::ALL.iter().copied().filter(|intent| *intent != Intent::Unknown);
    let best = known.max_by(|a, b| evidence.score(*a).total_cmp(&evidence.score(*b)));
    let asked = strong
        .first()
        .filter(|first| **first == Intent::PuttingThrough)
        .and_then(|_| evidence.asked_after_the_wait());
    let chosen = evidence.example.or(by_wording).or(asked).or(strong.first().copied()).or(best);
    let chosen = chosen.filter(|_| !text.is_empty()).unwrap_or(Intent::Unknown);
    let score = evidence.score(chosen) * factor;
    let intent = if score < scoring.threshold { Intent::Unknown } else { chosen };
    let score = match intent {
        Intent::Unknown if chosen != Intent::Unknown => 1.0 - score,
        Intent::Unknown if text.is_empty() => 1.0,
        _ => score,
    };
    let also = strong.into_iter().filter(|other| *other != intent && *other != Intent::Unknown).collect();
    Understanding { intent, score: score.clamp(0.0, 1.0), also, evidence: tell(evidence, text), slots }
}

/// Intents that give way to any other that is said clearly.
fn minor(intent: Intent) -> bool {
    matches!(
        intent,
        Intent::Acknowledge | Intent::Goodbye | Intent::Affirm | Intent::Negate | Intent::Unknown
    )
}

/// What is left of a score at that confidence. Exactly 0 is what recognisers send that give none.
fn confidence_factor(confidence: Option<f32>, scoring: &Scoring) -> f32 {
    match confidence {
        Some(confidence) if confidence > 0.0 && confidence < 1.0 => {
            scoring.at_no_confidence + (1.0 - scoring.at_no_confidence) * confidence
        }
        _ => 1.0,
    }
}

/// The evidence, strongest first.
fn tell(evidence: &Evidences<'_>, text: &Text<'_>) -> Vec<Evidence> {
    let item = |intent, kind, words, weight| Evidence { intent, kind, words, weight };
    let words = |found: &Match| {
        let said =
            found.spans.iter().map(|span| text.folded.get(span.start..span.end).unwrap_or_default().trim());
        said.collect::<Vec<_>>().join("…")
    };
    let mut all: Vec<Evidence> = Vec::new();
    all.extend(
        evidence.example.map(|intent| item(intent, EvidenceKind::Example, String::new(), EXAMPLE_WEIGHT)),
    );
    let matches = evidence.found.matches.iter();
    all.extend(matches.map(|found| item(found.intent, EvidenceKind::Pattern, words(found), found.weight)));
    let wording = Intent::ALL.iter().map(|intent| (*intent, evidence.wording.of(*intent)));
    let wording = wording.filter(|(_, weight)| *weight >= TELLING);
    all.extend(wording.map(|(intent, weight)| item(intent, EvidenceKind::Wording, String::new(), weight)));
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let denied = evidence.found.denied.iter();
    all.extend(denied.map(|found| item(found.intent, EvidenceKind::Denied, words(found), found.weight)));
    all.truncate(MAX_EVIDENCE);
    all
}
