//! From the evidence to one intent.

use super::classifier::Wording;
use super::lexicon::Scoring;
use super::matcher::Found;
use super::spans::Span;
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
    found: &'a Found,
    example: Option<Intent>,
    wording: &'a Wording,
    /// How strongly patterns and examples speak for each intent, by rank.
    said: [f32; Intent::ALL.len()],
}

impl<'a> Evidences<'a> {
    /// What was found, the intent of the example that the utterance is, and its wording.
    pub fn new(found: &'a Found, example: Option<Intent>, wording: &'a Wording) -> Self {
        let mut said = [0.0_f32; Intent::ALL.len()];
        let patterns = found.matches.iter().map(|found| (found.intent, found.weight));
        for (intent, weight) in patterns.chain(example.map(|intent| (intent, EXAMPLE_WEIGHT))) {
            // The strongest, and a little for each other.
            if let Some(sum) = said.get_mut(intent.priority()) {
                *sum = sum.max(weight) + 0.1 * (1.0 - sum.max(weight)) * sum.min(weight);
            }
        }
        Evidences { found, example, wording, said }
    }

    fn said(&self, intent: Intent) -> f32 {
        self.said.get(intent.priority()).copied().unwrap_or_default()
    }

    /// The intents that are said so strongly, by priority.
    fn strong(&self, least: f32) -> impl Iterator<Item = Intent> {
        Intent::ALL.iter().copied().filter(move |intent| self.said(*intent) >= least)
    }

    /// The likeliest intent by the wording.
    fn likeliest(&self) -> Option<Intent> {
        let all = Intent::ALL.iter().copied();
        all.max_by(|a, b| self.wording.of(*a).total_cmp(&self.wording.of(*b)))
    }

    /// The best by score, but for `unknown`.
    fn best(&self) -> Option<Intent> {
        let known = Intent::ALL.iter().copied().filter(|intent| *intent != Intent::Unknown);
        let scored = known.map(|intent| (intent, self.score(intent)));
        scored.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(intent, _)| intent)
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
    let strong = || evidence.strong(scoring.strong);
    let first = strong().next();
    let by_wording = evidence.likeliest().filter(|intent| {
        let least = match first {
            None if *intent == Intent::Unknown => scoring.unknown,
            Some(_) if *intent == Intent::Unknown => f32::INFINITY,
            Some(first) if minor(first) && minor(*intent) => f32::INFINITY,
            Some(first) if first.priority() <= intent.priority() => f32::INFINITY,
            Some(first) if minor(first) => scoring.wording_over_minor,
            Some(_) => scoring.wording_over_pattern,
            None => scoring.wording,
        };
        evidence.wording.of(*intent) >= least
    });
    let asked =
        first.filter(|first| *first == Intent::PuttingThrough).and_then(|_| evidence.asked_after_the_wait());
    let chosen = evidence.example.or(by_wording).or(asked).or(first).or_else(|| evidence.best());
    let chosen = chosen.filter(|_| !text.is_empty()).unwrap_or(Intent::Unknown);
    let score = evidence.score(chosen) * factor;
    let intent = if score < scoring.threshold { Intent::Unknown } else { chosen };
    let score = match intent {
        Intent::Unknown if chosen != Intent::Unknown => 1.0 - score,
        Intent::Unknown if text.is_empty() => 1.0,
        _ => score,
    };
    let also = strong().filter(|other| *other != intent && *other != Intent::Unknown).collect();
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
    let Found { matches, denied, .. } = evidence.found;
    let mut all: Vec<(Intent, EvidenceKind, f32, &[Span])> =
        Vec::with_capacity(matches.len() + denied.len() + 4);
    all.extend(evidence.example.map(|intent| (intent, EvidenceKind::Example, EXAMPLE_WEIGHT, [].as_slice())));
    let matches = matches.iter();
    all.extend(
        matches.map(|found| (found.intent, EvidenceKind::Pattern, found.weight, found.spans.as_slice())),
    );
    let wording = Intent::ALL.iter().map(|intent| (*intent, evidence.wording.of(*intent)));
    let wording = wording.filter(|(_, weight)| *weight >= TELLING);
    all.extend(wording.map(|(intent, weight)| (intent, EvidenceKind::Wording, weight, [].as_slice())));
    all.sort_by(|(_, _, a, _), (_, _, b, _)| b.total_cmp(a));
    let denied = denied.iter();
    all.extend(
        denied.map(|found| (found.intent, EvidenceKind::Denied, found.weight, found.spans.as_slice())),
    );
    let told = all.into_iter().take(MAX_EVIDENCE);
    told.map(|(intent, kind, weight, spans)| Evidence { intent, kind, words: words(spans, text), weight })
        .collect()
}

/// The words at these places.
fn words(spans: &[Span], text: &Text<'_>) -> String {
    let mut words = String::new();
    for (index, span) in spans.iter().enumerate() {
        words.push_str(if index > 0 { "…" } else { "" });
        words.push_str(text.folded.get(span.start..span.end).unwrap_or_default().trim());
    }
    words
}
