//! `<Hangup/>`, which has neither attributes nor content.

use crate::element::Element;

#[derive(Debug, Default)]
pub(crate) struct Hangup;

attributes!(Hangup, "Hangup" {});

impl Element for Hangup {}
