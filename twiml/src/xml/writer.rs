//! Writes elements into one preallocated `String`.

use super::escape::{Escape, escape, spoken};
use crate::element::Element;
use crate::error::Error;

/// The document being written.
#[derive(Debug)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes) }
    }

    /// Appends what is already XML.
    pub(crate) fn raw(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    /// Appends an element with its attributes and content, after checking it.
    pub(crate) fn element<E: Element>(&mut self, element: &E) -> Result<(), Error> {
        element.check()?;
        self.out.push('<');
        self.out.push_str(E::NAME);
        element.write_attributes(&mut self.out)?;
        self.out.push('>');
        let content = self.out.len();
        element.write_content(self)?;
        if self.out.len() == content {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.close(E::NAME);
        }
        Ok(())
    }

    /// Appends an element that has a name and perhaps a text, but no attributes.
    pub(crate) fn bare<E: Element>(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        self.text::<E>(text)?;
        self.close(name);
        Ok(())
    }

    /// Appends the text of an `E`; characters that XML cannot carry are refused.
    pub(crate) fn text<E: Element>(&mut self, text: &str) -> Result<(), Error> {
        escape(&mut self.out, text, Escape::Text)
            .map_err(|reason| E::refuse(crate::attribute::SCHEMA, reason))
    }

    /// Appends text to be spoken; characters that XML cannot carry are dropped.
    pub(crate) fn spoken(&mut self, text: &str) {
        spoken(&mut self.out, text);
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}
