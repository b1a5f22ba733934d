//! The form of a text in which searches compare: width, case, kana and blanks do not matter.

use unicode_normalization::UnicodeNormalization;

/// Between two fields of a searched text, so that no search reaches across. Folding leaves none in.
const BORDER: char = '\n';
/// The country in whose national form numbers are also found.
const NATIONAL: &str = "+81";

/// What somebody searches for. It is found in a text that holds any of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needle {
    /// The words, folded.
    pub words: String,
    /// The same as the digits of a telephone number, when it can be one.
    pub digits: Option<String>,
}

impl Needle {
    /// What to look for; nothing when only blanks are asked for.
    pub(crate) fn of(search: &str) -> Option<Self> {
        let words = fold(search);
        let digits = digits(&words);
        (!words.is_empty()).then_some(Self { words, digits })
    }

    /// Whether it is found in a text made by [`searched`].
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.words) || self.digits.as_ref().is_some_and(|digits| text.contains(digits))
    }
}

/// Where a search looks: the words, folded, and the number in its international and its national form.
pub(crate) fn searched<'a>(words: impl Iterator<Item = &'a str>, phone: &str) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(&fold(word));
        text.push(BORDER);
    }
    text.push_str(phone);
    if let Some(national) = phone.strip_prefix(NATIONAL) {
        text.push(BORDER);
        text.push('0');
        text.push_str(national);
    }
    text
}

/// A text with full and half width made one (NFKC), letters in lower case, katakana as hiragana, and no blanks.
pub(crate) fn fold(text: &str) -> String {
    let folded = text.nfkc().flat_map(char::to_lowercase).filter(|sign| !sign.is_whitespace());
    folded.map(as_hiragana).collect()
}

const fn as_hiragana(sign: char) -> char {
    match sign {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => match char::from_u32(sign as u32 - 0x60) {
            Some(hiragana) => hiragana,
            None => sign,
        },
        _ => sign,
    }
}

/// The digits of a folded text that holds nothing but what telephone numbers are written with.
fn digits(folded: &str) -> Option<String> {
    let mut digits = String::with_capacity(folded.len());
    for (place, sign) in folded.chars().enumerate() {
        match sign {
            '0'..='9' => digits.push(sign),
            '+' if place == 0 => digits.push(sign),
            '-' | '‐' | '‑' | '‒' | '–' | '−' | 'ー' | '(' | ')' | '.' | '/' => {}
            _ => return None,
        }
    }
    digits.ends_with(|sign: char| sign.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, words: &[&str]) -> bool {
        Needle::of(search).unwrap().is_in(&searched(words.iter().copied(), "+819012345678"))
    }

    #[test]
    fn width_case_kana_and_blanks_do_not_matter() {
        for (search, written) in [
            ("やまだ", "ヤマダ タロウ"),
            ("ﾔﾏﾀﾞ", "やまだ"),
            ("ｶﾞｲｼｬ", "ガイシャ"),
            ("山田太郎", "山田\u{3000}太郎"),
            ("ACME", "ａｃｍｅ"),
            ("ヴィ", "ゔぃ"),
            ("㈱", "(株)青空"),
        ] {
            assert!(finds(search, &[written]), "{search} in {written}");
        }
        assert!(!finds("やまた", &["ヤマダ"]), "a voiced sound is another sound");
        assert!(!finds("郎青", &["山田 太郎", "青空商事"]), "no search reaches across fields");
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        for search in [
            "090-1234-5678",
            "09012345678",
            "+81 90 1234",
            "819012",
            "０９０ー１２３４",
            "(090)1234",
            "5678",
            "1234-56",
        ] {
            assert!(finds(search, &[]), "{search}");
        }
        for search in ["+8180", "0901235", "080-1234", "+09012345678"] {
            assert!(!finds(search, &[]), "{search}");
        }
        assert!(finds("1-2", &["1-2ビル"]), "words stay words");
        assert_eq!(Needle::of(" \u{3000}"), None);
        assert_eq!(Needle::of("--").unwrap().digits, None);
    }
}
