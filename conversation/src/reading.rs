//! How names are read aloud. The same signs are read in many ways in Japanese, and only who bears a name knows which.

use serde::{Deserialize, Serialize};

/// A word and how it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reading {
    /// As it is written: 青空システム.
    pub word: String,
    /// As it is spoken: あおぞらしすてむ.
    pub reading: String,
}

/// Those that a text needs.
pub(crate) fn needed(readings: &[Reading], text: &str) -> Vec<Reading> {
    readings.iter().filter(|one| !one.word.is_empty() && text.contains(&one.word)).cloned().collect()
}
