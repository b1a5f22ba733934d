//! From likelihoods to one intent, and the reasons in words.

use super::lexicon::{Lexicon, Scoring};
use super::model::{Model, Row, Weighed};
use super::spans::Span;
use super::text::Text;
use super::tokens;
use super::training::likely;
use crate::intent::Intent;
use crate::understanding::{Evidence, EvidenceKind};

/// How sure an example makes its intent.
const EXAMPLE: f32 = 0.97;
/// How many words are told that speak for an intent.
const TOLD: usize = 4;
/// Words that carry less of what speaks for an intent are not told.
const TELLING: f32 = 0.1;
/// What is less likely by the wording is not told.
const LIKELY: f32 = 0.1;

/// How likely each intent is.
#[derive(Debug, Clone)]
pub(super) struct Likelihoods(Row);

impl Likelihoods {
    /// Those of weights.
    pub fn of(weighed: &Weighed, scoring: &Scoring) -> Self {
        let mut sums = weighed.sums;
        sums.iter_mut().for_each(|sum| *sum /= scoring.temperature.max(0.01));
        Likelihoods(likely(&sums))
    }

    /// How likely an intent is, from 0 to 1.
    pub fn get(&self, intent: Intent) -> f32 {
        self.0.get(intent as usize).copied().unwrap_or_default()
    }

    /// The likelihoods when so much more speaks for an intent.
    pub fn with(mut self, intent: Intent, weight: f32) -> Self {
        if let Some(likely) = self.0.get_mut(intent as usize) {
            *likely *= weight.exp();
        }
        let total: f32 = self.0.iter().sum();
        self.0.iter_mut().for_each(|likely| *likely /= total);
        self
    }

    /// The likeliest intent and the one after it; those that must not be missed are preferred.
    pub fn first_two(&self, favour: &Row) -> [Intent; 2] {
        let mut first = [(f32::MIN, Intent::Unknown); 2];
        for ((intent, likely), favour) in Intent::ALL.iter().zip(self.0).zip(favour) {
            let this = (likely * favour, *intent);
            let [one, two] = &mut first;
            if this.0 > one.0 {
                (*two, *one) = (*one, this);
            } else if this.0 > two.0 {
                *two = this;
            }
        }
        first.map(|(_, intent)| intent)
    }
}

/// What was decided, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Decided {
    pub intent: Intent,
    pub score: f32,
}

/// An example is what it is; else the likeliest intent, unless that is not likely enough, or a part of the utterance
/// clearly means one that must be acted on first.
pub(super) fn decide(
    likelihoods: &Likelihoods,
    example: Option<Intent>,
    parts: &[(Intent, f32)],
    lexicon: &Lexicon,
    confidence: Option<f32>,
) -> Decided {
    let scoring = &lexicon.scoring;
    let factor = confidence_factor(confidence, scoring);
    if let Some(intent) = example {
        return Decided { intent, score: likelihoods.get(intent).max(EXAMPLE) * factor };
    }
    let [first, _] = likelihoods.first_two(&lexicon.favour);
    let clear = parts.iter().filter(|(part, likely)| *likely >= scoring.part && is_before(*part, first));
    let (intent, likely) =
        clear.min_by_key(|(part, _)| *part).copied().unwrap_or((first, likelihoods.get(first)));
    let score = likely * factor;
    let threshold = lexicon.thresholds.get(intent as usize).copied().unwrap_or(scoring.threshold);
    if intent != Intent::Unknown && score < threshold {
        return Decided { intent: Intent::Unknown, score: (1.0 - score).clamp(0.0, 1.0) };
    }
    Decided { intent, score: score.clamp(0.0, 1.0) }
}

/// Whether a part of an utterance that means this is to be acted on before that, which the whole is likeliest to mean.
/// What people refuse or are wrong about, and whatever recordings say, is told by the whole.
fn is_before(part: Intent, whole: Intent) -> bool {
    use Intent::{Absent, AskHuman, BusyNow, CallbackTime, DoNotCall, PersonInCharge, SendMaterial};
    let told_by_parts = matches!(
        part,
        DoNotCall | AskHuman | SendMaterial | CallbackTime | Absent | BusyNow | PersonInCharge
    );
    told_by_parts && part < whole && !matches!(whole, Intent::Unknown)
}

/// What else is to be answered of what was said; by priority.
pub(super) fn also(parts: &[(Intent, f32)], intent: Intent, scoring: &Scoring) -> Vec<Intent> {
    let clear = parts.iter().filter(|(_, likely)| *likely >= scoring.also).map(|(part, _)| *part);
    let mut also: Vec<Intent> = clear
        .filter(|part| *part != intent && !matches!(part, Intent::Unknown | Intent::Acknowledge))
        .collect();
    also.sort_unstable();
    also.dedup();
    also
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

/// The evidence, strongest first: the example, the words that speak for the intent against its strongest rival, those
/// that speak for the rival, and what is denied.
pub(super) fn tell(
    lexicon: &Lexicon,
    model: &Model,
    text: &Text<'_>,
    denied: &[Span],
    weighed: &Weighed,
    likelihoods: &Likelihoods,
    example: Option<Intent>,
) -> Vec<Evidence> {
    let mut all = Vec::with_capacity(TOLD * 2);
    let evidence = |intent, kind, words: &str, weight: f32| Evidence {
        intent,
        kind,
        words: words.trim().to_owned(),
        weight: weight.clamp(0.0, 1.0),
    };
    all.extend(example.map(|intent| evidence(intent, EvidenceKind::Example, "", EXAMPLE)));
    let [first, second] = likelihoods.first_two(&lexicon.favour);
    let places = model.by_place(weighed, text.folded.len(), first, second);
    for (intent, sign) in [(first, 1.0), (second, -1.0)] {
        if likelihoods.get(intent) < LIKELY {
            continue;
        }
        for (words, share) in strongest(&text.folded, &places, sign, lexicon.spaced) {
            all.push(evidence(intent, EvidenceKind::Words, words, share));
        }
        all.push(evidence(intent, EvidenceKind::Wording, "", likelihoods.get(intent)));
    }
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    for span in denied {
        let words = text.folded.get(span.start..span.end).unwrap_or_default();
        all.push(evidence(Intent::Unknown, EvidenceKind::Denied, words, 0.0));
    }
    all
}

/// The words that carry most of what speaks for an intent (or against it), each with its share.
fn strongest<'a>(text: &'a str, places: &[f32], sign: f32, spaced: bool) -> Vec<(&'a str, f32)> {
    let total: f32 = places.iter().map(|place| (place * sign).max(0.0)).sum();
    if total <= 0.0 {
        return Vec::new();
    }
    // Runs of letters, or whole words, that speak for it more than the average does.
    let average = total / places.len().max(1) as f32;
    let mut runs: Vec<(Span, f32)> = Vec::new();
    let whole = Span { start: 0, end: text.len() };
    let words = spaced.then(|| tokens::words(text, whole)).into_iter().flatten();
    let letters = (!spaced).then(|| tokens::chars(text, whole)).into_iter().flatten();
    for unit in words.chain(letters).map(|unit| unit.span) {
        let weight: f32 =
            places.get(unit.start..unit.end).unwrap_or_default().iter().map(|place| place * sign).sum();
        if weight <= average * unit.len() as f32 {
            continue;
        }
        match runs.last_mut() {
            Some((run, sum)) if unit.start <= run.end + usize::from(spaced) => {
                run.end = unit.end;
                *sum += weight;
            }
            _ => runs.push((unit, weight)),
        }
    }
    runs.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let told =
        runs.into_iter().map(|(span, sum)| (text.get(span.start..span.end).unwrap_or_default(), sum / total));
    told.take_while(|(_, share)| *share >= TELLING).take(TOLD).collect()
}
