//! What was understood of an utterance, and why.

use serde::{Deserialize, Serialize};

use crate::intent::Intent;
use crate::named;

/// What an utterance means, how sure that is, and on what it rests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    /// The one intent to act on.
    pub intent: Intent,
    /// How sure that is, from 0 to 1, lowered by a low recognition confidence.
    pub score: f32,
    /// The other intents that the utterance clearly holds, by priority: a question that came along, say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Intent>,
    /// What counted, strongest first. At most [`MAX_EVIDENCE`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What was said besides: times, names and numbers.
    #[serde(default, skip_serializing_if = "Slots::is_empty")]
    pub slots: Slots,
}

/// How many pieces of evidence an [`Understanding`] keeps.
pub const MAX_EVIDENCE: usize = 8;

/// One reason for (or against) an intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The intent it speaks for.
    pub intent: Intent,
    /// What kind of reason it is.
    pub kind: EvidenceKind,
    /// The words that it rests on, after normalising; empty for the wording as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// How much it counts, from 0 to 1.
    pub weight: f32,
}

named! {
    /// Where a piece of evidence comes from.
    EvidenceKind {
        /// The utterance is one of the examples.
        Example = "example",
        /// The utterance is this phrase of the company's own, or is like it.
        Own = "own",
        /// A pattern matched. Only in the journals of older versions.
        Pattern = "pattern",
        /// These words speak for it, against the intent that is likeliest besides; how much of all that does.
        Words = "words",
        /// How likely it is by the wording as a whole.
        Wording = "wording",
        /// These words are denied: they do not count.
        Denied = "denied",
    }
}

/// What was said besides the intent, as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Slots {
    /// The words for a time or day, such as 三時ごろ. Not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The name that the speaker gave for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The digits of a telephone or extension number, such as 0312345678 for 「ゼロサンの一二三四の五六七八」.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

impl Slots {
    /// Whether nothing was said besides.
    pub fn is_empty(&self) -> bool {
        self.time.is_none() && self.name.is_none() && self.number.is_none()
    }
}
