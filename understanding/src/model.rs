//! What was learnt of a language's phrase files, as bytes that are looked up where they lie.
//!
//! magic · bits of the table's size · factor of the weights · bias · how many examples · the table: per slot the
//! fingerprint of a feature and a weight per intent · the examples: the hash of the normalised text, phases, intent.
//! All numbers are little-endian.

use std::borrow::Cow;

use super::features::{Feature, Seen, hash};
use super::phrases::PhaseSet;
use super::spans::Span;
use crate::intent::Intent;
use crate::phase::Phase;

/// As many as the intents, padded.
pub(super) const LANES: usize = 24;
const _: () = assert!(Intent::ALL.len() <= LANES);

const MAGIC: &[u8; 8] = b"tsunagu1";
const HEAD: usize = 8 + 4 + 4 + 4 + LANES * 4;
const SLOT: usize = 4 + LANES;
const EXAMPLE: usize = 8 + 2;

/// A weight or a sum of weights per intent, in the order of [`Intent::ALL`].
pub(super) type Row = [f32; LANES];

/// What was learnt.
#[derive(Debug, Clone)]
pub(super) struct Model {
    bytes: Cow<'static, [u8]>,
    bits: u32,
    factor: f32,
    bias: Row,
    examples: usize,
}

/// The features of an utterance that the model knows.
#[derive(Debug, Clone, Default)]
pub(super) struct Weighed {
    /// Each with its weights.
    known: Vec<(Span, f32, [i8; LANES])>,
    /// By how much the sums are scaled.
    scale: f32,
    /// How much speaks for each intent.
    pub sums: Row,
}

/// An example's text, phases and intent.
pub(super) type Learnt = (u64, PhaseSet, Intent);

impl Model {
    /// The bytes of a model; of a feature that has no place any more the weights are left out.
    pub fn write(rows: &[(Feature, Row)], bias: Row, examples: &mut [Learnt]) -> Vec<u8> {
        let bits = (rows.len() * 3 / 2).max(2).next_power_of_two().ilog2();
        let most = rows
            .iter()
            .flat_map(|(_, row)| row)
            .fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
        let factor = most / 127.0;
        let mut slots: Vec<Option<&(Feature, Row)>> = vec![None; 1 << bits];
        let mask = slots.len() - 1;
        for row in rows {
            let first = place(row.0, bits);
            let free = (0..slots.len()).map(|step| (first + step) & mask);
            let free = free.into_iter().find(|at| slots.get(*at).is_some_and(Option::is_none));
            if let Some(slot) = free.and_then(|at| slots.get_mut(at)) {
                *slot = Some(row);
            }
        }
        examples.sort_unstable_by_key(|(text, phases, intent)| (*text, phases.0, *intent));
        let mut bytes = Vec::with_capacity(HEAD + slots.len() * SLOT + examples.len() * EXAMPLE);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&bits.to_le_bytes());
        bytes.extend_from_slice(&factor.to_le_bytes());
        bytes.extend_from_slice(&(examples.len() as u32).to_le_bytes());
        bias.iter().for_each(|weight| bytes.extend_from_slice(&weight.to_le_bytes()));
        for slot in slots {
            let (mark, row) = slot.map_or((0, [0.0; LANES]), |(feature, row)| (fingerprint(*feature), *row));
            bytes.extend_from_slice(&mark.to_le_bytes());
            bytes.extend(row.iter().flat_map(|weight| ((weight / factor).round() as i8).to_le_bytes()));
        }
        for (text, phases, intent) in examples {
            bytes.extend_from_slice(&text.to_le_bytes());
            bytes.extend_from_slice(&[phases.0, *intent as u8]);
        }
        bytes
    }

    /// The model of these bytes; none if they are not what [`Model::write`] gave.
    pub fn read(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let head = bytes.get(..HEAD).filter(|head| head.starts_with(MAGIC))?;
        let number = |at: usize| head.get(at..at + 4)?.first_chunk().copied();
        let bits = u32::from_le_bytes(number(8)?);
        let factor = f32::from_le_bytes(number(12)?);
        let examples = u32::from_le_bytes(number(16)?) as usize;
        let mut bias = [0.0; LANES];
        for (index, bias) in bias.iter_mut().enumerate() {
            *bias = f32::from_le_bytes(number(20 + index * 4)?);
        }
        let length = HEAD + (SLOT << (bits < 28).then_some(bits)?) + examples * EXAMPLE;
        (bytes.len() == length).then_some(Model { bytes, bits, factor, bias, examples })
    }

    /// How much speaks for each intent.
    pub fn weigh(&self, features: &[Seen]) -> Weighed {
        let mut known = Vec::with_capacity(features.len());
        let mut sums = [0.0_f32; LANES];
        for seen in features {
            if let Some(row) = self.row(seen.feature) {
                sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += f32::from(weight) * seen.value);
                known.push((seen.span, seen.value, row));
            }
        }
        // Features never seen count in the length: what is mostly new is not known well.
        let length = features.iter().map(|seen| seen.value * seen.value).sum::<f32>().max(1.0);
        let scale = self.factor / length.sqrt();
        let mut scaled = self.bias;
        scaled.iter_mut().zip(sums).for_each(|(scaled, sum)| *scaled += sum * scale);
        Weighed { known, scale, sums: scaled }
    }

    fn row(&self, feature: Feature) -> Option<[i8; LANES]> {
        let mask = (1_usize << self.bits) - 1;
        let mark = fingerprint(feature);
        let mut at = place(feature, self.bits);
        // A third of the places is free, so this ends soon; damaged bytes must not make it endless.
        for _ in 0..=mask {
            let slot: &[u8; SLOT] = self.bytes.get(HEAD + at * SLOT..)?.first_chunk()?;
            let (found, row) = slot.split_first_chunk::<4>()?;
            match u32::from_le_bytes(*found) {
                0 => return None,
                found if found == mark => {
                    let row: &[u8; LANES] = row.first_chunk()?;
                    return Some(row.map(|weight| weight as i8));
                }
                _ => at = (at + 1) & mask,
            }
        }
        None
    }

    /// The intent of the example that a normalised text is, if it is one in this phase. Where one stands under several
    /// intents, the more special to the phase counts.
    pub fn example(&self, text: &str, phase: Phase) -> Option<Intent> {
        let wanted = text_hash(text);
        let all = self.bytes.get(HEAD + (SLOT << self.bits)..)?;
        let (all, _) = all.as_chunks::<EXAMPLE>();
        let hash = |example: &[u8; EXAMPLE]| example.first_chunk().copied().map_or(0, u64::from_le_bytes);
        let from = all.partition_point(|example| hash(example) < wanted);
        let same = all.get(from..self.examples)?.iter().take_while(|example| hash(example) == wanted);
        let examples = same.filter_map(|example| match example {
            [.., phases, intent] => Some((PhaseSet(*phases), *Intent::ALL.get(usize::from(*intent))?)),
        });
        let here = examples.filter(|(phases, _)| phases.contains(phase));
        here.min_by_key(|(phases, intent)| (phases.len(), intent.priority())).map(|(_, intent)| intent)
    }
}

impl Weighed {
    /// How much each place of the text speaks for one intent against another: the parts of the sums, each spread over
    /// the bytes of its words.
    pub fn by_place(&self, length: usize, for_it: Intent, against: Intent) -> Vec<f32> {
        let mut places = vec![0.0; length];
        for (span, value, row) in &self.known {
            let weight = |intent: Intent| row.get(intent as usize).map_or(0.0, |weight| f32::from(*weight));
            let part = (weight(for_it) - weight(against)) * self.scale * value / span.len().max(1) as f32;
            places
                .get_mut(span.start..span.end)
                .unwrap_or_default()
                .iter_mut()
                .for_each(|place| *place += part);
        }
        places
    }
}

/// How an example's text is known again.
pub(super) fn text_hash(text: &str) -> u64 {
    hash(2, text.chars())
}

fn place(feature: Feature, bits: u32) -> usize {
    (feature >> (Feature::BITS - bits)) as usize
}

/// 0 is a free place.
fn fingerprint(feature: Feature) -> u32 {
    (feature as u32).max(1)
}
