//! Training: multinomial logistic regression over the features of the examples and of copies of them.
//!
//! Deterministic: the same files give the same weights. Features are left out at random while it learns, so that no
//! single one decides alone; steps shrink for those that came often (AdaGrad).

use std::collections::{BTreeSet, HashMap};

use super::copies::{self, Dice};
use super::features::{Feature, Features, features};
use super::lexicon::Lexicon;
use super::mend::Mending;
use super::model::{LANES, Learnt, Model, Row, text_hash};
use super::phrases::Example;
use crate::intent::Intent;
use crate::phase::Phase;

/// How training goes.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// How often the examples are gone through.
    pub epochs: u32,
    /// The step.
    pub step: f32,
    /// What is taken off the weights with each lesson that meets them.
    pub decay: f32,
    /// How many features of a hundred are left out each time.
    pub dropout: usize,
    /// In how many examples a feature must be.
    pub least: u32,
    /// How many copies are made of an example.
    pub copies: usize,
    /// How many copies are made with one letter lost.
    pub lost: usize,
    /// How much these count against the example itself, all together.
    pub lost_weight: f32,
    /// How much a copy counts against the example itself.
    pub copy_weight: f32,
    /// How many examples of a hundred are said together with another.
    pub pairs: usize,
    /// How much a weight must be to be kept.
    pub kept: f32,
}

impl Default for Course {
    fn default() -> Self {
        Course {
            epochs: 12,
            step: 0.5,
            decay: 1e-5,
            dropout: 50,
            least: 3,
            copies: 6,
            lost: 6,
            lost_weight: 3.0,
            copy_weight: 0.5,
            pairs: 30,
            kept: 0.6,
        }
    }
}

/// Over so many of the last times through the examples the weights are averaged.
const AVERAGED: u32 = 5;

/// Something to learn from.
struct Lesson {
    intent: Intent,
    weight: f32,
    /// The example that it is or was made of.
    origin: usize,
    features: Vec<(Feature, f32)>,
}

/// A lesson with its features by number.
struct Numbered {
    intent: usize,
    weight: f32,
    scale: f32,
    rows: Vec<(u32, f32)>,
}

/// The model of these examples.
pub(super) fn train(lexicon: &Lexicon, examples: &[Example], course: Course) -> Vec<u8> {
    let lessons = lessons(lexicon, examples, course);
    let mut numbers: HashMap<Feature, (u32, usize)> = HashMap::new();
    for Lesson { origin, features, .. } in &lessons {
        for (feature, _) in features {
            let (count, last) = numbers.entry(*feature).or_insert((0, usize::MAX));
            *count += u32::from(*last != *origin);
            *last = *origin;
        }
    }
    let mut known: Vec<Feature> = numbers
        .into_iter()
        .filter(|(_, (count, _))| *count >= course.least)
        .map(|(feature, _)| feature)
        .collect();
    known.sort_unstable();
    let numbered: Vec<Numbered> = lessons
        .into_iter()
        .map(|Lesson { intent, weight, features, .. }| {
            let rows = features
                .iter()
                .filter_map(|(feature, value)| Some((known.binary_search(feature).ok()? as u32, *value)));
            let scale = 1.0 / features.iter().map(|(_, value)| value * value).sum::<f32>().max(1.0).sqrt();
            Numbered { intent: intent as usize, weight, scale, rows: rows.collect() }
        })
        .collect();
    let mut learner = Learner::new(known.len());
    let mut mean = vec![[0.0; LANES]; known.len()];
    let mut order: Vec<usize> = (0..numbered.len()).collect();
    for epoch in 0..course.epochs {
        let mut dice = Dice::new(u64::from(epoch) + 1);
        for index in (1..order.len()).rev() {
            order.swap(index, dice.below(index + 1));
        }
        for lesson in order.iter().filter_map(|index| numbered.get(*index)) {
            learner.learn(lesson, course, &mut dice);
        }
        // What is left out at random makes the weights jump about a mean: the last of them are averaged.
        if epoch + AVERAGED >= course.epochs {
            for (mean, row) in mean.iter_mut().zip(&learner.rows) {
                mean.iter_mut().zip(row).for_each(|(mean, weight)| *mean += weight / AVERAGED as f32);
            }
        }
    }
    let rows: Vec<(Feature, Row)> = known
        .into_iter()
        .zip(mean)
        .filter(|(_, row)| row.iter().any(|weight| weight.abs() >= course.kept))
        .collect();
    let learnt: Vec<Learnt> = examples
        .iter()
        .map(|example| {
            (text_hash(&lexicon.normalise(&example.text, None).folded), example.phases, example.intent)
        })
        .collect();
    let mut bytes = Model::write(&rows, learner.bias, &learnt);
    bytes.extend(mending(lexicon, examples));
    bytes
}

/// What is known of the language's words and letters.
fn mending(lexicon: &Lexicon, examples: &[Example]) -> Vec<u8> {
    let texts: BTreeSet<String> = examples.iter().map(|example| lexicon.written(&example.text)).collect();
    Mending::write(&texts, &lexicon.own, lexicon.spaced)
}

/// One lesson for each question that the example may answer, and its copies.
fn lessons(lexicon: &Lexicon, examples: &[Example], course: Course) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    let normalised: Vec<String> =
        examples.iter().map(|example| lexicon.normalise(&example.text, None).folded).collect();
    let lesson = |text: &str, phase: Phase, intent: Intent, weight: f32, origin: usize| {
        let text = lexicon.normalise_again(text);
        let denied = lexicon.denial.find(&text.folded);
        let mut seen = Features::default();
        features(lexicon, &text, &denied, phase, &mut seen);
        let mut features: Vec<_> = seen.all.iter().map(|seen| (seen.feature, seen.value())).collect();
        features.sort_unstable_by_key(|(feature, _)| *feature);
        Lesson { intent, weight, origin, features }
    };
    let mut dice = Dice::new(examples.len() as u64);
    for (origin, (example, text)) in examples.iter().zip(&normalised).enumerate() {
        // `purpose` asks the same as `opening`.
        let mut phases: Vec<Phase> = example.phases.iter().collect();
        if phases.contains(&Phase::Opening) {
            phases.retain(|phase| *phase != Phase::Purpose);
        }
        let share = 1.0 / (phases.len().max(1) as f32).sqrt();
        for phase in &phases {
            lessons.push(lesson(text, *phase, example.intent, share, origin));
        }
        for copy in copies::copies(lexicon, text, course.copies) {
            let phase = phases.get(dice.below(phases.len())).copied().unwrap_or_default();
            lessons.push(lesson(&copy, phase, example.intent, course.copy_weight, origin));
        }
        let without = copies::without_a_letter(&example.text, course.lost);
        let weight = course.lost_weight / without.len().max(1) as f32;
        for copy in &without {
            let phase = phases.get(dice.below(phases.len())).copied().unwrap_or_default();
            let copy = lexicon.normalise(copy, None).folded;
            lessons.push(lesson(&copy, phase, example.intent, weight, origin));
        }
        let other = dice.below(examples.len());
        if let (Some(second), Some(after)) = (examples.get(other), normalised.get(other)) {
            let phase = phases.iter().copied().find(|phase| second.phases.contains(*phase));
            let short = text.chars().count() + after.chars().count() < if lexicon.spaced { 110 } else { 44 };
            let meant = copies::together(example.intent, second.intent)
                .filter(|_| short && dice.percent(course.pairs * 2));
            if let (Some(phase), Some(meant)) = (phase, meant) {
                lessons.push(lesson(&format!("{text}{after}"), phase, meant, course.copy_weight, origin));
            }
        }
    }
    lessons
}

/// The weights while they are learnt.
struct Learner {
    rows: Vec<Row>,
    /// The squares of all steps so far.
    squares: Vec<Row>,
    bias: Row,
}

impl Learner {
    fn new(features: usize) -> Self {
        Learner {
            rows: vec![[0.0; LANES]; features],
            squares: vec![[1e-4; LANES]; features],
            bias: [0.0; LANES],
        }
    }

    fn learn(&mut self, lesson: &Numbered, course: Course, dice: &mut Dice) {
        let kept: Vec<(u32, f32)> =
            lesson.rows.iter().copied().filter(|_| !dice.percent(course.dropout)).collect();
        let scale = lesson.scale * 100.0 / (100 - course.dropout.min(99)) as f32;
        let mut error = likely(&self.sums(&kept, scale));
        if let Some(meant) = error.get_mut(lesson.intent) {
            *meant -= 1.0;
        }
        error.iter_mut().for_each(|error| *error *= lesson.weight);
        for (row, value) in &kept {
            let row = *row as usize;
            if let (Some(weights), Some(squares)) = (self.rows.get_mut(row), self.squares.get_mut(row)) {
                for ((weight, square), error) in weights.iter_mut().zip(squares).zip(&error) {
                    let slope = error * scale * value;
                    *square += slope * slope;
                    *weight -= course.step * slope / square.sqrt() + course.decay * *weight;
                }
            }
        }
        for (weight, error) in self.bias.iter_mut().zip(&error) {
            *weight -= 0.002 * error;
        }
    }

    #[inline(never)]
    fn sums(&self, rows: &[(u32, f32)], scale: f32) -> Row {
        let mut sums = [0.0; LANES];
        for (row, value) in
            rows.iter().filter_map(|(row, value)| Some((self.rows.get(*row as usize)?, value)))
        {
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight * value);
        }
        sums.iter_mut().zip(&self.bias).for_each(|(sum, bias)| *sum = *sum * scale + bias);
        sums
    }
}

/// How likely each intent is by the sums of its weights.
pub(super) fn likely(sums: &Row) -> Row {
    let intents = Intent::ALL.len();
    let most = sums.iter().take(intents).copied().fold(f32::MIN, f32::max);
    let mut likely = [0.0; LANES];
    let mut total = 0.0;
    for (likely, sum) in likely.iter_mut().zip(sums).take(intents) {
        *likely = (sum - most).exp();
        total += *likely;
    }
    likely.iter_mut().for_each(|likely| *likely /= total);
    likely
}
