//! Chance that can be repeated.

use super::Span;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same in every version, so that a seed written into a test
/// stays true.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number within the span, in hundredths.
    pub(super) fn span(&mut self, span: Span) -> f64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let drawn = span.from() + unit * (span.to() - span.from());
        ((drawn * 100.0).round() / 100.0).clamp(span.from(), span.to())
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = of.len() as u64;
        if count == 0 {
            return None;
        }
        of.get((self.next() % count) as usize)
    }
}
