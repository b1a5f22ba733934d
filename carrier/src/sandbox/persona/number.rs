//! The numbers at which a persona is reached.

use std::fmt;

/// An E.164 number in which `#` stands for any digit, such as `+81501001####`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumberPattern(String);

impl NumberPattern {
    /// Reads a pattern: `+`, then 8 to 15 digits or `#`, the first of them a digit other than 0.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('+')?;
        let fits = (8..=15).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'#')
            && matches!(rest.bytes().next(), Some(b'1'..=b'9'));
        fits.then(|| Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a number is one of these.
    pub fn matches(&self, number: &str) -> bool {
        self.0.len() == number.len()
            && self
                .0
                .bytes()
                .zip(number.bytes())
                .all(|(pattern, digit)| pattern == digit || (pattern == b'#' && digit.is_ascii_digit()))
    }

    /// Whether some number is one of these and one of those.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.bytes().zip(other.0.bytes()).all(|(a, b)| a == b || a == b'#' || b == b'#')
    }

    /// The `index`th of these numbers, counting from zero; `None` beyond the last.
    pub fn number(&self, index: u64) -> Option<String> {
        let mut left = index;
        let mut bytes = self.0.clone().into_bytes();
        for byte in bytes.iter_mut().rev().filter(|byte| **byte == b'#') {
            *byte = b'0' + (left % 10) as u8;
            left /= 10;
        }
        (left == 0).then(|| String::from_utf8(bytes).ok()).flatten()
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> NumberPattern {
        NumberPattern::parse(text).unwrap()
    }

    #[test]
    fn a_hash_is_any_digit() {
        let pattern = pattern("+81501001####");
        assert!(pattern.matches("+815010010000") && pattern.matches("+815010019999"));
        for other in ["+815010020000", "+81501001000", "+8150100100000", "+81501001000x", "815010010000", ""]
        {
            assert!(!pattern.matches(other), "{other}");
        }
    }

    #[test]
    fn only_numbers_are_patterns() {
        for text in ["", "+", "81501001####", "+0150100100", "+81-50-1001", "+1234567", "+1234567890123456"] {
            assert_eq!(NumberPattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_overlap_where_a_number_fits_both() {
        assert!(pattern("+8150100#0000").overlaps(&pattern("+81501001####")));
        assert!(!pattern("+81501001####").overlaps(&pattern("+81501002####")));
    }

    #[test]
    fn counts_its_numbers() {
        let pattern = pattern("+81501001####");
        assert_eq!(pattern.number(7).as_deref(), Some("+815010010007"));
        assert_eq!(pattern.number(9999).as_deref(), Some("+815010019999"));
        assert_eq!(pattern.number(10_000), None);
    }
}
