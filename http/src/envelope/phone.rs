//! Telephone numbers as people write them, brought into E.164.

/// More than this many characters are no telephone number.
pub(super) const LONGEST_INPUT: usize = 40;

/// The number in E.164: international as it is, a national Japanese one (`03-1234-5678`, `09012345678`) with `+81` in
/// place of its leading zero. Full-width digits count as digits; blanks, hyphens and brackets count for nothing.
pub(crate) fn e164(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(16);
    for (place, written) in text.trim().chars().enumerate() {
        match written {
            '0'..='9' => digits.push(written),
            '０'..='９' => digits.push(char::from_digit(u32::from(written) - u32::from('０'), 10)?),
            '+' | '＋' if place == 0 => digits.push('+'),
            ' ' | '\u{3000}' | '-' | '‐' | '－' | 'ー' | '−' | '(' | ')' | '（' | '）' => {}
            _ => return None,
        }
    }
    if let Some(international) = digits.strip_prefix('+') {
        // ITU-T E.164: at most fifteen digits, and no country's code begins with 0.
        return ((8..=15).contains(&international.len()) && !international.starts_with('0'))
            .then_some(digits);
    }
    let national = digits.strip_prefix('0')?;
    (matches!(national.len(), 9 | 10) && !national.starts_with('0')).then(|| format!("+81{national}"))
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
            ("+14155550123", "+14155550123"),
        ] {
            assert_eq!(e164(written).as_deref(), Some(number), "{written}");
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
            "00312345678",
            "03+12345678",
        ] {
            assert_eq!(e164(text), None, "{text}");
        }
    }
}
