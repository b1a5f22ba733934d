//! `<Leave/>`, which has neither attributes nor content.

use crate::element::Element;

#[derive(Debug, Default)]
pub(crate) struct Leave;

attributes!(Leave, "Leave" {});

impl Element for Leave {}
