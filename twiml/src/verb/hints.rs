//! Words that speech recognition should expect.

use std::sync::Arc;

use crate::attribute::{Reason, SCHEMA, Value, write_text};
use crate::check::BLANKS;
use crate::error::Error;

/// At most this many hints are taken.
pub const MAX_HINTS: usize = 500;
/// At most this many characters each.
pub const MAX_HINT: usize = 100;

/// Words and phrases that speech recognition should expect: at most [`MAX_HINTS`] of at most [`MAX_HINT`] characters, none with
/// a comma, none empty. They are checked once, when they are put together, and cheap to clone: the same ones go out
/// with every prompt of a phase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints(Arc<str>);

impl Hints {
    /// Puts hints together.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are too many, or one of them is empty, too long, begins or ends with blanks, or has
    /// a comma.
    pub fn new<'a>(hints: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        Self::join(hints).map_err(|reason| Error::Invalid {
            element: "Gather",
            attribute: Some("hints"),
            code: SCHEMA,
            reason: reason.into_owned(),
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').filter(|hint| !hint.is_empty())
    }

    fn join<'a>(hints: impl IntoIterator<Item = &'a str>) -> Result<Self, Reason> {
        let mut text = String::new();
        for (index, hint) in hints.into_iter().enumerate() {
            if index == MAX_HINTS {
                return Err(format!("more than {MAX_HINTS} hints").into());
            }
            check(hint)?;
            if index > 0 {
                text.push(',');
            }
            text.push_str(hint);
        }
        Ok(Self(text.into()))
    }
}

fn check(hint: &str) -> Result<(), Reason> {
    if hint.is_empty() {
        Err("a hint must not be empty".into())
    } else if hint.trim_matches(BLANKS).len() != hint.len() {
        Err(format!("the hint {hint:?} begins or ends with blanks").into())
    } else if hint.contains(',') {
        Err(format!("the hint {hint:?} contains a comma").into())
    } else if hint.chars().count() > MAX_HINT {
        Err(format!("the hint {hint:?} is longer than {MAX_HINT} characters").into())
    } else {
        Ok(())
    }
}

impl Value for Hints {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        write_text(out, &self.0)
    }

    fn read(text: &str) -> Result<Self, Reason> {
        Self::join(text.split(',').map(|hint| hint.trim_matches(BLANKS)).filter(|hint| !hint.is_empty()))
    }
}
