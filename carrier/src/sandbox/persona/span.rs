//! A range of seconds, or of confidence.

use serde::{Deserialize, Deserializer, de};

/// From one number to another, both included; in a file either `2.5` or `[1.0, 4.0]`. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Span {
    from: f64,
    to: f64,
}

impl Span {
    /// A range; `None` unless 0 ≤ `from` ≤ `to`, both finite.
    pub fn new(from: f64, to: f64) -> Option<Self> {
        (from >= 0.0 && from <= to && to.is_finite()).then_some(Self { from, to })
    }

    /// The least.
    pub fn from(self) -> f64 {
        self.from
    }

    /// The most.
    pub fn to(self) -> f64 {
        self.to
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            One(f64),
            Both(f64, f64),
        }
        let written = Written::deserialize(deserializer)
            .map_err(|_| de::Error::custom("expected a number or a pair of numbers such as [1.0, 4.0]"))?;
        let (from, to) = match written {
            Written::Whole(value) => (value as f64, value as f64),
            Written::One(value) => (value, value),
            Written::Both(from, to) => (from, to),
        };
        Self::new(from, to).ok_or_else(|| {
            de::Error::custom("the range must not be negative, and the smaller number comes first")
        })
    }
}
