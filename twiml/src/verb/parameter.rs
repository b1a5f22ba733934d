//! `<Parameter>`.

use crate::check::filled;
use crate::element::Element;
use crate::error::Error;

/// A value passed along; name and value together have fewer than 500 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, not empty.
    pub name: String,
    /// Its value, may be empty.
    pub value: String,
}

impl Parameter {
    /// A parameter with name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

attributes!(Parameter, "Parameter" {
    "name" => name: 12200, filled;
    "value" => value;
});

impl Element for Parameter {
    fn check(&self) -> Result<(), Error> {
        if self.name.chars().count() + self.value.chars().count() >= 500 {
            return Err(Self::refuse(12200, "name and value together must be shorter than 500 characters"));
        }
        Ok(())
    }
}
