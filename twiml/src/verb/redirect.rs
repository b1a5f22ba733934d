//! `<Redirect>`.

use super::Method;
use crate::check;
use crate::element::{Element, name_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Goes on with the document at another URL; verbs after it never run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirect {
    /// The next document; empty means this one again.
    pub url: String,
    /// How it is requested (default POST).
    pub method: Option<Method>,
}

attributes!(Redirect, "Redirect" {
    "method" => method: 13710;
});

impl Element for Redirect {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.url)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.url = name_text(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        check::url(&self.url).map_err(|reason| Self::refuse(11100, reason))
    }
}
