//! What was skipped while a document was read.

use std::fmt;

/// At most this many warnings are kept for one document; what follows is skipped silently.
pub const MAX_WARNINGS: usize = 100;

/// Something in a document that Twilio would skip, telling only its debugger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Twilio's warning code: 12200 for what the schema does not know, 13xxx and others for bad values.
    pub code: u32,
    /// The element it is about.
    pub element: String,
    /// The attribute it is about, if it is about one.
    pub attribute: Option<String>,
    /// What is wrong and what was skipped.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} <{}>", self.code, self.element)?;
        if let Some(attribute) = &self.attribute {
            write!(out, " {attribute}")?;
        }
        write!(out, ": {}", self.message)
    }
}

/// Collects warnings up to [`MAX_WARNINGS`].
#[derive(Debug, Default)]
pub(crate) struct Warnings(Vec<Warning>);

impl Warnings {
    pub(crate) fn add(
        &mut self,
        code: u32,
        element: &str,
        attribute: Option<&str>,
        message: impl Into<String>,
    ) {
        if self.0.len() < MAX_WARNINGS {
            self.0.push(Warning {
                code,
                element: element.to_owned(),
                attribute: attribute.map(str::to_owned),
                message: message.into(),
            });
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Warning> {
        self.0
    }
}
