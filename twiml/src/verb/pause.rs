//! `<Pause>`.

use crate::check::positive;
use crate::element::Element;

/// Waits in silence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pause {
    /// Whole seconds, at least 1 (default 1).
    pub length: Option<u32>,
}

attributes!(Pause, "Pause" {
    "length" => length: 13910, positive;
});

impl Element for Pause {}
