//! The wording as a whole: multinomial logistic regression over n-grams, trained at load on the examples.
//!
//! It is what still understands when no pattern fits: new words for the same, a wrong character, dialect. Training
//! is deterministic: the same files give the same weights.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::features::{Feature, Sample};
use super::known::Known;
use super::lexicon::Lexicon;
use super::phrases::Example;
use crate::intent::Intent;
use crate::phase::Phase;

/// As many as the intents, padded to whole vector registers.
const LANES: usize = 24;
const _: () = assert!(Intent::ALL.len() <= LANES);

/// How often the examples are gone through.
const EPOCHS: u32 = 12;
/// The step in the first epoch; it falls with each.
const STEP: f32 = 6.0;
/// What is taken off the weights in each step: keeps rare n-grams from deciding alone.
const DECAY: f32 = 2e-4;

/// An example is known when no intent is off by more than this.
const KNOWN: f32 = 0.04;

/// A weight per intent. Beginning at 32 bytes, it lies on no more cache lines than it must.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Row([f32; LANES]);

impl Row {
    const ZERO: Row = Row([0.0; LANES]);

    #[inline]
    fn add(&mut self, other: &Row) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, weight)| *sum += weight);
    }
}

/// A trained classifier.
#[derive(Debug)]
pub(super) struct Classifier {
    known: Known,
    /// Of each feature known, by its number.
    weights: Weights,
}

/// What is learnt.
#[derive(Debug)]
struct Weights {
    rows: Vec<Row>,
    bias: Row,
}

/// How likely each intent is by the wording, in the order of [`Intent::ALL`].
#[derive(Debug, Clone)]
pub(super) struct Wording(Row);

impl Wording {
    /// How likely the intent is, from 0 to 1.
    pub fn of(&self, intent: Intent) -> f32 {
        self.0.0.get(intent as usize).copied().unwrap_or_default()
    }
}

impl Classifier {
    /// Trains on the examples.
    pub fn train(lexicon: &Lexicon, examples: &[Example]) -> Self {
        // By number in the order in which they come, so that those of one example lie together.
        let mut numbers: HashMap<Feature, u32, BuildHasherDefault<AsIs>> = HashMap::default();
        let mut lessons: Vec<(Intent, Vec<u32>)> = Vec::new();
        for Example { text, phases, intent } in examples {
            let phases: Vec<Option<Phase>> = match phases.special() {
                Some(phases) => phases.map(Some).collect(),
                None => vec![None],
            };
            let sample = Sample::of(lexicon, text);
            for phase in phases {
                let rows = sample.features(phase).into_iter().map(|feature| {
                    let next = numbers.len() as u32;
                    *numbers.entry(feature).or_insert(next)
                });
                lessons.push((*intent, rows.collect()));
            }
        }
        let mut weights = Weights { rows: vec![Row::ZERO; numbers.len()], bias: Row::ZERO };
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        for epoch in 0..EPOCHS {
            shuffle(&mut order, u64::from(epoch) + 1);
            let step = STEP / (1.0 + 0.35 * epoch as f32);
            for (intent, rows) in order.iter().filter_map(|index| lessons.get(*index)) {
                weights.learn(*intent, rows, step);
            }
        }
        let known = Known::new(numbers.keys().copied().collect());
        let mut rows = vec![Row::ZERO; known.len()];
        for (feature, learnt) in &numbers {
            let row = known.number(*feature).and_then(|number| rows.get_mut(number));
            if let (Some(row), Some(learnt)) = (row, weights.rows.get(*learnt as usize)) {
                *row = *learnt;
            }
        }
        Classifier { known, weights: Weights { rows, ..weights } }
    }

    /// How likely each intent is.
    pub fn score(&self, sample: Sample<'_>, phase: Phase) -> Wording {
        let (rows, others) = self.known.numbers(&sample.seen(Some(phase)));
        // N-grams never seen count in the length: what is mostly new is not known well.
        let features = rows.len() + others;
        let scale = 1.0 / (features.max(1) as f32).sqrt();
        self.weights.likely(self.weights.sums(&rows), scale)
    }
}

impl Weights {
    fn learn(&mut self, intent: Intent, rows: &[u32], step: f32) {
        let scale = 1.0 / (rows.len().max(1) as f32).sqrt();
        let Wording(Row(mut error)) = self.likely(self.sums(rows), scale);
        if let Some(meant) = error.get_mut(intent as usize) {
            *meant -= 1.0;
        }
        // What is known well already teaches nothing more.
        if error.iter().all(|error| error.abs() < KNOWN) {
            return;
        }
        let step = step * scale;
        for row in rows {
            if let Some(Row(weights)) = self.rows.get_mut(*row as usize) {
                for (weight, error) in weights.iter_mut().zip(&error) {
                    *weight -= step * error + DECAY * *weight;
                }
            }
        }
        for (weight, error) in self.bias.0.iter_mut().zip(&error) {
            *weight -= 0.02 * step * error;
        }
    }

    /// The sums of these rows. By itself, it is compiled to whole vectors.
    #[inline(never)]
    fn sums(&self, rows: &[u32]) -> Row {
        let mut sums = Row::ZERO;
        rows.iter().filter_map(|row| self.rows.get(*row as usize)).for_each(|row| sums.add(row));
        sums
    }

    /// How likely each intent is by the sums of its weights.
    fn likely(&self, Row(mut sums): Row, scale: f32) -> Wording {
        for (sum, bias) in sums.iter_mut().zip(&self.bias.0) {
            *sum = *sum * scale + bias;
        }
        let most = sums.iter().take(Intent::ALL.len()).copied().fold(f32::MIN, f32::max);
        let mut total = 0.0;
        for (index, sum) in sums.iter_mut().enumerate() {
            *sum = if index < Intent::ALL.len() { (*sum - most).exp() } else { 0.0 };
            total += *sum;
        }
        sums.iter_mut().for_each(|sum| *sum /= total);
        Wording(Row(sums))
    }
}

/// The same order for the same seed, everywhere.
fn shuffle(order: &mut [usize], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for index in (1..order.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        order.swap(index, (state % (index as u64 + 1)) as usize);
    }
}

/// Features are hashes already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
