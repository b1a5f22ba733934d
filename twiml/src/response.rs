//! A whole TwiML document.

use crate::attribute::{Attributes, SCHEMA};
use crate::element::{self, no_text};
use crate::error::Error;
use crate::verb::{Verb, read_verb};
use crate::warning::{Warning, Warnings};
use crate::xml::{self, Writer};

/// The longest document that Twilio takes, in bytes (64 kB; error 11750).
pub const MAX_BODY: usize = 64 * 1024;

/// Most documents fit; a longer one grows the string.
const USUAL_BODY: usize = 1024;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// A TwiML document: verbs that run from top to bottom. A document without verbs, or one that runs out of them, hangs up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Response {
    /// The verbs in the order in which they run.
    pub verbs: Vec<Verb>,
}

/// A document that was read, and what had to be skipped in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What Twilio would run.
    pub response: Response,
    /// What Twilio would skip, in document order, at most [`MAX_WARNINGS`](crate::MAX_WARNINGS).
    pub warnings: Vec<Warning>,
}

impl Response {
    /// A document without verbs, which hangs up.
    pub const fn new() -> Self {
        Self { verbs: Vec::new() }
    }

    /// The document with one more verb at its end.
    #[must_use]
    pub fn with(mut self, verb: impl Into<Verb>) -> Self {
        self.verbs.push(verb.into());
        self
    }

    /// Writes the document, declaration included.
    ///
    /// # Errors
    /// When Twilio would refuse or skip a part of it: the error names element, attribute, reason and Twilio's code. Also when
    /// a value holds a character that XML 1.0 cannot carry; in spoken text such characters are dropped instead.
    pub fn to_xml(&self) -> Result<String, Error> {
        let mut writer = Writer::with_capacity(USUAL_BODY);
        writer.raw(DECLARATION);
        if self.verbs.is_empty() {
            writer.raw("<Response/>");
        } else {
            writer.raw("<Response>");
            for verb in &self.verbs {
                verb.write(&mut writer)?;
            }
            writer.raw("</Response>");
        }
        let xml = writer.finish();
        if xml.len() > MAX_BODY { Err(Error::TooLong { bytes: xml.len() }) } else { Ok(xml) }
    }

    /// Reads a document as Twilio does: what is unknown, misplaced or wrong is skipped with a warning.
    ///
    /// Names are case sensitive. Blanks around URLs, numbers and names are trimmed; what is spoken is kept as it is.
    /// A DOCTYPE, and so any entity of the document's own, is refused.
    ///
    /// # Errors
    /// Empty (11770), longer than [`MAX_BODY`] (11750), not well-formed (12100), not XML 1.0 (12101), or another root than
    /// `<Response>` (12102).
    pub fn parse(xml: &str) -> Result<Parsed, Error> {
        let root = xml::parse(xml)?;
        if root.name != "Response" {
            return Err(Error::Root { found: root.name });
        }
        let mut warnings = Warnings::default();
        for (name, _) in &root.attributes {
            warnings.add(SCHEMA, "Response", Some(name), "<Response> has no attributes; it is skipped");
        }
        no_text(&root, &mut warnings);
        let mut verbs = Vec::new();
        element::children(&root, &mut warnings, |node, warnings| read_verb(node, warnings, &mut verbs));
        Ok(Parsed { response: Self { verbs }, warnings: warnings.into_vec() })
    }
}

impl<V: Into<Verb>> FromIterator<V> for Response {
    fn from_iter<I: IntoIterator<Item = V>>(verbs: I) -> Self {
        Self { verbs: verbs.into_iter().map(Into::into).collect() }
    }
}

/// Reads a node as `E` into `list` when its name is that of `E`.
pub(crate) fn take<E: element::Element, T: From<E>>(
    node: &xml::Node,
    warnings: &mut Warnings,
    list: &mut Vec<T>,
) -> bool {
    if node.name != <E as Attributes>::NAME {
        return false;
    }
    list.extend(element::read::<E>(node, warnings).map(T::from));
    true
}

#[cfg(test)]
mod tests;
