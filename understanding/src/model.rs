//! What was learnt of a language's phrase files, as bytes that are looked up where they lie.
//!
//! magic · factor of the weights · bias · the number of each feature's row · how many rows · the rows: a weight per
//! intent · the examples' phases and intents. All numbers are little-endian.

use std::hint::black_box;

use super::features::{Feature, PARTIAL, Seen, hash};
use super::phrases::PhaseSet;
use super::spans::Span;
use super::table::{Bytes, Table, take, take_number};
use crate::intent::Intent;
use crate::phase::Phase;

/// As many as the intents, padded.
pub(super) const LANES: usize = 24;
const _: () = assert!(Intent::ALL.len() <= LANES);

const MAGIC: &[u8; 8] = b"tsunagu2";

/// A weight or a sum of weights per intent, in the order of [`Intent::ALL`].
pub(super) type Row = [f32; LANES];

/// What was learnt.
#[derive(Debug, Clone)]
pub(super) struct Model {
    factor: f32,
    bias: Row,
    /// The row of each feature.
    numbers: Table,
    /// A weight per intent.
    rows: Bytes,
    /// The phases and the intent of each example, by its normalised text.
    examples: Table,
}

/// The features of an utterance that the model knows.
#[derive(Debug, Clone, Default)]
pub(super) struct Weighed {
    /// Each with the number of its row.
    known: Vec<(Span, bool, u32)>,
    /// By how much the sums are scaled.
    scale: f32,
    /// How much speaks for each intent.
    pub sums: Row,
}

/// An example's text, phases and intent.
pub(super) type Learnt = (u64, PhaseSet, Intent);

impl Model {
    /// The bytes of a model.
    pub fn write(rows: &[(Feature, Row)], bias: Row, examples: &[Learnt]) -> Vec<u8> {
        let most = rows
            .iter()
            .flat_map(|(_, row)| row)
            .fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
        let factor = most / 127.0;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&factor.to_le_bytes());
        bias.iter().for_each(|weight| bytes.extend_from_slice(&weight.to_le_bytes()));
        let numbered: Vec<(u64, u32)> = rows.iter().map(|(feature, _)| *feature).zip(0..).collect();
        bytes.extend(Table::write(numbered.into_iter()));
        bytes.extend_from_slice(&(rows.len() as u32).to_le_bytes());
        for (_, row) in rows {
            bytes.extend(row.iter().flat_map(|weight| ((weight / factor).round() as i8).to_le_bytes()));
        }
        let mut examples: Vec<(u64, u32)> = examples
            .iter()
            .map(|(text, phases, intent)| (*text, u32::from(phases.0) << 8 | *intent as u32))
            .collect();
        examples.sort_unstable();
        examples.dedup();
        bytes.extend(Table::write(examples.into_iter()));
        bytes
    }

    /// Takes a model off the front of these bytes; none if they are not what [`Model::write`] gave.
    pub fn read(bytes: &mut Bytes) -> Option<Self> {
        take(bytes, MAGIC.len()).filter(|magic| **magic == *MAGIC)?;
        let factor = f32::from_bits(take_number(bytes)?);
        let mut bias = [0.0; LANES];
        for bias in &mut bias {
            *bias = f32::from_bits(take_number(bytes)?);
        }
        let numbers = Table::read(bytes)?;
        let rows = take_number(bytes)?;
        let rows = take(bytes, rows as usize * LANES)?;
        Some(Model { factor, bias, numbers, rows, examples: Table::read(bytes)? })
    }

    /// How much speaks for each intent.
    pub fn weigh(&self, features: &[Seen]) -> Weighed {
        let known = self.known(features);
        let (mut whole, mut part) = ([0_i32; LANES], [0_i32; LANES]);
        for alike in known.chunk_by(|(_, one, _), (_, other, _)| one == other) {
            let partial = alike.first().is_some_and(|(_, partial, _)| *partial);
            let sums = if partial { &mut part } else { &mut whole };
            // Bytes are added up in numbers of two bytes: so many fit in.
            for some in alike.chunks(256) {
                let mut few = [0_i16; LANES];
                for row in some.iter().filter_map(|(_, _, number)| self.row(*number)) {
                    few.iter_mut().zip(row).for_each(|(sum, weight)| *sum += i16::from(*weight as i8));
                }
                sums.iter_mut().zip(few).for_each(|(sum, few)| *sum += i32::from(few));
            }
        }
        // Features never seen count in the length: what is mostly new is not known well.
        let parts = features.iter().filter(|seen| seen.partial).count();
        let length = (features.len() - parts) as f32 + parts as f32 * PARTIAL * PARTIAL;
        let scale = self.factor / length.max(1.0).sqrt();
        let mut sums = self.bias;
        for ((sum, whole), part) in sums.iter_mut().zip(whole).zip(part) {
            *sum += (whole as f32 + part as f32 * PARTIAL) * scale;
        }
        Weighed { known, scale, sums }
    }

    /// Those of the features that are known, each with the number of its row. What is looked up lies far apart in some
    /// megabytes: it is called near before, all at once.
    fn known(&self, features: &[Seen]) -> Vec<(Span, bool, u32)> {
        features.iter().for_each(|seen| self.numbers.call(seen.feature));
        let mut known = vec![(Span { start: 0, end: 0 }, false, 0); features.len()];
        let mut count = 0;
        // Each is written down, and the next over it if it is not known: whether it is, is a matter of chance.
        for seen in features {
            let number = self.numbers.get(seen.feature);
            if let Some(place) = known.get_mut(count) {
                *place = (seen.span, seen.partial, number.unwrap_or_default());
            }
            count += usize::from(number.is_some());
        }
        known.truncate(count);
        for (_, _, number) in &known {
            black_box(self.row(*number).map(|row| row[0]));
        }
        known
    }

    fn row(&self, number: u32) -> Option<&[u8; LANES]> {
        self.rows.as_chunks().0.get(number as usize)
    }

    /// The intent of the example that a normalised text is, if it is one in this phase. Where one stands under several
    /// intents, the more special to the phase counts.
    pub fn example(&self, text: &str, phase: Phase) -> Option<Intent> {
        let examples = self.examples.all(text_hash(text)).filter_map(|example| {
            Some((PhaseSet((example >> 8) as u8), *Intent::ALL.get((example & 0xff) as usize)?))
        });
        let here = examples.filter(|(phases, _)| phases.contains(phase));
        here.min_by_key(|(phases, intent)| (phases.len(), intent.priority())).map(|(_, intent)| intent)
    }
}

impl Model {
    /// How much each place of the text speaks for one intent against another: the parts of the sums, each spread over
    /// the bytes of its words.
    pub fn by_place(&self, weighed: &Weighed, length: usize, for_it: Intent, against: Intent) -> Vec<f32> {
        // What begins or ends to count at each place; then what counts there.
        let mut places = vec![0.0; length + 1];
        for (span, partial, number) in &weighed.known {
            let Some(row) = self.row(*number) else { continue };
            let weight =
                |intent: Intent| row.get(intent as usize).map_or(0.0, |weight| f32::from(*weight as i8));
            let value = if *partial { PARTIAL } else { 1.0 };
            let part = (weight(for_it) - weight(against)) * weighed.scale * value / span.len().max(1) as f32;
            if let Some(place) = places.get_mut(span.start).filter(|_| span.len() > 0) {
                *place += part;
            }
            if let Some(place) = places.get_mut(span.end).filter(|_| span.len() > 0) {
                *place -= part;
            }
        }
        let mut sum = 0.0;
        for place in &mut places {
            sum += *place;
            *place = sum;
        }
        places.truncate(length);
        places
    }
}

/// How an example's text is known again.
pub(super) fn text_hash(text: &str) -> u64 {
    hash(2, text.chars())
}
