//! An `application/x-www-form-urlencoded` body as an ordered list of parameters.

use std::fmt;

/// The longest body that is read, in bytes; Twilio's are a few kB.
pub const MAX_FORM: usize = 256 * 1024;
/// At most this many parameters are read; Twilio sends some forty.
pub const MAX_PARAMETERS: usize = 512;

/// Why a form could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The body is longer than [`MAX_FORM`].
    #[error("the form has {bytes} bytes; at most {MAX_FORM} are read")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The body has more than [`MAX_PARAMETERS`] parameters.
    #[error("the form has more than {MAX_PARAMETERS} parameters")]
    TooManyParameters,
    /// A name or a value is not UTF-8.
    #[error("parameter {position} of the form is not UTF-8")]
    NotUtf8 {
        /// Which one, counted from 1.
        position: usize,
    },
    /// A parameter that Twilio always sends is not there, or is an empty Sid.
    #[error("the parameter {parameter} is missing")]
    Missing {
        /// Its name.
        parameter: &'static str,
    },
    /// A parameter that Twilio always sends cannot be read.
    #[error("the parameter {parameter} cannot be read as {expected}")]
    Invalid {
        /// Its name.
        parameter: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

/// Parameters, decoded, in the order in which they came; names may repeat.
///
/// All text lies in one buffer, as a webhook is read and thrown away thousands of times a second.
#[derive(Clone, Default)]
pub struct Form {
    text: String,
    pairs: Vec<Pair>,
}

/// Where a name begins, where it ends and its value begins, and where that ends.
#[derive(Clone, Copy)]
struct Pair {
    start: usize,
    middle: usize,
    end: usize,
}

impl Form {
    /// A form without parameters.
    pub const fn new() -> Self {
        Self { text: String::new(), pairs: Vec::new() }
    }

    /// Decodes a body, or the query of a GET. `+` is a blank; a `%` that two hex digits do not follow stands for itself.
    ///
    /// # Errors
    /// When the body or the number of parameters is over the limit, or a name or value is not UTF-8.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        if body.len() > MAX_FORM {
            return Err(FormError::TooLong { bytes: body.len() });
        }
        let mut bytes = Vec::with_capacity(body.len());
        let mut pairs = Vec::with_capacity(32);
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == MAX_PARAMETERS {
                return Err(FormError::TooManyParameters);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let start = bytes.len();
            decode(halves.next().unwrap_or_default(), &mut bytes);
            let middle = bytes.len();
            decode(halves.next().unwrap_or_default(), &mut bytes);
            pairs.push(Pair { start, middle, end: bytes.len() });
        }
        // Whole and cut at character boundaries: then each part is UTF-8 by itself.
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let position = pairs.iter().take_while(|pair| pair.end <= at).count() + 1;
                return Err(FormError::NotUtf8 { position });
            }
        };
        let cut = |pair: &Pair| text.is_char_boundary(pair.middle) && text.is_char_boundary(pair.end);
        match pairs.iter().position(|pair| !cut(pair)) {
            Some(index) => Err(FormError::NotUtf8 { position: index + 1 }),
            None => Ok(Self { text, pairs }),
        }
    }

    /// The first value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(|(_, value)| value)
    }

    /// The first parameter of that name: which it is, counted from 0, and its value.
    pub(crate) fn find(&self, name: &str) -> Option<(usize, &str)> {
        // Compared as bytes: a name begins and ends between characters, which need not be checked for each.
        let text = self.text.as_bytes();
        let index =
            self.pairs.iter().position(|pair| text.get(pair.start..pair.middle) == Some(name.as_bytes()))?;
        let pair = self.pairs.get(index)?;
        Some((index, self.text.get(pair.middle..pair.end)?))
    }

    /// The parameters for which `keep`, asked for each in order, answers true.
    pub(crate) fn filter(mut self, mut keep: impl FnMut() -> bool) -> Self {
        self.pairs.retain(|_| keep());
        self
    }

    /// All values of a parameter.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| {
            let part = |from, to| self.text.get(from..to).unwrap_or_default();
            (part(pair.start, pair.middle), part(pair.middle, pair.end))
        })
    }

    /// How many parameters there are.
    pub const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Adds a parameter at the end.
    pub fn push(&mut self, name: &str, value: &str) {
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        self.text.push_str(value);
        self.pairs.push(Pair { start, middle, end: self.text.len() });
    }

    /// The form with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.push(name, value);
        self
    }

    /// The form as a body, or as the query of a GET.
    pub fn to_body(&self) -> String {
        let mut body = form_urlencoded::Serializer::new(String::with_capacity(self.text.len() * 2));
        body.extend_pairs(self.iter());
        body.finish()
    }
}

fn decode(part: &[u8], out: &mut Vec<u8>) {
    let mut rest = part;
    loop {
        rest = match rest {
            [] => return,
            [b'+', rest @ ..] => {
                out.push(b' ');
                rest
            }
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(nibble(*high) << 4 | nibble(*low));
                rest
            }
            [b'%', rest @ ..] => {
                out.push(b'%');
                rest
            }
            plain => {
                let length = plain.iter().position(|byte| matches!(byte, b'+' | b'%')).unwrap_or(plain.len());
                let (run, rest) = plain.split_at(length);
                out.extend_from_slice(run);
                rest
            }
        };
    }
}

/// The value of a hex digit.
const fn nibble(digit: u8) -> u8 {
    match digit {
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => digit.wrapping_sub(b'0'),
    }
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Form {}

/// Names only: values are telephone numbers and what people said.
impl fmt::Debug for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Form {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut form = Self::new();
        form.extend(pairs);
        form
    }
}

impl<'a> Extend<(&'a str, &'a str)> for Form {
    fn extend<I: IntoIterator<Item = (&'a str, &'a str)>>(&mut self, pairs: I) {
        for (name, value) in pairs {
            self.push(name, value);
        }
    }
}

#[cfg(test)]
mod tests;
