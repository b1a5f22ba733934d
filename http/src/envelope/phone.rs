//! Telephone numbers as people write them, brought into E.164.

use phonenumber::{Mode, country};

/// More than this many characters are no telephone number.
pub(crate) const LONGEST_INPUT: usize = 40;
/// What is said of a text that is no number.
pub(crate) const NO_NUMBER: &str =
    "is no telephone number; write +81312345678, 03-1234-5678 or 090-1234-5678";

/// The number in E.164: international as it is, one without a country's code as Japan writes it (`03-1234-5678`,
/// `09012345678`, also without the zero that spreadsheets take away). Full-width signs count as their narrow ones; blanks,
/// hyphens and brackets count for nothing.
///
/// What the numbering plans of libphonenumber know is taken, and of Japan also what they do not know yet and what has the
/// length of a number there: new ranges (060) are given out before the plans follow, and a customer who cannot be entered is
/// worse than a number that the carrier turns away.
pub(crate) fn e164(text: &str) -> Option<String> {
    let plain = narrow(text)?;
    let number = phonenumber::parse(Some(country::Id::JP), &plain).ok()?;
    let e164 = number.format().mode(Mode::E164).to_string();
    (number.is_valid() || has_japanese_length(&e164)).then_some(e164)
}

/// Digits and a leading plus, of a text that holds nothing but what numbers are written with. Letters are not read as the
/// keys of a telephone, and extensions cannot be dialled.
fn narrow(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST_INPUT * 4 {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for (place, written) in text.chars().enumerate() {
        match written {
            '0'..='9' => plain.push(written),
            '０'..='９' => plain.push(char::from_digit(u32::from(written) - u32::from('０'), 10)?),
            '+' | '＋' if place == 0 => plain.push('+'),
            ' ' | '\u{a0}' | '\u{3000}' | '-' | '‐' | '‑' | '–' | '－' | 'ー' | '−' | '(' | ')' | '（'
            | '）' | '.' => {}
            _ => return None,
        }
    }
    Some(plain)
}

/// Nine digits behind the country's code, or ten where the second is the zero of 020, 050, 060, 070, 080 and 090.
fn has_japanese_length(e164: &str) -> bool {
    match e164.strip_prefix("+81").map(str::as_bytes) {
        Some([first, rest @ ..]) if rest.len() == 8 => *first != b'0',
        Some([first, second, rest @ ..]) if rest.len() == 8 => {
            matches!(first, b'2' | b'5'..=b'9') && *second == b'0'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_numbers_become_international() {
        for (written, number) in [
            ("03-1234-5678", "+81312345678"),
            ("0312345678", "+81312345678"),
            ("090-1234-5678", "+819012345678"),
            ("０９０−１２３４−５６７８", "+819012345678"),
            ("(03) 1234 5678", "+81312345678"),
            ("+81 90 1234 5678", "+819012345678"),
            ("+81 (0)90-1234-5678", "+819012345678"),
            ("9012345678", "+819012345678"),
            ("0120-123-456", "+81120123456"),
            ("+14155550123", "+14155550123"),
            ("010 44 7911 123456", "+447911123456"),
        ] {
            assert_eq!(e164(written).as_deref(), Some(number), "{written}");
        }
    }

    #[test]
    fn ranges_that_the_plans_do_not_know_are_taken_where_their_length_is_right() {
        for number in ["+819000000001", "+816012345678", "+81461234567"] {
            assert_eq!(e164(number).as_deref(), Some(number));
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "+",
            "110",
            "12345678",
            "+0312345678",
            "+1234567",
            "+1234567890123456",
            "090-1234-567x",
            "090-1234-5678 ext 5",
            "1800FLOWERS",
            "03+12345678",
            "+8100000000000",
            "+999123456789",
            "9.01E+09",
            "\0",
        ] {
            assert_eq!(e164(text), None, "{text}");
        }
        assert_eq!(e164(&"0".repeat(10_000)), None);
    }
}
