//! Words that speech recognition should expect.

use crate::attribute::{Reason, Value};
use crate::check::BLANKS;

/// At most this many hints are taken.
pub const MAX_HINTS: usize = 500;
/// At most this many characters each.
pub const MAX_HINT: usize = 100;

/// Words and phrases that speech recognition should expect: at most [`MAX_HINTS`] of at most [`MAX_HINT`] characters, none with
/// a comma, none empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints(pub Vec<String>);

impl<S: Into<String>> FromIterator<S> for Hints {
    fn from_iter<I: IntoIterator<Item = S>>(hints: I) -> Self {
        Self(hints.into_iter().map(Into::into).collect())
    }
}

impl Hints {
    fn check(&self) -> Result<(), Reason> {
        if self.0.len() > MAX_HINTS {
            return Err(format!("{} hints; at most {MAX_HINTS} are allowed", self.0.len()).into());
        }
        self.0.iter().try_for_each(|hint| {
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
        })
    }
}

impl Value for Hints {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        self.check()?;
        for (index, hint) in self.0.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            hint.write(out)?;
        }
        Ok(())
    }

    fn read(text: &str) -> Result<Self, Reason> {
        let hints = text.split(',').map(|hint| hint.trim_matches(BLANKS)).filter(|hint| !hint.is_empty());
        let hints: Self = hints.collect();
        hints.check()?;
        Ok(hints)
    }
}
