//! The wording as a whole: multinomial logistic regression over n-grams, trained at load on the examples.
//!
//! It is what still understands when no pattern fits: new words for the same, a wrong character, dialect. Training
//! is deterministic: the same files give the same weights.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::features::{Feature, features};
use super::lexicon::Lexicon;
use super::phrases::Example;
use crate::intent::Intent;
use crate::phase::Phase;

/// One weight per intent, padded to whole vector registers.
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

type Row = [f32; LANES];

/// A trained classifier.
#[derive(Debug)]
pub(super) struct Classifier {
    rows: HashMap<Feature, u32, BuildHasherDefault<AsIs>>,
    weights: Vec<Row>,
    bias: Row,
}

/// How likely each intent is by the wording, in the order of [`Intent::ALL`].
#[derive(Debug, Clone)]
pub(super) struct Wording(Row);

impl Wording {
    /// How likely the intent is, from 0 to 1.
    pub fn of(&self, intent: Intent) -> f32 {
        self.0.get(intent as usize).copied().unwrap_or_default()
    }
}

impl Classifier {
    /// Trains on the examples.
    pub fn train(lexicon: &Lexicon, examples: &[Example]) -> Self {
        let mut classifier = Classifier { rows: HashMap::default(), weights: Vec::new(), bias: [0.0; LANES] };
        let mut lessons: Vec<(Intent, Vec<u32>)> = Vec::new();
        for Example { text, phases, intent } in examples {
            let phases: Vec<Option<Phase>> = match phases.special() {
                Some(phases) => phases.map(Some).collect(),
                None => vec![None],
            };
            for phase in phases {
                let rows = features(lexicon, text, phase).into_iter().map(|feature| {
                    let next = classifier.rows.len() as u32;
                    *classifier.rows.entry(feature).or_insert(next)
                });
                lessons.push((*intent, rows.collect()));
            }
        }
        classifier.weights = vec![[0.0; LANES]; classifier.rows.len()];
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        for epoch in 0..EPOCHS {
            shuffle(&mut order, u64::from(epoch) + 1);
            let step = STEP / (1.0 + 0.35 * epoch as f32);
            for (intent, rows) in order.iter().filter_map(|index| lessons.get(*index)) {
                classifier.learn(*intent, rows, step);
            }
        }
        classifier
    }

    fn learn(&mut self, intent: Intent, rows: &[u32], step: f32) {
        let scale = 1.0 / (rows.len().max(1) as f32).sqrt();
        let Wording(mut error) = self.likely(rows.iter().copied(), scale);
        if let Some(meant) = error.get_mut(intent as usize) {
            *meant -= 1.0;
        }
        // What is known well already teaches nothing more.
        if error.iter().all(|error| error.abs() < KNOWN) {
            return;
        }
        let step = step * scale;
        for row in rows {
            if let Some(weights) = self.weights.get_mut(*row as usize) {
                for (weight, error) in weights.iter_mut().zip(&error) {
                    *weight -= step * error + DECAY * *weight;
                }
            }
        }
        for (weight, error) in self.bias.iter_mut().zip(&error) {
            *weight -= 0.02 * step * error;
        }
    }

    /// How likely each intent is.
    pub fn score(&self, lexicon: &Lexicon, text: &str, phase: Phase) -> Wording {
        let features = features(lexicon, text, Some(phase));
        let rows = features.iter().filter_map(|feature| self.rows.get(feature).copied());
        // N-grams never seen count in the length: what is mostly new is not known well.
        let scale = 1.0 / (features.len().max(1) as f32).sqrt();
        self.likely(rows, scale)
    }

    fn likely(&self, rows: impl Iterator<Item = u32>, scale: f32) -> Wording {
        let mut sums: Row = [0.0; LANES];
        for weights in rows.filter_map(|row| self.weights.get(row as usize)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
        for (sum, bias) in sums.iter_mut().zip(&self.bias) {
            *sum = *sum * scale + bias;
        }
        let most = sums.iter().take(Intent::ALL.len()).copied().fold(f32::MIN, f32::max);
        let mut total = 0.0;
        for (index, sum) in sums.iter_mut().enumerate() {
            *sum = if index < Intent::ALL.len() { (*sum - most).exp() } else { 0.0 };
            total += *sum;
        }
        sums.iter_mut().for_each(|sum| *sum /= total);
        Wording(sums)
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
